package pos

import (
	"time"

	"storehouse/base/fault"
	"storehouse/core/crm"
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).leadRoutes) }

func (f *face) leadRoutes() []web.Route {
	return []web.Route{
		web.Read("GET /connector/api/crm/leads", org.Viewer, f.listLeads, web.Title("CRM", "List lead"), may("crm.access_all_leads"), web.Shape[pageOf[leadOut]]()),
		web.Write("POST /connector/api/crm/call-logs", org.Member, f.logCalls, web.Title("CRM", "Save Call Logs")),
	}
}

type leadUser struct {
	userOut
	Pivot struct {
		Contact int64 `json:"contact_id"`
		User    int64 `json:"user_id"`
	} `json:"pivot"`
}

type leadOut struct {
	Number       string     `json:"contact_id"`
	Name         string     `json:"name"`
	BusinessName wire.TextN `json:"supplier_business_name"`
	Email        wire.TextN `json:"email"`
	Mobile       wire.TextN `json:"mobile"`
	TaxNumber    wire.TextN `json:"tax_number"`
	CreatedAt    wire.Stamp `json:"created_at"`
	customFields10
	Alternate wire.TextN   `json:"alternate_number"`
	Landline  wire.TextN   `json:"landline"`
	DOB       wire.TextN   `json:"dob"`
	Status    string       `json:"contact_status"`
	Type      string       `json:"type"`
	ID        int64        `json:"id"`
	Business  int64        `json:"business_id"`
	Source    idText       `json:"crm_source"`
	LifeStage idText       `json:"crm_life_stage"`
	Address1  wire.TextN   `json:"address_line_1"`
	Address2  wire.TextN   `json:"address_line_2"`
	City      wire.TextN   `json:"city"`
	State     wire.TextN   `json:"state"`
	Country   wire.TextN   `json:"country"`
	ZipCode   wire.TextN   `json:"zip_code"`
	LastID    wire.IntN    `json:"last_follow_up_id"`
	NextID    wire.IntN    `json:"upcoming_follow_up_id"`
	Last      wire.Stamp   `json:"last_follow_up"`
	Next      wire.Stamp   `json:"upcoming_follow_up"`
	LastInfo  wire.TextN   `json:"last_follow_up_additional_info"`
	NextInfo  wire.TextN   `json:"upcoming_follow_up_additional_info"`
	SourceRow *categoryOut `json:"source"`
	StageRow  *categoryOut `json:"life_stage"`
	Users     []leadUser   `json:"lead_users"`
}

func (s stamps) lead(o int64, p party.Party, a crm.Around) leadOut {
	t := func(s string) wire.TextN { return wire.TextN(s) }
	out := leadOut{Number: p.Number, Name: p.Name, BusinessName: t(p.BusinessName), Email: t(p.Email), Mobile: t(p.Mobile), TaxNumber: t(p.TaxNumber),
		CreatedAt: s.at(p.CreatedAt), customFields10: customsOf(p.Custom), Alternate: t(p.Alternate), Landline: t(p.Landline), DOB: t(p.DOB),
		Status: contactStatus(p), Type: p.Kind(), ID: p.ID, Business: o, Source: idText(p.Source), LifeStage: idText(p.LifeStage), Address1: t(p.Address),
		Address2: t(p.Address2), City: t(p.City), State: t(p.State), Country: t(p.Country), ZipCode: t(p.Zip), Users: []leadUser{}}
	if a.Last != nil {
		out.LastID, out.Last, out.LastInfo = wire.IntN(a.Last.ID), s.at(a.Last.StartsAt), t(a.Last.AdditionalInfo)
	}
	if a.Next != nil {
		out.NextID, out.Next, out.NextInfo = wire.IntN(a.Next.ID), s.at(a.Next.StartsAt), t(a.Next.AdditionalInfo)
	}
	return out
}

type leadsIn struct {
	AssignedTo idList    `query:"assigned_to" doc:"comma separated ids of users to whom lead is assigned (Ex: 1,2,3)"`
	Name       wire.Text `query:"name" doc:"Search term for lead name"`
	BizName    wire.Text `query:"biz_name" doc:"Search term for lead's business name"`
	Mobile     wire.Text `query:"mobile_num" doc:"Search term for lead's mobile number"`
	Contact    wire.Text `query:"contact_id" doc:"Search term for lead's contact_id. Ex(CO0005)"`
	OrderBy    wire.Text `query:"order_by" doc:"Column name to sort the result, Column: name, supplier_business_name"`
	Direction  wire.Text `query:"direction" doc:"Direction to sort the result, Required if using 'order_by', direction: desc, asc"`
	paging
}

