package production

import (
	"storehouse/base/db"
	"storehouse/base/fault"
)

const orderCols = `id, kind, number, state, location_id, draft_at, entered_at, placed_at, production_at, in_transit_at, partial_at, received_at,
	completed_at, cancelled_at, expected_at, notes, created_by, created_at, updated_at, before_receipts`

func scanOrder(r db.Row, o *Order) error {
	return r.Scan(&o.ID, &o.Kind, &o.Number, &o.State, &o.Location, db.T(&o.DraftAt), db.T(&o.EnteredAt), db.T(&o.PlacedAt), db.T(&o.MakingAt),
		db.T(&o.InTransitAt), db.T(&o.PartialAt), db.T(&o.ReceivedAt), db.T(&o.CompletedAt), db.T(&o.CancelledAt), db.T(&o.ExpectedAt),
		db.S(&o.Notes), db.I(&o.CreatedBy), db.T(&o.CreatedAt), db.T(&o.UpdatedAt), db.S((*string)(&o.Before)))
}

func (o Order) args() []any {
	return []any{o.ID, string(o.Kind), o.Number, string(o.State), o.Location, o.DraftAt, o.EnteredAt, o.PlacedAt, o.MakingAt, o.InTransitAt, o.PartialAt,
		o.ReceivedAt, o.CompletedAt, o.CancelledAt, o.ExpectedAt, db.Null(o.Notes), db.Null(o.CreatedBy), o.CreatedAt, o.UpdatedAt, db.Null(string(o.Before))}
}

func insertOrders(tx *db.Tx, orders ...Order) error {
	rows := make([][]any, len(orders))
	var lines []Line
	for n, o := range orders {
		rows[n] = append([]any{tx.Org}, o.args()...)
		lines = append(lines, o.Lines...)
	}
	if err := tx.Insert("production_order", "org_id, "+orderCols, rows); err != nil {
		return err
	}
	return insertLines(tx, lines)
}

func saveOrder(tx *db.Tx, o *Order) error {
	o.UpdatedAt = tx.Now
	_, err := tx.Exec(`UPDATE production_order SET state = ?, location_id = ?, draft_at = ?, entered_at = ?, placed_at = ?, production_at = ?,
		in_transit_at = ?, partial_at = ?, received_at = ?, completed_at = ?, cancelled_at = ?, expected_at = ?, notes = ?, created_by = ?,
		created_at = ?, updated_at = ?, before_receipts = ? WHERE org_id = ? AND id = ?`, append(o.args()[3:], tx.Org, o.ID)...)
	return err
}

const lineCols = "org_id, id, order_id, item_id, quantity, unit_cost, received, created_at"

func lineRows(tx *db.Tx, lines []Line) [][]any {
	rows := make([][]any, len(lines))
	for n, l := range lines {
		rows[n] = []any{tx.Org, l.ID, l.Order, l.Item, l.Quantity, l.UnitCost, l.Received, l.CreatedAt}
	}
	return rows
}

func insertLines(tx *db.Tx, lines []Line) error {
	if err := tx.Insert("production_line", lineCols, lineRows(tx, lines)); err != nil {
		return err
	}
	return insertInputs(tx, lines)
}

// insertInputs adds the inputs of lines; onConflict says what becomes of those
// that are there.
func insertInputs(tx *db.Tx, lines []Line, onConflict ...string) error {
	var rows [][]any
	for _, l := range lines {
		for _, i := range l.Inputs {
			rows = append(rows, []any{tx.Org, i.ID, i.Order, i.Line, i.Item, i.Quantity, i.Consumed})
		}
	}
	return tx.Insert("production_input", "org_id, id, order_id, line_id, item_id, quantity, consumed", rows, onConflict...)
}

// Get returns an order of a kind with its lines and inputs.
func Get(tx *db.Tx, k Kind, id int64) (Order, error) { return get(tx, k, id, "") }

