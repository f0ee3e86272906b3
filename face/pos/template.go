package pos

import (
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).templateRoutes) }

func (f *face) templateRoutes() []web.Route {
	return []web.Route{
		web.Read("GET /connector/api/variation-template", org.Viewer, f.listTemplates, web.Title("Product management", "List Variation Templates"), may("product.view"),
			web.Shape[pageOf[templateOut]]()),
	}
}

type templateOut struct {
	ID        int64      `json:"id"`
	Name      string     `json:"name"`
	Business  int64      `json:"business_id"`
	CreatedAt wire.Stamp `json:"created_at"`
	UpdatedAt wire.Stamp `json:"updated_at"`
	Values    []valueOut `json:"values"`
}

type valueOut struct {
	ID        int64      `json:"id"`
	Template  int64      `json:"variation_template_id"`
	Name      string     `json:"name"`
	CreatedAt wire.Stamp `json:"created_at"`
	UpdatedAt wire.Stamp `json:"updated_at"`
}

func (f *face) listTemplates(c *web.Call, in paging) (any, error) {
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	list, err := catalog.ListTemplates(c.Tx)
	if err != nil {
		return nil, err
	}
	st, rows := stamps{z}, []templateOut{}
	for _, t := range list {
		row := templateOut{ID: t.ID, Name: t.Name, Business: c.Org, CreatedAt: st.at(t.CreatedAt), UpdatedAt: st.at(t.UpdatedAt), Values: []valueOut{}}
		for _, v := range t.Values {
			row.Values = append(row.Values, valueOut{v.ID, t.ID, v.Name, st.at(v.CreatedAt), st.at(v.UpdatedAt)})
		}
		rows = append(rows, row)
	}
	return listed(f, c, in, rows)
}
