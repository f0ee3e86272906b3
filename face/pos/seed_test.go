package pos_test

import (
	"path"
	"strconv"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/contract/stage"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/core/sale"
	"storehouse/core/stock"
)

// seeds fill the stage of an exchange file before it is played, by the name of
// the file or the test.
var seeds = map[string]func(*testing.T, *stage.Stage){}

func seeded(files string, seed func(*testing.T, *stage.Stage), more ...string) {
	for _, f := range append(more, files) {
		seeds[f] = seed
	}
}

func seed(t *testing.T, s *stage.Stage) {
	if fill := seeds[path.Base(t.Name())]; fill != nil {
		fill(t, s)
	}
}

func init() {
	seeded("brand", catalogue, "unit", "tax", "taxonomy", "product", "productwrite", "variation", "newproduct", "modifier", "pricegroup", "template")
	seeded("contact", contacts, "newcontact")
	seeded("contactpayment", func(t *testing.T, s *stage.Stage) {
		catalogue(t, s)
		contacts(t, s)
		debts(t, s)
	}, "TestAnswersHoldWhatTheReferencePrints")
}

// reserve opens series, so that their ids start at 1.
func reserve(t *testing.T, s *stage.Stage, series ...string) {
	t.Helper()
	for _, n := range series {
		s.Do(t, 0, func(tx *db.Tx) error { return tx.Reserve(n) })
	}
}

// catalogue fills acme with
//
//	lookup 1 Levis, 2 Men's, 3 Jeans below it, 4 Retail, 5 Wholesale (off)
//	unit 1 Pieces, 2 Dozen (12 Pieces); tax 1 VAT@10%, 2 Local@5%, 3 both as a group
//	template 1 Waist Size (28, 30), 2 Color without values
//	product 1 (item 1) Extras: Ketchup 0, item 2 Extra Cheese 2
//	product 2 (item 3) single AS0001, 20 on hand at 1 and 5 (lot L1) at 3, VAT, offers Extras
//	product 3 (items 4, 5) variable AS0002, 50 of item 4 on hand at 1; at location 1 only
//	product 4 (item 6) combo of 2 AS0001
//	product 5 (item 7) single, switched off
//	discount 1 FLAT 10% at location 1, running; discount 2 over
//
// and the rival with lookup 6, unit 3, tax 4, product 6 (item 8).
func catalogue(t *testing.T, s *stage.Stage) {
	reserve(t, s, "item_price", "item_media", "discount", "variation_template", "variation_value")
	var id ids
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		id = ids{tx: tx}
		id.lookup(lookup.Entry{Kind: lookup.Brand, Name: "Levis"})
		id.lookup(lookup.Entry{Kind: lookup.Category, Name: "Men's"})
		id.lookup(lookup.Entry{Kind: lookup.Category, Name: "Jeans", Parent: 2, Code: "JNS", ExternalID: "17"})
		id.lookup(lookup.Entry{Kind: lookup.PriceGroup, Name: "Retail"})
		id.lookup(lookup.Entry{Kind: lookup.PriceGroup, Name: "Wholesale", Description: "by the crate"})
		id.unit(catalog.Unit{Name: "Pieces", ShortName: "Pc(s)"})
		id.unit(catalog.Unit{Name: "Dozen", ShortName: "dz", Base: 1, Multiplier: dec.Int(12)})
		id.tax(catalog.Tax{Name: "VAT@10%", Amount: dec.Int(10)})
		id.tax(catalog.Tax{Name: "Local@5%", Amount: dec.Int(5), ForGroup: true})
		id.tax(catalog.Tax{Name: "VAT and local", Parts: []int64{1, 2}})
		return id.err
	})
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		id = ids{tx: tx}
		id.template(catalog.Template{Name: "Waist Size", Values: []catalog.Value{{Name: "28"}, {Name: "30"}}})
		id.template(catalog.Template{Name: "Color"})
		id.product(catalog.Product{Type: catalog.Modifier, Name: "Extras", Code: "256366", TaxType: "inclusive", Variations: items(
			item("Ketchup", "0", "0"), item("Extra Cheese", "2", "2"))})
		single := item("", "130", "130")
		single.Prices = []catalog.Price{{Group: 4, Amount: dec.Int(140)}}
		single.Media = []catalog.Media{{FileName: "1591686466_nn.jpeg", DisplayName: "nn.jpeg", URL: "http://pictures.test/1591686466_nn.jpeg"}}
		id.product(catalog.Product{Type: catalog.Single, Name: "Men's Reverse Fleece Crew", Code: "AS0001", Brand: 1, Category: 2, Unit: 1, Tax: 1, EnableStock: true,
			AlertQuantity: new(dec.Int(5)), WooID: 356, ModifierSets: []int64{1}, SubUnits: []int64{1, 2}, Variations: items(single)})
		w28, w30 := item("28", "70", "70"), item("30", "70.5", "82.25")
		w28.VariationValue, w30.VariationValue = 1, 2
		jeans := catalog.Product{Type: catalog.Variable, Name: "Levis Men's Slimmy Fit Jeans", Code: "AS0002", Brand: 1, Category: 2, SubCategory: 3, Unit: 1, Tax: 1,
			EnableStock: true, Locations: []int64{1}, Variations: items(w28, w30)}
		jeans.Variations[0].Name, jeans.Variations[0].Template = "Waist Size", 1
		id.product(jeans)
		pair := item("", "260", "240")
		pair.Parts = []catalog.ComboPart{{Item: 3, Unit: 1, Quantity: dec.Int(2)}}
		id.product(catalog.Product{Type: catalog.Combo, Name: "Two crews", Code: "AS0003", Unit: 1, Variations: items(pair)})
		id.product(catalog.Product{Type: catalog.Single, Name: "Old crew", Code: "AS0004", Unit: 1, IsInactive: true, NotForSelling: true, Variations: items(item("", "1", "2"))})
		if id.err != nil {
			return id.err
		}
		for _, d := range []catalog.Discount{
			{Name: "FLAT 10%", Location: 1, Priority: 2, Type: "fixed", Amount: dec.Int(5), StartsAt: dbtest.Now.Add(-time.Hour), EndsAt: dbtest.Now.Add(time.Hour), IsActive: true, InCustomerGroups: true},
			{Name: "Over", Priority: 3, Type: "percentage", Amount: dec.Int(50), EndsAt: dbtest.Now.Add(-time.Minute), IsActive: true}} {
			if _, err := catalog.CreateDiscount(tx, d); err != nil {
				return err
			}
		}
		_, err := stock.Post(tx, stock.Policy{}, stock.Entry{Item: 3, Location: 1, Event: stock.Adjust, Quantity: dec.Int(20)},
			stock.Entry{Item: 3, Location: 3, Event: stock.Adjust, Quantity: dec.Int(5), Lot: "L1"}, stock.Entry{Item: 4, Location: 1, Event: stock.Adjust, Quantity: dec.Int(50)})
		return err
	})
	s.Do(t, s.Rival.Org, func(tx *db.Tx) error {
		id = ids{tx: tx}
		id.lookup(lookup.Entry{Kind: lookup.Brand, Name: "Theirs"})
		id.unit(catalog.Unit{Name: "Boxes", ShortName: "bx"})
		id.tax(catalog.Tax{Name: "Theirs", Amount: dec.Int(20)})
		id.product(catalog.Product{Type: catalog.Single, Name: "Theirs", Code: "AS0001", Unit: 3, Tax: 4, Variations: items(item("", "1", "2"))})
		return id.err
	})
}

