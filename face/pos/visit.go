package pos

import (
	"encoding/base64"
	"strings"

	"storehouse/base/fault"
	"storehouse/core/field"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).visitRoutes) }

func (f *face) visitRoutes() []web.Route {
	tag := "Field Force"
	return []web.Route{
		web.Read("GET /connector/api/field-force", org.Viewer, f.listVisits, web.Title(tag, "List visits"), may("visit.view"), web.Shape[pageOf[visitOut]]()),
		web.Write("POST /connector/api/field-force/create", org.Member, f.createVisit, web.Title(tag, "Create Visit"), may("visit.create")),
		web.Write("POST /connector/api/field-force/update-visit-status/{id}", org.Member, f.reportVisit, web.Title(tag, "Update Visit status"), may("visit.update")),
		web.Read("GET /connector/api/field-force/{id}/photo", org.Viewer, f.visitPhoto, web.Title(tag, "Get the photo of a visit"), may("visit.view"),
			web.Doc("Not in the reference: where photo_url of a visit leads.")),
	}
}

// visitFields are what every answer about a visit has. Texts that nobody gave
// are "", as the vendor's server answers.
type visitFields struct {
	ID             int64      `json:"id"`
	Business       int64      `json:"business_id"`
	Contact        wire.IntN  `json:"contact_id"`
	VisitTo        wire.TextN `json:"visit_to"`
	VisitAddress   wire.TextN `json:"visit_address"`
	AssignedTo     int64      `json:"assigned_to"`
	Latitude       wire.TextN `json:"latitude"`
	Longitude      wire.TextN `json:"longitude"`
	VisitedAddress wire.TextN `json:"visited_address"`
	VisitedLat     wire.TextN `json:"visited_address_latitude"`
	VisitedLong    wire.TextN `json:"visited_address_longitude"`
	Status         string     `json:"status"`
	VisitOn        wire.Stamp `json:"visit_on"`
	VisitedOn      wire.Stamp `json:"visited_on"`
	VisitFor       string     `json:"visit_for"`
	Meet1          string     `json:"meet_with"`
	Meet2          string     `json:"meet_with2"`
	Meet3          string     `json:"meet_with3"`
	Mobile1        string     `json:"meet_with_mobileno"`
	Mobile2        string     `json:"meet_with_mobileno2"`
	Mobile3        string     `json:"meet_with_mobileno3"`
	Designation1   string     `json:"meet_with_designation"`
	Designation2   string     `json:"meet_with_designation2"`
	Designation3   string     `json:"meet_with_designation3"`
	Reason         wire.TextN `json:"reason_to_not_meet_contact"`
	Comments       wire.TextN `json:"comments"`
	PhotoURL       wire.TextN `json:"photo_url"`
	Number         string     `json:"visit_id"`
	CreatedBy      wire.IntN  `json:"created_by"`
	CreatedAt      wire.Stamp `json:"created_at"`
	UpdatedAt      wire.Stamp `json:"updated_at"`
}

// visitOut is a visit as it is listed. contact is never null: the vendor's
// app reads into it whether there is one or not.
type visitOut struct {
	visitFields
	ContactRow customerOut `json:"contact"`
	User       *userOut    `json:"user"`
}

func (f *face) visit(c *web.Call, s stamps, v field.Visit) visitFields {
	t := func(s string) wire.TextN { return wire.TextN(s) }
	p := v.MeetWith
	out := visitFields{ID: v.ID, Business: c.Org, Contact: wire.IntN(v.Party), VisitTo: t(v.VisitTo), VisitAddress: t(v.VisitAddress), AssignedTo: v.AssignedTo,
		Latitude: t(v.Latitude), Longitude: t(v.Longitude), VisitedAddress: t(v.VisitedAddress), VisitedLat: t(v.Latitude), VisitedLong: t(v.Longitude),
		Status: v.Status, VisitOn: s.at(v.VisitOn), VisitedOn: s.at(v.VisitedOn), VisitFor: v.VisitFor,
		Meet1: p[0].Name, Meet2: p[1].Name, Meet3: p[2].Name, Mobile1: p[0].Mobile, Mobile2: p[1].Mobile, Mobile3: p[2].Mobile,
		Designation1: p[0].Designation, Designation2: p[1].Designation, Designation3: p[2].Designation, Reason: t(v.Reason), Comments: t(v.Comments),
		Number: v.Number, CreatedBy: wire.IntN(v.CreatedBy), CreatedAt: s.at(v.CreatedAt), UpdatedAt: s.at(v.UpdatedAt)}
	if v.HasPhoto {
		out.PhotoURL = t(f.origin(c.R) + "/connector/api/field-force/" + itoa(int(v.ID)) + "/photo")
	}
	return out
}

