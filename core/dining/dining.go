// Package dining keeps a restaurant's floors and the tables on them.
package dining

import (
	"strings"
	"time"
	"unicode/utf8"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/org"
)

// Floor is a storey with tables.
type Floor struct {
	ID        int64
	No        int64 // 0 is the ground floor, or whatever the house says
	Help      string
	IsActive  bool
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Table is where guests sit. Which sale is open at it, the sale says.
type Table struct {
	ID          int64
	Location    int64
	Floor       int64 // 0 for none
	Name        string
	Description string
	Capacity    *int64 // seats; nil when nobody said
	Position    string // JSON text of the client's: {"top":68,"left":8}
	Shape       string
	IsAvailable bool
	IsBooked    bool
	IsOccupied  bool
	CreatedBy   int64
	CreatedAt   time.Time
	UpdatedAt   time.Time
	DeletedAt   time.Time // zero while the table stands
}

const floorCols = `id, floor_no, help, is_active, created_at, updated_at`

func scanFloor(r db.Row, f *Floor) error {
	return r.Scan(&f.ID, &f.No, db.S(&f.Help), db.B(&f.IsActive), db.T(&f.CreatedAt), db.T(&f.UpdatedAt))
}

// ListFloors returns the floors from the lowest up.
func ListFloors(tx *db.Tx) ([]Floor, error) {
	return db.All(tx, scanFloor, `SELECT `+floorCols+` FROM floor WHERE org_id = ? ORDER BY floor_no, id`, tx.Org)
}

// GetFloor returns one floor.
func GetFloor(tx *db.Tx, id int64) (Floor, error) {
	f, err := db.One(tx, scanFloor, `SELECT `+floorCols+` FROM floor WHERE org_id = ? AND id = ?`, tx.Org, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("floor")
	}
	return f, err
}

// CreateFloor adds a floor.
func CreateFloor(tx *db.Tx, f Floor) (Floor, error) {
	id, err := tx.NextID("floor")
	if err != nil {
		return f, err
	}
	f.ID, f.CreatedAt, f.UpdatedAt = id, tx.Now, tx.Now
	return f, tx.Insert("floor", "org_id, "+floorCols, [][]any{{tx.Org, f.ID, f.No, db.Null(f.Help), f.IsActive, f.CreatedAt, f.UpdatedAt}})
}

// UpdateFloor stores a floor that was read with GetFloor and changed.
func UpdateFloor(tx *db.Tx, f Floor) (Floor, error) {
	f.UpdatedAt = tx.Now
	n, err := tx.Exec(`UPDATE floor SET floor_no = ?, help = ?, is_active = ?, updated_at = ? WHERE org_id = ? AND id = ?`,
		f.No, db.Null(f.Help), f.IsActive, f.UpdatedAt, tx.Org, f.ID)
	if err == nil && n == 0 {
		err = fault.Missing("floor")
	}
	return f, err
}

// DeleteFloor removes a floor on which no table stands; otherwise it is an
// InUse fault with their number.
func DeleteFloor(tx *db.Tx, id int64) error {
	if _, err := GetFloor(tx, id); err != nil {
		return err
	}
	n, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM dining_table WHERE org_id = ? AND floor_id = ? AND deleted_at IS NULL`, tx.Org, id)
	if err != nil {
		return err
	}
	if n > 0 {
		return fault.Used("floor", map[string]int64{"tables": n})
	}
	if _, err := tx.Exec(`UPDATE dining_table SET floor_id = NULL WHERE org_id = ? AND floor_id = ?`, tx.Org, id); err != nil {
		return err
	}
	_, err = tx.Exec(`DELETE FROM floor WHERE org_id = ? AND id = ?`, tx.Org, id)
	return err
}

const tableCols = `id, location_id, floor_id, name, description, capacity, position, shape, is_available, is_booked, is_occupied, created_by, created_at, updated_at, deleted_at`

func scanTable(r db.Row, t *Table) error {
	return r.Scan(&t.ID, &t.Location, db.I(&t.Floor), &t.Name, db.S(&t.Description), &t.Capacity, db.S(&t.Position), db.S(&t.Shape), db.B(&t.IsAvailable),
		db.B(&t.IsBooked), db.B(&t.IsOccupied), db.I(&t.CreatedBy), db.T(&t.CreatedAt), db.T(&t.UpdatedAt), db.T(&t.DeletedAt))
}

func (t Table) args() []any {
	var capacity any
	if t.Capacity != nil {
		capacity = *t.Capacity
	}
	return []any{t.ID, t.Location, db.Null(t.Floor), t.Name, db.Null(t.Description), capacity, db.Null(t.Position), db.Null(t.Shape), t.IsAvailable,
		t.IsBooked, t.IsOccupied, db.Null(t.CreatedBy), t.CreatedAt, t.UpdatedAt, t.DeletedAt}
}

// Filter narrows ListTables. What is not set does not narrow.
type Filter struct {
	IDs       []int64
	Locations []int64
	Floor     int64
}

// ListTables returns the tables that stand, in the order in which they were
// made.
func ListTables(tx *db.Tx, f Filter) ([]Table, error) {
	w := db.Where{}
	w.Add("org_id = ?", tx.Org)
	w.Add("deleted_at IS NULL")
	db.In(&w, "id", f.IDs)
	db.In(&w, "location_id", f.Locations)
	w.AddIf(f.Floor != 0, "floor_id = ?", f.Floor)
	return db.All(tx, scanTable, `SELECT `+tableCols+` FROM dining_table`+w.SQL()+` ORDER BY id`, w.Args...)
}

// GetTable returns one table that stands.
func GetTable(tx *db.Tx, id int64) (Table, error) {
	list, err := ListTables(tx, Filter{IDs: []int64{id}})
	if err != nil || len(list) == 0 {
		if err == nil {
			err = fault.Missing("table")
		}
		return Table{}, err
	}
	return list[0], nil
}

func (t *Table) check(tx *db.Tx) error {
	t.Name = strings.TrimSpace(t.Name)
	var flaws []fault.Flaw
	bad := func(wrong bool, field, msg string) {
		if wrong {
			flaws = append(flaws, fault.Flaw{Field: field, Msg: msg})
		}
	}
	bad(t.Name == "", "name", "is required")
	bad(utf8.RuneCountInString(t.Name) > 255, "name", "may have at most 255 characters")
	bad(t.Capacity != nil && (*t.Capacity < 0 || *t.Capacity > 10_000), "table_capacity", "must be between 0 and 10000")
	if t.Location == 0 {
		bad(true, "location_id", "is required")
	} else if _, err := org.GetLocation(tx, t.Location); fault.Is(err, fault.NotFound) {
		bad(true, "location_id", "does not exist")
	} else if err != nil {
		return err
	}
	if t.Floor != 0 {
		if _, err := GetFloor(tx, t.Floor); fault.Is(err, fault.NotFound) {
			bad(true, "floor_id", "does not exist")
		} else if err != nil {
			return err
		}
	}
	return fault.Flaws(flaws)
}

// CreateTable adds a table.
func CreateTable(tx *db.Tx, t Table) (Table, error) {
	if err := t.check(tx); err != nil {
		return t, err
	}
	id, err := tx.NextID("dining_table")
	if err != nil {
		return t, err
	}
	t.ID, t.CreatedBy, t.CreatedAt, t.UpdatedAt, t.DeletedAt = id, tx.Actor, tx.Now, tx.Now, time.Time{}
	return t, tx.Insert("dining_table", "org_id, "+tableCols, [][]any{append([]any{tx.Org}, t.args()...)})
}

// UpdateTable stores a table that was read with GetTable and changed.
func UpdateTable(tx *db.Tx, t Table) (Table, error) {
	if err := t.check(tx); err != nil {
		return t, err
	}
	t.UpdatedAt = tx.Now
	args := t.args()
	n, err := tx.Exec(`UPDATE dining_table SET location_id = ?, floor_id = ?, name = ?, description = ?, capacity = ?, position = ?, shape = ?,
		is_available = ?, is_booked = ?, is_occupied = ?, updated_at = ? WHERE org_id = ? AND id = ? AND deleted_at IS NULL`,
		append(args[1:11:11], t.UpdatedAt, tx.Org, t.ID)...)
	if err == nil && n == 0 {
		err = fault.Missing("table")
	}
	return t, err
}

// DeleteTable takes a table away. The row stays, because sales name it.
func DeleteTable(tx *db.Tx, id int64) error {
	n, err := tx.Exec(`UPDATE dining_table SET deleted_at = ?, updated_at = ? WHERE org_id = ? AND id = ? AND deleted_at IS NULL`, tx.Now, tx.Now, tx.Org, id)
	if err == nil && n == 0 {
		err = fault.Missing("table")
	}
	return err
}
