package catalog

import (
	"iter"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/core/search"
)

// What the lists of items that are searched go by, beside name and code. The
// lists are named by the kind.
const (
	markActive = iota
	markType
	markItemsPerUnit
	markBOM
	markModifier
	markHasOz
	markOz
)

// searchable is an item as its list is searched, with what its row does not
// say.
type searchable struct {
	Item
	bom, modifier bool
}

func (s searchable) row() search.Row {
	var m search.Marks
	m[markActive], m[markType], m[markItemsPerUnit] = flag(s.IsActive), s.Type, s.ItemsPerUnit
	if s.OzPerItem != nil {
		m[markHasOz], m[markOz] = 1, int64(*s.OzPerItem)
	}
	m[markBOM], m[markModifier] = flag(s.bom), flag(s.modifier)
	return search.Row{ID: s.ID, Key: key(s.Name), Also: key(s.Code), Marks: m}
}

func flag(ok bool) int64 {
	if ok {
		return 1
	}
	return 0
}

const searchableSQL = `SELECT i.id, i.kind, i.name, i.code, i.is_active, i.type_id, i.items_per_unit, i.oz_per_item,
		CASE WHEN EXISTS (SELECT 1 FROM bom b WHERE b.org_id = i.org_id AND b.item_id = i.id) THEN 1 ELSE 0 END, COALESCE(p.type, '')
	FROM item i LEFT JOIN product p ON p.org_id = i.org_id AND p.id = i.product_id WHERE i.org_id = ?`

func scanSearchable(r db.Row, s *searchable) error {
	var product string
	err := r.Scan(&s.ID, &s.Kind, &s.Name, &s.Code, db.B(&s.IsActive), db.I(&s.Type), &s.ItemsPerUnit, db.DN(&s.OzPerItem), db.B(&s.bom), &product)
	s.modifier = product == Modifier
	return err
}

// addSearch takes new items into the lists that are searched.
func addSearch(tx *db.Tx, kind string, list []searchable) error {
	rows := make([]search.Row, len(list))
	for n, s := range list {
		rows[n] = s.row()
	}
	return search.Add(tx, kind, rows)
}

// putSearch tells the list of SKUs or of materials of items that have been
// changed or removed.
func putSearch(tx *db.Tx, kind string, ids ...int64) error {
	return search.Refresh(tx, kind, ids, func(ids []int64) ([]search.Row, error) {
		list, err := allChunks(tx, ids, scanSearchable, searchableSQL+` AND i.id IN (`, `)`)
		rows := make([]search.Row, len(list))
		for n, s := range list {
			rows[n] = s.row()
		}
		return rows, err
	})
}

// FillSearch makes what the lists of items are searched by anew.
func FillSearch(tx *db.Tx) error {
	for _, kind := range []string{Material, SKU} {
		if err := search.Fill(tx, kind, searchRows(tx, kind)); err != nil {
			return err
		}
	}
	return nil
}

// AuditSearch compares what the lists of items are searched by with the items.
func AuditSearch(tx *db.Tx) (found []search.Difference, checked int64, err error) {
	for _, kind := range []string{Material, SKU} {
		list, n, err := search.Audit(tx, kind, searchRows(tx, kind))
		if err != nil {
			return nil, 0, err
		}
		found, checked = append(found, list...), checked+n
	}
	return found, checked, nil
}

// searchRows streams the items of a kind.
func searchRows(tx *db.Tx, kind string) iter.Seq2[search.Row, error] {
	return search.Rows(tx, scanSearchable, searchable.row, searchableSQL+` AND i.kind = ?`, tx.Org, kind)
}

// searched reports whether a list is to be found by its search: no index
// leads to a text in the middle of a name, or to a size among the names.
func (f ItemFilter) searched() bool {
	narrow := f.Q != "" || f.ItemsPerUnitMin > 0 || f.ItemsPerUnitMax > 0 || f.OzPerItemMin != nil || f.OzPerItemMax != nil
	return narrow && f.Kind != "" && len(f.IDs) == 0 && f.Offset == 0
}

// found returns the items of a list in its order.
func (f ItemFilter) found(tx *db.Tx) ([]Item, error) {
	q := search.Query{Text: f.Q, Keep: f.keeps, Limit: f.Limit}
	if f.After != nil {
		q.AfterKey, q.AfterID = f.After.Key, f.After.ID
	}
	ids, err := search.Page(tx, f.Kind, q, func(limit int) ([]search.Row, error) { return f.first(tx, limit) })
	if err != nil {
		return nil, err
	}
	items, err := GetItems(tx, ids)
	return search.InOrder(ids, items), err
}

// first reads the beginning of the list, narrowed by what an index serves.
func (f ItemFilter) first(tx *db.Tx, limit int) ([]search.Row, error) {
	f.Q, f.ItemsPerUnitMin, f.ItemsPerUnitMax, f.OzPerItemMin, f.OzPerItemMax = "", 0, 0, nil, nil
	w := f.conditions(tx)
	return db.All(tx, func(r db.Row, row *search.Row) error {
		s := searchable{bom: f.WithBOM} // the conditions have seen to it, and to modifiers
		err := r.Scan(&s.ID, &s.Name, &s.Code, db.B(&s.IsActive), db.I(&s.Type), &s.ItemsPerUnit, db.DN(&s.OzPerItem))
		*row = s.row()
		return err
	}, `SELECT id, name, code, is_active, type_id, items_per_unit, oz_per_item FROM item WHERE org_id = ?`+w.And()+` ORDER BY name_key, id LIMIT ?`,
		append(append([]any{tx.Org}, w.Args...), limit)...)
}

func (f ItemFilter) keeps(r *search.Row) bool {
	size, oz, hasOz := r.Marks[markItemsPerUnit], dec.D(r.Marks[markOz]), r.Marks[markHasOz] == 1
	switch {
	case r.Marks[markModifier] == 1,
		f.Active != nil && r.Marks[markActive] != flag(*f.Active),
		f.Type != 0 && r.Marks[markType] != f.Type,
		size < f.ItemsPerUnitMin,
		f.ItemsPerUnitMax > 0 && size > f.ItemsPerUnitMax,
		f.OzPerItemMin != nil && (!hasOz || oz < *f.OzPerItemMin),
		f.OzPerItemMax != nil && (!hasOz || oz > *f.OzPerItemMax),
		f.WithBOM && r.Marks[markBOM] == 0:
		return false
	}
	return true
}
