package connect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Zoho is the client of Zoho's accounts, CRM v2 and Inventory v1. One serves
// all shops; it keeps their access tokens, which live an hour, in memory.
type Zoho struct {
	// AccountsURL and APIURL replace the hosts of every data centre, for tests
	// and proxies: "http://127.0.0.1:9999".
	AccountsURL, APIURL string
	HTTP                *http.Client     // nil is one with a time-out of 30 seconds
	Now                 func() time.Time // nil is time.Now

	mu     sync.Mutex
	tokens map[string]access // by refresh token
}

type access struct {
	token, api string
	until      time.Time
}

// Grant is what a shop's owner gives at registration, and what became of it.
// It is stored sealed. The names in JSON are the reference's where it has any.
type Grant struct {
	InventoryKey string `json:"zoho_inventory_key,omitempty"`
	InventoryOrg string `json:"zoho_inventory_organization_id,omitempty"`
	ClientID     string `json:"zoho_crm_client_id,omitempty"`
	Secret       string `json:"zoho_crm_secret,omitempty"`
	GrantToken   string `json:"zoho_crm_grant_token,omitempty"`
	Email        string `json:"zoho_crm_email,omitempty"`
	RedirectURI  string `json:"zoho_crm_redirect_uri,omitempty"`
	DC           string `json:"zoho_dc,omitempty"` // "com", "eu" …; "" asks each

	RefreshToken string `json:"refresh_token,omitempty"`
	Accounts     string `json:"accounts,omitempty"`
	API          string `json:"api,omitempty"`
}

// HasCRM reports whether orders go to Zoho CRM.
func (g Grant) HasCRM() bool { return g.RefreshToken != "" || g.GrantToken != "" }

// HasInventory reports whether orders go to Zoho Inventory.
func (g Grant) HasInventory() bool { return g.InventoryOrg != "" }

// dataCentres are Zoho's, each with its own accounts and its own API host. A
// grant is good in one of them only.
var dataCentres = []struct{ name, accounts, api string }{
	{"com", "https://accounts.zoho.com", "https://www.zohoapis.com"},
	{"eu", "https://accounts.zoho.eu", "https://www.zohoapis.eu"},
	{"in", "https://accounts.zoho.in", "https://www.zohoapis.in"},
	{"com.au", "https://accounts.zoho.com.au", "https://www.zohoapis.com.au"},
	{"jp", "https://accounts.zoho.jp", "https://www.zohoapis.jp"},
	{"com.cn", "https://accounts.zoho.com.cn", "https://www.zohoapis.com.cn"},
	{"sa", "https://accounts.zoho.sa", "https://www.zohoapis.sa"},
	{"ca", "https://accounts.zohocloud.ca", "https://www.zohoapis.ca"},
}

// ZohoError is a refusal by Zoho. Its text holds no secret.
type ZohoError struct {
	Status  int    // HTTP; 0 when there was no answer
	Code    string // Zoho's own: "INVALID_DATA", "1002"
	Message string
	Wait    time.Duration // what a 429 asks for; 0 when it does not say
	ID      string        // of the record that a DUPLICATE_DATA is about
}

func (e *ZohoError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("zoho: %d %s %s", e.Status, e.Code, e.Message))
}

// Temporary reports whether the same request may succeed later.
func (e *ZohoError) Temporary() bool {
	return e.Status == 0 || e.Status == http.StatusTooManyRequests || e.Status == http.StatusRequestTimeout || e.Status >= 500
}

func (z *Zoho) client() *http.Client {
	if z.HTTP != nil {
		return z.HTTP
	}
	return defaultHTTP
}

var defaultHTTP = &http.Client{Timeout: 30 * time.Second}

func (z *Zoho) now() time.Time {
	if z.Now != nil {
		return z.Now()
	}
	return time.Now()
}

// Exchange turns a fresh grant token into a refresh token, which does not
// expire. A grant token is good once and for minutes, so this is done while
// the shop registers.
func (z *Zoho) Exchange(ctx context.Context, g Grant) (Grant, error) {
	var last error
	for _, dc := range dataCentres {
		accounts, api := dc.accounts, dc.api
		if z.AccountsURL != "" {
			accounts = z.AccountsURL
		}
		if g.DC != "" && g.DC != dc.name && z.AccountsURL == "" {
			continue
		}
		t, err := z.token(ctx, accounts, url.Values{"grant_type": {"authorization_code"}, "client_id": {g.ClientID}, "client_secret": {g.Secret},
			"redirect_uri": {g.RedirectURI}, "code": {g.GrantToken}})
		if err == nil && t.RefreshToken == "" {
			err = &ZohoError{Status: http.StatusOK, Code: "no_refresh_token", Message: "the grant was not asked for offline access"}
		}
		if err == nil {
			g.RefreshToken, g.GrantToken, g.Accounts, g.API = t.RefreshToken, "", accounts, api
			if t.APIDomain != "" {
				g.API = t.APIDomain
			}
			z.keep(g, t)
			return g, nil
		}
		last = err
		e, ok := errors.AsType[*ZohoError](err)
		if z.AccountsURL != "" || !ok || (e.Code != "invalid_code" && e.Code != "invalid_client") {
			break // no other data centre would know better
		}
	}
	if last == nil {
		last = &ZohoError{Code: "unknown_dc", Message: "there is no Zoho data centre " + strconv.Quote(g.DC)}
	}
	return g, last
}

type tokenAnswer struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	APIDomain    string `json:"api_domain"`
	ExpiresIn    int64  `json:"expires_in"`
	ExpiresInSec int64  `json:"expires_in_sec"`
	Error        string `json:"error"`
}

