package pos_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"storehouse/base/db"
	"storehouse/contract/stage"
	"storehouse/core/org"
	"storehouse/core/party"
)

// send is ask for answers of any status.
func send(t testing.TB, s *stage.Stage, as, method, path, body string) (int, any) {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for k, v := range s.As[as] {
		r.Header[k] = v
	}
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	var tree any
	if err := json.Unmarshal(w.Body.Bytes(), &tree); err != nil {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return w.Code, tree
}

// join adds a user to acme, with credentials under the user's name.
func join(t *testing.T, s *stage.Stage, name string, role org.Role, p org.Profile) {
	t.Helper()
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		u, err := org.CreateUser(tx, org.User{Email: name + "@acme.example", DisplayName: name}, "")
		if err != nil {
			return err
		}
		p.Username, p.FirstName, p.AllowLogin = name, name, true
		if _, err := org.AddMember(tx, u.ID, role, p); err != nil {
			return err
		}
		c, _, err := org.CreateClient(tx, name, org.Documented, 0)
		if err != nil {
			return err
		}
		g, err := org.Issue(tx, c, u.ID)
		s.As[name] = http.Header{"Authorization": {"Bearer " + g.Access}}
		return err
	})
}

// Contacts of acme: 1 walk-in, 2 Harry, 3 Alpha, 5 Sally, and 6 Lena, a lead
// of the user's. The user was given Harry.
func TestAUserOfSelectedContactsSeesNoOthers(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		shop(t, s)
		join(t, s, "field", org.Member, org.Profile{AllLocations: true, SelectedContacts: true, ContactIDs: "2"})
		join(t, s, "boss", org.Admin, org.Profile{SelectedContacts: true, ContactIDs: "2"})
		var user int64
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
			members, err := org.ListMembers(tx, org.MemberFilter{})
			for _, m := range members {
				if m.DisplayName == "field" {
					user = m.User
				}
			}
			if err == nil {
				_, err = party.Create(tx, party.Party{IsCustomer: true, FirstName: "Sally", Mobile: "2"})
			}
			if err == nil {
				_, err = party.Create(tx, party.Party{IsLead: true, FirstName: "Lena", Mobile: "3", AssignedTo: []int64{user}})
			}
			return err
		})
		for _, contact := range []int{2, 5, 1} { // sells 1, 2 and 3
			code, made := send(t, s, "member", "POST", "/connector/api/sell", fmt.Sprintf(`{"sells":[{"location_id":1,"contact_id":%d,"products":[{"product_id":5,"variation_id":7,"quantity":1}]}]}`, contact))
			if code != 200 || at(t, made, "data.0.id") == nil {
				t.Fatalf("%d %v", code, made)
			}
		}
		lists := func(as, path, want string) {
			t.Helper()
			tree := ask(t, s, as, "GET", path, "")
			var got []string
			rows, _ := at(t, tree, "data").([]any)
			for _, r := range rows {
				got = append(got, fmt.Sprint(at(t, r, "id")))
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s lists %s to %s, want %s", path, got, as, want)
			}
			if total := at(t, tree, "meta.total"); total != nil && int(total.(float64)) != len(rows) {
				t.Errorf("%s has %v in all, %d rows", path, total, len(rows))
			}
		}
		refused := func(method, path, body string, want int) {
			t.Helper()
			if code, tree := send(t, s, "field", method, path, body); code != want {
				t.Errorf("%s %s: %d %v", method, path, code, tree)
			}
		}
		lists("field", "/connector/api/contactapi", "1 2 6")
		lists("field", "/connector/api/contactapi?per_page=-1", "1 2 6")
		lists("field", "/connector/api/new_contactapi", "1 2 6")
		lists("field", "/connector/api/crm/leads", "6")
		lists("field", "/connector/api/contactapi/2,5", "2")
		lists("field", "/connector/api/sell", "1 3")
		lists("field", "/connector/api/new_sell", "1 3")
		lists("field", "/connector/api/sell?contact_id=5", "")
		lists("field", "/connector/api/sell/1,2", "1")
		for _, other := range []string{"member", "boss"} {
			lists(other, "/connector/api/contactapi", "1 2 3 5 6")
			lists(other, "/connector/api/sell", "1 2 3")
		}
		refused("GET", "/connector/api/contactapi/5", "", 404)
		refused("PUT", "/connector/api/contactapi/5", `{"city":"Oslo"}`, 404)
		refused("POST", "/connector/api/contactapi-payment", `{"contact_id":5,"amount":1}`, 404)
		refused("GET", "/connector/api/sell/2", "", 404)
		refused("GET", "/connector/api/sell/2/get-invoice-image", "", 404)
		refused("PUT", "/connector/api/sell/2", `{"staff_note":"x"}`, 404)
		refused("PUT", "/connector/api/sell/1", `{"contact_id":5}`, 400)
		refused("POST", "/connector/api/sell-return", `{"transaction_id":2,"products":[{"sell_line_id":2,"quantity":1}]}`, 404)
		_, made := send(t, s, "field", "POST", "/connector/api/sell", `{"sells":[{"location_id":1,"contact_id":5,"products":[{"product_id":5,"quantity":1}]}]}`)
		if got := at(t, made, "data.0.original.error.message"); got != `No query results for model [App\Contact] 5` {
			t.Errorf("a sell to somebody else's contact: %v", made)
		}
		ask(t, s, "member", "POST", "/connector/api/sell-return", `{"transaction_id":2,"products":[{"sell_line_id":2,"quantity":1}]}`)
		lists("field", "/connector/api/list-sell-return", "")
		ask(t, s, "field", "POST", "/connector/api/contactapi", `{"type":"customer","first_name":"Mine","mobile":"4"}`)
		lists("field", "/connector/api/contactapi", "1 2 6 7")
	})
}
