package catalog

import (
	"maps"
	"slices"
	"strings"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/lookup"
)

// ItemFilter narrows a list of items. Zero values do not narrow.
type ItemFilter struct {
	Kind                       string
	IDs                        []int64
	Active                     *bool
	Type                       int64
	ItemsPerUnitMin            int64
	ItemsPerUnitMax            int64 // 0 for no limit
	OzPerItemMin, OzPerItemMax *dec.D
	Q                          string // anywhere in the code or the name
	WithBOM                    bool   // only what has a bill of materials
	After                      *Cursor
	Limit                      int // 0 for all
	Offset                     int
}

// Cursor is a place in a list by name.
type Cursor struct {
	Key string
	ID  int64
}

// Cursor returns the item's place in a list by name.
func (i Item) Cursor() Cursor { return Cursor{key(i.Name), i.ID} }

// ListItems returns items by name. Modifiers are not among them.
func ListItems(tx *db.Tx, f ItemFilter) ([]Item, error) {
	if f.searched() {
		return f.found(tx)
	}
	w := f.conditions(tx)
	args := append([]any{tx.Org}, w.Args...)
	tail := ` ORDER BY name_key, id`
	if f.Limit > 0 {
		tail += ` LIMIT ? OFFSET ?`
		args = append(args, f.Limit, f.Offset)
	}
	return db.All(tx, scanItem, `SELECT `+itemCols+` FROM item WHERE org_id = ?`+w.And()+tail, args...)
}

func (f ItemFilter) conditions(tx *db.Tx) *db.Where {
	w := &db.Where{}
	w.AddIf(f.Kind != "", "kind = ?", f.Kind)
	db.In(w, "id", f.IDs)
	if f.Kind != Material {
		// Asked of each row that is read: a list of all modifiers would be made anew for every page.
		// As a value, because PostgreSQL would do the same with NOT EXISTS.
		w.Add("COALESCE((SELECT p.type FROM product p WHERE p.org_id = ? AND p.id = item.product_id), '') <> 'modifier'", tx.Org)
	}
	if f.Active != nil { // literals, so that the partial index applies
		w.AddIf(*f.Active, "is_active = 1")
		w.AddIf(!*f.Active, "is_active = 0")
	}
	w.AddIf(f.Type != 0, "type_id = ?", f.Type)
	w.AddIf(f.ItemsPerUnitMin > 0, "items_per_unit >= ?", f.ItemsPerUnitMin)
	w.AddIf(f.ItemsPerUnitMax > 0, "items_per_unit <= ?", f.ItemsPerUnitMax)
	if f.OzPerItemMin != nil {
		w.Add("oz_per_item >= ?", *f.OzPerItemMin)
	}
	if f.OzPerItemMax != nil {
		w.Add("oz_per_item <= ?", *f.OzPerItemMax)
	}
	w.AddIf(f.WithBOM, "EXISTS (SELECT 1 FROM bom b WHERE b.org_id = ? AND b.item_id = item.id)", tx.Org)
	if f.Q != "" {
		w.Add(`(name_key LIKE ? ESCAPE '\' OR lower(code) LIKE ? ESCAPE '\')`, db.Like(f.Q), db.Like(f.Q))
	}
	if f.After != nil {
		// The first condition is the one that bounds the walk along the index.
		w.Add("name_key >= ? AND (name_key > ? OR id > ?)", f.After.Key, f.After.Key, f.After.ID)
	}
	return w
}

// GetItem returns one item of a kind.
func GetItem(tx *db.Tx, kind string, id int64) (Item, error) {
	m, err := GetItems(tx, []int64{id})
	if err != nil {
		return Item{}, err
	}
	if m[id].ID == 0 || m[id].Kind != kind {
		return Item{}, noItem(kind)
	}
	return m[id], nil
}

// GetItems returns items by id; the unknown are left out.
func GetItems(tx *db.Tx, ids []int64) (map[int64]Item, error) {
	list, err := allChunks(tx, ids, scanItem, `SELECT `+itemCols+` FROM item WHERE org_id = ? AND id IN (`, `)`)
	if err != nil {
		return nil, err
	}
	m := make(map[int64]Item, len(list))
	for _, i := range list {
		m[i.ID] = i
	}
	return m, nil
}

// ByCodes returns the items of a kind that have one of the codes, by code.
func ByCodes(tx *db.Tx, kind string, codes []string) (map[string]Item, error) {
	m := map[string]Item{}
	for part := range slices.Chunk(codes, maxIn) {
		err := tx.Each(func(r db.Row) error {
			var i Item
			err := scanItem(r, &i)
			m[i.Code] = i
			return err
		}, `SELECT `+itemCols+` FROM item WHERE org_id = ? AND kind = ? AND code IN (`+db.Marks(len(part))+`)`, append([]any{tx.Org, kind}, db.Args(part)...)...)
		if err != nil {
			return nil, err
		}
	}
	return m, nil
}

