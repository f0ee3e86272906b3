package maker

import (
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func customerRoutes(*face) []web.Route {
	op := func(title string) web.Opt { return web.Title("Customers", title) }
	return []web.Route{
		web.Write("POST /api/customers", org.Member, createCustomer, web.Created, op("Create customer")),
		web.Read("GET /api/customers", org.Viewer, listCustomers, op("List customers")),
		web.Write("PATCH /api/customers/{id}", org.Member, updateCustomer, op("Update customer")),
		web.Write("DELETE /api/customers/{id}", org.Admin, deleteCustomer, op("Delete customer")),
		web.Read("GET /api/customers/{id}", org.Viewer, showCustomer, op("Get customer detail")),
		web.Write("POST /api/customers/bulk", org.Admin, importCustomers, op("Bulk-import customers")),
	}
}

type customer struct {
	ID        wire.UUID  `json:"id"`
	OrgID     wire.UUID  `json:"orgId"`
	Name      string     `json:"name"`
	TypeID    wire.UUID  `json:"customerTypeId"`
	SegmentID wire.UUID  `json:"customerSegmentId"`
	BrokerID  wire.UUID  `json:"brokerId"`
	BrokerFee wire.DecN  `json:"brokerFeePercent"`
	Address   wire.TextN `json:"address"`
	City      wire.TextN `json:"city"`
	State     wire.TextN `json:"state"`
	Country   wire.TextN `json:"country"`
	ZipCode   wire.TextN `json:"zipCode"`
	ParentID  wire.UUID  `json:"parentCustomerId"`
	QboID     wire.TextN `json:"qboId"`
	Notes     wire.TextN `json:"notes"`
	IsActive  bool       `json:"isActive"`
	CreatedAt wire.ISO   `json:"createdAt"`
	UpdatedAt wire.ISO   `json:"updatedAt"`
}

func customerOut(c *web.Call, p party.Party) customer {
	n := func(s string) wire.TextN { return wire.TextN(s) }
	return customer{ID: wire.UUID{Kind: wire.KindParty, ID: p.ID}, OrgID: orgID(c), Name: p.Name,
		TypeID: wire.UUID{Kind: wire.KindLookup, ID: p.Type}, SegmentID: wire.UUID{Kind: wire.KindLookup, ID: p.Segment},
		BrokerID: wire.UUID{Kind: wire.KindLookup, ID: p.Broker}, BrokerFee: wire.DecN{D: p.BrokerFee},
		Address: n(p.Address), City: n(p.City), State: n(p.State), Country: n(p.Country), ZipCode: n(p.Zip),
		ParentID: wire.UUID{Kind: wire.KindParty, ID: p.Parent}, QboID: n(p.QboID), Notes: n(p.Notes),
		IsActive: p.IsActive, CreatedAt: wire.ISO(p.CreatedAt), UpdatedAt: wire.ISO(p.UpdatedAt)}
}

type newCustomer struct {
	Name      string   `json:"name" required:"true" minLength:"1" maxLength:"255"`
	TypeID    wire.Ref `json:"typeId" required:"true"`
	SegmentID wire.Ref `json:"segmentId"`
	BrokerID  wire.Ref `json:"brokerId"`
	BrokerFee wire.Num `json:"brokerFeePercent"`
	Address   *string  `json:"address"`
	City      *string  `json:"city"`
	State     *string  `json:"state"`
	Country   *string  `json:"country" minLength:"2" maxLength:"2"`
	ZipCode   *string  `json:"zipCode"`
	ParentID  wire.Ref `json:"parentId"`
	QboID     *string  `json:"qboId"`
	Notes     *string  `json:"notes"`
}

func (in newCustomer) party() (party.Party, error) {
	p := party.Party{IsCustomer: true, Name: in.Name, BrokerFee: in.BrokerFee.Ptr(), Address: text(in.Address), City: text(in.City),
		State: text(in.State), Country: text(in.Country), Zip: text(in.ZipCode), QboID: text(in.QboID), Notes: text(in.Notes)}
	err := idsOf(
		idOf{"typeId", in.TypeID, wire.KindLookup, &p.Type},
		idOf{"segmentId", in.SegmentID, wire.KindLookup, &p.Segment},
		idOf{"brokerId", in.BrokerID, wire.KindLookup, &p.Broker},
		idOf{"parentId", in.ParentID, wire.KindParty, &p.Parent})
	return p, err
}

func createCustomer(c *web.Call, in newCustomer) (customer, error) {
	p, err := in.party()
	if err != nil {
		return customer{}, err
	}
	p, err = party.Create(c.Tx, p)
	return customerOut(c, p), err
}

type customersIn struct {
	paging
	Active  string `query:"active" enum:"true,false"`
	Type    string `query:"type" doc:"A customer type, by id or name."`
	Segment string `query:"segment" doc:"A segment, by id or name."`
	Broker  string `query:"broker" doc:"A broker, by id or name."`
	Parent  string `query:"parentCustomer" doc:"The parent customer's id."`
	Q       string `query:"q" doc:"Anywhere in the name."`
}

func listCustomers(c *web.Call, in customersIn) (page[customer], error) {
	f := party.Filter{Role: party.Customer, Active: flag(in.Active), Q: in.Q}
	var err error
	for _, by := range []struct {
		kind lookup.Kind
		name string
		id   *int64
	}{{lookup.CustomerType, in.Type, &f.Type}, {lookup.CustomerSegment, in.Segment, &f.Segment}, {lookup.Broker, in.Broker, &f.Broker}} {
		if *by.id, err = lookupNamed(c, by.kind, by.name); err != nil {
			return page[customer]{}, err
		}
	}
	if in.Parent != "" {
		var r wire.Ref
		if err := r.SetWire(in.Parent); err != nil {
			return page[customer]{}, flawed("parentCustomer", err)
		}
		if f.Parent, err = partyRef(c, "parentCustomer", party.Customer, r); err != nil {
			return page[customer]{}, err
		}
	}
	return partyPage(c, in.paging, f, func(p party.Party) customer { return customerOut(c, p) })
}

func showCustomer(c *web.Call, in pathID) (customer, error) {
	p, err := partyAt(c, party.Customer, in)
	return customerOut(c, p), err
}

type changedCustomer struct {
	pathID
	Name      *string            `json:"name" null:"never" minLength:"1" maxLength:"255"`
	TypeID    wire.Ref           `json:"typeId" null:"never"`
	SegmentID wire.Opt[wire.Ref] `json:"segmentId"`
	BrokerID  wire.Opt[wire.Ref] `json:"brokerId"`
	BrokerFee wire.Opt[wire.Num] `json:"brokerFeePercent"`
	Address   wire.Opt[string]   `json:"address"`
	City      wire.Opt[string]   `json:"city"`
	State     wire.Opt[string]   `json:"state"`
	Country   wire.Opt[string]   `json:"country" minLength:"2" maxLength:"2"`
	ZipCode   wire.Opt[string]   `json:"zipCode"`
	ParentID  wire.Opt[wire.Ref] `json:"parentId"`
	QboID     wire.Opt[string]   `json:"qboId"`
	Notes     wire.Opt[string]   `json:"notes"`
	IsActive  *bool              `json:"isActive" null:"never"`
}

func updateCustomer(c *web.Call, in changedCustomer) (customer, error) {
	p, err := partyToChange(c, party.Customer, in.pathID)
	if err != nil {
		return customer{}, err
	}
	err = patchIDs(
		idPatch{"typeId", given(in.TypeID), wire.KindLookup, &p.Type},
		idPatch{"segmentId", in.SegmentID, wire.KindLookup, &p.Segment},
		idPatch{"brokerId", in.BrokerID, wire.KindLookup, &p.Broker},
		idPatch{"parentId", in.ParentID, wire.KindParty, &p.Parent})
	if err != nil {
		return customer{}, err
	}
	change(&p.Name, in.Name)
	patchNum(&p.BrokerFee, in.BrokerFee)
	patch(&p.Address, in.Address)
	patch(&p.City, in.City)
	patch(&p.State, in.State)
	patch(&p.Country, in.Country)
	patch(&p.Zip, in.ZipCode)
	patch(&p.QboID, in.QboID)
	patch(&p.Notes, in.Notes)
	change(&p.IsActive, in.IsActive)
	p, err = party.Update(c.Tx, p)
	return customerOut(c, p), err
}

func deleteCustomer(c *web.Call, in pathID) (deleted, error) {
	return deleteParty(c, party.Customer, in)
}

func importCustomers(c *web.Call, in bulkIn[newCustomer]) (bulkOut, error) {
	return bulk(in, wire.KindParty, newCustomer.party, importParties(c))
}
