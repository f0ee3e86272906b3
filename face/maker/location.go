package maker

import (
	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/core/production"
	"storehouse/core/sale"
	"storehouse/core/stock"
	"storehouse/core/supply"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func locationRoutes(*face) []web.Route {
	op := func(title string) web.Opt { return web.Title("Locations", title) }
	return []web.Route{
		web.Write("POST /api/locations", org.Admin, createLocation, web.Created, op("Create location")),
		web.Read("GET /api/locations", org.Viewer, listLocations, op("List locations")),
		web.Write("PATCH /api/locations/{id}", org.Admin, updateLocation, op("Update location")),
		web.Write("DELETE /api/locations/{id}", org.Admin, deleteLocation, op("Delete location")),
		web.Read("GET /api/locations/{id}/usage", org.Viewer, locationUsage, op("Check if location is referenced anywhere")),
	}
}

type location struct {
	ID        wire.UUID  `json:"id"`
	OrgID     wire.UUID  `json:"orgId"`
	Name      string     `json:"name"`
	SortOrder int64      `json:"sortOrder"`
	Address   wire.TextN `json:"address"`
	City      wire.TextN `json:"city"`
	State     wire.TextN `json:"state"`
	Country   wire.TextN `json:"country"`
	ZipCode   wire.TextN `json:"zipCode"`
	Notes     wire.TextN `json:"notes"`
	IsActive  bool       `json:"isActive"`
	CreatedAt wire.ISO   `json:"createdAt"`
	UpdatedAt wire.ISO   `json:"updatedAt"`
}

func locationOut(c *web.Call, l org.Location) location {
	n := func(s string) wire.TextN { return wire.TextN(s) }
	return location{ID: wire.UUID{Kind: wire.KindLocation, ID: l.ID}, OrgID: orgID(c), Name: l.Name, SortOrder: l.SortOrder,
		Address: n(l.Address), City: n(l.City), State: n(l.State), Country: n(l.Country), ZipCode: n(l.ZipCode), Notes: n(l.Notes),
		IsActive: l.IsActive, CreatedAt: wire.ISO(l.CreatedAt), UpdatedAt: wire.ISO(l.UpdatedAt)}
}

type newLocation struct {
	Name    string  `json:"name" required:"true" minLength:"1" maxLength:"100"`
	Address *string `json:"address"`
	City    *string `json:"city" maxLength:"150"`
	State   *string `json:"state" maxLength:"100"`
	Country *string `json:"country" minLength:"2" maxLength:"2"`
	ZipCode *string `json:"zipCode" maxLength:"20"`
	Notes   *string `json:"notes"`
}

func createLocation(c *web.Call, in newLocation) (location, error) {
	l, err := org.CreateLocation(c.Tx, org.Location{Name: in.Name, Address: text(in.Address), City: text(in.City), State: text(in.State),
		Country: text(in.Country), ZipCode: text(in.ZipCode), Notes: text(in.Notes)})
	return locationOut(c, l), err
}

func listLocations(c *web.Call, _ web.None) (list[location], error) {
	all, err := org.ListLocations(c.Tx)
	out := list[location]{Data: []location{}}
	for _, l := range all {
		out.Data = append(out.Data, locationOut(c, l))
	}
	return out, err
}

type changedLocation struct {
	pathID
	Name      *string          `json:"name" null:"never" minLength:"1" maxLength:"100"`
	Address   wire.Opt[string] `json:"address"`
	City      wire.Opt[string] `json:"city" maxLength:"150"`
	State     wire.Opt[string] `json:"state" maxLength:"100"`
	Country   wire.Opt[string] `json:"country" minLength:"2" maxLength:"2"`
	ZipCode   wire.Opt[string] `json:"zipCode" maxLength:"20"`
	Notes     wire.Opt[string] `json:"notes"`
	SortOrder *int64           `json:"sortOrder" null:"never" minimum:"0"`
	IsActive  *bool            `json:"isActive" null:"never"`
}

func updateLocation(c *web.Call, in changedLocation) (location, error) {
	id, err := in.of(wire.KindLocation, "location")
	if err != nil {
		return location{}, err
	}
	l, err := org.LockLocation(c.Tx, id)
	if err != nil {
		return location{}, err
	}
	change(&l.Name, in.Name)
	patch(&l.Address, in.Address)
	patch(&l.City, in.City)
	patch(&l.State, in.State)
	patch(&l.Country, in.Country)
	patch(&l.ZipCode, in.ZipCode)
	patch(&l.Notes, in.Notes)
	change(&l.SortOrder, in.SortOrder)
	change(&l.IsActive, in.IsActive)
	l, err = org.UpdateLocation(c.Tx, l)
	return locationOut(c, l), err
}

func getLocation(c *web.Call, p pathID) (org.Location, error) {
	id, err := p.of(wire.KindLocation, "location")
	if err != nil {
		return org.Location{}, err
	}
	return org.GetLocation(c.Tx, id)
}

func deleteLocation(c *web.Call, in pathID) (deleted, error) {
	l, err := getLocation(c, in)
	if err != nil {
		return deleted{}, err
	}
	counts, err := locationCounts(c, l.ID)
	if err != nil {
		return deleted{}, err
	}
	for _, n := range counts {
		if n > 0 {
			return deleted{}, fault.Used("location", counts)
		}
	}
	return deletedOut(wire.KindLocation, l.ID), org.DeleteLocation(c.Tx, l.ID)
}

type usage struct {
	InUse      bool             `json:"inUse"`
	References map[string]int64 `json:"references"`
}

func locationUsage(c *web.Call, in pathID) (usage, error) {
	l, err := getLocation(c, in)
	if err != nil {
		return usage{}, err
	}
	counts, err := locationCounts(c, l.ID)
	for k, n := range counts {
		if n == 0 {
			delete(counts, k)
		}
	}
	return usage{len(counts) > 0, counts}, err
}

// locationCounts counts what refers to a location, a kind each.
func locationCounts(c *web.Call, id int64) (map[string]int64, error) {
	counts, err := org.LocationUsage(c.Tx, id)
	if err != nil {
		return nil, err
	}
	for _, of := range []struct {
		kind  string
		count func(*db.Tx, int64) (int64, error)
	}{{"stockEntries", stock.LocationUse}, {"salesOrders", saleUse}, {"purchaseOrders", purchaseUse},
		{"workOrders", workUse}, {"productionOrders", productionUse}} {
		n, err := of.count(c.Tx, id)
		if err != nil {
			return nil, err
		}
		counts[of.kind] = n
	}
	return counts, nil
}

func saleUse(tx *db.Tx, id int64) (int64, error) { return sale.Use(tx, "location", id) }

func purchaseUse(tx *db.Tx, id int64) (int64, error) { return supply.Use(tx, "location", id) }

func workUse(tx *db.Tx, id int64) (int64, error) { return production.Use(tx, production.Work, id) }

func productionUse(tx *db.Tx, id int64) (int64, error) {
	return production.Use(tx, production.Production, id)
}
