package maker

import (
	"errors"

	"storehouse/base/fault"
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// Every id that a request names, in its path, its query or its body, must be
// a UUID of the right kind, of a row of this organization; any other is not
// found. The fault of an id in the body names its field. The core says
// "does not exist" of a row that is not there: see spellFault.

// pathID is the id in an operation's path.
type pathID struct {
	ID wire.Ref `path:"id" required:"true" doc:"The id, a UUID."`
}

// of returns the integer of the id in the path.
func (p pathID) of(k wire.Kind, what string) (int64, error) { return p.ID.Of(k, what) }

// missing puts the field at fault into a NotFound fault.
func missing(field string, err error) error {
	var f *fault.Error
	if field == "" || !errors.As(err, &f) || f.Kind != fault.NotFound {
		return err
	}
	c := *f
	c.Fields = []fault.Flaw{{Field: field, Msg: "does not exist"}}
	c.Msg = field + " does not exist"
	return &c
}

// flawed makes an Invalid fault of a field from what is wrong with it.
func flawed(field string, err error) error { return fault.Field(field, "%s", err) }

// idOf is an id of a new thing: its field, and where its integer goes. That
// the row is there is the core's to check.
type idOf struct {
	field string
	ref   wire.Ref
	kind  wire.Kind
	to    *int64
}

func idsOf(list ...idOf) error {
	for _, r := range list {
		id, err := r.ref.Of(r.kind, r.field)
		if err != nil {
			return missing(r.field, err)
		}
		*r.to = id
	}
	return nil
}

// idPatch is an id of a PATCH: null takes it away.
type idPatch struct {
	field string
	ref   wire.Opt[wire.Ref]
	kind  wire.Kind
	to    *int64
}

func patchIDs(list ...idPatch) error {
	for _, r := range list {
		if !r.ref.Set {
			continue
		}
		if err := idsOf(idOf{r.field, r.ref.V, r.kind, r.to}); err != nil {
			return err
		}
	}
	return nil
}

// lookupNamed returns the integer of an entry of a list that a filter names
// by its id or its name; 0 where none is named. A name that no entry has is
// no fault: nothing passes the filter.
func lookupNamed(c *web.Call, k lookup.Kind, s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	var r wire.Ref
	if r.SetWire(s) != nil {
		e, err := lookup.Find(c.Tx, k, s)
		if fault.Is(err, fault.NotFound) {
			return -1, nil
		}
		return e.ID, err
	}
	id, err := r.Of(wire.KindLookup, "entry")
	if err == nil {
		_, err = lookup.Get(c.Tx, k, id)
	}
	return id, err
}

// locationRef returns the integer of a location; 0 where none is named.
func locationRef(c *web.Call, field string, r wire.Ref) (int64, error) {
	id, err := r.Of(wire.KindLocation, "location")
	if err == nil && id != 0 {
		_, err = org.GetLocation(c.Tx, id)
	}
	return id, missing(field, err)
}

// partyRef returns the integer of a customer or vendor; 0 where none is named.
func partyRef(c *web.Call, field string, role party.Role, r wire.Ref) (int64, error) {
	id, err := r.Of(wire.KindParty, string(role))
	if err == nil && id != 0 {
		_, err = getParty(c, role, id)
	}
	return id, missing(field, err)
}

// orgID is the organization of the call, on the wire.
func orgID(c *web.Call) wire.UUID { return wire.UUID{Kind: wire.KindOrg, ID: c.Org} }
