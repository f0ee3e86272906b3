package pos

import (
	"slices"
	"strings"
	"time"

	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).productRoutes) }

func (f *face) productRoutes() []web.Route {
	tag := "Product management"
	return []web.Route{
		web.Read("GET /connector/api/product", org.Viewer, f.listProducts, web.Title(tag, "List products"), may("product.view"), web.Shape[pageOf[productOut]]()),
		web.Read("GET /connector/api/product/{id}", org.Viewer, f.getProducts, web.Title(tag, "Get the specified product"), may("product.view")),
	}
}

// productsIn is what lists of products are narrowed by.
type productsIn struct {
	paging
	OrderBy       wire.Text `query:"order_by" doc:"Values: product_name or newest"`
	Direction     wire.Text `query:"order_direction" doc:"Values: asc or desc"`
	Brands        idList    `query:"brand_id" doc:"comma separated ids of one or multiple brands"`
	Categories    idList    `query:"category_id" doc:"comma separated ids of one or multiple category"`
	SubCategories idList    `query:"sub_category_id" doc:"comma separated ids of one or multiple sub-category"`
	Location      rowID     `query:"location_id" doc:"only products of this location, with its stock"`
	PriceGroups   flag      `query:"selling_price_group" doc:"(1, 0)"`
	Lots          flag      `query:"send_lot_detail" doc:"Send lot details in each variation location details(1, 0)"`
	Name          wire.Text `query:"name" doc:"Search term for product name"`
	SKU           wire.Text `query:"sku" doc:"Search term for product sku"`
	Type          wire.Text `query:"type" doc:"Values comma separated: single, variable, combo or modifier"`
	NotForSelling flag      `query:"not_for_selling" doc:"Values: 0 or 1"`
	UpdatedAfter  wire.Text `query:"updated_after" doc:"only products changed after this time"`
}

// filter turns the input into the core's filter; at are the locations whose
// stock is shown.
func (in productsIn) filter(c *web.Call, z *time.Location) (fl catalog.ProductFilter, at []int64, err error) {
	if err := in.check(); err != nil {
		return fl, nil, err
	}
	if at, err = places(c, in.Location.N); err != nil {
		return fl, nil, err
	}
	fl = catalog.ProductFilter{Brands: in.Brands.IDs, Categories: in.Categories.IDs, SubCategories: in.SubCategories.IDs, Location: in.Location.N,
		Name: strings.TrimSpace(in.Name.S), Code: strings.TrimSpace(in.SKU.S)}
	fl.NotForSelling = in.NotForSelling.ptr()
	for t := range strings.SplitSeq(in.Type.S, ",") {
		if t = strings.ToLower(strings.TrimSpace(t)); t != "" {
			fl.Types = append(fl.Types, t)
		}
	}
	if fl.UpdatedAfter, err = moment("updated_after", in.UpdatedAfter.S, z); err != nil {
		return fl, nil, err
	}
	fl.Order, fl.Desc, err = productOrder(in.OrderBy, in.Direction)
	return fl, at, err
}

// productOrder reads order_by and order_direction. The newest come first
// unless asked otherwise.
func productOrder(by, direction wire.Text) (catalog.ProductOrder, bool, error) {
	order := catalog.ByID
	switch by.S {
	case "product_name", "name":
		order = catalog.ByName
	case "newest":
		order = catalog.ByNewest
	default: // an order that is none has no direction to be wrong
		return order, (by.S == "" || by.S == "id") && direction.S == "desc", nil
	}
	desc, err := descending("order_direction", direction.S)
	return order, desc || order == catalog.ByNewest && direction.S == "", err
}

func (f *face) listProducts(c *web.Call, in productsIn) (any, error) {
	s, err := f.newShelf(c)
	if err != nil {
		return nil, err
	}
	fl, at, err := in.filter(c, s.zone)
	if err != nil {
		return nil, err
	}
	ask := shelfAsk{at: at, lots: in.Lots.V}
	spell := func(list []catalog.Product) ([]productOut, error) {
		return s.products(c, list, ask, in.PriceGroups.Or(true))
	}
	return productPages(f, c, in.paging, fl, spell)
}

// productPages answers a list of products.
func productPages[T any](f *face, c *web.Call, p paging, fl catalog.ProductFilter, spell func([]catalog.Product) ([]T, error)) (any, error) {
	return list(f, c, p, func() (int64, error) { return catalog.CountProducts(c.Tx, fl) }, func(limit, offset int) ([]T, error) {
		fl.Limit, fl.Offset = limit, offset
		rows, err := catalog.ListProducts(c.Tx, fl)
		if err != nil {
			return nil, err
		}
		return spell(rows)
	})
}

// products spells a page of products.
func (s *shelf) products(c *web.Call, list []catalog.Product, ask shelfAsk, withPrices bool) ([]productOut, error) {
	if err := s.load(c, list, itemsOf(list), ask); err != nil {
		return nil, err
	}
	sets, err := modifierSets(c, list)
	if err != nil {
		return nil, err
	}
	out := make([]productOut, len(list))
	for n := range list {
		out[n] = s.product(&list[n], sets, withPrices)
	}
	return out, nil
}

func itemsOf(list []catalog.Product) (items []int64) {
	for _, p := range list {
		for _, v := range p.Variations {
			for _, i := range v.Items {
				items = append(items, i.ID)
			}
		}
	}
	return items
}

// modifierSets reads the modifier sets that products offer.
func modifierSets(c *web.Call, list []catalog.Product) (map[int64]catalog.Product, error) {
	var want []int64
	for _, p := range list {
		want = append(want, p.ModifierSets...)
	}
	sets := map[int64]catalog.Product{}
	if len(want) == 0 {
		return sets, nil
	}
	slices.Sort(want)
	found, err := catalog.GetProducts(c.Tx, slices.Compact(want))
	for _, p := range found {
		sets[p.ID] = p
	}
	return sets, err
}

type productIn struct {
	IDs         string `path:"id" doc:"comma separated ids of products"`
	PriceGroups flag   `query:"selling_price_group" doc:"(1, 0)"`
	Lots        flag   `query:"send_lot_detail" doc:"Send lot details in each variation location details(1, 0)"`
}

func (f *face) getProducts(c *web.Call, in productIn) (data[[]productOut], error) {
	var none data[[]productOut]
	s, err := f.newShelf(c)
	if err != nil {
		return none, err
	}
	list, err := catalog.GetProducts(c.Tx, ids(in.IDs))
	if err != nil {
		return none, err
	}
	if len(list) == 0 {
		return none, noResults("Product", in.IDs)
	}
	out, err := s.products(c, list, shelfAsk{at: c.Actor.Places.List(), lots: in.Lots.V}, in.PriceGroups.Or(true))
	return data[[]productOut]{out}, err
}
