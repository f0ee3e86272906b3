package stock

import (
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

// Flow is the sum of entries of an event, by the kind of document that posted
// them.
type Flow struct {
	Item     int64 // 0 unless asked for by item
	Location int64 // 0 unless asked for by item
	Event    Event // REVERSE_ events and what undoes an ADJUST or a DISPOSE are taken off the event that they undo
	Out      bool  // of TRANSFER: going out
	DocType  string
	Quantity dec.D
	Value    dec.D
}

// FlowFilter narrows Flows. What is not set does not narrow.
type FlowFilter struct {
	From, To  time.Time // when it happened, To excluded
	Locations []int64
	Items     []int64
	User      int64 // who posted
	ByItem    bool  // a flow each item and location
}

// Flows adds up what moved, in one statement.
func Flows(tx *db.Tx, f FlowFilter) ([]Flow, error) {
	var w db.Where
	w.Args = []any{tx.Org}
	w.AddIf(!f.From.IsZero(), "effective_at >= ?", f.From)
	w.AddIf(!f.To.IsZero(), "effective_at < ?", f.To)
	db.In(&w, "location_id", f.Locations)
	db.In(&w, "item_id", f.Items)
	w.AddIf(f.User != 0, "user_id = ?", f.User)
	by := "0, 0"
	group := ""
	if f.ByItem {
		by, group = "item_id, location_id", "item_id, location_id, "
	}
	type key struct {
		item, location int64
		event          Event
		out            bool
		doc            string
	}
	type total struct{ quantity, value dec.Sum }
	sums, order := map[key]*total{}, []key{}
	err := tx.Each(func(r db.Row) error {
		var v Flow
		var undone bool
		var t total
		if err := r.Scan(&v.Item, &v.Location, &v.Event, db.B(&v.Out), db.B(&undone), &v.DocType, &t.quantity.Whole, &t.quantity.Rest, &t.value.Whole, &t.value.Rest); err != nil {
			return err
		}
		sign := int64(1)
		if of, ok := reversed[v.Event]; ok {
			v.Event, sign = of, -1
		} else if undone { // an ADJUST that undoes a DISPOSE, or the other way about
			v.Event, sign = opposites[v.Event], -1
		}
		k := key{v.Item, v.Location, v.Event, v.Out, v.DocType}
		s := sums[k]
		if s == nil {
			s = &total{}
			sums[k] = s
			order = append(order, k)
		}
		s.quantity, s.value = s.quantity.Plus(t.quantity.Times(sign)), s.value.Plus(t.value.Times(sign))
		return nil
	}, `SELECT `+by+`, event, CASE WHEN to_location_id IS NULL THEN 0 ELSE 1 END, CASE WHEN reverses_id IS NULL THEN 0 ELSE 1 END, doc_type,
			`+db.Sum("quantity")+`, `+db.Sum("value")+`
		FROM stock_entry WHERE org_id = ?`+w.And()+`
		GROUP BY `+group+`event, CASE WHEN to_location_id IS NULL THEN 0 ELSE 1 END, CASE WHEN reverses_id IS NULL THEN 0 ELSE 1 END, doc_type
		ORDER BY `+group+`event, doc_type`, w.Args...)
	out := make([]Flow, 0, len(order))
	for _, k := range order {
		v := Flow{Item: k.item, Location: k.location, Event: k.event, Out: k.out, DocType: k.doc}
		var tooMuch [2]error
		v.Quantity, tooMuch[0] = sums[k].quantity.D()
		v.Value, tooMuch[1] = sums[k].value.D()
		if tooMuch != [2]error{} && err == nil {
			err = fault.New(fault.Invalid, "what moved is too much to be added up")
		}
		out = append(out, v)
	}
	return out, err
}

// OnHandValue is what the flow adds to the value on hand.
func (f Flow) OnHandValue() dec.D {
	e, _ := effectOf(f.Event, f.Out)
	return dec.D(e.quantity.onHand) * f.Value
}

// ShelfRow is a SKU at a location where it has a balance; a SKU without any
// balance comes once, without a location. What is switched off comes as long
// as there is some left.
type ShelfRow struct {
	Item, Product     int64
	Code, ProductName string
	ProductType       string
	GroupName         string // of its variations: "Size"
	VariationName     string
	Unit              string // short name
	EnableStock       bool
	SellPriceIncTax   dec.D
	Location          int64
	LocationName      string
	OnHand, Value     dec.D
}

// ShelfFilter narrows Shelf. What is not set does not narrow.
type ShelfFilter struct {
	Locations   []int64 // only SKUs with a balance there, and only those balances
	Category    int64
	SubCategory int64
	Brand       int64
	Unit        int64
	Product     int64
	Item        int64
}

// from is the FROM and WHERE of a shelf, with its arguments.
func (f ShelfFilter) from(tx *db.Tx) (string, []any) {
	join, on := "LEFT JOIN", ""
	var args []any
	if len(f.Locations) > 0 {
		join, on, args = "JOIN", " AND b.location_id IN ("+db.Marks(len(f.Locations))+")", db.Args(f.Locations)
	}
	var w db.Where
	for _, c := range []struct {
		column string
		id     int64
	}{{"p.category_id", f.Category}, {"p.sub_category_id", f.SubCategory}, {"p.brand_id", f.Brand}, {"p.unit_id", f.Unit}, {"p.id", f.Product}, {"i.id", f.Item}} {
		w.AddIf(c.id != 0, c.column+" = ?", c.id)
	}
	args = append(append(args, tx.Org), w.Args...)
	return ` FROM item i JOIN product p ON p.org_id = i.org_id AND p.id = i.product_id
		` + join + ` stock_balance b ON b.org_id = i.org_id AND b.item_id = i.id AND b.lot = ''` + on + `
		LEFT JOIN location l ON l.org_id = b.org_id AND l.id = b.location_id
		LEFT JOIN unit u ON u.org_id = p.org_id AND u.id = p.unit_id
		LEFT JOIN product_variation g ON g.org_id = i.org_id AND g.id = i.product_variation_id
		WHERE i.org_id = ? AND i.kind = 'sku' AND p.type <> 'modifier'
		AND (i.is_active = 1 AND p.is_inactive = 0 OR b.on_hand <> 0)` + w.And(), args
}

// Shelf returns a page of SKUs by product, SKU and location, and how many rows
// there are in all.
func Shelf(tx *db.Tx, f ShelfFilter, limit, offset int) ([]ShelfRow, int64, error) {
	from, args := f.from(tx)
	total, err := db.One(tx, db.Value[int64], `SELECT COUNT(*)`+from, args...)
	if err != nil {
		return nil, 0, err
	}
	rows, err := db.All(tx, func(r db.Row, v *ShelfRow) error {
		return r.Scan(&v.Item, &v.Product, &v.Code, &v.ProductName, &v.ProductType, db.S(&v.GroupName), db.S(&v.VariationName), db.S(&v.Unit), db.B(&v.EnableStock),
			&v.SellPriceIncTax, db.I(&v.Location), db.S(&v.LocationName), &v.OnHand, &v.Value)
	}, `SELECT i.id, p.id, i.code, p.name, p.type, g.name, i.variation_name, u.short_name, p.enable_stock, i.sell_price_inc_tax, b.location_id, l.name,
		COALESCE(b.on_hand, 0), COALESCE(b.value, 0)`+from+` ORDER BY p.name_key, p.id, i.id, b.location_id LIMIT ? OFFSET ?`, append(args, limit, offset)...)
	return rows, total, err
}
