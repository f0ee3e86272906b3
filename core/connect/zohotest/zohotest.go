// Package zohotest stands in for Zoho in tests: accounts, CRM v2 and
// Inventory v1, with the answers that Zoho documents, and with faults where a
// test wants them.
package zohotest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Grant is the grant token that the stand-in accepts, once.
const Grant = "1000.good.grant"

// InventoryKey and Organization are Inventory's.
const (
	InventoryKey = "inventory-key"
	Organization = "10234695"
)

// A Fault is what happens to one request instead of a good answer.
type Fault string

// The faults.
const (
	None    Fault = ""
	Slow    Fault = "429"     // refused: too many requests
	Down    Fault = "500"     // refused: Zoho is broken
	Expired Fault = "401"     // refused: the token is no longer good
	Lost    Fault = "lost"    // done, but the answer never arrives
	Refused Fault = "refused" // refused for good
)

// Record is a record of a module or a document.
type Record map[string]any

// Server is the stand-in.
type Server struct {
	URL string
	// Fault, if set, is asked what happens to a request. It may look at the
	// method and the path.
	Fault func(method, path string) Fault

	mu      sync.Mutex
	next    int
	tokens  map[string]bool
	granted bool
	records map[string]map[string]Record // module or list → id → record
	log     []string
}

// New starts a stand-in that ends with the test.
func New(tb testing.TB) *Server {
	s := &Server{tokens: map[string]bool{}, records: map[string]map[string]Record{}, next: 4876876000000000}
	srv := httptest.NewServer(http.HandlerFunc(s.serve))
	tb.Cleanup(srv.Close)
	s.URL = srv.URL
	return s
}

// Records returns the records of a module (Contacts, Sales_Orders …) or of an
// Inventory list (items, salesorders …).
func (s *Server) Records(module string) []Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Record
	for _, r := range s.records[module] {
		list = append(list, r)
	}
	return list
}

// Put adds a record as if it had been there before.
func (s *Server) Put(module string, r Record) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.add(module, r)
}

// Log returns what was asked, "POST /crm/v2/Contacts".
func (s *Server) Log() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.log...)
}

// Expire makes every access token bad; refreshing gives new ones.
func (s *Server) Expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}

func (s *Server) add(module string, r Record) string {
	s.next++
	id := strconv.Itoa(s.next)
	if s.records[module] == nil {
		s.records[module] = map[string]Record{}
	}
	s.records[module][id] = r
	r["id"] = id
	return id
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.log = append(s.log, r.Method+" "+r.URL.Path)
	fault := None
	if s.Fault != nil {
		fault = s.Fault(r.Method, r.URL.Path)
	}
	s.mu.Unlock()
	switch fault {
	case Slow:
		w.Header().Set("Retry-After", "1")
		answer(w, http.StatusTooManyRequests, Record{"code": 44, "message": "For security reasons you have been blocked for some time as you have exceeded the maximum number of requests per minute."})
		return
	case Down:
		answer(w, http.StatusInternalServerError, Record{"code": "INTERNAL_ERROR", "details": Record{}, "message": "Internal Server Error", "status": "error"})
		return
	case Expired:
		answer(w, http.StatusUnauthorized, Record{"code": "INVALID_TOKEN", "details": Record{}, "message": "invalid oauth token", "status": "error"})
		return
	case Refused:
		answer(w, http.StatusBadRequest, Record{"data": []Record{{"code": "INVALID_DATA", "details": Record{"api_name": "Email"}, "message": "invalid data", "status": "error"}}})
		return
	}
	if fault == Lost {
		s.route(httptest.NewRecorder(), r)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
		return
	}
	s.route(w, r)
}

func (s *Server) route(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case r.URL.Path == "/oauth/v2/token":
		s.token(w, r)
	case !s.authorized(r):
		answer(w, http.StatusUnauthorized, Record{"code": "INVALID_TOKEN", "details": Record{}, "message": "invalid oauth token", "status": "error"})
	case strings.HasPrefix(r.URL.Path, "/crm/v2/"):
		s.crm(w, r, strings.Split(strings.TrimPrefix(r.URL.Path, "/crm/v2/"), "/"))
	case strings.HasPrefix(r.URL.Path, "/inventory/v1/"):
		s.inventory(w, r, strings.Split(strings.TrimPrefix(r.URL.Path, "/inventory/v1/"), "/"))
	default:
		answer(w, http.StatusNotFound, Record{"code": "INVALID_URL_PATTERN", "message": "Please check if the URL trying to access is a correct one", "status": "error"})
	}
}

func (s *Server) authorized(r *http.Request) bool {
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	return kind == "Zoho-oauthtoken" && s.tokens[token] || kind == "Zoho-authtoken" && token == InventoryKey
}

// token answers a refusal with status 200, as Zoho does.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	refresh := ""
	switch f := r.Form; {
	case f.Get("client_secret") != "secret":
		answer(w, http.StatusOK, Record{"error": "invalid_client"})
		return
	case f.Get("grant_type") == "authorization_code" && f.Get("code") == Grant && !s.granted:
		s.granted, refresh = true, "1000.refresh"
	case f.Get("grant_type") == "refresh_token" && f.Get("refresh_token") == "1000.refresh":
	default:
		answer(w, http.StatusOK, Record{"error": "invalid_code"})
		return
	}
	s.next++
	token := fmt.Sprintf("1000.access.%d", s.next)
	s.tokens[token] = true
	a := Record{"access_token": token, "expires_in": 3600, "api_domain": s.URL, "token_type": "Bearer"}
	if refresh != "" {
		a["refresh_token"] = refresh
	}
	answer(w, http.StatusOK, a)
}

