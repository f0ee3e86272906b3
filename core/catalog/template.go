package catalog

import (
	"slices"
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

// FillTemplates gives the axes of a variable product their templates, and the
// items along them the templates' values, by name in any case. What has a name
// but no template yet gets one, so that the next product can vary along it.
// What already names a template or a value keeps it.
func FillTemplates(tx *db.Tx, p *Product) error {
	if p.Type != Variable {
		return nil
	}
	for try := 0; ; try++ {
		axes := slices.Clone(p.Variations)
		for n := range axes {
			axes[n].Items = slices.Clone(axes[n].Items)
		}
		err := tx.Try(func() error { return fillAxes(tx, axes) })
		if err == nil {
			p.Variations = axes
		}
		if err == nil || try > 1 || !fault.Is(err, fault.Conflict) {
			return err // a Conflict is somebody who made the same name meanwhile
		}
	}
}

func fillAxes(tx *db.Tx, axes []Variation) error {
	list, err := ListTemplates(tx)
	if err != nil {
		return err
	}
	for n := range axes {
		axis := &axes[n]
		if axis.IsDummy || axis.Template == 0 && strings.TrimSpace(axis.Name) == "" {
			continue
		}
		t := findTemplate(list, axis)
		if t == nil {
			if axis.Template != 0 {
				continue // another's: the product's check tells
			}
			made, err := CreateTemplate(tx, Template{Name: axis.Name})
			if err != nil {
				return err
			}
			list = append(list, made)
			t = &list[len(list)-1]
		}
		axis.Template = t.ID
		if err := t.fill(tx, axis.Items); err != nil {
			return err
		}
	}
	return nil
}

func findTemplate(list []Template, axis *Variation) *Template {
	for n := range list {
		if axis.Template == list[n].ID || axis.Template == 0 && key(list[n].Name) == key(axis.Name) {
			return &list[n]
		}
	}
	return nil
}

// fill gives items the template's values of their names, new ones where there
// are none.
func (t *Template) fill(tx *db.Tx, items []Variant) error {
	known := map[string]int64{}
	for _, v := range t.Values {
		known[key(v.Name)] = v.ID
	}
	var rows [][]any
	for n := range items {
		name := strings.TrimSpace(items[n].VariationName)
		if items[n].VariationValue != 0 || name == "" {
			continue
		}
		if known[key(name)] == 0 {
			id, err := tx.NextID("variation_value")
			if err != nil {
				return err
			}
			known[key(name)] = id
			t.Values = append(t.Values, Value{ID: id, Template: t.ID, Name: name, CreatedAt: tx.Now, UpdatedAt: tx.Now})
			rows = append(rows, []any{tx.Org, id, t.ID, name, key(name), tx.Now, tx.Now})
		}
		items[n].VariationValue = known[key(name)]
	}
	if len(rows) == 0 {
		return nil
	}
	return takenName("value", tx.Insert("variation_value", "org_id, id, template_id, name, name_key, created_at, updated_at", rows))
}
