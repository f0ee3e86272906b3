package pos

import (
	"strings"
	"time"

	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).variationRoutes) }

func (f *face) variationRoutes() []web.Route {
	tag := "Product management"
	return []web.Route{
		web.Read("GET /connector/api/variation", org.Viewer, f.listVariations, web.Title(tag, "List Variations"), may("product.view"), web.Shape[pageOf[variationOut]]()),
		web.Read("GET /connector/api/variation/{id}", org.Viewer, f.getVariations, web.Title(tag, "Get the specified variations"), may("product.view"), web.Shape[pageOf[variationOut]]()),
	}
}

// variationOut is a variation with its product in one flat row; what tills
// load at start. Names are never null.
type variationOut struct {
	Variation        int64      `json:"variation_id"`
	Name             string     `json:"variation_name"`
	SubSKU           string     `json:"sub_sku"`
	Product          int64      `json:"product_id"`
	ProductName      string     `json:"product_name"`
	SKU              string     `json:"sku"`
	Type             string     `json:"type"`
	Business         int64      `json:"business_id"`
	BarcodeType      string     `json:"barcode_type"`
	ExpiryPeriod     wire.Dec4N `json:"expiry_period"`
	ExpiryPeriodType wire.TextN `json:"expiry_period_type"`
	EnableSerial     wire.Bit   `json:"enable_sr_no"`
	Weight           wire.TextN `json:"weight"`
	customFields
	Image            wire.TextN    `json:"product_image"`
	Description      wire.TextN    `json:"product_description"`
	Warranty         wire.IntN     `json:"warranty_id"`
	Brand            wire.IntN     `json:"brand_id"`
	BrandName        wire.TextN    `json:"brand_name"`
	Unit             wire.IntN     `json:"unit_id"`
	EnableStock      wire.Bit      `json:"enable_stock"`
	NotForSelling    wire.Bit      `json:"not_for_selling"`
	UnitName         wire.TextN    `json:"unit_name"`
	UnitDecimal      wire.Bit      `json:"unit_allow_decimal"`
	Category         wire.IntN     `json:"category_id"`
	CategoryName     wire.TextN    `json:"category"`
	SubCategory      wire.IntN     `json:"sub_category_id"`
	SubCategoryName  wire.TextN    `json:"sub_category"`
	Tax              wire.IntN     `json:"tax_id"`
	TaxType          string        `json:"tax_type"`
	TaxName          wire.TextN    `json:"tax_name"`
	TaxAmount        *wire.Number  `json:"tax_amount"`
	Axis             wire.IntN     `json:"product_variation_id"`
	PurchasePrice    wire.Dec4     `json:"default_purchase_price"`
	PurchasePriceTax wire.Dec4     `json:"dpp_inc_tax"`
	Profit           wire.Dec4     `json:"profit_percent"`
	SellPrice        wire.Dec4     `json:"default_sell_price"`
	SellPriceTax     wire.Dec4     `json:"sell_price_inc_tax"`
	AxisName         string        `json:"product_variation_name"`
	Details          []stockOut    `json:"variation_location_details"`
	Media            []mediaOut    `json:"media"`
	Prices           []priceOut    `json:"selling_price_group"`
	ImageURL         string        `json:"product_image_url"`
	Locations        []pivotPlace  `json:"product_locations"`
	Discounts        []discountOut `json:"discounts"`
}

func (s *shelf) variation(r *catalog.VariationRow) variationOut {
	p, brand, category, sub := r.Product, s.names.Lookups[r.Product.Brand], s.names.Lookups[r.Product.Category], s.names.Lookups[r.Product.SubCategory]
	unit := s.names.Units[p.Unit]
	out := variationOut{Variation: r.ID, SubSKU: r.Code, Product: p.ID, ProductName: p.Name, SKU: p.Code, Type: p.Type, Business: s.org,
		BarcodeType: p.BarcodeType, ExpiryPeriod: wire.Dec4N{D: p.ExpiryPeriod}, ExpiryPeriodType: wire.TextN(p.ExpiryPeriodType),
		EnableSerial: wire.Bit(p.EnableSerial), Weight: wire.TextN(p.Weight), customFields: customOf(p), Image: wire.TextN(p.Image),
		Description: wire.TextN(p.Description), Warranty: wire.IntN(p.Warranty), Brand: wire.IntN(p.Brand), BrandName: wire.TextN(brand.Name),
		Unit: wire.IntN(p.Unit), EnableStock: wire.Bit(p.EnableStock), NotForSelling: wire.Bit(p.NotForSelling), UnitName: wire.TextN(unit.ShortName),
		UnitDecimal: wire.Bit(unit.AllowDecimal), Category: wire.IntN(p.Category), CategoryName: wire.TextN(category.Name), SubCategory: wire.IntN(p.SubCategory),
		SubCategoryName: wire.TextN(sub.Name), Tax: wire.IntN(p.Tax), TaxType: p.TaxType, Axis: wire.IntN(r.Item.Variation),
		PurchasePrice: wire.Dec4(r.PurchasePrice), PurchasePriceTax: wire.Dec4(r.PurchasePriceIncTax), Profit: wire.Dec4(r.ProfitPercent),
		SellPrice: wire.Dec4(r.SellPrice), SellPriceTax: wire.Dec4(r.SellPriceIncTax), Details: s.details(&r.Item), Media: s.media(&r.Variant),
		Prices: s.prices(&r.Variant), ImageURL: s.image(*p), Locations: s.locations(p), Discounts: s.discountsOf(p, r.ID)}
	if !r.Axis.IsDummy {
		out.Name, out.AxisName = r.VariationName, r.Axis.Name
	}
	if t, ok := s.names.Taxes[p.Tax]; ok {
		out.TaxName, out.TaxAmount = wire.TextN(t.Name), new(wire.Number(t.Amount))
	}
	return out
}