type visitsIn struct {
	Contact    rowID     `query:"contact_id" doc:"id of the contact"`
	AssignedTo rowID     `query:"assigned_to" doc:"id of the assigned user"`
	Status     wire.Text `query:"status" doc:"status of the visit (assigned, finished)"`
	Start      wire.Text `query:"start_date" doc:"Start date filter for visit on format:Y-m-d"`
	End        wire.Text `query:"end_date" doc:"End date filter for visit on format:Y-m-d"`
	Order      wire.Text `query:"order_by_date" doc:"Sort visit by visit on date ('asc', 'desc')"`
	paging
}

func (f *face) listVisits(c *web.Call, in visitsIn) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	from, to, err := between(in.Start.S, in.End.S, z)
	if err != nil {
		return nil, err
	}
	filter := field.Filter{Party: in.Contact.N, AssignedTo: in.AssignedTo.N, Status: in.Status.S, From: from, To: to}
	if in.Order.S != "" && in.Order.S != "0" { // 0 is the reference's example of no order
		filter.ByDate = true
		if filter.Desc, err = descending("order_by_date", in.Order.S); err != nil {
			return nil, err
		}
	}
	return list(f, c, in.paging, func() (int64, error) { return field.Count(c.Tx, filter) }, func(limit, offset int) ([]visitOut, error) {
		filter.Limit, filter.Offset = limit, offset
		rows, err := field.List(c.Tx, filter)
		if err != nil {
			return nil, err
		}
		return f.visits(c, stamps{z}, rows)
	})
}

// visits completes visits with their contacts and users, in a fixed number of
// statements.
func (f *face) visits(c *web.Call, s stamps, rows []field.Visit) ([]visitOut, error) {
	var contacts, users []int64
	for _, v := range rows {
		users = append(users, v.AssignedTo)
		if v.Party != 0 {
			contacts = append(contacts, v.Party)
		}
	}
	customers, err := s.customersByID(c, unique(contacts))
	if err != nil {
		return nil, err
	}
	people, err := s.usersByID(c, unique(users)...)
	if err != nil {
		return nil, err
	}
	out := []visitOut{}
	for _, v := range rows {
		row := visitOut{visitFields: f.visit(c, s, v), ContactRow: customerOut{Business: c.Org, Type: "customer", Name: v.VisitTo,
			FirstName: wire.TextN(v.VisitTo), Address1: wire.TextN(v.VisitAddress), Status: "active"}}
		if p, ok := customers[v.Party]; ok {
			row.ContactRow = p
		}
		if u, ok := people[v.AssignedTo]; ok {
			row.User = &u
		}
		out = append(out, row)
	}
	return out, nil
}

type createVisitIn struct {
	Contact    wire.Int  `json:"contact_id" doc:"id of the contact"`
	VisitTo    wire.Text `json:"visit_to" doc:"Name of the visiting person or company if contact_id is not given"`
	Address    wire.Text `json:"visit_address" doc:"Address of the visiting person or company if contact_id is not given"`
	AssignedTo wire.Int  `json:"assigned_to" doc:"id of the assigned user"`
	VisitOn    wire.Text `json:"visit_on" doc:"format:Y-m-d H:i:s"`
	VisitFor   wire.Text `json:"visit_for" doc:"Purpose of visiting" maxLength:"5000"`
	meetIn
}

// meetIn names who was met, or is to be.
type meetIn struct {
	Meet1        wire.Text `json:"meet_with" doc:"name of person field force meet with"`
	Meet2        wire.Text `json:"meet_with2"`
	Meet3        wire.Text `json:"meet_with3"`
	Mobile1      wire.Text `json:"meet_with_mobileno" doc:"mobile number of the person field force meet with"`
	Mobile2      wire.Text `json:"meet_with_mobileno2"`
	Mobile3      wire.Text `json:"meet_with_mobileno3"`
	Designation1 wire.Text `json:"meet_with_designation"`
	Designation2 wire.Text `json:"meet_with_designation2"`
	Designation3 wire.Text `json:"meet_with_designation3"`
}

// put changes what was given of who was met.
func (in meetIn) put(p *[3]field.Person) {
	set(in.Meet1, &p[0].Name)
	set(in.Meet2, &p[1].Name)
	set(in.Meet3, &p[2].Name)
	set(in.Mobile1, &p[0].Mobile)
	set(in.Mobile2, &p[1].Mobile)
	set(in.Mobile3, &p[2].Mobile)
	set(in.Designation1, &p[0].Designation)
	set(in.Designation2, &p[1].Designation)
	set(in.Designation3, &p[2].Designation)
}

