package pos

import (
	"strings"

	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).newProductRoutes) }

func (f *face) newProductRoutes() []web.Route {
	return []web.Route{
		web.Read("GET /connector/api/new_product", org.Viewer, f.listNewProducts, web.Title("New end points", "New List products"), may("product.view"), web.Shape[pageOf[newProductOut]]()),
	}
}

// newProductOut is a product in the short spelling of the newer list.
type newProductOut struct {
	ID          int64     `json:"id"`
	Name        string    `json:"name"`
	Business    int64     `json:"business_id"`
	Type        string    `json:"type"`
	Exemption   wire.IntN `json:"exemption_type_id"`
	EnableStock wire.Bit  `json:"enable_stock"`
	SKU         string    `json:"sku"`
	customFields
	WooMedia       wire.IntN     `json:"woocommerce_media_id"`
	Description    wire.TextN    `json:"product_description"`
	IsInactive     wire.Bit      `json:"is_inactive"`
	RepairModel    wire.IntN     `json:"repair_model_id"`
	NotForSelling  wire.Bit      `json:"not_for_selling"`
	ShippingClass  wire.IntN     `json:"ecom_shipping_class_id"`
	ActiveInStore  wire.Bit      `json:"ecom_active_in_store"`
	WooID          wire.IntN     `json:"woocommerce_product_id"`
	WooDisableSync wire.Bit      `json:"woocommerce_disable_sync"`
	ImageURL       string        `json:"image_url"`
	Variations     []newAxisOut  `json:"product_variations"`
	Brand          *newBrandOut  `json:"brand"`
	Unit           *newUnitOut   `json:"unit"`
	Category       *newCategory  `json:"category"`
	SubCategory    *newCategory  `json:"sub_category"`
	Tax            *taxOut       `json:"product_tax"`
	Locations      []newPlaceOut `json:"product_locations"`
}

type newAxisOut struct {
	ID         int64           `json:"id"`
	Template   wire.IntN       `json:"variation_template_id"`
	Name       string          `json:"name"`
	Product    int64           `json:"product_id"`
	IsDummy    wire.Bit        `json:"is_dummy"`
	Variations []newVariantOut `json:"variations"`
}

type newVariantOut struct {
	ID               int64         `json:"id"`
	Name             string        `json:"name"`
	Product          int64         `json:"product_id"`
	SKU              string        `json:"sub_sku"`
	Axis             wire.IntN     `json:"product_variation_id"`
	WooID            wire.IntN     `json:"woocommerce_variation_id"`
	PurchasePrice    wire.Dec4     `json:"default_purchase_price"`
	PurchasePriceTax wire.Dec4     `json:"dpp_inc_tax"`
	SellPrice        wire.Dec4     `json:"default_sell_price"`
	SellPriceTax     wire.Dec4     `json:"sell_price_inc_tax"`
	Combo            []comboOut    `json:"combo_variations" nullable:"true"`
	Details          []newStockOut `json:"variation_location_details"`
	Media            []mediaOut    `json:"media"`
	Discounts        []discountOut `json:"discounts"`
}

type newStockOut struct {
	ID        int64     `json:"id"`
	Product   int64     `json:"product_id"`
	Axis      int64     `json:"product_variation_id"`
	Variation int64     `json:"variation_id"`
	Location  int64     `json:"location_id"`
	Quantity  wire.Dec4 `json:"qty_available"`
	Lots      []lotOut  `json:"lot_details,omitzero"`
}

type newBrandOut struct {
	ID           int64      `json:"id"`
	Business     int64      `json:"business_id"`
	Name         string     `json:"name"`
	Description  wire.TextN `json:"description"`
	CreatedBy    wire.IntN  `json:"created_by"`
	ForRepair    wire.Bit   `json:"use_for_repair"`
	ForCarRepair wire.Bit   `json:"use_for_carworkshop"`
	DeletedAt    wire.Stamp `json:"deleted_at"`
	CreatedAt    wire.Stamp `json:"created_at"`
	UpdatedAt    wire.Stamp `json:"updated_at"`
}

type newUnitOut struct {
	ID           int64      `json:"id"`
	Business     int64      `json:"business_id"`
	ActualName   string     `json:"actual_name"`
	ShortName    string     `json:"short_name"`
	AllowDecimal wire.Bit   `json:"allow_decimal"`
	Base         wire.IntN  `json:"base_unit_id"`
	Multiplier   wire.Dec4N `json:"base_unit_multiplier"`
}

type newCategory struct {
	ID           int64      `json:"id"`
	Name         string     `json:"name"`
	Business     int64      `json:"business_id"`
	ShortCode    wire.TextN `json:"short_code"`
	Parent       int64      `json:"parent_id"`
	CategoryType string     `json:"category_type"`
	Description  wire.TextN `json:"description"`
	Slug         wire.TextN `json:"slug"`
	WooID        wire.IntN  `json:"woocommerce_cat_id"`
}