// Hold makes sure that an order of a kind is there until the transaction ends.
func Hold(tx *db.Tx, k Kind, id int64) error {
	_, err := lock(tx, k, id)
	return err
}

// lock returns an order that nobody else changes until the transaction ends.
func lock(tx *db.Tx, k Kind, id int64) (Order, error) { return get(tx, k, id, tx.ForUpdate()) }

func get(tx *db.Tx, k Kind, id int64, suffix string) (Order, error) {
	o, err := db.One(tx, scanOrder, `SELECT `+orderCols+` FROM production_order WHERE org_id = ? AND id = ? AND kind = ?`+suffix, tx.Org, id, string(k))
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing(words[k].name)
	}
	if err != nil {
		return o, err
	}
	o.Lines, err = db.All(tx, func(r db.Row, l *Line) error {
		return r.Scan(&l.ID, &l.Order, &l.Item, &l.Quantity, db.DN(&l.UnitCost), &l.Received, db.T(&l.CreatedAt))
	}, `SELECT id, order_id, item_id, quantity, unit_cost, received, created_at FROM production_line WHERE org_id = ? AND order_id = ? ORDER BY id`, tx.Org, id)
	if err != nil {
		return o, err
	}
	inputs, err := db.All(tx, func(r db.Row, i *Input) error {
		return r.Scan(&i.ID, &i.Order, &i.Line, &i.Item, &i.Kind, &i.Quantity, &i.Consumed)
	}, `SELECT p.id, p.order_id, p.line_id, p.item_id, i.kind, p.quantity, p.consumed FROM production_input p
		JOIN item i ON i.org_id = p.org_id AND i.id = p.item_id WHERE p.org_id = ? AND p.order_id = ? ORDER BY p.id`, tx.Org, id)
	for n := range o.Lines {
		o.Lines[n].Inputs = []Input{}
	}
	at := o.at()
	for _, i := range inputs {
		l := &o.Lines[at[i.Line]]
		l.Inputs = append(l.Inputs, i)
	}
	return o, err
}

// List returns orders of a kind without their lines, newest first: limit of
// them after the one with the id after (0 is the beginning).
func List(tx *db.Tx, k Kind, after int64, limit int) ([]Order, error) {
	var w db.Where
	w.Add("org_id = ?", tx.Org)
	w.Add("kind = ?", string(k))
	w.AddIf(after != 0, "id < ?", after)
	return db.All(tx, scanOrder, `SELECT `+orderCols+` FROM production_order`+w.SQL()+` ORDER BY id DESC LIMIT ?`, append(w.Args, limit)...)
}

// saveProgress stores what was received of the lines that one of received
// names, and consumed of their inputs.
func saveProgress(tx *db.Tx, o Order, received []ReceiptLine) error {
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
	return saveLines(tx, lines)
}

// saveLines stores lines that are there, and their inputs.
func saveLines(tx *db.Tx, lines []Line) error {
	if err := tx.Insert("production_line", lineCols, lineRows(tx, lines), `ON CONFLICT (org_id, id) DO UPDATE SET
		quantity = excluded.quantity, unit_cost = excluded.unit_cost, received = excluded.received`); err != nil {
		return err
	}
	return insertInputs(tx, lines, `ON CONFLICT (org_id, id) DO UPDATE SET quantity = excluded.quantity, consumed = excluded.consumed`)
}

const receiptCols = `r.id, r.order_id, r.location_id, r.received_at, r.notes, r.created_by, r.created_at, r.updated_at`

func scanReceipt(r db.Row, x *Receipt) error {
	return r.Scan(&x.ID, &x.Order, &x.Location, db.T(&x.At), db.S(&x.Notes), db.I(&x.CreatedBy), db.T(&x.CreatedAt), db.T(&x.UpdatedAt))
}

