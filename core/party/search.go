package party

import (
	"iter"

	"storehouse/base/db"
	"storehouse/core/search"
)

// searchList is the list of parties that is searched: the customers.
const searchList = "customer"

// What it goes by, beside the name and the business name.
const (
	markActive = iota
	markType
	markSegment
	markBroker
	markParent
)

func (p Party) searchRow() search.Row {
	var m search.Marks
	if p.IsActive {
		m[markActive] = 1
	}
	m[markType], m[markSegment], m[markBroker], m[markParent] = p.Type, p.Segment, p.Broker, p.Parent
	return search.Row{ID: p.ID, Key: key(p.Name), Also: key(p.BusinessName), Marks: m}
}

// addSearch takes new parties into the list that is searched.
func addSearch(tx *db.Tx, list []Party) error {
	var rows []search.Row
	for _, p := range list {
		if p.IsCustomer {
			rows = append(rows, p.searchRow())
		}
	}
	return search.Add(tx, searchList, rows)
}

const searchSQL = `SELECT id, name, business_name, is_active, customer_type_id, segment_id, broker_id, parent_id FROM party WHERE org_id = ? AND is_customer = 1`

func scanSearch(r db.Row, p *Party) error {
	return r.Scan(&p.ID, &p.Name, db.S(&p.BusinessName), db.B(&p.IsActive), db.I(&p.Type), db.I(&p.Segment), db.I(&p.Broker), db.I(&p.Parent))
}

// putSearch tells the list of a party that has been changed or removed; who
// is no customer any more is not in it.
func putSearch(tx *db.Tx, id int64) error {
	return search.Refresh(tx, searchList, []int64{id}, func([]int64) ([]search.Row, error) {
		list, err := db.All(tx, scanSearch, searchSQL+` AND id = ?`, tx.Org, id)
		if err != nil || len(list) == 0 {
			return nil, err
		}
		return []search.Row{list[0].searchRow()}, nil
	})
}

func searchRows(tx *db.Tx) iter.Seq2[search.Row, error] {
	return search.Rows(tx, scanSearch, Party.searchRow, searchSQL, tx.Org)
}

// FillSearch makes what the list of customers is searched by anew.
func FillSearch(tx *db.Tx) error { return search.Fill(tx, searchList, searchRows(tx)) }

// AuditSearch compares what the list of customers is searched by with the
// customers.
func AuditSearch(tx *db.Tx) ([]search.Difference, int64, error) {
	return search.Audit(tx, searchList, searchRows(tx))
}

// searched reports whether a list is to be found by its search: no index leads
// to a text in the middle of a name. What a till's lists are narrowed by
// beside it is not packed, and nobody searches for vendors.
func (f Filter) searched() bool {
	return f.Q != "" && f.Role == Customer && len(f.IDs) == 0 && f.CustomerGroup == 0 && len(f.AssignedTo) == 0 && f.Custom1 == "" && f.Reach == nil &&
		f.Name == "" && f.Business == "" && f.Phone == "" && f.Number == "" && f.Order == ByName && !f.Desc && f.Offset == 0
}

// found returns the parties of a list in its order.
func (f Filter) found(tx *db.Tx) ([]Party, error) {
	q := search.Query{Text: f.Q, Keep: f.keeps, Limit: f.Limit}
	if f.After != nil {
		q.AfterKey, q.AfterID = f.After.Key, f.After.ID
	}
	ids, err := search.Page(tx, searchList, q, func(limit int) ([]search.Row, error) { return f.first(tx, limit) })
	if err != nil {
		return nil, err
	}
	parties, err := GetMany(tx, ids)
	at := make(map[int64]Party, len(parties))
	for _, p := range parties {
		at[p.ID] = p
	}
	return search.InOrder(ids, at), err
}

// first reads the beginning of the list, narrowed by what an index serves.
func (f Filter) first(tx *db.Tx, limit int) ([]search.Row, error) {
	f.Q, f.Limit = "", limit
	return db.All(tx, func(r db.Row, row *search.Row) error {
		var p Party
		err := scanSearch(r, &p)
		*row = p.searchRow()
		return err
	}, searchSQL+f.tail(tx), f.args(tx)...)
}

func (f Filter) keeps(r *search.Row) bool {
	switch {
	case f.Active != nil && (r.Marks[markActive] == 1) != *f.Active,
		f.Type != 0 && r.Marks[markType] != f.Type,
		f.Segment != 0 && r.Marks[markSegment] != f.Segment,
		f.Broker != 0 && r.Marks[markBroker] != f.Broker,
		f.Parent != 0 && r.Marks[markParent] != f.Parent:
		return false
	}
	return true
}
