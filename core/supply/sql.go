package supply

import (
	"storehouse/base/db"
	"storehouse/base/fault"
)

const orderCols = `id, number, vendor_id, target, state, location_id, planning_at, placed_at, ship_date, in_transit_at, partial_at, expected_at,
	received_at, paid_at, cancelled_at, shipping_costs, setup_costs, other_costs, notes, created_by, created_at, updated_at, before_receipts`

func scanOrder(r db.Row, o *Order) error {
	return r.Scan(&o.ID, &o.Number, &o.Vendor, &o.Target, &o.State, db.I(&o.Location), db.T(&o.PlanningAt), db.T(&o.PlacedAt), db.T(&o.ShipDate),
		db.T(&o.InTransitAt), db.T(&o.PartialAt), db.T(&o.ExpectedAt), db.T(&o.ReceivedAt), db.T(&o.PaidAt), db.T(&o.CancelledAt), &o.Shipping,
		&o.Setup, &o.Other, db.S(&o.Notes), db.I(&o.CreatedBy), db.T(&o.CreatedAt), db.T(&o.UpdatedAt), db.S((*string)(&o.Before)))
}

func (o Order) args() []any {
	return []any{o.ID, o.Number, o.Vendor, string(o.Target), string(o.State), db.Null(o.Location), o.PlanningAt, o.PlacedAt, o.ShipDate,
		o.InTransitAt, o.PartialAt, o.ExpectedAt, o.ReceivedAt, o.PaidAt, o.CancelledAt, o.Shipping, o.Setup, o.Other, db.Null(o.Notes),
		db.Null(o.CreatedBy), o.CreatedAt, o.UpdatedAt, db.Null(string(o.Before))}
}

func insertOrders(tx *db.Tx, orders ...Order) error {
	rows := make([][]any, len(orders))
	var lines []Line
	for n, o := range orders {
		rows[n] = append([]any{tx.Org}, o.args()...)
		lines = append(lines, o.Lines...)
	}
	if err := tx.Insert("purchase", "org_id, "+orderCols, rows); err != nil {
		return err
	}
	return insertLines(tx, lines)
}

func saveOrder(tx *db.Tx, o *Order) error {
	o.UpdatedAt = tx.Now
	_, err := tx.Exec(`UPDATE purchase SET vendor_id = ?, target = ?, state = ?, location_id = ?, planning_at = ?, placed_at = ?, ship_date = ?,
		in_transit_at = ?, partial_at = ?, expected_at = ?, received_at = ?, paid_at = ?, cancelled_at = ?, shipping_costs = ?, setup_costs = ?,
		other_costs = ?, notes = ?, created_by = ?, created_at = ?, updated_at = ?, before_receipts = ?
		WHERE org_id = ? AND id = ?`, append(o.args()[2:], tx.Org, o.ID)...)
	return err
}

const lineCols = `l.id, l.purchase_id, l.item_id, i.kind, l.quantity, l.unit_cost, l.received, l.created_at`

const lineFrom = ` FROM purchase_line l JOIN item i ON i.org_id = l.org_id AND i.id = l.item_id WHERE l.org_id = ?`

func scanLine(r db.Row, l *Line) error {
	return r.Scan(&l.ID, &l.Order, &l.Item, &l.Kind, &l.Quantity, &l.UnitCost, &l.Received, db.T(&l.CreatedAt))
}

// insertLines adds lines; onConflict says what becomes of those that are there.
func insertLines(tx *db.Tx, lines []Line, onConflict ...string) error {
	rows := make([][]any, len(lines))
	for n, l := range lines {
		rows[n] = []any{tx.Org, l.ID, l.Order, l.Item, l.Quantity, l.UnitCost, l.Received, l.CreatedAt}
	}
	return tx.Insert("purchase_line", "org_id, id, purchase_id, item_id, quantity, unit_cost, received, created_at", rows, onConflict...)
}

// Get returns an order with its lines.
func Get(tx *db.Tx, id int64) (Order, error) { return get(tx, id, "") }

// Hold makes sure that an order is there until the transaction ends.
func Hold(tx *db.Tx, id int64) error {
	_, err := lock(tx, id)
	return err
}

// lock returns an order that nobody else changes until the transaction ends.
func lock(tx *db.Tx, id int64) (Order, error) { return get(tx, id, tx.ForUpdate()) }

func get(tx *db.Tx, id int64, suffix string) (Order, error) {
	o, err := db.One(tx, scanOrder, `SELECT `+orderCols+` FROM purchase WHERE org_id = ? AND id = ?`+suffix, tx.Org, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("purchase order")
	}
	if err != nil {
		return o, err
	}
	o.Lines, err = Lines(tx, LineFilter{Order: id})
	return o, err
}

// List returns orders without their lines, newest first: limit of them after
// the one with the id after (0 is the beginning).
func List(tx *db.Tx, after int64, limit int) ([]Order, error) {
	var w db.Where
	w.Add("org_id = ?", tx.Org)
	w.AddIf(after != 0, "id < ?", after)
	return db.All(tx, scanOrder, `SELECT `+orderCols+` FROM purchase`+w.SQL()+` ORDER BY id DESC LIMIT ?`, append(w.Args, limit)...)
}

