package maker

import (
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// lookupTables is the routes of the look-alike lists. Order channels have
// more to them: see channel.go.
func lookupTables(*face) []web.Route {
	var all []web.Route
	for _, l := range []struct {
		shortList
		usage web.Route
	}{
		{shortList{"Materials", "/api/material-types", lookup.MaterialType, "material type", "material types"},
			lookupUsage("Materials", "/api/material-types", lookup.MaterialType, "Check if material type is in use", materialsUsing)},
		{shortList{"Products", "/api/sku-types", lookup.SKUType, "SKU type", "SKU types"},
			lookupUsage("Products", "/api/sku-types", lookup.SKUType, "Check SKU type usage", skusUsing)},
		{shortList{"Customers", "/api/customer-types", lookup.CustomerType, "customer type", "customer types"},
			lookupUsage("Customers", "/api/customer-types", lookup.CustomerType, "Check customer type usage", customersUsing)},
		{shortList{"Customers", "/api/customer-segments", lookup.CustomerSegment, "customer segment", "customer segments"},
			lookupUsage("Customers", "/api/customer-segments", lookup.CustomerSegment, "Check customer segment usage", customersUsing)},
		{shortList{"Customers", "/api/brokers", lookup.Broker, "broker", "brokers"},
			lookupUsage("Customers", "/api/brokers", lookup.Broker, "Check broker usage", brokerUsing)},
	} {
		all = append(all, l.routes()...)
		all = append(all, l.drop(), l.usage)
	}
	return all
}

// shortList is one of the look-alike lists.
type shortList struct {
	tag, path string
	kind      lookup.Kind
	one, many string // "SKU type", "SKU types"
}

// routes gives the operations that all lists have.
func (l shortList) routes() []web.Route {
	return []web.Route{
		web.Write("POST "+l.path, org.Admin, l.create, web.Created, web.Title(l.tag, "Create "+l.one)),
		web.Read("GET "+l.path, org.Viewer, l.list, web.Title(l.tag, "List "+l.many)),
		web.Write("PATCH "+l.path+"/{id}", org.Admin, l.update, web.Title(l.tag, "Update "+l.one)),
	}
}

func (l shortList) drop() web.Route {
	return web.Write("DELETE "+l.path+"/{id}", org.Admin, func(c *web.Call, in pathID) (deleted, error) {
		id, err := in.of(wire.KindLookup, l.one)
		if err != nil {
			return deleted{}, err
		}
		_, _, err = lookup.Delete(c.Tx, l.kind, id)
		return deletedOut(wire.KindLookup, id), err
	}, web.Title(l.tag, "Delete "+l.one))
}

type entry struct {
	ID        wire.UUID `json:"id"`
	OrgID     wire.UUID `json:"orgId"`
	Name      string    `json:"name"`
	SortOrder int64     `json:"sortOrder"`
	IsActive  bool      `json:"isActive"`
	CreatedAt wire.ISO  `json:"createdAt"`
}

func entryOut(c *web.Call, e lookup.Entry) entry {
	return entry{wire.UUID{Kind: wire.KindLookup, ID: e.ID}, orgID(c), e.Name, e.SortOrder, e.IsActive, wire.ISO(e.CreatedAt)}
}

type newEntry struct {
	Name string `json:"name" required:"true" minLength:"1" maxLength:"100"`
}

func (l shortList) create(c *web.Call, in newEntry) (entry, error) {
	e, err := lookup.Create(c.Tx, lookup.Entry{Kind: l.kind, Name: in.Name})
	return entryOut(c, e), err
}

func (l shortList) list(c *web.Call, _ web.None) (list[entry], error) {
	all, err := lookup.List(c.Tx, l.kind)
	out := list[entry]{Data: []entry{}}
	for _, e := range all {
		out.Data = append(out.Data, entryOut(c, e))
	}
	return out, err
}

type changedEntry struct {
	pathID
	Name      *string `json:"name" null:"never" minLength:"1" maxLength:"100"`
	SortOrder *int64  `json:"sortOrder" null:"never" minimum:"-2147483648" maximum:"2147483647"`
	IsActive  *bool   `json:"isActive" null:"never"`
}

func (l shortList) update(c *web.Call, in changedEntry) (entry, error) {
	id, err := in.of(wire.KindLookup, l.one)
	if err != nil {
		return entry{}, err
	}
	e, err := lookup.Lock(c.Tx, l.kind, id)
	if err != nil {
		return entry{}, err
	}
	change(&e.Name, in.Name)
	change(&e.SortOrder, in.SortOrder)
	change(&e.IsActive, in.IsActive)
	e, err = lookup.Update(c.Tx, e)
	return entryOut(c, e), err
}

// lookupUsage is the operation that says what uses an entry, in the list's
// own words.
func lookupUsage[U any](tag, path string, k lookup.Kind, title string, out func(lookup.Usage) U) web.Route {
	return web.Read("GET "+path+"/{id}/usage", org.Viewer, func(c *web.Call, in pathID) (U, error) {
		var none U
		id, err := in.of(wire.KindLookup, lookup.Label(k))
		if err != nil {
			return none, err
		}
		if _, err := lookup.Get(c.Tx, k, id); err != nil {
			return none, err
		}
		u, err := lookup.UsageOf(c.Tx, k, id)
		return out(u), err
	}, web.Title(tag, title))
}

type materialTypeUsage struct {
	InUse   bool        `json:"inUse"`
	Count   int64       `json:"materialCount"`
	Samples []wire.UUID `json:"sampleMaterialIds"`
}

func materialsUsing(u lookup.Usage) materialTypeUsage {
	return materialTypeUsage{u.InUse(), u.Counts["materials"], uuids(wire.KindItem, u.Samples)}
}

type skuTypeUsage struct {
	InUse   bool        `json:"inUse"`
	Count   int64       `json:"skuCount"`
	Samples []wire.UUID `json:"sampleSkuIds"`
}

func skusUsing(u lookup.Usage) skuTypeUsage {
	return skuTypeUsage{u.InUse(), u.Counts["skus"], uuids(wire.KindItem, u.Samples)}
}

type customerListUsage struct {
	InUse   bool        `json:"inUse"`
	Count   int64       `json:"customerCount"`
	Samples []wire.UUID `json:"sampleCustomerIds"`
}

func customersUsing(u lookup.Usage) customerListUsage {
	return customerListUsage{u.InUse(), u.Counts["customers"], uuids(wire.KindParty, u.Samples)}
}

type brokerUsage struct {
	InUse     bool  `json:"inUse"`
	Customers int64 `json:"customerCount"`
	Orders    int64 `json:"soCount"`
}

func brokerUsing(u lookup.Usage) brokerUsage {
	return brokerUsage{u.InUse(), u.Counts["customers"], u.Counts["salesOrders"]}
}

func uuids(k wire.Kind, ids []int64) []wire.UUID {
	out := make([]wire.UUID, len(ids))
	for i, id := range ids {
		out[i] = wire.UUID{Kind: k, ID: id}
	}
	return out
}