// set changes a text that was given.
func set(in wire.Text, to *string) {
	if in.Set {
		*to = in.S
	}
}

func (f *face) createVisit(c *web.Call, in createVisitIn) (data[visitFields], error) {
	var none data[visitFields]
	z, err := zone(c)
	if err != nil {
		return none, err
	}
	v := field.Visit{Party: in.Contact.N, VisitTo: in.VisitTo.S, VisitAddress: in.Address.S, AssignedTo: in.AssignedTo.N, VisitFor: in.VisitFor.S}
	if v.VisitOn, err = moment("visit_on", in.VisitOn.S, z); err != nil {
		return none, err
	}
	in.put(&v.MeetWith)
	if v, err = field.Create(c.Tx, v); err != nil {
		return none, err
	}
	return data[visitFields]{f.visit(c, stamps{z}, v)}, nil
}

type reportIn struct {
	ID        rowID     `path:"id" doc:"id of the visit to be updated"`
	Status    wire.Text `json:"status" doc:"Current status of the visit (assigned, finished, met_contact, did_not_meet_contact)"`
	Reason    wire.Text `json:"reason_to_not_meet_contact" doc:"Reason if status is did_not_meet_contact" maxLength:"5000"`
	VisitedOn wire.Text `json:"visited_on" doc:"format:Y-m-d H:i:s"`
	Address   wire.Text `json:"visited_address" doc:"Full address of the contact" maxLength:"1000"`
	Latitude  degrees   `json:"latitude" doc:"Lattitude of the user location if full address is not given" minimum:"-90" maximum:"90"`
	Longitude degrees   `json:"longitude" doc:"Longitude of the user location if full address is not given" minimum:"-180" maximum:"180"`
	Comments  wire.Text `json:"comments" doc:"Extra comments" maxLength:"5000"`
	Photo     any       `json:"photo" doc:"Upload Photo as a file of the visit if any or base64 encoded image"`
	meetIn
}

func (f *face) reportVisit(c *web.Call, in reportIn) (data[visitFields], error) {
	var none data[visitFields]
	z, err := zone(c)
	if err != nil {
		return none, err
	}
	v, err := field.Get(c.Tx, in.ID.N)
	if err != nil {
		return none, err
	}
	if in.Status.S != "" {
		v.Status = in.Status.S
	}
	set(in.Reason, &v.Reason)
	set(in.Address, &v.VisitedAddress)
	set(in.Comments, &v.Comments)
	if in.Latitude.Set {
		v.Latitude = in.Latitude.written
	}
	if in.Longitude.Set {
		v.Longitude = in.Longitude.written
	}
	if in.VisitedOn.S != "" {
		if v.VisitedOn, err = moment("visited_on", in.VisitedOn.S, z); err != nil {
			return none, err
		}
	}
	in.put(&v.MeetWith)
	photo, err := photoIn(in.Photo)
	if err != nil {
		return none, err
	}
	if v, err = field.Report(c.Tx, v, photo); err != nil {
		return none, err
	}
	return data[visitFields]{f.visit(c, stamps{z}, v)}, nil
}

// photoIn reads a picture: a file, or base64 with or without a data URL's
// head. "" is none.
func photoIn(v any) (*field.Photo, error) {
	var raw []byte
	switch x := v.(type) {
	case nil:
		return nil, nil
	case *wire.File:
		raw = x.Data
	case string:
		text := strings.Map(func(r rune) rune {
			if r == ' ' || r == '\n' || r == '\r' {
				return -1
			}
			return r
		}, x)
		if strings.HasPrefix(text, "data:") {
			_, text, _ = strings.Cut(text, ",")
		}
		if text == "" || text == "null" {
			return nil, nil
		}
		var err error
		if raw, err = base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "=")); err != nil {
			return nil, fault.Field("photo", "must be an image")
		}
	default:
		return nil, fault.Field("photo", "must be an image")
	}
	p, err := field.ReadPhoto(raw)
	if err != nil {
		return nil, err
	}
	return &p, nil
}

func (f *face) visitPhoto(c *web.Call, in idIn) (web.Raw, error) {
	p, err := field.PhotoOf(c.Tx, in.ID.N)
	if err != nil {
		return web.Raw{}, err
	}
	return web.Raw{Type: p.Type, Body: p.Data, Header: map[string][]string{"X-Content-Type-Options": {"nosniff"}}}, nil
}
