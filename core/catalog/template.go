package catalog

import (
	"strings"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// ListTemplates returns the variation templates with their values, in the
// order of their ids.
func ListTemplates(tx *db.Tx) ([]Template, error) {
	list, err := db.All(tx, func(r db.Row, t *Template) error {
		return r.Scan(&t.ID, &t.Name, db.T(&t.CreatedAt), db.T(&t.UpdatedAt))
	}, `SELECT id, name, created_at, updated_at FROM variation_template WHERE org_id = ? ORDER BY id`, tx.Org)
	if err != nil {
		return nil, err
	}
	at := map[int64]*Template{}
	for n := range list {
		at[list[n].ID] = &list[n]
	}
	return list, tx.Each(func(r db.Row) error {
		var v Value
		if err := r.Scan(&v.ID, &v.Template, &v.Name, db.T(&v.CreatedAt), db.T(&v.UpdatedAt)); err != nil {
			return err
		}
		if t := at[v.Template]; t != nil {
			t.Values = append(t.Values, v)
		}
		return nil
	}, `SELECT id, template_id, name, created_at, updated_at FROM variation_value WHERE org_id = ? ORDER BY template_id, id`, tx.Org)
}

// CreateTemplate adds a template with its values. Names that are taken are a
// Conflict.
func CreateTemplate(tx *db.Tx, t Template) (Template, error) {
	t.Name = strings.TrimSpace(t.Name)
	var f flaws
	f.length("name", t.Name, 1, 255)
	for _, v := range t.Values {
		f.length("values", strings.TrimSpace(v.Name), 1, 255)
	}
	if err := fault.Flaws(f); err != nil {
		return t, err
	}
	var err error
	if t.ID, err = tx.NextID("variation_template"); err != nil {
		return t, err
	}
	id, err := tx.NextIDs("variation_value", len(t.Values))
	if err != nil {
		return t, err
	}
	t.CreatedAt, t.UpdatedAt = tx.Now, tx.Now
	if err := tx.Insert("variation_template", "org_id, id, name, name_key, created_at, updated_at", [][]any{{tx.Org, t.ID, t.Name, key(t.Name), t.CreatedAt, t.UpdatedAt}}); err != nil {
		return t, takenName("variation template", err)
	}
	var rows [][]any
	values := make([]Value, len(t.Values))
	for n, v := range t.Values {
		values[n] = Value{ID: id + int64(n), Template: t.ID, Name: strings.TrimSpace(v.Name), CreatedAt: tx.Now, UpdatedAt: tx.Now}
		rows = append(rows, []any{tx.Org, values[n].ID, t.ID, values[n].Name, key(v.Name), tx.Now, tx.Now})
	}
	t.Values = values
	return t, takenName("value", tx.Insert("variation_value", "org_id, id, template_id, name, name_key, created_at, updated_at", rows))
}
