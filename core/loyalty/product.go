package loyalty

import (
	"fmt"
	"strings"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
)

// Product is what a programme says of something that is sold. Fields that are
// nil stay as they are.
type Product struct {
	Code, Name                  string
	Category                    *string // the programme's id of it
	ThumbnailURL, ImageURL, URL *string
	Cost                        *dec.D // of producing one
}

// SaveProduct creates the product of a code, or changes it when there is one.
func SaveProduct(tx *db.Tx, p Product) error {
	p.Code, p.Name = strings.TrimSpace(p.Code), strings.TrimSpace(p.Name)
	if p.Cost != nil && *p.Cost < 0 {
		return fault.Field("cost", "must not be negative")
	}
	var category lookup.Entry
	if p.Category != nil && *p.Category != "" {
		var err error
		if category, err = categoryOf(tx, *p.Category); err != nil {
			return err
		}
		if category.ID == 0 { // the tree has not come yet, which will name it
			if category, err = adopt(tx, lookup.Entry{Kind: lookup.Category, Name: *p.Category, ExternalID: *p.Category, IsActive: true}); err != nil {
				return err
			}
		}
	}
	items, err := catalog.ByCodes(tx, catalog.SKU, []string{p.Code})
	if err != nil {
		return err
	}
	item, found := items[p.Code]
	if !found {
		made := catalog.Product{Type: catalog.Single, Code: p.Code, Name: p.Name, EnableStock: true,
			Variations: []catalog.Variation{{Items: []catalog.Variant{{Item: catalog.Item{Code: p.Code}}}}}}
		p.put(&made, category)
		_, err := catalog.CreateProduct(tx, made)
		return err
	}
	product, err := catalog.LockProduct(tx, item.Product)
	if err != nil {
		return err
	}
	if product.Type == catalog.Single || product.Code == p.Code {
		product.Name = p.Name
	}
	p.put(&product, category)
	_, err = catalog.UpdateProduct(tx, product)
	return err
}

func (p Product) put(to *catalog.Product, category lookup.Entry) {
	for from, field := range map[*string]*string{p.ThumbnailURL: &to.ThumbnailURL, p.ImageURL: &to.ImageURL, p.URL: &to.URL} {
		if from != nil {
			*field = *from
		}
	}
	if category.ID != 0 {
		to.Category, to.SubCategory = category.ID, 0
		if category.Parent != 0 {
			to.Category, to.SubCategory = category.Parent, category.ID
		}
	}
	if p.Cost == nil {
		return
	}
	for v := range to.Variations {
		for i := range to.Variations[v].Items {
			if it := &to.Variations[v].Items[i]; it.Code == p.Code {
				it.PurchasePrice = *p.Cost
			}
		}
	}
}

// categoryOf finds a category by the programme's id of it; an empty one when
// there is none.
func categoryOf(tx *db.Tx, external string) (lookup.Entry, error) {
	id, err := db.One(tx, db.Value[int64], `SELECT id FROM lookup WHERE org_id = ? AND kind = ? AND external_id = ? ORDER BY id LIMIT 1`,
		tx.Org, string(lookup.Category), external)
	if fault.Is(err, fault.NotFound) {
		return lookup.Entry{}, nil
	}
	if err != nil {
		return lookup.Entry{}, err
	}
	return lookup.Get(tx, lookup.Category, id)
}

// Category is a branch of a programme's category tree.
type Category struct {
	ID, Name string
	Children []Category
}

const maxCategories = 5000

// SaveCategories makes the categories of a tree that do not exist and brings
// the others up to date: their names, and below which they stand. What the
// tree does not name stays as it is.
func SaveCategories(tx *db.Tx, tree []Category) error {
	n := 0
	if err := checkTree(tree, "", map[string]bool{}, &n); err != nil {
		return err
	}
	return saveCategories(tx, tree, 0, "")
}

func checkTree(tree []Category, at string, seen map[string]bool, n *int) error {
	for i, c := range tree {
		here := strings.TrimPrefix(fmt.Sprintf("%s.%d", at, i), ".")
		*n++
		switch {
		case *n > maxCategories:
			return fault.Field(here, "is one of more than %d categories", maxCategories)
		case c.ID == "" || len(c.ID) > 100:
			return fault.Field(here+".id", "is required")
		case strings.TrimSpace(c.Name) == "" || len([]rune(c.Name)) > 255:
			return fault.Field(here+".name", "must have 1 to 255 characters")
		case seen[c.ID]:
			return fault.Field(here+".id", "comes twice")
		}
		seen[c.ID] = true
		if err := checkTree(c.Children, here+".children", seen, n); err != nil {
			return err
		}
	}
	return nil
}

func saveCategories(tx *db.Tx, tree []Category, parent int64, at string) error {
	for i, c := range tree {
		here := strings.TrimPrefix(fmt.Sprintf("%s.%d", at, i), ".")
		e, err := categoryOf(tx, c.ID)
		if err != nil {
			return err
		}
		name := strings.TrimSpace(c.Name)
		switch {
		case e.ID == 0:
			e, err = adopt(tx, lookup.Entry{Kind: lookup.Category, Name: name, Parent: parent, ExternalID: c.ID, IsActive: true})
		case e.Name != name || e.Parent != parent:
			e.Name, e.Parent = name, parent
			e, err = lookup.Update(tx, e)
		}
		if err != nil {
			return fault.Under(here, err)
		}
		if err := saveCategories(tx, c.Children, e.ID, here+".children"); err != nil {
			return err
		}
	}
	return nil
}

// adopt makes a category, or takes the one that has its name and place and
// that no programme has named yet.
func adopt(tx *db.Tx, want lookup.Entry) (lookup.Entry, error) {
	var e lookup.Entry
	err := tx.Try(func() (err error) {
		e, err = lookup.Create(tx, want)
		return err
	})
	if !fault.Is(err, fault.Conflict) {
		return e, err
	}
	id, findErr := db.One(tx, db.Value[int64], `SELECT id FROM lookup WHERE org_id = ? AND kind = ? AND name_key = ? AND COALESCE(parent_id, 0) = ? AND external_id IS NULL`,
		tx.Org, string(want.Kind), lookup.Key(want.Name), want.Parent)
	if findErr != nil {
		return e, err
	}
	if e, err = lookup.Get(tx, lookup.Category, id); err != nil {
		return e, err
	}
	e.ExternalID = want.ExternalID
	return lookup.Update(tx, e)
}
