package catalog

import (
	"maps"
	"slices"
	"strconv"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

// BOMLine is one input of a bill of materials: Quantity of Item for one unit
// of output.
type BOMLine struct {
	Item     int64
	Quantity dec.D
}

// BOM returns an item's bill of materials; none is NotFound.
func BOM(tx *db.Tx, item int64) ([]BOMLine, error) {
	m, err := BOMs(tx, []int64{item})
	if err != nil {
		return nil, err
	}
	lines, ok := m[item]
	if !ok {
		return nil, fault.Missing("BOM")
	}
	return lines, nil
}

// BOMs returns the bills of materials of items; those that have none are left
// out.
func BOMs(tx *db.Tx, items []int64) (map[int64][]BOMLine, error) {
	m := map[int64][]BOMLine{}
	return m, inChunks(tx, items, func(r db.Row) error {
		var output int64
		var l BOMLine
		err := r.Scan(&output, &l.Item, &l.Quantity)
		m[output] = append(m[output], l)
		return err
	}, `SELECT output_id, item_id, quantity FROM bom_line WHERE org_id = ? AND output_id IN (`, `) ORDER BY output_id, line`)
}

// CreateBOM adds a bill of materials to a SKU. One that is there already is a
// Conflict; a circle of bills is refused as Invalid.
func CreateBOM(tx *db.Tx, output int64, lines []BOMLine) error {
	if err := checkBOM(tx, output, lines); err != nil {
		return err
	}
	err := tx.Insert("bom", "org_id, item_id, created_at, updated_at", [][]any{{tx.Org, output, tx.Now, tx.Now}})
	if fault.Is(err, fault.Conflict) {
		return &fault.Error{Kind: fault.Conflict, Msg: "this SKU has a BOM already", Err: err}
	}
	if err != nil {
		return err
	}
	if err := putSearch(tx, SKU, output); err != nil {
		return err
	}
	return insertLines(tx, output, lines)
}

// ReplaceBOM replaces a SKU's bill of materials as a whole; none is NotFound.
func ReplaceBOM(tx *db.Tx, output int64, lines []BOMLine) error {
	if err := checkBOM(tx, output, lines); err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE bom SET updated_at = ? WHERE org_id = ? AND item_id = ?`, tx.Now, tx.Org, output)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Missing("BOM")
	}
	if _, err := tx.Exec(`DELETE FROM bom_line WHERE org_id = ? AND output_id = ?`, tx.Org, output); err != nil {
		return err
	}
	return insertLines(tx, output, lines)
}

// DeleteBOM removes a SKU's bill of materials; none is NotFound.
func DeleteBOM(tx *db.Tx, output int64) error {
	n, err := tx.Exec(`DELETE FROM bom WHERE org_id = ? AND item_id = ?`, tx.Org, output)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.Missing("BOM")
	}
	return putSearch(tx, SKU, output)
}

func insertLines(tx *db.Tx, output int64, lines []BOMLine) error {
	rows := make([][]any, len(lines))
	for n, l := range lines {
		rows[n] = []any{tx.Org, output, n + 1, l.Item, l.Quantity}
	}
	return tx.Insert("bom_line", "org_id, output_id, line, item_id, quantity", rows)
}

// checkBOM verifies a bill before it is stored. A counter row serializes the
// changes of bills, so that two of them cannot close a circle together.
func checkBOM(tx *db.Tx, output int64, lines []BOMLine) error {
	if _, err := GetItem(tx, SKU, output); err != nil {
		return err
	}
	ids := make([]int64, len(lines))
	for n, l := range lines {
		ids[n] = l.Item
	}
	known, err := GetItems(tx, ids)
	if err != nil {
		return err
	}
	var f flaws
	f.add(len(lines) == 0, "items", "must not be empty")
	seen := map[int64]bool{}
	for n, l := range lines {
		at := "items." + strconv.Itoa(n)
		f.add(known[l.Item].ID == 0, at, "names an item that does not exist")
		f.add(seen[l.Item], at, "names an item that is listed already")
		f.add(l.Quantity <= 0, at+".quantity", "must be more than zero")
		seen[l.Item] = true
	}
	if err := fault.Flaws(f); err != nil {
		return err
	}
	if _, err := tx.Number("bom.revision"); err != nil {
		return err
	}
	loop, err := db.One(tx, db.Value[int64], `WITH RECURSIVE down (id) AS (
			SELECT id FROM item WHERE org_id = ? AND id IN (`+db.Marks(len(ids))+`)
			UNION
			SELECT l.item_id FROM down JOIN bom_line l ON l.org_id = ? AND l.output_id = down.id)
		SELECT COUNT(*) FROM down WHERE id = ?`, append(append([]any{tx.Org}, db.Args(ids)...), tx.Org, output)...)
	if err == nil && loop > 0 {
		err = fault.Field("items", "would make a circle: an input is made from this SKU")
	}
	return err
}

// Inputs returns what has to go in for quantities of items to come out, one
// level down: the inputs of their bills of materials, summed. Items that have
// no bill need nothing.
func Inputs(tx *db.Tx, outputs map[int64]dec.D) (map[int64]dec.D, error) {
	m, err := BOMs(tx, slices.Sorted(maps.Keys(outputs)))
	if err != nil {
		return nil, err
	}
	var c dec.Calc
	need := map[int64]dec.D{}
	for output, quantity := range outputs {
		for _, l := range m[output] {
			need[l.Item] = c.Add(need[l.Item], c.Mul(l.Quantity, quantity))
		}
	}
	if c.Err() != nil {
		return nil, fault.Field("quantity", "is too big")
	}
	return need, nil
}

// Explode returns what has to go in for quantities of items to come out, all
// the way down: only items without a bill of materials are left, summed. It
// takes a statement a level.
func Explode(tx *db.Tx, outputs map[int64]dec.D) (map[int64]dec.D, error) {
	var c dec.Calc
	leaves, level := map[int64]dec.D{}, maps.Clone(outputs)
	for top := true; len(level) > 0; top = false {
		m, err := BOMs(tx, slices.Sorted(maps.Keys(level)))
		if err != nil {
			return nil, err
		}
		next := map[int64]dec.D{}
		for output, quantity := range level {
			lines, made := m[output]
			if !made && !top {
				leaves[output] = c.Add(leaves[output], quantity)
			}
			for _, l := range lines {
				next[l.Item] = c.Add(next[l.Item], c.Mul(l.Quantity, quantity))
			}
		}
		if c.Err() != nil {
			return nil, fault.Field("quantity", "is too big")
		}
		level = next
	}
	return leaves, nil
}

// BOMRow is a SKU that has a bill of materials.
type BOMRow struct {
	Item
	Lines int64 // how many inputs it has
}

// ListBOMs returns the SKUs that have a bill of materials, by name; of the
// filter, Q, After and Limit have a meaning.
func ListBOMs(tx *db.Tx, f ItemFilter) ([]BOMRow, error) {
	f.Kind, f.WithBOM = SKU, true
	items, err := ListItems(tx, f)
	if err != nil {
		return nil, err
	}
	rows := make([]BOMRow, len(items))
	at := map[int64]*BOMRow{}
	ids := make([]int64, len(items))
	for n, i := range items {
		rows[n].Item, ids[n] = i, i.ID
		at[i.ID] = &rows[n]
	}
	return rows, inChunks(tx, ids, pairs(func(output, lines int64) { at[output].Lines = lines }),
		`SELECT output_id, COUNT(*) FROM bom_line WHERE org_id = ? AND output_id IN (`, `) GROUP BY output_id`)
}
