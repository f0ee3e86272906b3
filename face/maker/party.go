package maker

import (
	"storehouse/base/fault"
	"storehouse/core/party"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// Customers and vendors are one row with two roles; a party of the other role
// only is not found.

func getParty(c *web.Call, role party.Role, id int64) (party.Party, error) {
	p, err := party.Get(c.Tx, id)
	if err == nil && !has(p, role) || fault.Is(err, fault.NotFound) {
		return party.Party{}, fault.Missing(string(role))
	}
	return p, err
}

func has(p party.Party, role party.Role) bool {
	return role == party.Customer && p.IsCustomer || role == party.Vendor && p.IsVendor
}

func partyAt(c *web.Call, role party.Role, in pathID) (party.Party, error) {
	id, err := in.of(wire.KindParty, string(role))
	if err != nil {
		return party.Party{}, err
	}
	return getParty(c, role, id)
}

// partyToChange returns the party of a path, locked: a PATCH keeps what it does
// not name, also when another one changes that meanwhile.
func partyToChange(c *web.Call, role party.Role, in pathID) (party.Party, error) {
	id, err := in.of(wire.KindParty, string(role))
	if err != nil {
		return party.Party{}, err
	}
	if _, err := party.Lock(c.Tx, id); err != nil && !fault.Is(err, fault.NotFound) {
		return party.Party{}, err
	}
	return getParty(c, role, id)
}

// deleteParty removes a party, or only the role from one that has both.
func deleteParty(c *web.Call, role party.Role, in pathID) (deleted, error) {
	p, err := partyToChange(c, role, in)
	if err != nil {
		return deleted{}, err
	}
	out := deletedOut(wire.KindParty, p.ID)
	if !p.IsCustomer || !p.IsVendor {
		return out, party.Delete(c.Tx, p.ID)
	}
	counts, err := party.RoleUsage(c.Tx, p.ID, role)
	if err != nil {
		return out, err
	}
	for _, n := range counts {
		if n > 0 {
			return out, fault.Used(string(role), counts)
		}
	}
	p.IsCustomer = p.IsCustomer && role != party.Customer
	p.IsVendor = p.IsVendor && role != party.Vendor
	_, err = party.Update(c.Tx, p)
	return out, err
}

// partyPage lists parties by name.
func partyPage[T any](c *web.Call, p paging, f party.Filter, out func(party.Party) T) (page[T], error) {
	name, id, err := web.ParseNameCursor(p.Cursor)
	if err != nil {
		return page[T]{}, err
	}
	if p.Cursor != "" {
		f.After = &party.Cursor{Key: name, ID: id}
	}
	f.Limit = p.limit() + 1
	rows, err := party.List(c.Tx, f)
	return paged(p, rows, out, func(x party.Party) string { return web.NameCursor(x.Cursor().Key, x.ID) }), err
}

// importParties is the create step of a bulk import of parties.
func importParties(c *web.Call) func([]party.Party) ([]made, error) {
	return func(rows []party.Party) ([]made, error) {
		list, err := party.Import(c.Tx, rows)
		out := make([]made, len(list))
		for i, v := range list {
			out[i] = made{v.Party.ID, v.Err}
		}
		return out, err
	}
}
