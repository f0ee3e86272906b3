package stock

import (
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
)

// Filter narrows balances; what is zero does not.
type Filter struct {
	Items     []int64
	Locations []int64
	Kind      string
	NonZero   bool // leave out what is zero in every quantity

	AfterItem, AfterLocation int64 // those behind this balance; 0 is the beginning
	Limit                    int64 // 0 is all
}

// Balances returns balances, by item and location. An item that was never
// posted at a location has none.
func Balances(tx *db.Tx, f Filter) ([]Balance, error) {
	list := []Balance{}
	err := EachBalance(tx, f, func(b Balance) error {
		list = append(list, b)
		return nil
	})
	return list, err
}

// EachBalance streams balances in the same order, in bounded memory. fn must
// run no statement.
func EachBalance(tx *db.Tx, f Filter, fn func(Balance) error) error {
	var w db.Where
	w.Add("org_id = ?", tx.Org)
	w.Add("lot = ''")
	w.AddIf(f.Kind != "", "kind = ?", f.Kind)
	db.In(&w, "item_id", f.Items)
	db.In(&w, "location_id", f.Locations)
	w.AddIf(f.NonZero, "(on_hand <> 0 OR on_order <> 0 OR in_transit <> 0 OR demand <> 0 OR allocated <> 0)")
	w.AddIf(f.AfterItem != 0, "item_id >= ? AND (item_id > ? OR location_id > ?)", f.AfterItem, f.AfterItem, f.AfterLocation)
	tail := ""
	if f.Limit > 0 {
		tail = ` LIMIT ?`
		w.Args = append(w.Args, f.Limit)
	}
	return tx.Each(func(r db.Row) error {
		var b Balance
		if err := scanBalance(r, &b); err != nil {
			return err
		}
		return fn(b)
	}, `SELECT `+balanceCols+` FROM stock_balance`+w.SQL()+` ORDER BY item_id, location_id`+tail, w.Args...)
}

// Get returns the balance of an item at a location; zero where nothing was
// ever posted.
func Get(tx *db.Tx, item, location int64) (Balance, error) {
	list, err := Balances(tx, Filter{Items: []int64{item}, Locations: []int64{location}})
	if err != nil || len(list) == 0 {
		return Balance{Item: item, Location: location}, err
	}
	return list[0], nil
}

// Lot is what there is of a lot at a location.
type Lot struct {
	Item, Location    int64
	Lot               string
	OnHand, InTransit dec.D
	Expires           time.Time // zero when the lot does not expire
}

const lotCols = `item_id, location_id, lot, on_hand, in_transit, expires_at`

// Lots returns the lots of items that are on hand or in transit, the first to
// expire first; no locations are all.
func Lots(tx *db.Tx, items, locations []int64) ([]Lot, error) {
	var w db.Where
	w.Add("org_id = ?", tx.Org)
	w.Add("item_id IN ("+db.Marks(len(items))+")", db.Args(items)...)
	db.In(&w, "location_id", locations)
	w.Add("lot <> '' AND (on_hand <> 0 OR in_transit <> 0)")
	return db.All(tx, func(r db.Row, l *Lot) error {
		return r.Scan(&l.Item, &l.Location, &l.Lot, &l.OnHand, &l.InTransit, db.T(&l.Expires))
	}, `SELECT `+lotCols+` FROM stock_balance`+w.SQL()+`
		ORDER BY item_id, location_id, COALESCE(expires_at, 9223372036854775807), lot`, w.Args...)
}

// LocationUse returns how many entries there are at a location, transfers to
// it among them.
func LocationUse(tx *db.Tx, location int64) (int64, error) {
	return count(tx, `SELECT COUNT(*) FROM stock_entry e WHERE e.org_id = ?
		AND e.item_id IN (SELECT b.item_id FROM stock_balance b WHERE b.org_id = ? AND b.location_id = ? AND b.lot = '')
		AND (e.location_id = ? OR e.to_location_id = ?)`, tx.Org, tx.Org, location, location, location)
}

// ItemUse returns how many entries there are of an item.
func ItemUse(tx *db.Tx, item int64) (int64, error) {
	return count(tx, `SELECT COUNT(*) FROM stock_entry WHERE org_id = ? AND item_id = ?`, tx.Org, item)
}

func count(tx *db.Tx, query string, args ...any) (int64, error) {
	return db.One(tx, db.Value[int64], query, args...)
}
