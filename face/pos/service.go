package pos

import (
	"strconv"

	"storehouse/base/fault"
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).serviceRoutes) }

func (f *face) serviceRoutes() []web.Route {
	tag := "Types of service management"
	return []web.Route{
		web.Read("GET /connector/api/types-of-service", org.Viewer, f.listServices, web.Title(tag, "List types of service")),
		web.Read("GET /connector/api/types-of-service/{id}", org.Viewer, f.getServices, web.Title(tag, "Get the specified types of service")),
	}
}

// serviceOut is a type of service. location_price_group maps the ids of
// locations to those of price groups, both as texts, "0" being the default.
type serviceOut struct {
	ID                 int64             `json:"id"`
	Name               string            `json:"name"`
	Description        wire.TextN        `json:"description"`
	Business           int64             `json:"business_id"`
	PriceGroups        map[string]string `json:"location_price_group"`
	PackingCharge      wire.Dec4N        `json:"packing_charge"`
	PackingChargeType  wire.TextN        `json:"packing_charge_type"`
	EnableCustomFields wire.Bit          `json:"enable_custom_fields"`
	CreatedAt          wire.Stamp        `json:"created_at"`
	UpdatedAt          wire.Stamp        `json:"updated_at"`
}

func (s stamps) service(o int64, e lookup.Entry) serviceOut {
	groups := map[string]string{}
	for location, group := range e.LocationGroups {
		groups[strconv.FormatInt(location, 10)] = strconv.FormatInt(group, 10)
	}
	return serviceOut{ID: e.ID, Name: e.Name, Description: wire.TextN(e.Description), Business: o, PriceGroups: groups, PackingCharge: wire.Dec4N{D: e.Amount},
		PackingChargeType: wire.TextN(e.Calculation), EnableCustomFields: wire.Bit(e.EnableCustomFields), CreatedAt: s.at(e.CreatedAt), UpdatedAt: s.at(e.UpdatedAt)}
}

func (f *face) listServices(c *web.Call, _ web.None) (data[[]serviceOut], error) {
	list, err := lookup.List(c.Tx, lookup.ServiceType)
	return f.services(c, list, err)
}

func (f *face) getServices(c *web.Call, in idsIn) (data[[]serviceOut], error) {
	list, err := lookup.GetMany(c.Tx, lookup.ServiceType, ids(in.IDs)...)
	if err == nil && len(list) == 0 {
		err = fault.Missing("type of service")
	}
	return f.services(c, list, err)
}

func (f *face) services(c *web.Call, list []lookup.Entry, err error) (data[[]serviceOut], error) {
	out := data[[]serviceOut]{[]serviceOut{}}
	if err != nil {
		return out, err
	}
	z, err := zone(c)
	for _, e := range list {
		for location := range e.LocationGroups {
			if !c.Actor.Places.Has(location) {
				delete(e.LocationGroups, location)
			}
		}
		out.Data = append(out.Data, stamps{z}.service(c.Org, e))
	}
	return out, err
}