// ids makes rows until one fails.
type ids struct {
	tx  *db.Tx
	err error
}

func made[T any](i *ids, v T, create func(*db.Tx, T) (T, error)) {
	if i.err == nil {
		_, i.err = create(i.tx, v)
	}
}

func (i *ids) lookup(e lookup.Entry)       { made(i, e, lookup.Create) }
func (i *ids) unit(u catalog.Unit)         { made(i, u, catalog.CreateUnit) }
func (i *ids) tax(t catalog.Tax)           { made(i, t, catalog.CreateTax) }
func (i *ids) template(t catalog.Template) { made(i, t, catalog.CreateTemplate) }
func (i *ids) product(p catalog.Product)   { made(i, p, catalog.CreateProduct) }
func (i *ids) party(p party.Party)         { made(i, p, party.Create) }

// items are the items of a product with one axis.
func items(list ...catalog.Variant) []catalog.Variation { return []catalog.Variation{{Items: list}} }

func item(name, purchase, sell string) catalog.Variant {
	return catalog.Variant{Item: catalog.Item{VariationName: name, PurchasePrice: dec.Must(purchase), SellPrice: dec.Must(sell)}}
}

// contacts fills acme with the suppliers and customers of the reference's
// samples; the walk-in customer is there already. The rival has one.
func contacts(t *testing.T, s *stage.Stage) {
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		group, err := lookup.Create(tx, lookup.Entry{Kind: lookup.CustomerGroup, Name: "Regulars"})
		if err != nil {
			return err
		}
		source, err := lookup.Create(tx, lookup.Entry{Kind: lookup.LeadSource, Name: "Fair"})
		id := ids{tx: tx, err: err}
		id.party(party.Party{IsVendor: true, BusinessName: "Alpha Clothings", FirstName: "Michael", TaxNumber: "4590091535", City: "Phoenix", State: "Arizona", Country: "USA",
			Address: "Linking Street", Mobile: "(378) 400-1234", PayTermNumber: 15, PayTermType: "days"})
		id.party(party.Party{IsCustomer: true, Prefix: "Mr.", FirstName: "Rohit", MiddleName: "Kumar", LastName: "Agrawalla", Mobile: "8596859647", CustomerGroup: group.ID,
			Custom: [10]string{0: "VIP", 9: "ten"}})
		id.party(party.Party{IsLead: true, FirstName: "Lead", Mobile: "9437638555", Source: source.ID, AssignedTo: []int64{3}})
		return id.err
	})
}

// debts makes customer 2 owe 10 from before, 143 for sell A-1 and 286 for the
// older sell A-2.
func debts(t *testing.T, s *stage.Stage) {
	for n, day := range []int{2, 1} {
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
			quantity := dec.Int(int64(n + 1))
			_, err := sale.Create(tx, sale.New{Head: sale.Head{Origin: sale.POS, Status: sale.Final, Location: 1, Party: 2, Number: "A-" + strconv.Itoa(n+1),
				SoldAt: time.Date(2026, 1, day, 0, 0, 0, 0, time.UTC)}, Lines: []sale.DraftLine{{LineHead: sale.LineHead{Product: 2, Item: 3, Quantity: quantity, Tax: 1}, Price: new(dec.Int(130))}}})
			return err
		})
	}
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error { return money.SetOpening(tx, 2, dec.Int(10)) })
}

// branch adds acme's second location, 3, to a stage without a cast.
func branch(tb testing.TB, s *stage.Stage) {
	tb.Helper()
	s.Do(tb, s.Acme.Org, func(tx *db.Tx) error {
		l, err := org.CreateLocation(tx, org.Location{Name: "Branch", Code: "BL0002"})
		if err == nil && l.ID != 3 {
			tb.Errorf("the branch is location %d, not 3", l.ID)
		}
		return err
	})
}