var criterion = regexp.MustCompile(`^\((\w+):equals:(.*)\)$`)

func unescape(s string) string {
	return strings.NewReplacer(`\(`, `(`, `\)`, `)`, `\,`, `,`, `\\`, `\`).Replace(s)
}

func (s *Server) crm(w http.ResponseWriter, r *http.Request, path []string) {
	module := path[0]
	var in struct {
		Data   []Record `json:"data"`
		Unique []string `json:"duplicate_check_fields"`
	}
	body, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(body, &in)
	switch {
	case len(path) == 2 && path[1] == "search":
		s.search(w, module, r.URL.Query())
	case r.Method == http.MethodPut && len(path) == 2 && len(in.Data) == 1:
		old := s.records[module][path[1]]
		if old == nil {
			answer(w, http.StatusBadRequest, row("INVALID_DATA", "the id given seems to be invalid", path[1], ""))
			return
		}
		merge(old, in.Data[0])
		answer(w, http.StatusOK, row("SUCCESS", "record updated", path[1], "update"))
	case r.Method == http.MethodPost && len(in.Data) == 1:
		if code := missing(module, in.Data[0]); code != "" {
			answer(w, http.StatusAccepted, Record{"data": []Record{{"code": "MANDATORY_NOT_FOUND", "details": Record{"api_name": code}, "message": "required field not found", "status": "error"}}})
			return
		}
		for id, old := range s.records[module] {
			for _, field := range in.Unique {
				if v := in.Data[0][field]; v != nil && v == old[field] {
					merge(old, in.Data[0])
					answer(w, http.StatusOK, row("SUCCESS", "record updated", id, "update"))
					return
				}
			}
		}
		answer(w, http.StatusCreated, row("SUCCESS", "record added", s.add(module, in.Data[0]), "insert"))
	default:
		answer(w, http.StatusBadRequest, Record{"code": "INVALID_DATA", "message": "invalid request", "status": "error", "details": Record{}})
	}
}

// missing names the required field that a record lacks.
func missing(module string, r Record) string {
	field := map[string]string{"Contacts": "Last_Name", "Accounts": "Account_Name", "Deals": "Deal_Name", "Products": "Product_Name", "Sales_Orders": "Subject"}[module]
	if v, _ := r[field].(string); v == "" {
		return field
	}
	return ""
}

func (s *Server) search(w http.ResponseWriter, module string, q url.Values) {
	field, value := "Email", q.Get("email")
	if q.Get("phone") != "" {
		field, value = "Phone", q.Get("phone")
	}
	if m := criterion.FindStringSubmatch(q.Get("criteria")); m != nil {
		field, value = m[1], unescape(m[2])
	}
	var found []Record
	for _, r := range s.records[module] {
		if r[field] == value {
			found = append(found, r)
		}
	}
	if len(found) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	answer(w, http.StatusOK, Record{"data": found, "info": Record{"count": len(found), "more_records": false}})
}

func row(code, message, id, action string) Record {
	status := "success"
	if code != "SUCCESS" {
		status = "error"
	}
	return Record{"data": []Record{{"code": code, "status": status, "message": message, "details": Record{"id": id}, "action": action}}}
}

var singular = map[string]string{"items": "item", "contacts": "contact", "salesorders": "salesorder"}

func (s *Server) inventory(w http.ResponseWriter, r *http.Request, path []string) {
	list := path[0]
	one := singular[list]
	q := r.URL.Query()
	if one == "" || q.Get("organization_id") != Organization {
		answer(w, http.StatusBadRequest, Record{"code": 6024, "message": "This user is associated with multiple organizations; give the organization_id."})
		return
	}
	in := Record{}
	body, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(body, &in)
	switch {
	case r.Method == http.MethodGet:
		rows := []Record{}
		for _, rec := range s.records[list] {
			if fits(rec, q) {
				rows = append(rows, rec)
			}
		}
		answer(w, http.StatusOK, Record{"code": 0, "message": "success", list: rows})
	case len(path) == 4 && path[2] == "status":
		rec := s.records[list][path[1]]
		if rec == nil {
			answer(w, http.StatusNotFound, Record{"code": 1002, "message": "Sales Order does not exist."})
			return
		}
		rec["status"] = path[3]
		answer(w, http.StatusOK, Record{"code": 0, "message": "Sales order status has been changed."})
	case r.Method == http.MethodPut:
		rec := s.records[list][path[1]]
		if rec == nil {
			answer(w, http.StatusNotFound, Record{"code": 1002, "message": "The document does not exist."})
			return
		}
		merge(rec, in)
		answer(w, http.StatusOK, Record{"code": 0, "message": "success", one: rec})
	default:
		id := s.add(list, in)
		in[one+"_id"] = id
		if people, ok := in["contact_persons"].([]any); ok && len(people) > 0 {
			in["email"] = people[0].(map[string]any)["email"]
		}
		answer(w, http.StatusCreated, Record{"code": 0, "message": "success", one: in})
	}
}

func fits(rec Record, q url.Values) bool {
	for _, field := range []string{"sku", "name", "email", "contact_name", "salesorder_number"} {
		if v := q.Get(field); v != "" && rec[field] != v {
			return false
		}
	}
	return true
}

func merge(old, with Record) {
	for k, v := range with {
		if k != "id" {
			old[k] = v
		}
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
