package stock

import (
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

// row is a balance in hand: locked, being changed.
type row struct {
	Balance
	lot        string
	expires    time.Time
	before     Balance
	wanted     dec.D // of what is available
	taken      dec.D // of what is on hand
	lowersHand bool
	lowersFree bool
}

const balanceCols = `item_id, location_id, lot, kind, on_hand, on_order, in_transit, demand, allocated, value, transit_value, last_cost, expires_at`

func scanRow(s db.Row, r *row) error {
	b := &r.Balance
	err := s.Scan(&b.Item, &b.Location, &r.lot, &b.Kind, &b.OnHand, &b.OnOrder, &b.InTransit, &b.Demand, &b.Allocated,
		&b.Value, &b.TransitValue, &b.LastCost, db.T(&r.expires))
	r.before = *b
	return err
}

func scanBalance(s db.Row, b *Balance) error {
	var r row
	err := scanRow(s, &r)
	*b = r.Balance
	return err
}

// keysAt is how many balances one statement names.
const keysAt = 1000

// lock reads balances for change, and makes those that are missing. Everybody
// asks for them in the same order.
func lock(tx *db.Tx, keys []key) (map[key]*row, error) {
	rows := make(map[key]*row, len(keys))
	keep := func(s db.Row) error {
		r := &row{}
		if err := scanRow(s, r); err != nil {
			return err
		}
		rows[key{r.Item, r.Location, r.lot}] = r
		return nil
	}
	for rest := keys; len(rest) > 0; {
		n := min(keysAt, len(rest))
		if err := tx.Each(keep, `SELECT `+balanceCols+` FROM stock_balance
			WHERE org_id = ? AND (item_id, location_id, lot) IN (`+keyValues(n)+`)
			ORDER BY item_id, location_id, lot`+tx.ForUpdate(), keyArgs([]any{tx.Org}, rest[:n])...); err != nil {
			return nil, err
		}
		rest = rest[n:]
	}
	missing := make([]key, 0, len(keys)-len(rows))
	for _, k := range keys {
		if rows[k] == nil {
			missing = append(missing, k)
		}
	}
	for rest := missing; len(rest) > 0; {
		n := min(keysAt, len(rest))
		if err := create(tx, rest[:n], keep); err != nil {
			return nil, err
		}
		rest = rest[n:]
	}
	for _, k := range missing {
		if rows[k] == nil {
			return nil, fault.Missing("item")
		}
	}
	return rows, nil
}

// create makes balances that are missing, or takes them when another
// transaction has just made them. An item that does not exist gets none.
func create(tx *db.Tx, keys []key, keep func(db.Row) error) error {
	// CROSS JOIN keeps SQLite from walking all items to find the few.
	err := tx.Each(keep, `INSERT INTO stock_balance (org_id, `+balanceCols+`)
		SELECT i.org_id, i.id, k.column2, k.column3, i.kind, 0, 0, 0, 0, 0, 0, 0, 0, NULL
		FROM (`+keyValues(len(keys))+`) k CROSS JOIN item i
		WHERE i.org_id = ? AND i.id = k.column1 ORDER BY k.column1, k.column2, k.column3
		ON CONFLICT (org_id, item_id, location_id, lot) DO UPDATE SET kind = excluded.kind
		RETURNING `+balanceCols, append(keyArgs(nil, keys), tx.Org)...)
	if fault.Is(err, fault.InUse) { // the location's reference
		return fault.Missing("location")
	}
	return err
}

// keyValues returns "VALUES (…), (…)" for n keys. The first row tells
// PostgreSQL the types.
func keyValues(n int) string {
	first := `VALUES (CAST(? AS bigint), CAST(? AS bigint), CAST(? AS text))`
	if n == 1 {
		return first
	}
	return first + ", " + db.Tuples(n-1, 3)
}

func keyArgs(args []any, keys []key) []any {
	for _, k := range keys {
		args = append(args, k.item, k.location, k.lot)
	}
	return args
}

// save stores balances that were locked and changed.
func save(tx *db.Tx, keys []key, rows map[key]*row) error {
	values := make([][]any, 0, len(rows))
	for _, k := range keys {
		r := rows[k]
		b := r.Balance
		values = append(values, []any{tx.Org, k.item, k.location, k.lot, b.Kind, b.OnHand, b.OnOrder, b.InTransit, b.Demand,
			b.Allocated, b.Value, b.TransitValue, b.LastCost, r.expires})
	}
	return tx.Insert("stock_balance", "org_id, "+balanceCols, values, `ON CONFLICT (org_id, item_id, location_id, lot) DO UPDATE SET
		on_hand = excluded.on_hand, on_order = excluded.on_order, in_transit = excluded.in_transit, demand = excluded.demand,
		allocated = excluded.allocated, value = excluded.value, transit_value = excluded.transit_value, last_cost = excluded.last_cost,
		expires_at = excluded.expires_at`)
}
