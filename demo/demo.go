// Package demo makes a living business to look at: Kestrel Coffee Works, a
// roastery that sells beans to shops and cups over a counter. It goes through
// the same core functions as the faces, so its books are real.
package demo

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/core/party"
)

// Credentials is what a client of each face signs in with. It is written to
// demo-credentials.json.
type Credentials struct {
	BaseURL      string  `json:"base_url"`
	Organization int64   `json:"organization_id"`
	Maker        Maker   `json:"maker"`
	Pos          Pos     `json:"pos"`
	PosUpstream  Pos     `json:"pos_upstream"`
	Shop         Shop    `json:"shop"`
	Sync         Sync    `json:"sync"`
	Loyalty      Loyalty `json:"loyalty"`
}

// Maker is an owner's personal token and the organization's UUID.
type Maker struct {
	Token string `json:"token"`
	Org   string `json:"org_id"`
}

// Pos is an OAuth client and a user.
type Pos struct {
	Client   string `json:"client_id"`
	Secret   string `json:"client_secret"`
	Username string `json:"username"`
	Password string `json:"password"`
}

// Shop is a portal user, the tokens of the shop face and the native webhook.
type Shop struct {
	Email    string `json:"email"`
	Password string `json:"password"`
	Reg      string `json:"reg_token"`
	Change   string `json:"change_token"`
	Path     string `json:"webhook_path"`
	Secret   string `json:"webhook_secret"`
}

// Sync is the stock feed's key.
type Sync struct {
	Key string `json:"api_key"`
}

// Loyalty is the loyalty programme's pair.
type Loyalty struct {
	App      int64  `json:"app_id"`
	Username string `json:"username"`
	Key      string `json:"apikey"`
}

// Config is what the demo is told.
type Config struct {
	BaseURL string
	Hash    func(password string) (string, error) // argon2id
	OrgUUID func(id int64) string                 // the maker face's spelling
	Webhook func(key string) string               // the path of a native webhook's address
}

// Empty reports whether the store has no organization yet: only then is the
// demo made.
func Empty(ctx context.Context, d *db.DB) (empty bool, err error) {
	err = d.View(ctx, 0, func(tx *db.Tx) error {
		n, err := db.One(tx, db.Value[int64], `SELECT count(*) FROM organization`)
		empty = n == 0
		return err
	})
	return empty, err
}

// series are the ids that the demo uses, and how many about: reserved ahead,
// so that the one transaction that makes everything runs once.
var series = map[string]int{"organization": 1, "user_account": 8, "member": 8, "location": 4, "lookup": 80, "party": 60, "product": 80, "product_variation": 80,
	"item": 120, "unit": 8, "tax": 8, "sale": 1500, "sale_line": 4000, "sale_note": 50, "payment": 2000, "stock_entry": 6000, "money_entry": 6000, "points_entry": 1500,
	"floor": 1, "dining_table": 6, "followup": 1, "visit": 1, "holiday": 1, "expense": 1, "job": 1}

// Create makes the business, all or nothing, in one transaction.
func Create(ctx context.Context, d *db.DB, c Config) (Credentials, error) {
	for s, n := range series {
		if err := d.Update(ctx, 0, func(tx *db.Tx) error { return tx.ReserveN(s, n) }); err != nil {
			return Credentials{}, fmt.Errorf("reserve %s ids: %w", s, err)
		}
	}
	password, err := secret(12)
	if err != nil {
		return Credentials{}, err
	}
	hash, err := c.Hash(password)
	if err != nil {
		return Credentials{}, err
	}
	var cred Credentials
	err = d.Update(ctx, 0, func(tx *db.Tx) error {
		b := &business{tx: tx, config: c, password: password, hash: hash, now: tx.Now}
		cred = Credentials{BaseURL: c.BaseURL}
		return b.build(&cred)
	})
	return cred, err
}

// business is the demo while it is being made.
type business struct {
	tx             *db.Tx
	config         Config
	password, hash string
	now            time.Time

	owner, cashier, baker int64
	roastery, cafe        int64 // locations
	vat, reduced          int64 // taxes
	pieces, kilos, cups   int64 // units
	retail, wholesale     int64 // price groups
	lookups               map[string]int64
	sku                   map[string]int64 // SKU code → item
	product               map[string]int64 // SKU code → product
	price                 map[string]dec.D // SKU code → price with tax
	cost                  map[string]dec.D
	material              map[string]int64
	customers             []int64
	shops                 []int64 // customers who order by the case
	vendors               map[string]int64
	walkIn                int64
}

func (b *business) build(cred *Credentials) error {
	for _, step := range []func(*Credentials) error{b.people, b.lists, b.parties, b.materials, b.products, b.credentials, b.history, b.floor} {
		if err := step(cred); err != nil {
			return err
		}
	}
	return nil
}