// GetReceipt returns a receipt of an order of a kind, with its lines and what
// went into them.
func GetReceipt(tx *db.Tx, k Kind, id int64) (Receipt, error) {
	x, err := db.One(tx, scanReceipt, `SELECT `+receiptCols+` FROM production_receipt r
		JOIN production_order o ON o.org_id = r.org_id AND o.id = r.order_id WHERE r.org_id = ? AND r.id = ? AND o.kind = ?`, tx.Org, id, string(k))
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("receipt")
	}
	if err != nil {
		return x, err
	}
	x.Lines, err = db.All(tx, func(r db.Row, l *ReceiptLine) error {
		return r.Scan(&l.ID, &l.Receipt, &l.Line, &l.Item, &l.Quantity, &l.Cost, db.S(&l.Lot))
	}, `SELECT r.id, r.receipt_id, r.line_id, l.item_id, r.quantity, r.cost, r.lot FROM production_receipt_line r
		JOIN production_line l ON l.org_id = r.org_id AND l.id = r.line_id WHERE r.org_id = ? AND r.receipt_id = ? ORDER BY r.id`, tx.Org, id)
	if err != nil {
		return x, err
	}
	inputs, err := db.All(tx, func(r db.Row, i *ReceiptInput) error {
		return r.Scan(&i.ID, &i.Line, &i.Item, &i.Kind, &i.Quantity, db.S(&i.Lot))
	}, `SELECT r.id, r.receipt_line_id, r.item_id, i.kind, r.quantity, r.lot FROM production_receipt_input r
		JOIN item i ON i.org_id = r.org_id AND i.id = r.item_id WHERE r.org_id = ? AND r.receipt_id = ? ORDER BY r.id`, tx.Org, id)
	at := map[int64]*ReceiptLine{}
	for n := range x.Lines {
		x.Lines[n].Inputs = []ReceiptInput{}
		at[x.Lines[n].ID] = &x.Lines[n]
	}
	for _, i := range inputs {
		at[i.Line].Inputs = append(at[i.Line].Inputs, i)
	}
	return x, err
}

// Receipts lists an order's receipts without their lines, newest first; limit
// 0 is all.
func Receipts(tx *db.Tx, order, after int64, limit int) ([]Receipt, error) {
	var w db.Where
	w.Add("r.org_id = ?", tx.Org)
	w.Add("r.order_id = ?", order)
	w.AddIf(after != 0, "r.id < ?", after)
	tail := ` ORDER BY r.id DESC`
	if limit > 0 {
		tail += ` LIMIT ?`
		w.Args = append(w.Args, limit)
	}
	return db.All(tx, scanReceipt, `SELECT `+receiptCols+` FROM production_receipt r`+w.SQL()+tail, w.Args...)
}

func insertReceipts(tx *db.Tx, receipts ...Receipt) error {
	var rows, lines, inputs [][]any
	for _, x := range receipts {
		rows = append(rows, []any{tx.Org, x.ID, x.Order, x.Location, x.At, db.Null(x.Notes), db.Null(x.CreatedBy), x.CreatedAt, x.UpdatedAt})
		for _, l := range x.Lines {
			lines = append(lines, []any{tx.Org, l.ID, l.Receipt, l.Line, l.Quantity, l.Cost, db.Null(l.Lot)})
			for _, i := range l.Inputs {
				inputs = append(inputs, []any{tx.Org, i.ID, x.ID, l.ID, i.Item, i.Quantity, db.Null(i.Lot)})
			}
		}
	}
	err := tx.Insert("production_receipt", "org_id, id, order_id, location_id, received_at, notes, created_by, created_at, updated_at", rows)
	if err != nil {
		return err
	}
	if err := tx.Insert("production_receipt_line", "org_id, id, receipt_id, line_id, quantity, cost, lot", lines); err != nil {
		return err
	}
	return tx.Insert("production_receipt_input", "org_id, id, receipt_id, receipt_line_id, item_id, quantity, lot", inputs)
}
