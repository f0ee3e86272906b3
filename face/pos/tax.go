package pos

import (
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).taxRoutes) }

func (f *face) taxRoutes() []web.Route {
	tag := "Tax management"
	return []web.Route{
		web.Read("GET /connector/api/tax", org.Viewer, f.listTaxes, web.Title(tag, "List taxes"), may("tax_rate.view"), web.Shape[pageOf[taxOut]]()),
		web.Read("GET /connector/api/tax/{id}", org.Viewer, f.getTaxes, web.Title(tag, "Get the specified tax"), may("tax_rate.view")),
	}
}

// taxOut is a tax rate; its amount is a JSON number, alone among the decimals.
type taxOut struct {
	ID         int64       `json:"id"`
	Business   int64       `json:"business_id"`
	Name       string      `json:"name"`
	Amount     wire.Number `json:"amount"`
	IsGroup    wire.Bit    `json:"is_tax_group"`
	ForGroup   wire.Bit    `json:"for_tax_group"`
	CreatedBy  wire.IntN   `json:"created_by"`
	WooTaxRate wire.IntN   `json:"woocommerce_tax_rate_id"`
	DeletedAt  wire.Stamp  `json:"deleted_at"`
	CreatedAt  wire.Stamp  `json:"created_at"`
	UpdatedAt  wire.Stamp  `json:"updated_at"`
}

func (s stamps) tax(o int64, t catalog.Tax) taxOut {
	return taxOut{ID: t.ID, Business: o, Name: t.Name, Amount: wire.Number(t.Amount), IsGroup: wire.Bit(t.IsGroup), ForGroup: wire.Bit(t.ForGroup),
		CreatedBy: wire.IntN(t.CreatedBy), CreatedAt: s.at(t.CreatedAt), UpdatedAt: s.at(t.UpdatedAt)}
}

func (f *face) listTaxes(c *web.Call, in paging) (any, error) {
	rows, err := taxes(c)
	if err != nil {
		return nil, err
	}
	return listed(f, c, in, rows)
}

func (f *face) getTaxes(c *web.Call, in idsIn) (data[[]taxOut], error) {
	rows, err := taxes(c)
	if err != nil {
		return data[[]taxOut]{}, err
	}
	return picked("TaxRate", in.IDs, rows, func(t taxOut) int64 { return t.ID })
}

func taxes(c *web.Call) ([]taxOut, error) {
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	list, err := catalog.ListTaxes(c.Tx)
	out := make([]taxOut, len(list))
	for n, t := range list {
		out[n] = stamps{z}.tax(c.Org, t)
	}
	return out, err
}
