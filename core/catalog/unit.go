package catalog

import (
	"maps"
	"slices"
	"strings"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

// Units returns every unit by id.
func Units(tx *db.Tx) (map[int64]Unit, error) {
	list := map[int64]Unit{}
	return list, tx.Each(func(r db.Row) error {
		var u Unit
		err := r.Scan(&u.ID, &u.Name, &u.ShortName, db.B(&u.AllowDecimal), db.I(&u.Base), &u.Multiplier, db.I(&u.CreatedBy), db.T(&u.CreatedAt), db.T(&u.UpdatedAt))
		list[u.ID] = u
		return err
	}, `SELECT id, name, short_name, allow_decimal, base_id, COALESCE(base_multiplier, 1000000), created_by, created_at, updated_at FROM unit WHERE org_id = ?`, tx.Org)
}

// ListUnits returns the units in the order of their ids.
func ListUnits(tx *db.Tx) ([]Unit, error) {
	all, err := Units(tx)
	return slices.SortedFunc(maps.Values(all), func(a, b Unit) int { return int(a.ID - b.ID) }), err
}

// GetUnit returns one unit.
func GetUnit(tx *db.Tx, id int64) (Unit, error) {
	all, err := Units(tx)
	if err == nil && all[id].ID == 0 {
		err = fault.Missing("unit")
	}
	return all[id], err
}

// CreateUnit adds a unit. A name that is taken is a Conflict.
func CreateUnit(tx *db.Tx, u Unit) (Unit, error) {
	if err := u.check(tx); err != nil {
		return u, err
	}
	var err error
	if u.ID, err = tx.NextID("unit"); err != nil {
		return u, err
	}
	u.CreatedBy, u.CreatedAt, u.UpdatedAt = tx.Actor, tx.Now, tx.Now
	err = tx.Insert("unit", "org_id, id, name, name_key, short_name, allow_decimal, base_id, base_multiplier, created_by, created_at, updated_at",
		[][]any{{tx.Org, u.ID, u.Name, key(u.Name), u.ShortName, u.AllowDecimal, db.Null(u.Base), u.multiplier(), db.Null(u.CreatedBy), u.CreatedAt, u.UpdatedAt}})
	return u, takenName("unit", err)
}

// UpdateUnit stores a unit that was read with GetUnit and changed.
func UpdateUnit(tx *db.Tx, u Unit) (Unit, error) {
	if err := u.check(tx); err != nil {
		return u, err
	}
	u.UpdatedAt = tx.Now
	n, err := tx.Exec(`UPDATE unit SET name = ?, name_key = ?, short_name = ?, allow_decimal = ?, base_id = ?, base_multiplier = ?, updated_at = ? WHERE org_id = ? AND id = ?`,
		u.Name, key(u.Name), u.ShortName, u.AllowDecimal, db.Null(u.Base), u.multiplier(), u.UpdatedAt, tx.Org, u.ID)
	if err == nil && n == 0 {
		err = fault.Missing("unit")
	}
	return u, takenName("unit", err)
}

// DeleteUnit removes a unit that no product, combo or other unit uses.
func DeleteUnit(tx *db.Tx, id int64) error {
	u, err := GetUnit(tx, id)
	if err != nil {
		return err
	}
	return remove(tx, u.Name, []db.Tally{{Name: "products", From: "product WHERE org_id = ? AND unit_id = ?"}, {Name: "secondUnits", From: "product WHERE org_id = ? AND second_unit_id = ?"},
		{Name: "units", From: "unit WHERE org_id = ? AND base_id = ?"}, {Name: "combos", From: "combo_item WHERE org_id = ? AND unit_id = ?"}}, id, `DELETE FROM unit WHERE org_id = ? AND id = ?`)
}

// DefaultUnit returns the organization's first unit, and makes Pieces where
// there is none.
func DefaultUnit(tx *db.Tx) (Unit, error) {
	list, err := ListUnits(tx)
	if err != nil {
		return Unit{}, err
	}
	if len(list) > 0 {
		return list[0], nil
	}
	var u Unit
	err = tx.Try(func() (err error) {
		u, err = CreateUnit(tx, Unit{Name: "Pieces", ShortName: "Pc(s)"})
		return err
	})
	if fault.Is(err, fault.Conflict) { // somebody else has just made it
		if list, err = ListUnits(tx); err == nil {
			return list[0], nil
		}
	}
	return u, err
}

func (u Unit) multiplier() any {
	if u.Base == 0 {
		return nil
	}
	return u.Multiplier
}

func (u *Unit) check(tx *db.Tx) error {
	u.Name, u.ShortName = strings.TrimSpace(u.Name), strings.TrimSpace(u.ShortName)
	u.ShortName = or(u.ShortName, u.Name)
	var f flaws
	f.length("actual_name", u.Name, 1, 255)
	f.length("short_name", u.ShortName, 1, 255)
	if u.Base == 0 {
		u.Multiplier = dec.One
		return fault.Flaws(f)
	}
	all, err := Units(tx)
	if err != nil {
		return err
	}
	base, ok := all[u.Base]
	f.add(!ok, "base_unit_id", "does not exist")
	f.add(ok && (base.Base != 0 || base.ID == u.ID), "base_unit_id", "must be a base unit")
	isBase := false
	for _, o := range all {
		isBase = isBase || u.ID != 0 && o.Base == u.ID
	}
	// One step leads from any unit to its base: no chain has to be followed.
	f.add(isBase, "base_unit_id", "cannot be given to a unit that is the base of others")
	f.add(u.Multiplier <= 0, "base_unit_multiplier", "must be more than zero")
	return fault.Flaws(f)
}