type newPlaceOut struct {
	ID       int64      `json:"id"`
	Business int64      `json:"business_id"`
	Name     string     `json:"name"`
	Custom1  wire.TextN `json:"custom_field1"`
	Custom2  wire.TextN `json:"custom_field2"`
	Custom3  wire.TextN `json:"custom_field3"`
	Custom4  wire.TextN `json:"custom_field4"`
}

func (s *shelf) newProduct(p *catalog.Product) newProductOut {
	out := newProductOut{ID: p.ID, Name: p.Name, Business: s.org, Type: p.Type, EnableStock: wire.Bit(p.EnableStock), SKU: p.Code, customFields: customOf(p),
		Description: wire.TextN(p.Description), IsInactive: wire.Bit(p.IsInactive), NotForSelling: wire.Bit(p.NotForSelling), ActiveInStore: true,
		WooID: wire.IntN(p.WooID), WooDisableSync: wire.Bit(p.WooDisableSync), ImageURL: s.image(*p), Variations: []newAxisOut{}, Tax: s.taxOf(p.Tax),
		Category: newCategoryOf(s.categoryOf(p.Category)), SubCategory: newCategoryOf(s.categoryOf(p.SubCategory)), Locations: []newPlaceOut{}}
	for _, a := range p.Variations {
		axis := newAxisOut{ID: a.ID, Template: wire.IntN(a.Template), Name: a.Name, Product: p.ID, IsDummy: wire.Bit(a.IsDummy), Variations: []newVariantOut{}}
		for i := range a.Items {
			axis.Variations = append(axis.Variations, s.newVariant(p, &a.Items[i]))
		}
		out.Variations = append(out.Variations, axis)
	}
	if b := s.brandOf(p.Brand); b != nil {
		out.Brand = &newBrandOut{ID: b.ID, Business: b.Business, Name: b.Name, Description: b.Description, CreatedBy: b.CreatedBy, CreatedAt: b.CreatedAt, UpdatedAt: b.UpdatedAt}
	}
	if u := s.unitOf(p.Unit); u != nil {
		out.Unit = &newUnitOut{u.ID, u.Business, u.ActualName, u.ShortName, u.AllowDecimal, u.Base, u.Multiplier}
	}
	for _, id := range p.Locations {
		if l, ok := s.places[id]; ok {
			c := func(i int) wire.TextN { return wire.TextN(l.CustomFields[i]) }
			out.Locations = append(out.Locations, newPlaceOut{id, s.org, l.Name, c(0), c(1), c(2), c(3)})
		}
	}
	return out
}

func newCategoryOf(c *categoryOut) *newCategory {
	if c == nil {
		return nil
	}
	return &newCategory{c.ID, c.Name, c.Business, c.ShortCode, c.Parent, c.CategoryType, c.Description, c.Slug, c.WooID}
}

func (s *shelf) newVariant(p *catalog.Product, i *catalog.Variant) newVariantOut {
	v := s.variant(p, i)
	out := newVariantOut{ID: v.ID, Name: v.Name, Product: v.Product, SKU: v.SKU, Axis: v.Axis, WooID: v.WooID, PurchasePrice: v.PurchasePrice,
		PurchasePriceTax: v.PurchasePriceTax, SellPrice: v.SellPrice, SellPriceTax: v.SellPriceTax, Combo: v.Combo, Details: []newStockOut{}, Media: v.Media,
		Discounts: v.Discounts}
	for _, d := range v.Details {
		out.Details = append(out.Details, newStockOut{d.ID, d.Product, d.Axis, d.Variation, d.Location, d.Quantity, d.Lots})
	}
	return out
}

type newProductsIn struct {
	productsIn
	LocationCustom1 wire.Text `query:"location_custom_field_1" doc:"Custom field 1 of the location"`
	NotForSell      flag      `query:"not_for_sell" doc:"(1, 0)"`
	IDs             idList    `query:"product_ids" doc:"comma separated ids of products"`
}

func (f *face) listNewProducts(c *web.Call, in newProductsIn) (any, error) {
	s, err := f.newShelf(c)
	if err != nil {
		return nil, err
	}
	fl, at, err := in.filter(c, s.zone)
	if err != nil {
		return nil, err
	}
	fl.LocationCustom1, fl.IDs = strings.TrimSpace(in.LocationCustom1.S), in.IDs.IDs
	if in.NotForSell.Set {
		fl.NotForSelling = in.NotForSell.ptr()
	}
	ask := shelfAsk{at: at, lots: in.Lots.V}
	return productPages(f, c, in.paging, fl, func(list []catalog.Product) ([]newProductOut, error) {
		if err := s.load(c, list, itemsOf(list), ask); err != nil {
			return nil, err
		}
		out := make([]newProductOut, len(list))
		for n := range list {
			out[n] = s.newProduct(&list[n])
		}
		return out, nil
	})
}
