package pos

import (
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).brandRoutes) }

func (f *face) brandRoutes() []web.Route {
	tag := "Brand management"
	return []web.Route{
		web.Read("GET /connector/api/brand", org.Viewer, f.listBrands, web.Title(tag, "List brands"), may("brand.view"), web.Shape[pageOf[brandOut]]()),
		web.Write("POST /connector/api/brand", org.Member, f.createBrand, web.Title(tag, "Create Brands"), may("brand.create")),
		web.Read("GET /connector/api/brand/{id}", org.Viewer, f.getBrands, web.Title(tag, "Get the specified brand"), may("brand.view")),
	}
}

type brandOut struct {
	ID          int64      `json:"id"`
	Business    int64      `json:"business_id"`
	Name        string     `json:"name"`
	Description wire.TextN `json:"description"`
	CreatedBy   wire.IntN  `json:"created_by"`
	DeletedAt   wire.Stamp `json:"deleted_at"`
	CreatedAt   wire.Stamp `json:"created_at"`
	UpdatedAt   wire.Stamp `json:"updated_at"`
}

// brandMade is a brand as its creation answers it: the id comes last.
type brandMade struct {
	Business    int64      `json:"business_id"`
	Name        string     `json:"name"`
	Description wire.TextN `json:"description"`
	CreatedBy   wire.IntN  `json:"created_by"`
	DeletedAt   wire.Stamp `json:"deleted_at"`
	CreatedAt   wire.Stamp `json:"created_at"`
	UpdatedAt   wire.Stamp `json:"updated_at"`
	ID          int64      `json:"id"`
}

func (s stamps) brand(o int64, e lookup.Entry) brandOut {
	return brandOut{ID: e.ID, Business: o, Name: e.Name, Description: wire.TextN(e.Description), CreatedBy: wire.IntN(e.CreatedBy),
		CreatedAt: s.at(e.CreatedAt), UpdatedAt: s.at(e.UpdatedAt)}
}

func (f *face) listBrands(c *web.Call, in paging) (any, error) {
	rows, err := brands(c)
	if err != nil {
		return nil, err
	}
	return listed(f, c, in, rows)
}

func (f *face) getBrands(c *web.Call, in idsIn) (data[[]brandOut], error) {
	rows, err := brands(c)
	if err != nil {
		return data[[]brandOut]{}, err
	}
	return picked("Brands", in.IDs, rows, func(b brandOut) int64 { return b.ID })
}

func brands(c *web.Call) ([]brandOut, error) {
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	list, err := lookup.List(c.Tx, lookup.Brand)
	out := make([]brandOut, len(list))
	for n, e := range list {
		out[n] = stamps{z}.brand(c.Org, e)
	}
	return out, err
}

type brandIn struct {
	Name        wire.Text `json:"name" required:"true" nonempty:"true" maxLength:"255" doc:"Brand name"`
	Description wire.Text `json:"description" maxLength:"2000" doc:"Brand description"`
}

func (f *face) createBrand(c *web.Call, in brandIn) (data[brandMade], error) {
	var none data[brandMade]
	z, err := zone(c)
	if err != nil {
		return none, err
	}
	e, err := lookup.Create(c.Tx, lookup.Entry{Kind: lookup.Brand, Name: in.Name.S, Description: in.Description.S})
	if err != nil {
		return none, err
	}
	b := stamps{z}.brand(c.Org, e)
	return data[brandMade]{brandMade{Business: b.Business, Name: b.Name, Description: b.Description, CreatedBy: b.CreatedBy, CreatedAt: b.CreatedAt,
		UpdatedAt: b.UpdatedAt, ID: b.ID}}, nil
}
