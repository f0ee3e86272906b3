package pos

import (
	"strings"

	"storehouse/base/db"
	"storehouse/core/catalog"
	"storehouse/core/dining"
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/core/sale"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).newSellRoutes) }

func (f *face) newSellRoutes() []web.Route {
	return []web.Route{
		web.Read("GET /connector/api/new_sell", org.Viewer, f.listNewSells, web.Title("New API", "New List sells"), may("sell.view"), web.Output[pageOf[newSellOut]]),
	}
}

// newSellsQuery is what the newer list of sells is narrowed by (reference,
// "New List sells"), beside what the older one knows.
type newSellsQuery struct {
	sellsQuery
	CustomerGroup rowID     `query:"customer_group_id" doc:"id of the customer group"`
	ProductName   string    `query:"product_name" doc:"name of the product"`
	ProductSKU    string    `query:"product_sku" doc:"sku of the product or variation"`
	ProductField  string    `query:"product_custom_field_1" doc:"custom field 1 of the product"`
	LocationField string    `query:"location_custom_field_1" doc:"custom field 1 of the location"`
	Prefix        string    `query:"location_invoice_scheme_prefix" doc:"Invoice scheme prefix of the location"`
	Category      wire.Text `query:"product_category_id" doc:"category id of the product"`
	SubCategory   wire.Text `query:"product_sub_category_id" doc:"sub category id of the product"`
	IDs           wire.Text `query:"sell_ids" doc:"comma separated ids of the sells"`
}

// onto adds what the older list does not know. The locations are narrowed by
// hand: there are few.
func (q newSellsQuery) onto(f *sale.Filter, at map[int64]org.Location, prefix string) {
	f.CustomerGroup = q.CustomerGroup.N
	f.Goods = sale.Goods{Name: q.ProductName, Code: q.ProductSKU, Custom1: q.ProductField, Categories: anyID(q.Category), SubCategories: anyID(q.SubCategory)}
	f.IDs = anyID(q.IDs)
	if q.LocationField == "" && q.Prefix == "" {
		return
	}
	fits := []int64{-1} // no row's: an empty list would not narrow
	for id, l := range at {
		if (q.LocationField == "" || l.CustomFields[0] == q.LocationField) && (q.Prefix == "" || schemePrefix(l, prefix) == q.Prefix) &&
			(f.Locations == nil || contains(f.Locations, id)) {
			fits = append(fits, id)
		}
	}
	f.Locations = fits
}

func contains(list []int64, id int64) bool {
	for _, n := range list {
		if n == id {
			return true
		}
	}
	return false
}

// anyID reads comma separated ids; what is given but no id matches no row.
func anyID(t wire.Text) []int64 {
	if strings.TrimSpace(t.S) == "" {
		return nil
	}
	if list := ids(t.S); len(list) > 0 {
		return list
	}
	return []int64{-1}
}

func schemePrefix(l org.Location, prefix string) string {
	if l.InvoicePrefix != "" {
		return l.InvoicePrefix
	}
	return prefix
}

// newSellOut is a sell with the names of what it points at.
type newSellOut struct {
	transaction
	UniqueHash       absent           `json:"unique_hash"`
	HashControl      absent           `json:"hash_control"`
	ExpenseSub       absent           `json:"expense_sub_category_id"`
	IsOrderRequest   wire.Bit         `json:"crm_is_order_request"`
	LocationName     wire.TextN       `json:"location_name"`
	LocationField    wire.TextN       `json:"location_custom_field1"`
	Prefix           wire.TextN       `json:"location_invoice_scheme_prefix"`
	TableName        wire.TextN       `json:"table_name"`
	TableDescription wire.TextN       `json:"table_description"`
	Contact          wire.TextN       `json:"contact"`
	GroupName        wire.TextN       `json:"customer_group_name"`
	Lines            []newSellLineOut `json:"sell_lines"`
	Payments         []paymentOut     `json:"payment_lines"`
	InvoiceURL       string           `json:"invoice_url"`
	PaymentLink      string           `json:"payment_link"`
}

type newSellLineOut struct {
	sellLineOut
	ProductName  wire.TextN        `json:"product_name"`
	ProductField wire.TextN        `json:"product_custom_field_1"`
	ProductType  wire.TextN        `json:"product_type"`
	ProductSKU   wire.TextN        `json:"product_sku"`
	Category     *newSellCategory  `json:"category"`
	SubCategory  *newSellCategory  `json:"sub_category"`
	Item         *newSellVariation `json:"product_variations"`
}

type newSellCategory struct {
	ID          int64      `json:"id"`
	Name        string     `json:"name"`
	Business    int64      `json:"business_id"`
	Code        wire.TextN `json:"short_code"`
	Parent      int64      `json:"parent_id"`
	CreatedBy   wire.IntN  `json:"created_by"`
	Type        string     `json:"category_type"`
	Description wire.TextN `json:"description"`
	Slug        wire.TextN `json:"slug"`
	WooCommerce wire.TextN `json:"woocommerce_cat_id"`
}

type newSellVariation struct {
	ID              int64     `json:"id"`
	Name            string    `json:"name"`
	Product         wire.IntN `json:"product_id"`
	Code            string    `json:"sub_sku"`
	Variation       wire.IntN `json:"product_variation_id"`
	PurchasePrice   wire.Dec4 `json:"default_purchase_price"`
	PurchaseIncTax  wire.Dec4 `json:"dpp_inc_tax"`
	SellPrice       wire.Dec4 `json:"default_sell_price"`
	SellPriceIncTax wire.Dec4 `json:"sell_price_inc_tax"`
}

// listNewSells lists sells with names (reference, "New List sells"), in a
// fixed number of statements.
func (f *face) listNewSells(c *web.Call, q newSellsQuery) (any, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	out := f.seller(c.R, c.Org, stamps{z})
	filter, err := q.filter(c, out.when)
	if err != nil {
		return nil, err
	}
	names := saleNames{org: c.Org, locations: map[int64]org.Location{}}
	set, err := org.LoadSettings(c.Tx)
	if err != nil {
		return nil, err
	}
	names.prefix = set.Prefix("invoice")
	places, err := org.ListLocations(c.Tx)
	if err != nil {
		return nil, err
	}
	for _, l := range places {
		names.locations[l.ID] = l
	}
	q.onto(&filter, names.locations, names.prefix)
	if q.all() {
		return stream(func(emit func(newSellOut) error) error {
			return sale.EachBatch(c.Tx, filter, func(batch []sale.Sale) error {
				list, err := f.newSells(c.Tx, out, names, batch, q.Purchases.V)
				for i := 0; i < len(list) && err == nil; i++ {
					err = emit(list[i])
				}
				return err
			})
		}), nil
	}
	total, err := sale.Count(c.Tx, filter)
	if err != nil {
		return nil, err
	}
	filter.Limit, filter.Offset = q.perPage(), q.offset()
	found, _, err := sale.List(c.Tx, filter)
	if err != nil {
		return nil, err
	}
	list, err := f.newSells(c.Tx, out, names, found, q.Purchases.V)
	return paged(f, asked(c), q.paging, list, int(total)), err
}

func (f *face) newSells(tx *db.Tx, out seller, names saleNames, batch []sale.Sale, purchases bool) ([]newSellOut, error) {
	if err := names.load(tx, batch); err != nil {
		return nil, err
	}
	old := make([]sellOut, len(batch))
	for i, s := range batch {
		old[i] = out.sell(s)
	}
	if purchases && len(batch) > 0 {
		if err := out.purchases(tx, old); err != nil {
			return nil, err
		}
	}
	list := make([]newSellOut, len(batch))
	for i, s := range batch {
		list[i] = names.sell(s, old[i])
	}
	return list, nil
}

// saleNames knows the names of what sales point at.
type saleNames struct {
	org       int64
	prefix    string // of invoice numbers, where a location has none
	locations map[int64]org.Location
	parties   map[int64]party.Party
	tables    map[int64]dining.Table
	lookups   map[int64]lookup.Entry
	items     map[int64]catalog.Item
	products  map[int64]catalog.Product
}

// load reads what a batch of sales points at.
func (n *saleNames) load(tx *db.Tx, batch []sale.Sale) error {
	n.parties, n.tables, n.products = map[int64]party.Party{}, map[int64]dining.Table{}, map[int64]catalog.Product{}
	var parties, items, products, lookups idSet
	seated := false
	for _, s := range batch {
		parties.add(s.Party)
		lookups.add(s.CustomerGroup)
		seated = seated || s.Table != 0
		for _, l := range s.Lines {
			items.add(l.Item)
		}
	}
	people, err := party.GetMany(tx, parties.list)
	if err != nil {
		return err
	}
	for _, p := range people {
		n.parties[p.ID] = p
	}
	if seated {
		tables, err := dining.ListTables(tx, dining.Filter{})
		if err != nil {
			return err
		}
		for _, t := range tables {
			n.tables[t.ID] = t
		}
	}
	if n.items, err = catalog.GetItems(tx, items.list); err != nil {
		return err
	}
	for _, i := range n.items {
		products.add(i.Product)
	}
	found, err := catalog.GetProducts(tx, products.list)
	if err != nil {
		return err
	}
	for _, p := range found {
		n.products[p.ID] = p
		lookups.add(p.Category)
		lookups.add(p.SubCategory)
	}
	n.lookups, err = lookup.ByID(tx, lookups.list)
	return err
}

// idSet is a list of ids, each once and never 0.
type idSet struct {
	list []int64
	seen map[int64]bool
}

func (s *idSet) add(id int64) {
	if id == 0 || s.seen[id] {
		return
	}
	if s.seen == nil {
		s.seen = map[int64]bool{}
	}
	s.seen[id] = true
	s.list = append(s.list, id)
}

func (n *saleNames) sell(s sale.Sale, old sellOut) newSellOut {
	l, p, t := n.locations[s.Location], n.parties[s.Party], n.tables[s.Table]
	name := p.Name
	if name == "" {
		name = p.BusinessName
	}
	out := newSellOut{transaction: old.transaction, LocationName: wire.TextN(l.Name), LocationField: wire.TextN(l.CustomFields[0]),
		Prefix: wire.TextN(schemePrefix(l, n.prefix)), TableName: wire.TextN(t.Name), TableDescription: wire.TextN(t.Description), Contact: wire.TextN(name),
		GroupName: wire.TextN(n.lookups[s.CustomerGroup].Name), Lines: []newSellLineOut{}, Payments: old.Payments, InvoiceURL: old.InvoiceURL, PaymentLink: old.PaymentLink}
	for i, line := range s.Lines {
		out.Lines = append(out.Lines, n.line(line, old.Lines[i]))
	}
	return out
}

func (n *saleNames) line(l sale.Line, old sellLineOut) newSellLineOut {
	i, known := n.items[l.Item]
	p := n.products[i.Product]
	out := newSellLineOut{sellLineOut: old, ProductName: wire.TextN(p.Name), ProductField: wire.TextN(p.Custom[0]), ProductType: wire.TextN(p.Type),
		ProductSKU: wire.TextN(p.Code), Category: n.category(p.Category), SubCategory: n.category(p.SubCategory)}
	if known {
		out.Item = &newSellVariation{ID: i.ID, Name: i.VariationName, Product: wire.IntN(i.Product), Code: i.Code, Variation: wire.IntN(i.Variation),
			PurchasePrice: wire.Dec4(i.PurchasePrice), PurchaseIncTax: wire.Dec4(i.PurchasePriceIncTax), SellPrice: wire.Dec4(i.SellPrice),
			SellPriceIncTax: wire.Dec4(i.SellPriceIncTax)}
	} else {
		out.ProductName = wire.TextN(l.Name) // a shop's line that waits for its item
	}
	return out
}

func (n *saleNames) category(id int64) *newSellCategory {
	e, ok := n.lookups[id]
	if !ok {
		return nil
	}
	return &newSellCategory{ID: e.ID, Name: e.Name, Business: n.org, Code: wire.TextN(e.Code), Parent: e.Parent, CreatedBy: wire.IntN(e.CreatedBy), Type: "product",
		Description: wire.TextN(e.Description), Slug: wire.TextN(e.Slug), WooCommerce: wire.TextN(e.ExternalID)}
}