// LineFilter narrows a list of lines.
type LineFilter struct {
	Order  int64
	Newest bool  // newest first; else in their order
	After  int64 // the last id seen
	Limit  int   // 0 is all
}

// Lines lists lines of one order or of all.
func Lines(tx *db.Tx, f LineFilter) ([]Line, error) {
	var w db.Where
	w.AddIf(f.Order != 0, "l.purchase_id = ?", f.Order)
	w.AddIf(f.After != 0 && f.Newest, "l.id < ?", f.After)
	w.AddIf(f.After != 0 && !f.Newest, "l.id > ?", f.After)
	tail := ` ORDER BY l.id`
	if f.Newest {
		tail += ` DESC`
	}
	if f.Limit > 0 {
		tail += ` LIMIT ?`
		w.Args = append(w.Args, f.Limit)
	}
	return db.All(tx, scanLine, `SELECT `+lineCols+lineFrom+w.And()+tail, append([]any{tx.Org}, w.Args...)...)
}

// GetLine returns one line.
func GetLine(tx *db.Tx, id int64) (Line, error) {
	l, err := db.One(tx, scanLine, `SELECT `+lineCols+lineFrom+` AND l.id = ?`, tx.Org, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("item")
	}
	return l, err
}

const receiptCols = `id, purchase_id, location_id, received_at, notes, created_by, created_at, updated_at`

func scanReceipt(r db.Row, x *Receipt) error {
	return r.Scan(&x.ID, &x.Order, &x.Location, db.T(&x.At), db.S(&x.Notes), db.I(&x.CreatedBy), db.T(&x.CreatedAt), db.T(&x.UpdatedAt))
}

func scanReceiptLine(r db.Row, l *ReceiptLine) error {
	return r.Scan(&l.ID, &l.Receipt, &l.Line, &l.Item, &l.Kind, &l.Quantity, &l.Cost, db.S(&l.Lot), db.T(&l.Expires))
}

// GetReceipt returns a receipt with its lines.
func GetReceipt(tx *db.Tx, id int64) (Receipt, error) {
	x, err := db.One(tx, scanReceipt, `SELECT `+receiptCols+` FROM purchase_receipt WHERE org_id = ? AND id = ?`, tx.Org, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("receipt")
	}
	if err != nil {
		return x, err
	}
	x.Lines, err = db.All(tx, scanReceiptLine, `SELECT r.id, r.receipt_id, r.line_id, l.item_id, i.kind, r.quantity, r.cost, r.lot, r.expires_at
		FROM purchase_receipt_line r JOIN purchase_line l ON l.org_id = r.org_id AND l.id = r.line_id
		JOIN item i ON i.org_id = l.org_id AND i.id = l.item_id WHERE r.org_id = ? AND r.receipt_id = ? ORDER BY r.id`, tx.Org, id)
	return x, err
}

// Receipts lists an order's receipts without their lines, newest first; limit
// 0 is all.
func Receipts(tx *db.Tx, order, after int64, limit int) ([]Receipt, error) {
	var w db.Where
	w.Add("org_id = ?", tx.Org)
	w.Add("purchase_id = ?", order)
	w.AddIf(after != 0, "id < ?", after)
	tail := ` ORDER BY id DESC`
	if limit > 0 {
		tail += ` LIMIT ?`
		w.Args = append(w.Args, limit)
	}
	return db.All(tx, scanReceipt, `SELECT `+receiptCols+` FROM purchase_receipt`+w.SQL()+tail, w.Args...)
}

func insertReceipts(tx *db.Tx, receipts ...Receipt) error {
	rows := make([][]any, len(receipts))
	var lines [][]any
	for n, x := range receipts {
		rows[n] = []any{tx.Org, x.ID, x.Order, x.Location, x.At, db.Null(x.Notes), db.Null(x.CreatedBy), x.CreatedAt, x.UpdatedAt}
		for _, l := range x.Lines {
			lines = append(lines, []any{tx.Org, l.ID, l.Receipt, l.Line, l.Quantity, l.Cost, db.Null(l.Lot), l.Expires})
		}
	}
	if err := tx.Insert("purchase_receipt", "org_id, "+receiptCols, rows); err != nil {
		return err
	}
	return tx.Insert("purchase_receipt_line", "org_id, id, receipt_id, line_id, quantity, cost, lot, expires_at", lines)
}

// saveReceived stores what was received of the lines that one of them names.
func saveReceived(tx *db.Tx, o Order, received []ReceiptLine) error {
	named := map[int64]bool{}
	for _, r := range received {
		named[r.Line] = true
	}
	var lines []Line
	for _, l := range o.Lines {
		if named[l.ID] {
			lines = append(lines, l)
		}
	}
	return insertLines(tx, lines, `ON CONFLICT (org_id, id) DO UPDATE SET received = excluded.received`)
}
