package maker

import (
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func vendorRoutes(*face) []web.Route {
	op := func(title string) web.Opt { return web.Title("Vendors", title) }
	return []web.Route{
		web.Write("POST /api/vendors", org.Member, createVendor, web.Created, op("Create vendor")),
		web.Read("GET /api/vendors", org.Viewer, listVendors, op("List vendors")),
		web.Write("PATCH /api/vendors/{id}", org.Member, updateVendor, op("Update vendor")),
		web.Write("DELETE /api/vendors/{id}", org.Admin, deleteVendor, op("Delete vendor")),
		web.Read("GET /api/vendors/{id}", org.Viewer, showVendor, op("Get vendor detail")),
		web.Write("POST /api/vendors/bulk", org.Admin, importVendors, op("Bulk-import vendors")),
	}
}

type vendor struct {
	ID        wire.UUID  `json:"id"`
	OrgID     wire.UUID  `json:"orgId"`
	Name      string     `json:"name"`
	Address   wire.TextN `json:"address"`
	City      wire.TextN `json:"city"`
	State     wire.TextN `json:"state"`
	Country   wire.TextN `json:"country"`
	ZipCode   wire.TextN `json:"zipCode"`
	Term      wire.TextN `json:"term"`
	QboID     wire.TextN `json:"qboId"`
	Notes     wire.TextN `json:"notes"`
	IsActive  bool       `json:"isActive"`
	CreatedAt wire.ISO   `json:"createdAt"`
	UpdatedAt wire.ISO   `json:"updatedAt"`
}

func vendorOut(c *web.Call, p party.Party) vendor {
	n := func(s string) wire.TextN { return wire.TextN(s) }
	return vendor{ID: wire.UUID{Kind: wire.KindParty, ID: p.ID}, OrgID: orgID(c), Name: p.Name, Address: n(p.Address), City: n(p.City),
		State: n(p.State), Country: n(p.Country), ZipCode: n(p.Zip), Term: n(p.Term), QboID: n(p.QboID), Notes: n(p.Notes),
		IsActive: p.IsActive, CreatedAt: wire.ISO(p.CreatedAt), UpdatedAt: wire.ISO(p.UpdatedAt)}
}

type newVendor struct {
	Name    string  `json:"name" required:"true" minLength:"1" maxLength:"255"`
	Address *string `json:"address"`
	City    *string `json:"city"`
	State   *string `json:"state"`
	Country *string `json:"country" minLength:"2" maxLength:"2"`
	ZipCode *string `json:"zipCode"`
	Term    *string `json:"term"`
	QboID   *string `json:"qboId"`
	Notes   *string `json:"notes"`
}

func (in newVendor) party() (party.Party, error) {
	return party.Party{IsVendor: true, Name: in.Name, Address: text(in.Address), City: text(in.City), State: text(in.State),
		Country: text(in.Country), Zip: text(in.ZipCode), Term: text(in.Term), QboID: text(in.QboID), Notes: text(in.Notes)}, nil
}

func createVendor(c *web.Call, in newVendor) (vendor, error) {
	p, _ := in.party()
	p, err := party.Create(c.Tx, p)
	return vendorOut(c, p), err
}

type vendorsIn struct {
	paging
	IsActive string `query:"isActive" enum:"true,false"`
}

func listVendors(c *web.Call, in vendorsIn) (page[vendor], error) {
	return partyPage(c, in.paging, party.Filter{Role: party.Vendor, Active: flag(in.IsActive)},
		func(p party.Party) vendor { return vendorOut(c, p) })
}

func showVendor(c *web.Call, in pathID) (vendor, error) {
	p, err := partyAt(c, party.Vendor, in)
	return vendorOut(c, p), err
}

type changedVendor struct {
	pathID
	Name     *string          `json:"name" null:"never" minLength:"1" maxLength:"255"`
	Address  wire.Opt[string] `json:"address"`
	City     wire.Opt[string] `json:"city"`
	State    wire.Opt[string] `json:"state"`
	Country  wire.Opt[string] `json:"country" minLength:"2" maxLength:"2"`
	ZipCode  wire.Opt[string] `json:"zipCode"`
	Term     wire.Opt[string] `json:"term"`
	QboID    wire.Opt[string] `json:"qboId"`
	Notes    wire.Opt[string] `json:"notes"`
	IsActive *bool            `json:"isActive" null:"never"`
}

func updateVendor(c *web.Call, in changedVendor) (vendor, error) {
	p, err := partyToChange(c, party.Vendor, in.pathID)
	if err != nil {
		return vendor{}, err
	}
	change(&p.Name, in.Name)
	patch(&p.Address, in.Address)
	patch(&p.City, in.City)
	patch(&p.State, in.State)
	patch(&p.Country, in.Country)
	patch(&p.Zip, in.ZipCode)
	patch(&p.Term, in.Term)
	patch(&p.QboID, in.QboID)
	patch(&p.Notes, in.Notes)
	change(&p.IsActive, in.IsActive)
	p, err = party.Update(c.Tx, p)
	return vendorOut(c, p), err
}

func deleteVendor(c *web.Call, in pathID) (deleted, error) { return deleteParty(c, party.Vendor, in) }

func importVendors(c *web.Call, in bulkIn[newVendor]) (bulkOut, error) {
	return bulk(in, wire.KindParty, newVendor.party, importParties(c))
}
