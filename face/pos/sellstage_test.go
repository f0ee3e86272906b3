package pos_test

import (
	"net/http"
	"strconv"
	"testing"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/contract/stage"
	"storehouse/core/catalog"
	"storehouse/core/dining"
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/core/stock"
)

// Selling is played on a stage of its own.
func TestSellExchanges(t *testing.T) {
	stage.Replay(t, "testdata/sell/*.txt", func(t *testing.T, s *stage.Stage) { shop(t, s) })
}

// shop completes the stage for selling. Acme has
//
//	location 1 "acme main", 3 "Branch" (invoice prefix BR, custom field east)
//	users 1 owner, 2 admin, 3 member, 4 viewer, 9 clerk (location 1 alone)
//	lookup 1 Furniture (category), 2 Chairs below it, 3 Wholesale (price group), 4 Regulars (customer group, Wholesale's prices), 5 Home Delivery (10 for packing), 6 Safe (payment account)
//	unit 1 Pieces, 2 Dozen; tax 1 VAT 10 %
//	product 1 (item 1) Oak chair at 437.50 (400 wholesale), 20 at location 1, 3 at location 3, cost 200; category 1, 2
//	product 2 (items 2, 3) Jeans at 70, with VAT 77; 50 of each at location 1, cost 30
//	product 3 (items 4, 5) the modifiers Cheese 12.50 and Ketchup 0
//	product 4 (item 6) Set, a combo of two of item 2 and one of item 1, at 500
//	product 5 (item 7) Repair at 50, not kept in stock
//	contact 1 walk-in, 2 Harry (Regulars), 3 Alpha (a supplier)
//	table 1 at location 1
//	points: one for each 10 spent, worth 1
//
// and the rival location 2, user 5, product 6 (item 8), contact 4, tax 2 and table 2.
func shop(t testing.TB, s *stage.Stage) {
	for _, n := range []string{"owner", "admin", "member", "viewer"} {
		s.As[n] = s.As["pos-"+n]
	}
	s.As[""], s.As["upstream"], s.As["stranger"] = s.As["pos-member"], s.As["upstream-member"], s.As["rival-pos"]
	for _, n := range []string{"dining_table", "floor", "item_price"} {
		s.Do(t, 0, func(tx *db.Tx) error { return tx.Reserve(n) })
	}
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error { return shopPeople(tx, s) })
	s.Do(t, s.Acme.Org, shopLists)
	s.Do(t, s.Acme.Org, shopGoods)
	s.Do(t, s.Acme.Org, shopContacts)
	s.Do(t, s.Rival.Org, shopRival)
}

func shopPeople(tx *db.Tx, s *stage.Stage) error {
	set, err := org.LoadSettings(tx)
	if err != nil {
		return err
	}
	set.TimeZone = "America/Phoenix"
	set.Points.Enabled, set.Points.AmountPerPoint, set.Points.RedeemValue = true, dec.Int(10), dec.One
	if err := org.SaveSettings(tx, set); err != nil {
		return err
	}
	if _, err := org.CreateLocation(tx, org.Location{Name: "Branch", Code: "BL0002", City: "Phoenix", InvoicePrefix: "BR", CustomFields: [4]string{"east"}}); err != nil {
		return err
	}
	u, err := org.CreateUser(tx, org.User{Email: "clerk@acme.example", DisplayName: "Clerk"}, "")
	if err != nil {
		return err
	}
	p := org.Profile{Username: "clerk", FirstName: "Clerk", AllowLogin: true, IsServiceStaff: true, LocationIDs: strconv.FormatInt(s.Acme.Location, 10)}
	if _, err := org.AddMember(tx, u.ID, org.Member, p); err != nil {
		return err
	}
	c, _, err := org.CreateClient(tx, "till", org.Documented, 0)
	if err != nil {
		return err
	}
	g, err := org.Issue(tx, c, u.ID)
	s.As["clerk"] = http.Header{"Authorization": {"Bearer " + g.Access}}
	return err
}