// ItemVerdict is what became of a row of an import: the item, or why not.
type ItemVerdict struct {
	Item Item
	Err  error
}

// CreateItem adds one item; see ImportItems.
func CreateItem(tx *db.Tx, kind string, i Item) (Item, error) {
	list, err := ImportItems(tx, kind, []Item{i})
	if err != nil {
		return i, err
	}
	return list[0].Item, list[0].Err
}

// ImportItems adds materials, or SKUs with a single product each, in few
// statements, whatever their number. Code, name and type are required. A code
// that is taken is a Conflict; a row at fault does not stop the others.
func ImportItems(tx *db.Tx, kind string, list []Item) ([]ItemVerdict, error) {
	out := make([]ItemVerdict, len(list))
	types := make([]int64, len(list))
	codes := make([]string, len(list))
	for n, i := range list {
		i.Kind = kind
		out[n] = ItemVerdict{i, i.check()}
		out[n].Item.tidy()
		types[n], codes[n] = i.Type, out[n].Item.Code
	}
	kinds, err := lookup.Kinds(tx, distinct(types))
	if err != nil {
		return nil, err
	}
	taken, err := ByCodes(tx, kind, codes)
	if err != nil {
		return nil, err
	}
	var good []int
	seen := map[string]bool{}
	for n := range out {
		i := out[n].Item
		switch {
		case out[n].Err != nil:
			continue
		case kinds[i.Type] != typeKind(kind):
			out[n].Err = fault.Field("type_id", "does not exist")
		case seen[i.Code] || taken[i.Code].ID != 0:
			out[n].Err = takenCode(fault.New(fault.Conflict, ""))
		default:
			seen[i.Code] = true
			good = append(good, n)
		}
	}
	if kind == SKU {
		return out, importSKUs(tx, out, good)
	}
	return out, importMaterials(tx, out, good)
}

func importMaterials(tx *db.Tx, out []ItemVerdict, good []int) error {
	id, err := tx.NextIDs("item", len(good))
	if err != nil {
		return err
	}
	rows := make([]Item, len(good))
	found := make([]searchable, len(good))
	for k, n := range good {
		i := &out[n].Item
		i.ID, i.IsActive, i.CreatedBy, i.CreatedAt, i.UpdatedAt = id+int64(k), true, tx.Actor, tx.Now, tx.Now
		rows[k], found[k] = *i, searchable{Item: *i}
	}
	if err := insertItems(tx, rows); err != nil {
		return err
	}
	return addSearch(tx, Material, found)
}

func importSKUs(tx *db.Tx, out []ItemVerdict, good []int) error {
	if len(good) == 0 {
		return nil
	}
	unit, err := DefaultUnit(tx)
	if err != nil {
		return err
	}
	products := make([]Product, len(good))
	for k, n := range good {
		i := out[n].Item
		products[k] = Product{Type: Single, Code: i.Code, Name: i.Name, Unit: unit.ID, EnableStock: true, Variations: []Variation{{Items: []Variant{{Item: i}}}}}
	}
	verdicts, err := CreateProducts(tx, products)
	if err != nil {
		return err
	}
	for k, n := range good {
		if out[n].Err = verdicts[k].Err; out[n].Err == nil {
			out[n].Item = verdicts[k].Product.Variations[0].Items[0].Item
		}
	}
	return nil
}

func typeKind(kind string) lookup.Kind {
	if kind == Material {
		return lookup.MaterialType
	}
	return lookup.SKUType
}

func (i *Item) tidy() {
	i.Code, i.Name = strings.TrimSpace(i.Code), strings.TrimSpace(i.Name)
	if i.ItemsPerUnit == 0 {
		i.ItemsPerUnit = 1
	}
}

func (i Item) check() error {
	i.tidy()
	var f flaws
	f.length("code", i.Code, 1, 100)
	f.length("name", i.Name, 1, 255)
	f.add(i.Type == 0, "type_id", "is required")
	f.add(i.ItemsPerUnit < 1, "items_per_unit", "must be at least 1")
	f.add(i.OzPerItem != nil && *i.OzPerItem < 0, "oz_per_item", "must not be negative")
	return fault.Flaws(f)
}

