package lookup

import (
	"iter"
	"slices"

	"storehouse/base/db"
)

const cols = `id, kind, name, sort_order, is_active, parent_id, code, description, slug, external_id, created_by, created_at, updated_at, amount, calculation, price_group_id, enable_custom_fields`

func scan(r db.Row, e *Entry) error {
	return r.Scan(&e.ID, &e.Kind, &e.Name, &e.SortOrder, db.B(&e.IsActive), db.I(&e.Parent), db.S(&e.Code), db.S(&e.Description), db.S(&e.Slug), db.S(&e.ExternalID),
		db.I(&e.CreatedBy), db.T(&e.CreatedAt), db.T(&e.UpdatedAt), db.DN(&e.Amount), db.S(&e.Calculation), db.I(&e.PriceGroup), db.B(&e.EnableCustomFields))
}

func insert(tx *db.Tx, e Entry) error {
	return tx.Insert("lookup", "org_id, name_key, "+cols, [][]any{{tx.Org, Key(e.Name), e.ID, e.Kind, e.Name, e.SortOrder, e.IsActive, db.Null(e.Parent), db.Null(e.Code), db.Null(e.Description),
		db.Null(e.Slug), db.Null(e.ExternalID), db.Null(e.CreatedBy), e.CreatedAt, e.UpdatedAt, e.Amount, db.Null(e.Calculation), db.Null(e.PriceGroup), e.EnableCustomFields}})
}

func update(tx *db.Tx, e Entry) (int64, error) {
	return tx.Exec(`UPDATE lookup SET name = ?, name_key = ?, sort_order = ?, is_active = ?, parent_id = ?, code = ?, description = ?, slug = ?, external_id = ?,
			updated_at = ?, amount = ?, calculation = ?, price_group_id = ?, enable_custom_fields = ?
		WHERE org_id = ? AND kind = ? AND id = ?`,
		e.Name, Key(e.Name), e.SortOrder, e.IsActive, db.Null(e.Parent), db.Null(e.Code), db.Null(e.Description), db.Null(e.Slug), db.Null(e.ExternalID),
		e.UpdatedAt, e.Amount, db.Null(e.Calculation), db.Null(e.PriceGroup), e.EnableCustomFields, tx.Org, e.Kind, e.ID)
}

// Lock returns an entry that is about to be changed: who else wants to change
// it waits for the end of this transaction.
func Lock(tx *db.Tx, k Kind, id int64) (Entry, error) {
	if _, err := db.All(tx, db.Value[int64], `SELECT id FROM lookup WHERE org_id = ? AND kind = ? AND id = ?`+tx.ForUpdate(), tx.Org, k, id); err != nil {
		return Entry{}, err
	}
	return Get(tx, k, id)
}

// Get returns one entry of a list.
func Get(tx *db.Tx, k Kind, id int64) (Entry, error) {
	list, err := GetMany(tx, k, id)
	if err != nil || len(list) == 0 {
		return Entry{}, or(err, missing(k))
	}
	return list[0], nil
}

// GetMany returns the entries of a list among ids, in the order of the list.
func GetMany(tx *db.Tx, k Kind, ids ...int64) ([]Entry, error) {
	out := []Entry{}
	for part := range chunks(ids) {
		list, err := db.All(tx, scan, `SELECT `+cols+` FROM lookup WHERE org_id = ? AND kind = ? AND id IN (`+db.Marks(len(part))+`) ORDER BY sort_order, id`,
			append([]any{tx.Org, k}, db.Args(part)...)...)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, loadGroups(tx, k, out)
}

// ByID returns entries of any kind by id, for lists that show names.
func ByID(tx *db.Tx, ids []int64) (map[int64]Entry, error) {
	out := map[int64]Entry{}
	for part := range chunks(ids) {
		list, err := db.All(tx, scan, `SELECT `+cols+` FROM lookup WHERE org_id = ? AND id IN (`+db.Marks(len(part))+`)`, append([]any{tx.Org}, db.Args(part)...)...)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			out[e.ID] = e
		}
	}
	return out, nil
}

// List returns a whole list in display order.
func List(tx *db.Tx, k Kind) ([]Entry, error) {
	list, err := db.All(tx, scan, `SELECT `+cols+` FROM lookup WHERE org_id = ? AND kind = ? ORDER BY sort_order, id`, tx.Org, k)
	if err != nil {
		return nil, err
	}
	return list, loadGroups(tx, k, list)
}

// loadGroups reads the price groups of types of service.
func loadGroups(tx *db.Tx, k Kind, list []Entry) error {
	if k != ServiceType || len(list) == 0 {
		return nil
	}
	at := map[int64]int{}
	args := []any{tx.Org}
	for i, e := range list {
		at[e.ID] = i
		list[i].LocationGroups = map[int64]int64{}
		args = append(args, e.ID)
	}
	return tx.Each(func(r db.Row) error {
		var service, location, group int64
		if err := r.Scan(&service, &location, db.I(&group)); err != nil {
			return err
		}
		list[at[service]].LocationGroups[location] = group
		return nil
	}, `SELECT service_id, location_id, price_group_id FROM service_price_group WHERE org_id = ? AND service_id IN (`+db.Marks(len(list))+`)`, args...)
}

func saveGroups(tx *db.Tx, e Entry) error {
	if e.Kind != ServiceType {
		return nil
	}
	if _, err := tx.Exec(`DELETE FROM service_price_group WHERE org_id = ? AND service_id = ?`, tx.Org, e.ID); err != nil {
		return err
	}
	var rows [][]any
	for location, group := range e.LocationGroups {
		rows = append(rows, []any{tx.Org, e.ID, location, db.Null(group)})
	}
	return tx.Insert("service_price_group", "org_id, service_id, location_id, price_group_id", rows)
}

// chunks yields the distinct ids in pieces that fit one statement.
func chunks(ids []int64) iter.Seq[[]int64] {
	sorted := slices.Compact(slices.Sorted(slices.Values(ids)))
	return slices.Chunk(sorted, 1000)
}
