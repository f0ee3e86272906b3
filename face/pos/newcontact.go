package pos

import (
	"strings"

	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).newContactRoutes) }

func (f *face) newContactRoutes() []web.Route {
	return []web.Route{
		web.Read("GET /connector/api/new_contactapi", org.Viewer, f.listNewContacts, web.Title("New end points", "New List contact"), may("customer.view"), web.Shape[pageOf[newContactOut]]()),
	}
}

// newContactOut is a contact in the short spelling of the newer list.
type newContactOut struct {
	ID            int64       `json:"id"`
	Business      int64       `json:"business_id"`
	Type          string      `json:"type"`
	Name          string      `json:"name"`
	Prefix        wire.TextN  `json:"prefix"`
	FirstName     wire.TextN  `json:"first_name"`
	MiddleName    wire.TextN  `json:"middle_name"`
	LastName      wire.TextN  `json:"last_name"`
	Email         wire.TextN  `json:"email"`
	Status        string      `json:"contact_status"`
	Mobile        wire.TextN  `json:"mobile"`
	CreditLimit   wire.Dec4N  `json:"credit_limit"`
	ConvertedBy   wire.IntN   `json:"converted_by"`
	ConvertedOn   wire.Stamp  `json:"converted_on"`
	Balance       wire.Dec4   `json:"balance"`
	Points        wire.Number `json:"total_rp"`
	PointsUsed    wire.Number `json:"total_rp_used"`
	PointsExpired wire.Number `json:"total_rp_expired"`
	CustomerGroup wire.IntN   `json:"customer_group_id"`
	Source        idText      `json:"crm_source"`
	LifeStage     idText      `json:"crm_life_stage"`
	customFields10
	RememberToken wire.TextN `json:"remember_token"`
	Password      wire.TextN `json:"password"`
}

type newContactsIn struct {
	contactsIn
	Group   rowID     `query:"customer_group_id" doc:"id of the customer group"`
	Custom1 wire.Text `query:"custom_field_1" doc:"Custom field 1 of the contact"`
	IDs     idList    `query:"contact_ids" doc:"comma separated ids of contacts"`
}

func (f *face) listNewContacts(c *web.Call, in newContactsIn) (any, error) {
	fl, err := in.filter()
	if err != nil {
		return nil, err
	}
	fl.CustomerGroup, fl.Custom1 = in.Group.N, strings.TrimSpace(in.Custom1.S)
	if fl.IDs == nil {
		fl.IDs = in.IDs.IDs
	}
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	return contactPages(f, c, in.paging, fl, func(list []party.Party) ([]newContactOut, error) {
		rows, _, err := stamps{z}.contacts(c, list)
		out := make([]newContactOut, len(rows))
		for n, o := range rows {
			p := list[n]
			out[n] = newContactOut{ID: p.ID, Business: c.Org, Type: o.Type, Name: o.Name, Prefix: o.Prefix, FirstName: o.FirstName, MiddleName: o.MiddleName,
				LastName: o.LastName, Email: o.Email, Status: o.Status, Mobile: o.Mobile, CreditLimit: o.CreditLimit, ConvertedBy: wire.IntN(p.ConvertedBy),
				ConvertedOn: stamps{z}.at(p.ConvertedOn), Balance: o.Balance, Points: o.Points, PointsUsed: o.PointsUsed, PointsExpired: o.PointsExpired,
				CustomerGroup: o.CustomerGroup, Source: o.Source, LifeStage: o.LifeStage, customFields10: o.customFields10}
		}
		return out, err
	})
}