// UpdateItem stores an item that was read with GetItem and changed: its code,
// name, type, size, notes and activity. A single product follows its item.
func UpdateItem(tx *db.Tx, i Item) (Item, error) {
	old, err := GetItem(tx, i.Kind, i.ID)
	if err != nil {
		return i, err
	}
	i.tidy()
	if old.Type == 0 && i.Type == 0 { // a product of the till has no type until it is given one
		i.Type = -1
	}
	if err := i.check(); err != nil {
		return i, err
	}
	i.Type = max(i.Type, 0)
	if err := lookup.Check(tx, lookup.Ref{Field: "type_id", Kind: typeKind(i.Kind), ID: i.Type}); err != nil {
		return i, err
	}
	i.Product, i.Variation, i.CreatedBy, i.CreatedAt, i.UpdatedAt = old.Product, old.Variation, old.CreatedBy, old.CreatedAt, tx.Now
	if err := saveItem(tx, i); err != nil {
		return i, err
	}
	if err := putSearch(tx, i.Kind, i.ID); err != nil || i.Product == 0 {
		return i, err
	}
	_, err = tx.Exec(`UPDATE product SET code = ?, name = ?, name_key = ?, is_inactive = ?, updated_at = ? WHERE org_id = ? AND id = ? AND type IN ('single', 'combo')`,
		i.Code, i.Name, key(i.Name), !i.IsActive, tx.Now, tx.Org, i.Product)
	return i, takenCode(err)
}

// itemReferrers counts what may refer to items, beside the ledgers; each
// statement ends in the list of items.
var itemReferrers = []db.Tally{
	{Name: "boms", From: "bom_line WHERE org_id = ? AND item_id IN "},
	{Name: "combos", From: "combo_item WHERE org_id = ? AND item_id IN "},
	{Name: "salesOrderItems", From: "sale_line WHERE org_id = ? AND item_id IN "},
	{Name: "purchaseOrderItems", From: "purchase_line WHERE org_id = ? AND item_id IN "},
	{Name: "productionItems", From: "production_line WHERE org_id = ? AND item_id IN "},
	{Name: "productionInputs", From: "production_input WHERE org_id = ? AND item_id IN "},
	{Name: "productionReceipts", From: "production_receipt_input WHERE org_id = ? AND item_id IN "},
}

// ItemUsage counts what refers to items, zeros included; the ledgers' entries
// are their own packages' to count.
func ItemUsage(tx *db.Tx, items ...int64) (map[string]int64, error) {
	if len(items) == 0 {
		return map[string]int64{}, nil
	}
	list := slices.Clone(itemReferrers)
	for n := range list {
		list[n].From += `(` + db.Marks(len(items)) + `)`
	}
	return db.Counts(tx, list, db.Args(items)...)
}

// DeleteItem removes an item to which nothing refers; otherwise it is an
// InUse fault with counts. more holds counts of other packages, such as
// ledger entries. A product goes with its last item.
func DeleteItem(tx *db.Tx, kind string, id int64, more map[string]int64) error {
	i, err := GetItem(tx, kind, id)
	if err != nil {
		return err
	}
	counts, err := ItemUsage(tx, id)
	if err != nil {
		return err
	}
	maps.Copy(counts, more)
	for _, n := range counts {
		if n > 0 {
			return fault.Used(i.Code, counts)
		}
	}
	from, row := "item", id
	if i.Product != 0 {
		if err := lockProduct(tx, i.Product); err != nil { // or an item that is just being added would go with it
			return err
		}
		others, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM item WHERE org_id = ? AND product_id = ? AND id <> ?`, tx.Org, i.Product, id)
		if err != nil {
			return err
		}
		if others == 0 {
			from, row = "product", i.Product
		}
	}
	n, err := tx.Exec(`DELETE FROM `+from+` WHERE org_id = ? AND id = ?`, tx.Org, row)
	if err != nil {
		return err
	}
	if n == 0 {
		return noItem(kind) // another was quicker
	}
	return putSearch(tx, kind, id)
}

// noItem is the fault of an item that is not there.
func noItem(kind string) error {
	return fault.Missing(map[string]string{SKU: "SKU", Material: "material"}[kind])
}

// AddMedia attaches a picture to an item.
func AddMedia(tx *db.Tx, m Media) (Media, error) {
	var f flaws
	f.length("file_name", m.FileName, 1, 255)
	if err := fault.Flaws(f); err != nil {
		return m, err
	}
	var err error
	if m.ID, err = tx.NextID("item_media"); err != nil {
		return m, err
	}
	m.DisplayName = or(m.DisplayName, m.FileName)
	m.UploadedBy, m.CreatedAt, m.UpdatedAt = tx.Actor, tx.Now, tx.Now
	return m, tx.Insert("item_media", "org_id, "+mediaCols, [][]any{{tx.Org, m.ID, m.Item, m.FileName, m.DisplayName, db.Null(m.Description), db.Null(m.URL), db.Null(m.UploadedBy), m.CreatedAt, m.UpdatedAt}})
}