func shopLists(tx *db.Tx) error {
	ten := dec.Int(10)
	for _, e := range []lookup.Entry{
		{Kind: lookup.Category, Name: "Furniture", Code: "FUR"},
		{Kind: lookup.Category, Name: "Chairs", Parent: 1},
		{Kind: lookup.PriceGroup, Name: "Wholesale"},
		{Kind: lookup.CustomerGroup, Name: "Regulars", Calculation: "selling_price_group", PriceGroup: 3},
		{Kind: lookup.ServiceType, Name: "Home Delivery", Amount: &ten, Calculation: "fixed", LocationGroups: map[int64]int64{1: 0, 3: 0}},
		{Kind: lookup.PaymentAccount, Name: "Safe", Code: "0001"},
	} {
		if _, err := lookup.Create(tx, e); err != nil {
			return err
		}
	}
	for _, u := range []catalog.Unit{{Name: "Pieces", ShortName: "Pc(s)"}, {Name: "Dozen", ShortName: "dz", Base: 1, Multiplier: dec.Int(12)}} {
		if _, err := catalog.CreateUnit(tx, u); err != nil {
			return err
		}
	}
	if _, err := catalog.CreateTax(tx, catalog.Tax{Name: "VAT", Amount: ten}); err != nil {
		return err
	}
	_, err := dining.CreateTable(tx, dining.Table{Location: 1, Name: "Window", Description: "by the window"})
	return err
}

func shopGoods(tx *db.Tx) error {
	good := func(name, purchase, sell string) catalog.Variant {
		return catalog.Variant{Item: catalog.Item{VariationName: name, PurchasePrice: dec.Must(purchase), SellPrice: dec.Must(sell)}}
	}
	axis := func(list ...catalog.Variant) []catalog.Variation { return []catalog.Variation{{Items: list}} }
	chair := good("", "200", "437.5")
	chair.Prices = []catalog.Price{{Group: 3, Amount: dec.Int(400)}}
	set := good("", "260", "500")
	set.Parts = []catalog.ComboPart{{Item: 2, Unit: 1, Quantity: dec.Int(2)}, {Item: 1, Unit: 1, Quantity: dec.One}}
	for _, p := range []catalog.Product{
		{Type: catalog.Single, Name: "Oak chair", Code: "CHAIR", Unit: 1, SubUnits: []int64{1, 2}, Category: 1, SubCategory: 2, EnableStock: true, Custom: [4]string{"oak"}, Variations: axis(chair)},
		{Type: catalog.Variable, Name: "Jeans", Code: "JEANS", Unit: 1, SubUnits: []int64{1, 2}, Tax: 1, EnableStock: true, Variations: axis(good("28", "30", "70"), good("30", "30", "70"))},
		{Type: catalog.Modifier, Name: "Extras", Code: "EXTRAS", Variations: axis(good("Cheese", "1", "12.5"), good("Ketchup", "0", "0"))},
		{Type: catalog.Combo, Name: "Set", Code: "SET", Unit: 1, Variations: axis(set)},
		{Type: catalog.Single, Name: "Repair", Code: "REPAIR", Unit: 1, Variations: axis(good("", "0", "50"))},
	} {
		if _, err := catalog.CreateProduct(tx, p); err != nil {
			return err
		}
	}
	cost := func(item, location int64, n, each string) stock.Entry {
		c := dec.Must(each)
		return stock.Entry{Item: item, Location: location, Event: stock.Adjust, Quantity: dec.Must(n), UnitCost: &c, Doc: stock.Doc{Type: "opening", ID: 1}}
	}
	_, err := stock.Post(tx, stock.Policy{}, cost(1, 1, "20", "200"), cost(1, 3, "3", "200"), cost(2, 1, "50", "30"), cost(3, 1, "50", "30"))
	return err
}

func shopContacts(tx *db.Tx) error {
	if _, err := party.EnsureDefault(tx); err != nil {
		return err
	}
	for _, p := range []party.Party{{IsCustomer: true, FirstName: "Harry", Mobile: "8596859647", CustomerGroup: 4}, {IsVendor: true, BusinessName: "Alpha", Mobile: "1"}} {
		if _, err := party.Create(tx, p); err != nil {
			return err
		}
	}
	return nil
}

func shopRival(tx *db.Tx) error {
	if _, err := party.EnsureDefault(tx); err != nil {
		return err
	}
	if _, err := catalog.CreateTax(tx, catalog.Tax{Name: "Theirs", Amount: dec.Int(20)}); err != nil {
		return err
	}
	if _, err := dining.CreateTable(tx, dining.Table{Location: 2, Name: "Theirs"}); err != nil {
		return err
	}
	_, err := catalog.CreateProduct(tx, catalog.Product{Type: catalog.Single, Name: "Theirs", Code: "CHAIR", EnableStock: true,
		Variations: []catalog.Variation{{Items: []catalog.Variant{{Item: catalog.Item{PurchasePrice: dec.One, SellPrice: dec.Int(2)}}}}}})
	return err
}
