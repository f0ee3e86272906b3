package connect_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/fault"
	"storehouse/base/job"
	"storehouse/core/connect"
	"storehouse/core/connect/zohotest"
	"storehouse/core/org"
	"storehouse/core/party"
)

const settings = `{"zoho_inventory_key":"inventory-key","zoho_inventory_organization_id":"10234695","zoho_crm_client_id":"1000.client","zoho_crm_secret":"secret",
	"zoho_crm_grant_token":"1000.good.grant","zoho_crm_email":"boss@acme.example","zoho_crm_redirect_uri":"https://acme.example/cb"}`

// zohoWorld is a world whose shop has registered with Zoho.
func zohoWorld(t *testing.T, d *db.DB, change func(*org.PortalUser)) (*world, *zohotest.Server) {
	t.Helper()
	w := newWorld(t, d)
	z := zohotest.New(t)
	w.hub.Zoho = &connect.Zoho{AccountsURL: z.URL, APIURL: z.URL}
	box, err := connect.NewBox("a key of many letters")
	if err != nil {
		t.Fatal(err)
	}
	w.hub.Box = box
	g, err := connect.ParseGrant(settings)
	if err != nil {
		t.Fatal(err)
	}
	user := org.PortalUser{Email: "zoho@acme.example", Name: "Zoho shop", CreatePotential: true, CreateAccount: true, CreateProducts: true, SendErrors: true,
		ExtraFieldsMapping: `{"Contacts":{"Assistant":"$some constant$","Asst_Phone":"_tracking"},"SalesOrders":{"Carrier":"$DHL$"}}`}
	if user.Settings, err = w.hub.Check(context.Background(), g, user.Email); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(user.Settings, "secret") || strings.Contains(user.Settings, "refresh") {
		t.Fatalf("credentials are kept in clear: %s", user.Settings)
	}
	if change != nil {
		change(&user)
	}
	w.do(func(tx *db.Tx) error {
		p, _, err := org.CreatePortalUser(tx, user, "hash")
		w.shop = p.ID
		return err
	})
	return w, z
}

// settleJobs runs jobs until all have ended, letting the time pass.
func (w *world) settleJobs() {
	w.t.Helper()
	for range 40 {
		w.run()
		w.now = w.now.Add(2 * time.Hour)
	}
}

func (w *world) pushes() (list []job.Job) {
	w.t.Helper()
	w.see(func(tx *db.Tx) (err error) {
		list, err = job.List(tx, job.Filter{Kind: connect.PushKind})
		return err
	})
	return list
}

const meta = `"meta_data":[{"id":1,"key":"_tracking","value":"TRACK1"}]`

// counts are how many records Zoho has of each kind.
func counts(z *zohotest.Server) map[string]int {
	n := map[string]int{}
	for _, m := range []string{"Accounts", "Contacts", "Deals", "Products", "Sales_Orders", "contacts", "items", "salesorders"} {
		n[m] = len(z.Records(m))
	}
	return n
}

var oneOrder = map[string]int{"Accounts": 1, "Contacts": 1, "Deals": 1, "Products": 2, "Sales_Orders": 1, "contacts": 1, "items": 2, "salesorders": 1}

func TestPush(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, z := zohoWorld(t, d, nil)
		w.take(delivery{topic: connect.Created, body: order(727, "processing", 0, meta, "TEE×2@15.5", "MUG×1@5")})
		w.run()
		if diff := cmp.Diff(oneOrder, counts(z)); diff != "" {
			t.Fatalf("(-want +got):\n%s\n%v", diff, w.pushes())
		}
		so := z.Records("Sales_Orders")[0]
		line := so["Product_Details"].([]any)[0].(map[string]any)
		if so["Subject"] != "WooCommerce order 727" || so["Status"] != "Approved" || so["Carrier"] != "DHL" || fmt.Sprint(line["quantity"], line["list_price"]) != "2 15.5" {
			t.Errorf("sales order %v", so)
		}
		if c := z.Records("Contacts")[0]; c["Assistant"] != "some constant" || c["Asst_Phone"] != "TRACK1" || c["Last_Name"] != "Doe" || c["Email"] != "john.doe@example.com" {
			t.Errorf("contact %v", c)
		}
		if deal := z.Records("Deals")[0]; deal["Stage"] != "Negotiation/Review" || fmt.Sprint(deal["Amount"]) != "36" || deal["Closing_Date"] != "2026-01-02" {
			t.Errorf("deal %v", deal)
		}
		inv := z.Records("salesorders")[0]
		if inv["salesorder_number"] != "WOO-727" || inv["status"] != "confirmed" || inv["date"] != "2026-01-02" || len(inv["line_items"].([]any)) != 2 {
			t.Errorf("inventory order %v", inv)
		}
		// Another version changes what is there.
		w.take(delivery{topic: connect.Updated, body: order(727, "cancelled", 1, meta, "TEE×3@15.5", "MUG×1@5")})
		w.run()
		if diff := cmp.Diff(oneOrder, counts(z)); diff != "" {
			t.Errorf("after the update (-want +got):\n%s", diff)
		}
		if so := z.Records("Sales_Orders")[0]; so["Status"] != "Cancelled" {
			t.Errorf("sales order %v", so)
		}
		if inv := z.Records("salesorders")[0]; inv["status"] != "void" {
			t.Errorf("inventory order %v", inv)
		}
	})
}

