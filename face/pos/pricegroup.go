package pos

import (
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).priceGroupRoutes) }

func (f *face) priceGroupRoutes() []web.Route {
	return []web.Route{
		web.Read("GET /connector/api/selling-price-group", org.Viewer, f.listPriceGroups, web.Title("Product management", "List Selling Price Group"), may("product.view"),
			web.Shape[pageOf[priceGroupOut]]()),
	}
}

type priceGroupOut struct {
	ID          int64      `json:"id"`
	Name        string     `json:"name"`
	Description wire.TextN `json:"description"`
	Business    int64      `json:"business_id"`
	IsActive    wire.Bit   `json:"is_active"`
	DeletedAt   wire.Stamp `json:"deleted_at"`
	CreatedAt   wire.Stamp `json:"created_at"`
	UpdatedAt   wire.Stamp `json:"updated_at"`
}

func (f *face) listPriceGroups(c *web.Call, in paging) (any, error) {
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	list, err := lookup.List(c.Tx, lookup.PriceGroup)
	if err != nil {
		return nil, err
	}
	st, rows := stamps{z}, []priceGroupOut{}
	for _, e := range list {
		rows = append(rows, priceGroupOut{ID: e.ID, Name: e.Name, Description: wire.TextN(e.Description), Business: c.Org, IsActive: wire.Bit(e.IsActive),
			CreatedAt: st.at(e.CreatedAt), UpdatedAt: st.at(e.UpdatedAt)})
	}
	return listed(f, c, in, rows)
}