func (b *business) people(cred *Credentials) error {
	tx := b.tx
	owner, err := org.CreateUser(tx, org.User{Email: "owner@kestrel.example", DisplayName: "Mara Okafor"}, b.hash)
	if err != nil {
		return err
	}
	b.owner = owner.ID
	o, _, err := org.Create(tx, org.Organization{Name: "Kestrel Coffee Works", Slug: "kestrel", LegalName: "Kestrel Coffee Works Ltd.", Address: "14 Foundry Lane",
		City: "Portland", State: "Oregon", Country: "US", ZipCode: "97209", ContactEmail: "hello@kestrel.example", ContactPhone: "+1 503 555 0142"}, owner.ID)
	if err != nil {
		return err
	}
	cred.Organization = o.ID
	tx.Actor = owner.ID
	if err := org.SetProfile(tx, owner.ID, org.Profile{Username: "mara", FirstName: "Mara", LastName: "Okafor", AllowLogin: true, UserType: "user", Language: "en", Status: "active", AllLocations: true}, true); err != nil {
		return err
	}
	for _, m := range []struct {
		to                           *int64
		username, first, last, email string
		role                         org.Role
	}{{&b.cashier, "jonas", "Jonas", "Weber", "jonas@kestrel.example", org.Member}, {&b.baker, "ines", "Inés", "Quiroga", "ines@kestrel.example", org.Admin}} {
		u, err := org.CreateUser(tx, org.User{Email: m.email, DisplayName: m.first + " " + m.last}, b.hash)
		if err != nil {
			return err
		}
		*m.to = u.ID
		if _, err := org.AddMember(tx, u.ID, m.role, org.Profile{Username: m.username, FirstName: m.first, LastName: m.last, AllowLogin: true, UserType: "user",
			Language: "en", Status: "active", AllLocations: true, IsServiceStaff: m.role == org.Member}); err != nil {
			return err
		}
	}
	for _, l := range []struct {
		to *int64
		l  org.Location
	}{{&b.roastery, org.Location{Name: "Roastery & Warehouse", Code: "BL0001", Address: "14 Foundry Lane", City: "Portland", State: "Oregon", Country: "US", ZipCode: "97209"}},
		{&b.cafe, org.Location{Name: "Market Street Café", Code: "BL0002", Address: "220 Market Street", City: "Portland", State: "Oregon", Country: "US", ZipCode: "97201"}}} {
		made, err := org.CreateLocation(tx, l.l)
		if err != nil {
			return err
		}
		*l.to = made.ID
	}
	s, err := org.LoadSettings(tx)
	if err != nil {
		return err
	}
	s.DefaultLocation = b.roastery
	s.TimeZone = "America/Los_Angeles"
	s.Points.Enabled, s.Points.AmountPerPoint, s.Points.MinOrder, s.Points.RedeemValue = true, dec.Int(5), dec.Int(5), dec.Must("0.1")
	return org.SaveSettings(tx, s)
}

func (b *business) lists(*Credentials) error {
	tx := b.tx
	b.lookups = map[string]int64{}
	for _, l := range []struct {
		kind  lookup.Kind
		names []string
	}{
		{lookup.SKUType, []string{"Whole bean", "Ground", "Capsules", "Drinks", "Bakery", "Equipment", "Merchandise", "Gift sets"}},
		{lookup.MaterialType, []string{"Green coffee", "Packaging", "Ingredients"}},
		{lookup.CustomerType, []string{"Retail", "Grocer", "Café", "Office"}},
		{lookup.CustomerSegment, []string{"Regulars", "Wholesale", "Online"}},
		{lookup.Broker, []string{"Northwest Food Brokers"}},
		{lookup.OrderChannel, []string{"Wholesale", "Trade fair"}},
		{lookup.Brand, []string{"Kestrel", "Brewhaus", "Little Oven"}},
		{lookup.PriceGroup, []string{"Retail", "Wholesale"}},
		{lookup.CustomerGroup, []string{"Friends of the house"}},
		{lookup.LeadSource, []string{"Walk-in", "Website", "Referral"}},
		{lookup.LifeStage, []string{"New", "Qualified", "Lost"}},
		{lookup.FollowupCategory, []string{"Tasting", "Reorder"}},
		{lookup.ExpenseCategory, []string{"Rent", "Utilities"}},
		{lookup.Category, []string{"Coffee", "Counter", "Shop"}},
	} {
		for _, name := range l.names {
			e, err := lookup.Create(tx, lookup.Entry{Kind: l.kind, Name: name})
			if err != nil {
				return fmt.Errorf("%s %s: %w", l.kind, name, err)
			}
			b.lookups[string(l.kind)+"/"+name] = e.ID
		}
	}
	b.retail, b.wholesale = b.lookups["price_group/Retail"], b.lookups["price_group/Wholesale"]
	packing := dec.Must("0.25")
	if _, err := lookup.Create(tx, lookup.Entry{Kind: lookup.ServiceType, Name: "Take away", Amount: &packing, Calculation: "fixed"}); err != nil {
		return err
	}
	for _, t := range []struct {
		to   *int64
		name string
		rate dec.D
	}{{&b.vat, "Sales tax 8%", dec.Int(8)}, {&b.reduced, "Food 2%", dec.Int(2)}} {
		made, err := catalog.CreateTax(tx, catalog.Tax{Name: t.name, Amount: t.rate})
		if err != nil {
			return err
		}
		*t.to = made.ID
	}
	for _, u := range []struct {
		to *int64
		u  catalog.Unit
	}{{&b.pieces, catalog.Unit{Name: "Pieces", ShortName: "Pc(s)"}}, {&b.kilos, catalog.Unit{Name: "Kilograms", ShortName: "kg", AllowDecimal: true}}, {&b.cups, catalog.Unit{Name: "Cups", ShortName: "cup"}}} {
		made, err := catalog.CreateUnit(tx, u.u)
		if err != nil {
			return err
		}
		*u.to = made.ID
	}
	_, err := catalog.CreateUnit(tx, catalog.Unit{Name: "Case of 12", ShortName: "case", Base: b.pieces, Multiplier: dec.Int(12)})
	return err
}