// token asks for an access token. A refusal may come with status 200: only an
// access_token is a success.
func (z *Zoho) token(ctx context.Context, accounts string, form url.Values) (tokenAnswer, error) {
	var t tokenAnswer
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, accounts+"/oauth/v2/token", strings.NewReader(form.Encode()))
	if err != nil {
		return t, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	status, header, body, err := z.send(req)
	if err != nil {
		return t, err
	}
	_ = json.Unmarshal(body, &t)
	if t.AccessToken == "" {
		return t, &ZohoError{Status: status, Code: t.Error, Message: "no access token", Wait: retryAfter(header)}
	}
	return t, nil
}

func (z *Zoho) keep(g Grant, t tokenAnswer) access {
	seconds := t.ExpiresInSec
	if seconds == 0 {
		seconds = t.ExpiresIn
	}
	if seconds > 86400 { // old servers gave milliseconds
		seconds /= 1000
	}
	if seconds <= 0 {
		seconds = 3600
	}
	a := access{token: t.AccessToken, api: g.API, until: z.now().Add(time.Duration(max(seconds-100, seconds/2)) * time.Second)}
	if t.APIDomain != "" {
		a.api = t.APIDomain
	}
	if z.APIURL != "" {
		a.api = z.APIURL
	}
	z.mu.Lock()
	defer z.mu.Unlock()
	if z.tokens == nil {
		z.tokens = map[string]access{}
	}
	z.tokens[g.RefreshToken] = a
	return a
}

// access returns a good access token, a new one where there is none or the
// one known was refused.
func (z *Zoho) access(ctx context.Context, g Grant, refused string) (access, error) {
	z.mu.Lock()
	a, ok := z.tokens[g.RefreshToken]
	z.mu.Unlock()
	if ok && a.token != refused && z.now().Before(a.until) {
		return a, nil
	}
	accounts := g.Accounts
	if z.AccountsURL != "" {
		accounts = z.AccountsURL
	}
	t, err := z.token(ctx, accounts, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {g.RefreshToken},
		"client_id": {g.ClientID}, "client_secret": {g.Secret}})
	if err != nil {
		return access{}, err
	}
	return z.keep(g, t), nil
}

func (z *Zoho) send(req *http.Request) (int, http.Header, []byte, error) {
	req.Header.Set("Accept", "application/json")
	res, err := z.client().Do(req)
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) { // its text would show the query
			err = ue.Err
		}
		return 0, nil, nil, &ZohoError{Message: err.Error()}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 8<<20))
	if err != nil {
		return 0, nil, nil, &ZohoError{Message: "the answer broke off: " + err.Error()}
	}
	return res.StatusCode, res.Header, body, nil
}

// call sends one request with a good token. An expired token is renewed and
// the request sent once more: it was refused, so nothing was done.
func (z *Zoho) call(ctx context.Context, g Grant, method, path string, query url.Values, in any) (int, []byte, error) {
	var payload []byte
	if in != nil {
		var err error
		if payload, err = json.Marshal(in); err != nil {
			return 0, nil, err
		}
	}
	refused := ""
	for try := 1; ; try++ {
		auth, api, err := z.credential(ctx, g, path, refused)
		if err != nil {
			return 0, nil, err
		}
		target := api + path
		if len(query) > 0 {
			target += "?" + query.Encode()
		}
		req, err := http.NewRequestWithContext(ctx, method, target, bytes.NewReader(payload))
		if err != nil {
			return 0, nil, err
		}
		req.Header.Set("Authorization", auth)
		if in != nil {
			req.Header.Set("Content-Type", "application/json")
		}
		status, header, body, err := z.send(req)
		if err != nil {
			return 0, nil, err
		}
		if status == http.StatusUnauthorized && try == 1 && g.RefreshToken != "" {
			_, refused, _ = strings.Cut(auth, " ")
			continue
		}
		if status >= 400 {
			return status, body, refusal(status, header, body)
		}
		return status, body, nil
	}
}

// credential returns the Authorization header for a path, and the host. The
// old Inventory key is used where there is one, until it is refused.
func (z *Zoho) credential(ctx context.Context, g Grant, path, refused string) (auth, api string, err error) {
	if strings.HasPrefix(path, "/inventory/") && g.InventoryKey != "" && refused != g.InventoryKey {
		api = g.API
		if api == "" {
			api = apiOf(g.DC)
		}
		if z.APIURL != "" {
			api = z.APIURL
		}
		return "Zoho-authtoken " + g.InventoryKey, api, nil
	}
	a, err := z.access(ctx, g, refused)
	return "Zoho-oauthtoken " + a.token, a.api, err
}

func apiOf(dc string) string {
	for _, d := range dataCentres {
		if d.name == dc {
			return d.api
		}
	}
	return dataCentres[0].api
}

func refusal(status int, header http.Header, body []byte) error {
	e := &ZohoError{Status: status, Wait: retryAfter(header)}
	var a struct {
		Code    any    `json:"code"`
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &a) == nil {
		e.Message = a.Message
		if a.Code != nil {
			e.Code = fmt.Sprint(a.Code)
		}
	}
	if row, err := crmRow(body); row.ID != "" || err != nil {
		if re, ok := errors.AsType[*ZohoError](err); ok {
			e.Code, e.Message, e.ID = re.Code, re.Message, re.ID
		}
	}
	return e
}

func retryAfter(h http.Header) time.Duration {
	if n, err := strconv.Atoi(h.Get("Retry-After")); err == nil && n > 0 {
		return time.Duration(min(n, 86400)) * time.Second
	}
	if t, err := http.ParseTime(h.Get("Retry-After")); err == nil {
		return max(0, time.Until(t))
	}
	return 0
}
