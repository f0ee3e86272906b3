package sale

import (
	"errors"
	"slices"
	"time"
	"unicode/utf8"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// SetState moves an order to a state, and posts what the states on the way
// post; one step back takes back what that step posted. A move that is not
// allowed is a Transition fault with the states that are.
func SetState(tx *db.Tx, id int64, to State) (Sale, error) {
	return Update(tx, id, func(d *New) error {
		d.State = to
		return nil
	})
}

// AddLine adds a line to a sale and returns it.
func AddLine(tx *db.Tx, sale int64, line DraftLine) (Line, error) {
	before := map[int64]bool{}
	s, err := Update(tx, sale, func(d *New) error {
		for _, l := range d.Lines {
			before[l.ID] = true
		}
		line.ID, line.added = 0, true
		d.Lines = append(d.Lines, line)
		return nil
	})
	if err != nil {
		return Line{}, lineFault(err)
	}
	for _, l := range s.Lines {
		if !before[l.ID] && l.Parent == 0 {
			return l, nil
		}
	}
	return Line{}, fault.Missing("item")
}

// GetLine returns one line of a sale.
func GetLine(tx *db.Tx, id int64) (Line, error) {
	l, err := db.One(tx, scanLine, `SELECT `+lineCols+` FROM sale_line WHERE org_id = ? AND id = ?`, tx.Org, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("item")
	}
	return l, err
}

// Lines returns the lines of a sale; none such is NotFound.
func Lines(tx *db.Tx, sale int64) ([]Line, error) {
	list, err := linesOf(tx, []int64{sale})
	if err == nil && len(list) == 0 {
		err = exists(tx, sale)
	}
	return list, err
}

func exists(tx *db.Tx, sale int64) error {
	_, err := db.One(tx, db.Value[int64], `SELECT id FROM sale WHERE org_id = ? AND id = ?`, tx.Org, sale)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("sale")
	}
	return err
}

// UpdateLine changes one line of a sale and returns it.
func UpdateLine(tx *db.Tx, id int64, change func(*DraftLine) error) (Line, error) {
	l, err := GetLine(tx, id)
	if err != nil {
		return l, err
	}
	s, err := Update(tx, l.Sale, func(d *New) error {
		for i := range d.Lines {
			if d.Lines[i].ID == id {
				return change(&d.Lines[i])
			}
		}
		return fault.Missing("item")
	})
	if err != nil {
		return l, lineFault(err)
	}
	for _, l := range s.Lines {
		if l.ID == id {
			return l, nil
		}
	}
	return l, fault.Missing("item")
}

// RemoveLine removes one line of a sale.
func RemoveLine(tx *db.Tx, id int64) error {
	l, err := GetLine(tx, id)
	if err != nil {
		return err
	}
	_, err = Update(tx, l.Sale, func(d *New) error {
		n := len(d.Lines)
		d.Lines = slices.DeleteFunc(d.Lines, func(l DraftLine) bool { return l.ID == id })
		if len(d.Lines) == n {
			return fault.Missing("item")
		}
		return nil
	})
	return err
}

// lineFault turns "products.3.quantity" into "quantity", for calls about one
// line.
func lineFault(err error) error {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	c := *e
	c.Fields = make([]fault.Flaw, len(e.Fields))
	for i, f := range e.Fields {
		c.Fields[i] = fault.Flaw{Field: lastPart(f.Field), Msg: f.Msg}
	}
	c.Msg = c.Fields[0].Field + " " + c.Fields[0].Msg
	return &c
}

func lastPart(path string) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i] == '.' {
			return path[i+1:]
		}
	}
	return path
}

// Note is a remark on an order's timeline.
type Note struct {
	ID        int64
	Sale      int64
	State     State // when it was written
	Text      string
	CreatedBy int64
	CreatedAt time.Time
}

func scanNote(r db.Row, n *Note) error {
	return r.Scan(&n.ID, &n.Sale, (*string)(&n.State), &n.Text, db.I(&n.CreatedBy), db.T(&n.CreatedAt))
}

const noteCols = `id, sale_id, order_status, note, created_by, created_at`

// AddNote writes a remark. Its State is the order's where it says none.
func AddNote(tx *db.Tx, n Note) (Note, error) {
	if n.Text == "" || len(n.Text) > maxText || !utf8.ValidString(n.Text) {
		return n, fault.Field("body", "must not be empty or too long")
	}
	if n.State != "" && !slices.Contains(States, n.State) {
		return n, fault.Field("statusAtTime", "is not an order status")
	}
	state, err := db.One(tx, db.Value[string], `SELECT order_status FROM sale WHERE org_id = ? AND id = ?`, tx.Org, n.Sale)
	if fault.Is(err, fault.NotFound) {
		return n, fault.Missing("sale")
	}
	if err != nil {
		return n, err
	}
	if n.State == "" {
		n.State = State(state)
	}
	n.CreatedBy, n.CreatedAt = tx.Actor, tx.Now
	if n.ID, err = tx.NextID("sale_note"); err != nil {
		return n, err
	}
	return n, tx.Insert("sale_note", "org_id, "+noteCols, [][]any{{tx.Org, n.ID, n.Sale, string(n.State), n.Text, db.Null(n.CreatedBy), n.CreatedAt}})
}

// Notes lists the remarks on a sale, newest first: limit of them (0 is all)
// after the one with the id after.
func Notes(tx *db.Tx, sale, after int64, limit int) ([]Note, error) {
	var w db.Where
	w.Add("org_id = ?", tx.Org)
	w.Add("sale_id = ?", sale)
	w.AddIf(after != 0, "id < ?", after)
	q := `SELECT ` + noteCols + ` FROM sale_note` + w.SQL() + ` ORDER BY id DESC`
	if limit > 0 {
		q += ` LIMIT ?`
		w.Args = append(w.Args, limit)
	}
	list, err := db.All(tx, scanNote, q, w.Args...)
	if err == nil && len(list) == 0 {
		err = exists(tx, sale)
	}
	return list, err
}

// DeleteNote removes a remark.
func DeleteNote(tx *db.Tx, id int64) error {
	n, err := tx.Exec(`DELETE FROM sale_note WHERE org_id = ? AND id = ?`, tx.Org, id)
	if err == nil && n == 0 {
		err = fault.Missing("note")
	}
	return err
}

// Use counts the sales that refer to something, for in-use checks: column is
// one of the keys of usable.
func Use(tx *db.Tx, what string, id int64) (int64, error) {
	q, ok := usable[what]
	if !ok {
		return 0, fault.New(fault.Internal, "sale.Use: %s", what)
	}
	return db.One(tx, db.Value[int64], q, tx.Org, id)
}

var usable = map[string]string{
	"location": `SELECT count(*) FROM sale WHERE org_id = ? AND location_id = ?`,
	"party":    `SELECT count(*) FROM sale WHERE org_id = ? AND party_id = ?`,
	"channel":  `SELECT count(*) FROM sale WHERE org_id = ? AND channel_id = ?`,
	"broker":   `SELECT count(*) FROM sale WHERE org_id = ? AND broker_id = ?`,
	"item":     `SELECT count(DISTINCT sale_id) FROM sale_line WHERE org_id = ? AND item_id = ?`,
}
