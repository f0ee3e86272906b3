package pos

import (
	"slices"

	"storehouse/base/db"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// places returns the locations whose rows the caller may see: the one asked
// for, when it is open to them (otherwise a Forbidden fault); without one,
// all that are open to them. nil is every location. Every route that takes or
// returns a location goes through here or through org.Actor.MayUse.
func places(c *web.Call, asked int64) ([]int64, error) {
	if asked != 0 {
		if err := c.Actor.MayUse(asked); err != nil {
			return nil, err
		}
		return []int64{asked}, nil
	}
	return c.Actor.Places.List(), nil
}

// reach is with whom the caller deals. Every route that takes or returns a
// contact or a sell goes through here; nil is everybody.
func reach(c *web.Call) *party.Reach {
	if c.Actor.Contacts == "" {
		return nil
	}
	return &party.Reach{User: c.Actor.User, IDs: c.Actor.Contacts.List()}
}

// near keeps the rows whose contact is within reach.
func near[T any](tx *db.Tx, r *party.Reach, rows []T, contact func(T) int64) ([]T, error) {
	if r == nil {
		return rows, nil
	}
	list := make([]int64, len(rows))
	for i, v := range rows {
		list[i] = contact(v)
	}
	found, err := r.Near(tx, list)
	return slices.DeleteFunc(rows, func(v T) bool { return !found[contact(v)] }), err
}

// rowID is an id in a path or a filter that means one row. What is no id is
// noRow, which no row has.
type rowID struct {
	N   int64
	Set bool
}

// SetWire implements wire.Setter.
func (r *rowID) SetWire(v any) error {
	var l idList
	if err := l.SetWire(v); err != nil || !l.Set {
		return err
	}
	r.N, r.Set = noRow, true
	if len(l.IDs) == 1 {
		r.N = l.IDs[0]
	}
	return nil
}

// Schema implements wire.Schemer.
func (rowID) Schema() map[string]any { return wire.Obj{"type": []any{"integer", "string", "null"}} }

// open keeps the rows whose location is open to the caller; a row without a
// location is everybody's.
func open[T any](a org.Actor, rows []T, at func(T) int64) []T {
	return slices.DeleteFunc(rows, func(r T) bool { return a.MayUse(at(r)) != nil })
}
