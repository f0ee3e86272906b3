package maker

import (
	"fmt"

	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
	"storehouse/core/stock"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// SKUs and materials are items of two kinds: what the two have in common. An
// item of the other kind is not found.

func itemWord(kind string) string {
	if kind == catalog.SKU {
		return "SKU"
	}
	return kind
}

func itemAt(c *web.Call, kind string, in pathID) (catalog.Item, error) {
	id, err := in.of(wire.KindItem, itemWord(kind))
	if err != nil {
		return catalog.Item{}, err
	}
	return catalog.GetItem(c.Tx, kind, id)
}

// itemToChange returns the SKU or material of a path, locked: a PATCH keeps
// what it does not name, also when another one changes that meanwhile.
func itemToChange(c *web.Call, kind string, in pathID) (catalog.Item, error) {
	id, err := in.of(wire.KindItem, itemWord(kind))
	if err != nil {
		return catalog.Item{}, err
	}
	return catalog.LockItem(c.Tx, kind, id)
}

// itemRef returns the integer of a SKU or a material; 0 where none is named.
func itemRef(c *web.Call, field, kind string, r wire.Ref) (int64, error) {
	id, err := r.Of(wire.KindItem, itemWord(kind))
	if err == nil && id != 0 {
		_, err = catalog.GetItem(c.Tx, kind, id)
	}
	return id, missing(field, err)
}

// itemPage lists items by name.
func itemPage[T any](c *web.Call, p paging, f catalog.ItemFilter, out func(catalog.Item) T) (page[T], error) {
	name, id, err := web.ParseNameCursor(p.Cursor)
	if err != nil {
		return page[T]{}, err
	}
	if p.Cursor != "" {
		f.After = &catalog.Cursor{Key: name, ID: id}
	}
	f.Limit = p.limit() + 1
	rows, err := catalog.ListItems(c.Tx, f)
	return paged(p, rows, out, func(i catalog.Item) string { return web.NameCursor(i.Cursor().Key, i.ID) }), err
}

func deleteItem(c *web.Call, kind string, in pathID) (deleted, error) {
	i, err := itemAt(c, kind, in)
	if err != nil {
		return deleted{}, err
	}
	entries, err := stock.ItemUse(c.Tx, i.ID)
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindItem, i.ID), catalog.DeleteItem(c.Tx, kind, i.ID, map[string]int64{"stockEntries": entries})
}

// importItems is the create step of a bulk import of items.
func importItems(c *web.Call, kind string) func([]catalog.Item) ([]made, error) {
	return func(rows []catalog.Item) ([]made, error) {
		list, err := catalog.ImportItems(c.Tx, kind, rows)
		out := make([]made, len(list))
		for n, v := range list {
			out[n] = made{v.Item.ID, v.Err}
		}
		return out, err
	}
}

// typeNamed is the filter ?type of a list of items.
func typeNamed(c *web.Call, kind, s string) (int64, error) {
	if kind == catalog.SKU {
		return lookupNamed(c, lookup.SKUType, s)
	}
	return lookupNamed(c, lookup.MaterialType, s)
}

// either is how a line names its item: as a material or as a SKU.
type either struct {
	MaterialID wire.Ref `json:"materialId"`
	SKUID      wire.Ref `json:"skuId"`
}

// of returns the item that a line names and of which kind it says it is.
func (e either) of() (id int64, kind string, err error) {
	switch {
	case e.MaterialID.Set && e.SKUID.Set:
		return 0, "", fault.Field("skuId", "may not be given together with materialId")
	case e.SKUID.Set:
		id, err = e.SKUID.Of(wire.KindItem, "SKU")
		return id, catalog.SKU, missing("skuId", err)
	case e.MaterialID.Set:
		id, err = e.MaterialID.Of(wire.KindItem, "material")
		return id, catalog.Material, missing("materialId", err)
	}
	return 0, "", fault.Field("materialId", "is required (or skuId)")
}

// eachOf returns the items that lines name, all of them of the kind that the
// line says, in one statement. list is the lines' field.
func eachOf(c *web.Call, field string, lines []either) ([]int64, error) {
	ids, words := make([]int64, len(lines)), make([]string, len(lines))
	for n, l := range lines {
		var err error
		if ids[n], words[n], err = l.of(); err != nil {
			return nil, fault.Under(fmt.Sprintf("%s.%d", field, n), err)
		}
	}
	known, err := catalog.GetItems(c.Tx, ids)
	if err != nil {
		return nil, err
	}
	var flaws []fault.Flaw
	for n, id := range ids {
		if known[id].ID == 0 || known[id].Kind != words[n] {
			flaws = append(flaws, fault.Flaw{Field: fmt.Sprintf("%s.%d.%sId", field, n, words[n]), Msg: "does not exist"})
		}
	}
	return ids, fault.Flaws(flaws)
}

// named is an item as a line shows it: under the name of its kind, the other
// null.
type named struct {
	MaterialID wire.UUID `json:"materialId"`
	SKUID      wire.UUID `json:"skuId"`
}

func namedOut(kind string, id int64) named {
	u := wire.UUID{Kind: wire.KindItem, ID: id}
	if kind == catalog.SKU {
		return named{SKUID: u}
	}
	return named{MaterialID: u}
}