type variationsIn struct {
	paging
	Products      idList    `query:"product_id" doc:"Filter by comma separated products ids"`
	Location      rowID     `query:"location_id" doc:"only products of this location, with its stock"`
	Brands        idList    `query:"brand_id" doc:"comma separated ids"`
	Categories    idList    `query:"category_id" doc:"comma separated ids"`
	SubCategories idList    `query:"sub_category_id" doc:"comma separated ids"`
	NotForSelling flag      `query:"not_for_selling" doc:"Values: 0 or 1"`
	Name          wire.Text `query:"name" doc:"Search term for product name"`
	SKU           wire.Text `query:"sku" doc:"Search term for product sku"`
	Lots          flag      `query:"send_lot_detail" doc:"Send lot details in each variation location details(1, 0)"`
	UpdatedAfter  wire.Text `query:"updated_after" doc:"only variations changed after this time"`
}

// filter turns the input into the core's filter; at are the locations whose
// stock is shown. What is switched off is not for a till to sell; it is
// found by its id.
func (in variationsIn) filter(c *web.Call, z *time.Location) (fl catalog.VariationFilter, at []int64, err error) {
	if err := in.check(); err != nil {
		return fl, nil, err
	}
	if at, err = places(c, in.Location.N); err != nil {
		return fl, nil, err
	}
	fl = catalog.VariationFilter{Products: in.Products.IDs, ProductFilter: catalog.ProductFilter{Brands: in.Brands.IDs, Categories: in.Categories.IDs,
		SubCategories: in.SubCategories.IDs, Location: in.Location.N, NotForSelling: in.NotForSelling.ptr(), Active: new(true),
		Name: strings.TrimSpace(in.Name.S), Code: strings.TrimSpace(in.SKU.S)}}
	fl.UpdatedAfter, err = moment("updated_after", in.UpdatedAfter.S, z)
	return fl, at, err
}

func (f *face) listVariations(c *web.Call, in variationsIn) (any, error) {
	return f.variations(c, in, "")
}

type variationIn struct {
	variationsIn
	IDs string `path:"id" doc:"comma separated ids of variations"`
}

func (f *face) getVariations(c *web.Call, in variationIn) (any, error) {
	return f.variations(c, in.variationsIn, in.IDs)
}

// variations lists variations; a path narrows the list to its ids.
func (f *face) variations(c *web.Call, in variationsIn, path string) (any, error) {
	s, err := f.newShelf(c)
	if err != nil {
		return nil, err
	}
	fl, at, err := in.filter(c, s.zone)
	if err != nil {
		return nil, err
	}
	if path != "" {
		fl.Items, fl.Active = append(ids(path), noRow), nil
	}
	ask := shelfAsk{at: at, lots: in.Lots.V}
	count := func() (int64, error) {
		n, err := catalog.CountVariations(c.Tx, fl)
		if err == nil && n == 0 && path != "" {
			err = noResults("Variation", path)
		}
		return n, err
	}
	return list(f, c, in.paging, count, func(limit, offset int) ([]variationOut, error) {
		fl.Limit, fl.Offset = limit, offset
		rows, err := catalog.ListVariations(c.Tx, fl)
		if err != nil {
			return nil, err
		}
		return s.variationRows(c, rows, ask)
	})
}

func (s *shelf) variationRows(c *web.Call, list []catalog.VariationRow, ask shelfAsk) ([]variationOut, error) {
	items := make([]int64, len(list))
	for n := range list {
		items[n] = list[n].ID
	}
	if err := s.load(c, catalog.ProductsOf(list), items, ask); err != nil {
		return nil, err
	}
	rows := make([]variationOut, len(list))
	for n := range list {
		rows[n] = s.variation(&list[n])
	}
	return rows, nil
}