// Whatever befalls single requests, each order is at Zoho once in the end.
func TestPushSurvivesFaults(t *testing.T) {
	for _, f := range []zohotest.Fault{zohotest.Slow, zohotest.Down, zohotest.Expired, zohotest.Lost} {
		test := func(t *testing.T, d *db.DB) {
			w, z := zohoWorld(t, d, nil)
			rnd := rand.New(rand.NewPCG(7, 7))
			hurt := 0
			z.Fault = func(_, path string) zohotest.Fault {
				if path == "/oauth/v2/token" && f == zohotest.Expired || rnd.IntN(10) >= 4 {
					return zohotest.None
				}
				hurt++
				return f
			}
			z.Expire()
			w.take(delivery{topic: connect.Created, body: order(727, "processing", 0, meta, "TEE×2@15.5", "MUG×1@5")})
			w.settleJobs()
			if hurt < 5 {
				t.Errorf("only %d faults", hurt)
			}
			if diff := cmp.Diff(oneOrder, counts(z)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if p := w.pushes(); len(p) != 1 || p[0].State != job.Done {
				t.Errorf("pushes %+v", p)
			}
		}
		t.Run(string(f), func(t *testing.T) { dbtest.Each(t, test) })
	}
}

func TestExpiredTokenIsRenewedAtOnce(t *testing.T) { dbtest.Each(t, eachExpiredTokenIsRenewedAtOnce) }

func eachExpiredTokenIsRenewedAtOnce(t *testing.T, d *db.DB) {
	w, z := zohoWorld(t, d, nil)
	z.Expire()
	w.take(delivery{topic: connect.Created, body: order(727, "processing", 0, "", "TEE×2@15.5", "MUG×1@5")})
	w.run()
	if p := w.pushes(); len(p) != 1 || p[0].State != job.Done || p[0].Tries != 1 {
		t.Errorf("pushes %+v", p)
	}
}

func TestSlowDownIsObeyed(t *testing.T) { dbtest.Each(t, eachSlowDownIsObeyed) }

func eachSlowDownIsObeyed(t *testing.T, d *db.DB) {
	w, z := zohoWorld(t, d, nil)
	z.Fault = func(string, string) zohotest.Fault { return zohotest.Slow }
	w.take(delivery{topic: connect.Created, body: order(727, "processing", 0, "", "TEE×1@1")})
	w.run()
	if p := w.pushes(); p[0].State != job.Waiting || !p[0].RunAt.Equal(w.now.Add(time.Second)) || !strings.Contains(p[0].LastError, "429") {
		t.Errorf("pushes %+v", p)
	}
}

// What Zoho refuses for good is dead at once, its owner is told, and it can be
// sent again.
func TestRefusalForGood(t *testing.T) { dbtest.Each(t, eachRefusalForGood) }

func eachRefusalForGood(t *testing.T, d *db.DB) {
	w, z := zohoWorld(t, d, nil)
	z.Fault = func(_, path string) zohotest.Fault {
		if strings.HasPrefix(path, "/crm/v2/Contacts") {
			return zohotest.Refused
		}
		return zohotest.None
	}
	w.take(delivery{topic: connect.Created, body: order(727, "processing", 0, "", "TEE×1@1")})
	w.run()
	p := w.pushes()
	if p[0].State != job.Dead || !strings.Contains(p[0].LastError, "INVALID_DATA") {
		t.Fatalf("pushes %+v", p)
	}
	w.see(func(tx *db.Tx) error {
		list, err := job.List(tx, job.Filter{Kind: connect.MailKind})
		if len(list) != 1 || !strings.Contains(list[0].Args, "boss@acme.example") || list[0].State != job.Waiting {
			t.Errorf("mails %+v", list)
		}
		return err
	})
	z.Fault = nil
	w.do(func(tx *db.Tx) error { return job.Replay(tx, p[0].ID) })
	w.run()
	if n := counts(z); n["Contacts"] != 1 || n["Sales_Orders"] != 1 || n["salesorders"] != 1 {
		t.Errorf("after the replay %v", n)
	}
}

func TestRegistrationAsksZoho(t *testing.T) {
	z := zohotest.New(t)
	hub := &connect.Hub{Zoho: &connect.Zoho{AccountsURL: z.URL, APIURL: z.URL}}
	g, err := connect.ParseGrant(settings)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := hub.Check(context.Background(), g, "x"); !errors.Is(err, connect.ErrNoKey) {
		t.Errorf("without a key: %v", err)
	}
	hub.Box, _ = connect.NewBox("a key of many letters")
	bad := g
	bad.GrantToken = "1000.used.grant"
	if _, err := hub.Check(context.Background(), bad, "x"); !fault.Is(err, fault.Conflict) {
		t.Errorf("a bad grant: %v", err)
	}
	bad = connect.Grant{InventoryKey: "wrong", InventoryOrg: "10234695"}
	if _, err := hub.Check(context.Background(), bad, "x"); !fault.Is(err, fault.Conflict) {
		t.Errorf("a bad inventory key: %v", err)
	}
	if _, err := hub.Check(context.Background(), g, "x"); err != nil {
		t.Errorf("good credentials: %v", err)
	}
	for _, s := range []string{``, `[]`, `{}`, `{"zoho_inventory_key":"k"}`, `{"zoho_crm_client_id":"1","zoho_crm_secret":"2"}`} {
		if _, err := connect.ParseGrant(s); err == nil {
			t.Errorf("%s is enough", s)
		}
	}
}

func TestLeadStatus(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, z := zohoWorld(t, d, nil)
		z.Put("Leads", zohotest.Record{"Email": "lead@example.com", "Lead_Status": "New"})
		var id int64
		w.do(func(tx *db.Tx) error {
			p, err := party.Create(tx, party.Party{IsLead: true, IsActive: true, Name: "Lee", FirstName: "Lee", Email: "lead@example.com"})
			id = p.ID
			return err
		})
		for _, status := range []string{"Not Relevant", "FTD", "FTD"} {
			w.do(func(tx *db.Tx) error { return connect.SetLeadStatus(tx, id, status) })
			w.run()
			if got := z.Records("Leads")[0]["Lead_Status"]; got != status {
				t.Errorf("Zoho has %v, want %s", got, status)
			}
		}
		w.see(func(tx *db.Tx) error {
			p, err := party.Get(tx, id)
			if !p.IsCustomer || p.IsLead || p.LifeStage == 0 {
				t.Errorf("the lead is %+v", p)
			}
			return err
		})
		for _, bad := range []string{"Gone", ""} {
			if err := d.Update(context.Background(), w.org, func(tx *db.Tx) error { return connect.SetLeadStatus(tx, id, bad) }); !fault.Is(err, fault.Invalid) {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}

func TestBox(t *testing.T) {
	if _, err := connect.NewBox("short"); err == nil {
		t.Error("a short key was taken")
	}
	a, _ := connect.NewBox("0123456789abcdef")
	b, _ := connect.NewBox("another key of ours")
	s, err := a.Seal("x", "plain")
	if err != nil || strings.Contains(s, "plain") {
		t.Fatalf("sealed %q, %v", s, err)
	}
	if p, err := a.Open("x", s); p != "plain" || err != nil {
		t.Errorf("opened %q, %v", p, err)
	}
	for name, open := range map[string]func() (string, error){"label": func() (string, error) { return a.Open("y", s) },
		"key": func() (string, error) { return b.Open("x", s) }, "text": func() (string, error) { return a.Open("x", s[:len(s)-2]) }, "clear": func() (string, error) { return a.Open("x", "plain") }} {
		if p, err := open(); err == nil {
			t.Errorf("another %s opened %q", name, p)
		}
	}
}

// centre answers as Zoho's hosts would, of which one knows the grant.
type centre struct {
	home  string
	asked []string
}

func (c *centre) RoundTrip(r *http.Request) (*http.Response, error) {
	c.asked = append(c.asked, r.URL.Host)
	body := `{"error":"invalid_code"}`
	if r.URL.Host == c.home {
		body = `{"access_token":"a","refresh_token":"r","expires_in":3600}`
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func TestEveryDataCentre(t *testing.T) {
	g, err := connect.ParseGrant(settings)
	if err != nil {
		t.Fatal(err)
	}
	for accounts, api := range map[string]string{"accounts.zoho.com": "https://www.zohoapis.com", "accounts.zoho.eu": "https://www.zohoapis.eu", "accounts.zoho.in": "https://www.zohoapis.in",
		"accounts.zoho.com.au": "https://www.zohoapis.com.au", "accounts.zoho.jp": "https://www.zohoapis.jp", "accounts.zoho.com.cn": "https://www.zohoapis.com.cn",
		"accounts.zoho.sa": "https://www.zohoapis.sa", "accounts.zohocloud.ca": "https://www.zohoapis.ca"} {
		c := &centre{home: accounts}
		z := &connect.Zoho{HTTP: &http.Client{Transport: c}}
		got, err := z.Exchange(context.Background(), g)
		if err != nil || got.API != api || got.Accounts != "https://"+accounts || got.RefreshToken != "r" || got.GrantToken != "" {
			t.Errorf("%s: %+v, %v", accounts, got, err)
		}
	}
	c := &centre{home: "accounts.zoho.eu"}
	only := g
	only.DC = "eu"
	if _, err := (&connect.Zoho{HTTP: &http.Client{Transport: c}}).Exchange(context.Background(), only); err != nil || len(c.asked) != 1 {
		t.Errorf("with zoho_dc: asked %v, %v", c.asked, err)
	}
	only.DC = "mars"
	if _, err := (&connect.Zoho{HTTP: &http.Client{Transport: c}}).Exchange(context.Background(), only); err == nil {
		t.Error("a data centre on mars was asked")
	}
}
