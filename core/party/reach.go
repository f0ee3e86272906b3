package party

import "storehouse/base/db"

// Reach is whom a user deals with who was given particular contacts: those,
// the ones that the user entered or that are assigned to the user, and the
// walk-in customer, without whom no till sells. nil is everybody.
type Reach struct {
	User int64
	IDs  []int64
}

// Where returns the condition that column holds the id of one within reach;
// "" for everybody.
func (r *Reach) Where(tx *db.Tx, column string) (string, []any) {
	if r == nil {
		return "", nil
	}
	given := append([]int64{0}, r.IDs...)
	return column + ` IN (SELECT id FROM party WHERE org_id = ? AND (created_by = ? OR is_default = 1 OR id IN (` + db.Marks(len(given)) + `))
		UNION SELECT party_id FROM party_user WHERE org_id = ? AND user_id = ?)`, append(append([]any{tx.Org, r.User}, db.Args(given)...), tx.Org, r.User)
}

// Near returns those among ids that are within reach.
func (r *Reach) Near(tx *db.Tx, ids []int64) (map[int64]bool, error) {
	near := map[int64]bool{}
	if len(ids) == 0 {
		return near, nil
	}
	cond, args := r.Where(tx, "id")
	if cond != "" {
		cond = " AND " + cond
	}
	err := tx.Each(func(row db.Row) error {
		var id int64
		err := row.Scan(&id)
		near[id] = true
		return err
	}, `SELECT id FROM party WHERE org_id = ? AND id IN (`+db.Marks(len(ids))+`)`+cond, append(append([]any{tx.Org}, db.Args(ids)...), args...)...)
	return near, err
}

// Check is a NotFound fault when a party is beyond reach; 0 is nobody.
func (r *Reach) Check(tx *db.Tx, id int64) error {
	if r == nil || id == 0 {
		return nil
	}
	near, err := r.Near(tx, []int64{id})
	if err == nil && !near[id] {
		err = missing()
	}
	return err
}