func (f *face) listLeads(c *web.Call, in leadsIn) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	filter := party.Filter{Role: party.Lead, AssignedTo: in.AssignedTo.IDs, Name: in.Name.S, Business: in.BizName.S, Phone: in.Mobile.S, Number: in.Contact.S, Reach: reach(c)}
	order, known := map[string]party.Order{"name": party.ByName, "supplier_business_name": party.ByBusiness}[in.OrderBy.S]
	filter.Order = party.ByID // as for contacts: an unknown column leaves the order by id
	if known {
		filter.Order = order
		desc, err := descending("direction", in.Direction.S)
		if err != nil {
			return nil, err
		}
		filter.Desc = desc
	}
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	return list(f, c, in.paging, func() (int64, error) { return party.Count(c.Tx, filter) }, func(limit, offset int) ([]leadOut, error) {
		filter.Limit, filter.Offset = limit, offset
		rows, err := party.List(c.Tx, filter)
		if err != nil {
			return nil, err
		}
		return stamps{z}.leads(c, rows)
	})
}

// leads completes leads with their source, stage, people and follow-ups, in a
// fixed number of statements.
func (s stamps) leads(c *web.Call, rows []party.Party) ([]leadOut, error) {
	var of, entries, users []int64
	for _, p := range rows {
		of, entries, users = append(of, p.ID), append(entries, p.Source, p.LifeStage), append(users, p.AssignedTo...)
	}
	around, err := crm.AroundNow(c.Tx, of...)
	if err != nil {
		return nil, err
	}
	names, err := lookup.ByID(c.Tx, unique(entries))
	if err != nil {
		return nil, err
	}
	people, err := s.usersByID(c, unique(users)...)
	if err != nil {
		return nil, err
	}
	out := []leadOut{}
	for _, p := range rows {
		row := s.lead(c.Org, p, around[p.ID])
		row.SourceRow, row.StageRow = s.entry(c.Org, names[p.Source]), s.entry(c.Org, names[p.LifeStage])
		for _, id := range p.AssignedTo {
			if u, ok := people[id]; ok {
				lu := leadUser{userOut: u}
				lu.Pivot.Contact, lu.Pivot.User = p.ID, id
				row.Users = append(row.Users, lu)
			}
		}
		out = append(out, row)
	}
	return out, nil
}

type callIn struct {
	Number   wire.Text `json:"mobile_number" doc:"Mobile number of the customer or user"`
	Name     wire.Text `json:"mobile_name" doc:"Name of the contact saved in the mobile"`
	Kind     wire.Text `json:"call_type" doc:"Call type (call, sms)"`
	Start    wire.Text `json:"start_time" doc:"Start datetime of the call in \"Y-m-d H:i:s\" format"`
	End      wire.Text `json:"end_time" doc:"End datetime of the call in \"Y-m-d H:i:s\" format"`
	Duration wire.Int  `json:"duration" doc:"Duration of the call in seconds"`
}

type callsIn struct {
	Calls []callIn `json:"call_logs"`
}

type savedOut struct {
	Success bool `json:"success"`
}

func (f *face) logCalls(c *web.Call, in callsIn) (savedOut, error) {
	z, err := zone(c)
	if err != nil {
		return savedOut{}, err
	}
	calls := make([]crm.Call, 0, len(in.Calls))
	for i, v := range in.Calls {
		call := crm.Call{Number: v.Number.S, Name: v.Name.S, Kind: v.Kind.S}
		at := "call_logs." + itoa(i)
		if call.StartsAt, err = moment("start_time", v.Start.S, z); err != nil {
			return savedOut{}, fault.Under(at, err)
		}
		if call.EndsAt, err = moment("end_time", v.End.S, z); err != nil {
			return savedOut{}, fault.Under(at, err)
		}
		if v.Duration.Set {
			if v.Duration.N < 0 || v.Duration.N > 1<<31 {
				return savedOut{}, fault.Under(at, fault.Field("duration", "must be between 0 and a year's seconds"))
			}
			took := time.Duration(v.Duration.N) * time.Second
			call.Duration = &took
		}
		calls = append(calls, call)
	}
	_, err = crm.LogCalls(c.Tx, calls)
	return savedOut{true}, err
}
