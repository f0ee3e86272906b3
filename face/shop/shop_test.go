package shop_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"testing"

	"storehouse/base/db"
	"storehouse/contract"
	"storehouse/contract/stage"
	"storehouse/core/connect"
	"storehouse/core/connect/zohotest"
	"storehouse/core/org"
	"storehouse/core/party"
	face "storehouse/face/shop"
)

// signedBody is the delivery whose signature the exchanges send.
const signedBody = `{"id":730,"number":"730","status":"processing","currency":"USD","date_created_gmt":"2026-01-01T10:00:00","date_modified_gmt":"2026-01-01T10:00:00","date_paid_gmt":"2026-01-01T10:00:00","total":"15.00","billing":{"first_name":"Jane","last_name":"Roe","email":"jane@example.com"},"line_items":[{"id":1,"name":"Tee","quantity":1,"subtotal":"15.00","total":"15.00","total_tax":"0.00","sku":"TEE"}]}`

func sign(body, secret string) string {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(body))
	return base64.StdEncoding.EncodeToString(m.Sum(nil))
}

// set gives both organizations a shop user with a token, a webhook and the
// tokens of the organization, and Acme a stand-in for Zoho and a lead.
func set(t *testing.T, s *stage.Stage) {
	t.Helper()
	for _, series := range []string{"portal_user", "shop_delivery"} {
		s.Do(t, 0, func(tx *db.Tx) error { return tx.Reserve(series) })
	}
	z := zohotest.New(t)
	s.Program.Hub.Zoho.AccountsURL, s.Program.Hub.Zoho.APIURL = z.URL, z.URL
	s.Program.Hub.Box, _ = connect.NewBox("a key of many letters")
	hash, err := stage.Passwords.Hash(t.Context(), "open sesame")
	if err != nil {
		t.Fatal(err)
	}
	for name, id := range map[string]int64{"acme": s.Acme.Org, "rival": s.Rival.Org} {
		s.Do(t, id, func(tx *db.Tx) error {
			p, key, err := org.CreatePortalUser(tx, org.PortalUser{Email: "shop@" + name + ".example", Name: name + " shop", Settings: "{}"}, hash)
			if err != nil {
				return err
			}
			s.Vars[name+"_hook"] = key
			s.Vars[name+"_signature"] = sign(signedBody, p.WebhookSecret)
			s.Vars[name+"_deleted"] = sign(`{"id":730}`, p.WebhookSecret)
			if s.Vars[name+"_token"], err = org.PortalToken(tx, p, 0); err != nil {
				return err
			}
			if s.Vars[name+"_reg"], err = org.NewRegToken(tx); err != nil {
				return err
			}
			s.Vars[name+"_change"], err = org.NewChangeToken(tx)
			return err
		})
	}
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		_, err := party.Create(tx, party.Party{IsLead: true, IsActive: true, FirstName: "Lee", Name: "Lee", Email: "lee@example.com"})
		return err
	})
	s.As[""] = http.Header{}
}

func TestExchanges(t *testing.T) {
	seen := stage.Replay(t, "testdata/*.txt", set)
	var routes []string
	for _, r := range face.New(face.Deps{}).Routes {
		routes = append(routes, r.Method+" "+r.Path)
	}
	contract.Covers(t, routes, seen)
}