func (b *business) parties(*Credentials) error {
	tx := b.tx
	w, err := party.EnsureDefault(tx)
	if err != nil {
		return err
	}
	b.walkIn = w.ID
	retail, wholesale := b.lookups["customer_type/Retail"], b.lookups["customer_segment/Wholesale"]
	for i, name := range []string{"Ada Lindqvist", "Ben Achterberg", "Chiara Rossi", "Dov Feldman", "Esra Yılmaz", "Farid Haddad", "Grace Mwangi", "Hiro Tanaka",
		"Ilse Brandt", "João Pereira", "Kalina Petrova", "Liam O’Connor", "Mei Chen", "Noor Al-Amin", "Olga Sidorova", "Pau Ferrer"} {
		first, last := cut(name)
		p, err := party.Create(tx, party.Party{IsCustomer: true, IsActive: true, Name: name, FirstName: first, LastName: last, Type: retail,
			Segment: b.lookups["customer_segment/Regulars"], Email: fmt.Sprintf("guest%02d@kestrel.example", i+1), Mobile: fmt.Sprintf("50355501%02d", i+10), City: "Portland", Country: "US"})
		if err != nil {
			return err
		}
		b.customers = append(b.customers, p.ID)
	}
	for i, name := range []string{"Green Grocer Co-op", "Harbor Street Café", "Pioneer Offices", "Cedar & Pine Market"} {
		kind := []string{"Grocer", "Café", "Office", "Grocer"}[i]
		p, err := party.Create(tx, party.Party{IsCustomer: true, IsActive: true, Name: name, BusinessName: name, Type: b.lookups["customer_type/"+kind], Segment: wholesale,
			Email: fmt.Sprintf("orders%d@trade.example", i+1), Mobile: fmt.Sprintf("50355502%02d", i+10), PayTermNumber: 30, PayTermType: "days", City: "Seattle", Country: "US"})
		if err != nil {
			return err
		}
		b.shops = append(b.shops, p.ID)
	}
	b.vendors = map[string]int64{}
	for i, name := range []string{"Highland Green Coffee", "PackRight Supplies", "Brewhaus Equipment", "Little Oven Bakery", "Valley Dairy"} {
		p, err := party.Create(tx, party.Party{IsVendor: true, IsActive: true, Name: name, BusinessName: name, Email: fmt.Sprintf("sales%d@vendors.example", i+1),
			Mobile: fmt.Sprintf("50355503%02d", i+10), Term: "Net 30", City: "Tacoma", Country: "US"})
		if err != nil {
			return err
		}
		b.vendors[name] = p.ID
	}
	_, err = party.Create(tx, party.Party{IsLead: true, IsActive: true, Name: "Summit Hotel", FirstName: "Summit Hotel", Mobile: "5035550499",
		Source: b.lookups["source/Referral"], LifeStage: b.lookups["life_stage/Qualified"]})
	return err
}

func cut(name string) (first, last string) {
	for i, r := range name {
		if r == ' ' {
			return name[:i], name[i+1:]
		}
	}
	return name, ""
}

// secret returns a random text of n bytes.
func secret(n int) (string, error) {
	b := make([]byte, n)
	if _, err := rand.Read(b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}
