package pos

import (
	"storehouse/core/catalog"
	"storehouse/face/wire"
)

// productCore is what every answer about a product begins with, after its
// head.
type productCore struct {
	BarcodeType      string     `json:"barcode_type"`
	ExpiryPeriod     wire.Dec4N `json:"expiry_period"`
	ExpiryPeriodType wire.TextN `json:"expiry_period_type"`
	EnableSerial     wire.Bit   `json:"enable_sr_no"`
	Weight           wire.TextN `json:"weight"`
	customFields
	Image          wire.TextN `json:"image"`
	WooMedia       wire.IntN  `json:"woocommerce_media_id"`
	Description    wire.TextN `json:"product_description"`
	CreatedBy      wire.IntN  `json:"created_by"`
	Warranty       wire.IntN  `json:"warranty_id"`
	IsInactive     wire.Bit   `json:"is_inactive"`
	RepairModel    wire.IntN  `json:"repair_model_id"`
	NotForSelling  wire.Bit   `json:"not_for_selling"`
	ShippingClass  wire.IntN  `json:"ecom_shipping_class_id"`
	ActiveInStore  wire.Bit   `json:"ecom_active_in_store"`
	WooID          wire.IntN  `json:"woocommerce_product_id"`
	WooDisableSync wire.Bit   `json:"woocommerce_disable_sync"`
	ImageURL       string     `json:"image_url"`
	Variations     []axisOut  `json:"product_variations"`
}

type customFields struct {
	Custom1 wire.TextN `json:"product_custom_field1"`
	Custom2 wire.TextN `json:"product_custom_field2"`
	Custom3 wire.TextN `json:"product_custom_field3"`
	Custom4 wire.TextN `json:"product_custom_field4"`
}

func customOf(p *catalog.Product) customFields {
	return customFields{wire.TextN(p.Custom[0]), wire.TextN(p.Custom[1]), wire.TextN(p.Custom[2]), wire.TextN(p.Custom[3])}
}

type productOut struct {
	ID          int64      `json:"id"`
	Name        string     `json:"name"`
	Business    int64      `json:"business_id"`
	Type        string     `json:"type"`
	SubUnits    []int64    `json:"sub_unit_ids" nullable:"true"`
	EnableStock wire.Bit   `json:"enable_stock"`
	Alert       wire.Dec4N `json:"alert_quantity"`
	SKU         string     `json:"sku"`
	productCore
	Brand        *brandOut        `json:"brand"`
	Unit         *unitOut         `json:"unit"`
	Category     *categoryOut     `json:"category"`
	SubCategory  *categoryOut     `json:"sub_category"`
	Tax          *taxOut          `json:"product_tax"`
	Locations    []pivotPlace     `json:"product_locations"`
	ModifierSets []modifierSetOut `json:"modifier_sets"`
}

// productMade is a product as its creation and its update answer it: bare.
type productMade struct {
	ID          int64      `json:"id"`
	Business    int64      `json:"business_id"`
	SKU         string     `json:"sku"`
	Name        string     `json:"name"`
	Type        string     `json:"type"`
	SubUnits    []int64    `json:"sub_unit_ids" nullable:"true"`
	EnableStock wire.Bit   `json:"enable_stock"`
	Alert       wire.Dec4N `json:"alert_quantity"`
	productCore
}

type axisOut struct {
	ID         int64        `json:"id"`
	Template   wire.IntN    `json:"variation_template_id"`
	Name       string       `json:"name"`
	Product    int64        `json:"product_id"`
	IsDummy    wire.Bit     `json:"is_dummy"`
	CreatedAt  wire.Stamp   `json:"created_at"`
	UpdatedAt  wire.Stamp   `json:"updated_at"`
	Variations []variantOut `json:"variations"`
}

type variantOut struct {
	ID               int64         `json:"id"`
	Name             string        `json:"name"`
	Product          int64         `json:"product_id"`
	SKU              string        `json:"sub_sku"`
	Axis             wire.IntN     `json:"product_variation_id"`
	WooID            wire.IntN     `json:"woocommerce_variation_id"`
	Value            wire.IntN     `json:"variation_value_id"`
	PurchasePrice    wire.Dec4     `json:"default_purchase_price"`
	PurchasePriceTax wire.Dec4     `json:"dpp_inc_tax"`
	Profit           wire.Dec4     `json:"profit_percent"`
	SellPrice        wire.Dec4     `json:"default_sell_price"`
	SellPriceTax     wire.Dec4     `json:"sell_price_inc_tax"`
	CreatedAt        wire.Stamp    `json:"created_at"`
	UpdatedAt        wire.Stamp    `json:"updated_at"`
	DeletedAt        wire.Stamp    `json:"deleted_at"`
	Combo            []comboOut    `json:"combo_variations" nullable:"true"`
	Details          []stockOut    `json:"variation_location_details"`
	Media            []mediaOut    `json:"media"`
	Discounts        []discountOut `json:"discounts"`
	Prices           []priceOut    `json:"selling_price_group"`
}

func (s *shelf) core(p *catalog.Product, withPrices bool) productCore {
	out := productCore{BarcodeType: p.BarcodeType, ExpiryPeriod: wire.Dec4N{D: p.ExpiryPeriod}, ExpiryPeriodType: wire.TextN(p.ExpiryPeriodType),
		EnableSerial: wire.Bit(p.EnableSerial), Weight: wire.TextN(p.Weight), customFields: customOf(p), Image: wire.TextN(p.Image),
		Description: wire.TextN(p.Description), CreatedBy: wire.IntN(p.CreatedBy), Warranty: wire.IntN(p.Warranty), IsInactive: wire.Bit(p.IsInactive),
		NotForSelling: wire.Bit(p.NotForSelling), ActiveInStore: true, WooID: wire.IntN(p.WooID), WooDisableSync: wire.Bit(p.WooDisableSync),
		ImageURL: s.image(*p), Variations: []axisOut{}}
	for _, a := range p.Variations {
		axis := axisOut{ID: a.ID, Template: wire.IntN(a.Template), Name: a.Name, Product: p.ID, IsDummy: wire.Bit(a.IsDummy), CreatedAt: s.at(a.CreatedAt),
			UpdatedAt: s.at(a.UpdatedAt), Variations: []variantOut{}}
		for i := range a.Items {
			v := s.variant(p, &a.Items[i])
			if !withPrices {
				v.Prices = []priceOut{}
			}
			axis.Variations = append(axis.Variations, v)
		}
		out.Variations = append(out.Variations, axis)
	}
	return out
}

func (s *shelf) variant(p *catalog.Product, v *catalog.Variant) variantOut {
	return variantOut{ID: v.ID, Name: v.VariationName, Product: v.Product, SKU: v.Code, Axis: wire.IntN(v.Variation), WooID: wire.IntN(v.WooID),
		Value: wire.IntN(v.VariationValue), PurchasePrice: wire.Dec4(v.PurchasePrice), PurchasePriceTax: wire.Dec4(v.PurchasePriceIncTax),
		Profit: wire.Dec4(v.ProfitPercent), SellPrice: wire.Dec4(v.SellPrice), SellPriceTax: wire.Dec4(v.SellPriceIncTax), CreatedAt: s.at(v.CreatedAt),
		UpdatedAt: s.at(v.UpdatedAt), Combo: s.combo(v), Details: s.details(&v.Item), Media: s.media(v), Discounts: s.discountsOf(p, v.ID), Prices: s.prices(v)}
}

func (s *shelf) product(p *catalog.Product, sets map[int64]catalog.Product, withPrices bool) productOut {
	out := productOut{ID: p.ID, Name: p.Name, Business: s.org, Type: p.Type, SubUnits: p.SubUnits, EnableStock: wire.Bit(p.EnableStock),
		Alert: wire.Dec4N{D: p.AlertQuantity}, SKU: p.Code, productCore: s.core(p, withPrices), Brand: s.brandOf(p.Brand), Unit: s.unitOf(p.Unit),
		Category: s.categoryOf(p.Category), SubCategory: s.categoryOf(p.SubCategory), Tax: s.taxOf(p.Tax), Locations: s.locations(p),
		ModifierSets: []modifierSetOut{}}
	for _, id := range p.ModifierSets {
		if set, ok := sets[id]; ok {
			out.ModifierSets = append(out.ModifierSets, s.modifierSet(&set, p.ID))
		}
	}
	return out
}

func (s *shelf) brandOf(id int64) *brandOut {
	e, ok := s.names.Lookups[id]
	if !ok {
		return nil
	}
	return new(s.brand(s.org, e))
}

func (s *shelf) categoryOf(id int64) *categoryOut {
	e, ok := s.names.Lookups[id]
	if !ok {
		return nil
	}
	return new(s.category(s.org, e))
}

func (s *shelf) unitOf(id int64) *unitOut {
	u, ok := s.names.Units[id]
	if !ok {
		return nil
	}
	return new(s.unit(s.org, u))
}

func (s *shelf) taxOf(id int64) *taxOut {
	t, ok := s.names.Taxes[id]
	if !ok {
		return nil
	}
	return new(s.tax(s.org, t))
}

type setPivot struct {
	Product int64 `json:"product_id"`
	Set     int64 `json:"modifier_set_id"`
}

// modifierSetOut is a modifier set as a product shows it, with the times of
// the vendor's newer tables.
type modifierSetOut struct {
	ID               int64      `json:"id"`
	Name             string     `json:"name"`
	Business         int64      `json:"business_id"`
	Type             string     `json:"type"`
	Unit             wire.IntN  `json:"unit_id"`
	SecondUnit       wire.IntN  `json:"secondary_unit_id"`
	SubUnits         []int64    `json:"sub_unit_ids" nullable:"true"`
	Brand            wire.IntN  `json:"brand_id"`
	Category         wire.IntN  `json:"category_id"`
	SubCategory      wire.IntN  `json:"sub_category_id"`
	Tax              wire.IntN  `json:"tax"`
	TaxType          string     `json:"tax_type"`
	EnableStock      wire.Bit   `json:"enable_stock"`
	Alert            wire.Dec4N `json:"alert_quantity"`
	SKU              string     `json:"sku"`
	BarcodeType      string     `json:"barcode_type"`
	ExpiryPeriod     wire.Dec4N `json:"expiry_period"`
	ExpiryPeriodType wire.TextN `json:"expiry_period_type"`
	EnableSerial     wire.Bit   `json:"enable_sr_no"`
	MandatorySerial  wire.Bit   `json:"mandatory_sr_no"`
	Weight           wire.TextN `json:"weight"`
	WeightType       string     `json:"weight_type"`
	customFields
	Image          wire.TextN    `json:"image"`
	SallaMedia     wire.IntN     `json:"salla_media_id"`
	WooMedia       wire.IntN     `json:"woocommerce_media_id"`
	Description    wire.TextN    `json:"product_description"`
	CreatedBy      wire.IntN     `json:"created_by"`
	WooID          wire.IntN     `json:"woocommerce_product_id"`
	WooDisableSync wire.Bit      `json:"woocommerce_disable_sync"`
	Warranty       wire.IntN     `json:"warranty_id"`
	ModifierOf     wire.IntN     `json:"modifier_product_id"`
	IsInactive     wire.Bit      `json:"is_inactive"`
	NotForSelling  wire.Bit      `json:"not_for_selling"`
	KDSStations    []int64       `json:"kds_stations" nullable:"true"`
	CreatedAt      microStamp    `json:"created_at"`
	UpdatedAt      microStamp    `json:"updated_at"`
	ImageURL       string        `json:"image_url"`
	Pivot          *setPivot     `json:"pivot,omitempty"`
	Variations     []modifierOut `json:"variations"`
}

type modifierOut struct {
	ID               int64      `json:"id"`
	Name             string     `json:"name"`
	Product          int64      `json:"product_id"`
	SKU              string     `json:"sub_sku"`
	Axis             wire.IntN  `json:"product_variation_id"`
	Value            wire.IntN  `json:"variation_value_id"`
	PurchasePrice    dec5       `json:"default_purchase_price"`
	PurchasePriceTax dec5       `json:"dpp_inc_tax"`
	PurchaseUnit     wire.IntN  `json:"default_purchase_unit"`
	Profit           wire.Dec4  `json:"profit_percent"`
	SellPrice        dec5       `json:"default_sell_price"`
	SellPriceTax     dec5       `json:"sell_price_inc_tax"`
	SellUnit         wire.IntN  `json:"default_sell_unit"`
	IsInactive       wire.Bit   `json:"is_inactive"`
	CreatedAt        microStamp `json:"created_at"`
	UpdatedAt        microStamp `json:"updated_at"`
	DeletedAt        microStamp `json:"deleted_at"`
	Combo            []comboOut `json:"combo_variations" nullable:"true"`
}

// modifierSet spells a set as a product shows it; product 0 has no pivot.
func (s *shelf) modifierSet(p *catalog.Product, product int64) modifierSetOut {
	out := modifierSetOut{ID: p.ID, Name: p.Name, Business: s.org, Type: p.Type, Unit: wire.IntN(p.Unit), SecondUnit: wire.IntN(p.SecondUnit), SubUnits: p.SubUnits,
		Brand: wire.IntN(p.Brand), Category: wire.IntN(p.Category), SubCategory: wire.IntN(p.SubCategory), Tax: wire.IntN(p.Tax), TaxType: p.TaxType,
		EnableStock: wire.Bit(p.EnableStock), Alert: wire.Dec4N{D: p.AlertQuantity}, SKU: p.Code, BarcodeType: p.BarcodeType,
		ExpiryPeriod: wire.Dec4N{D: p.ExpiryPeriod}, ExpiryPeriodType: wire.TextN(p.ExpiryPeriodType), EnableSerial: wire.Bit(p.EnableSerial),
		Weight: wire.TextN(p.Weight), WeightType: "kg", customFields: customOf(p), Image: wire.TextN(p.Image), Description: wire.TextN(p.Description),
		CreatedBy: wire.IntN(p.CreatedBy), WooID: wire.IntN(p.WooID), WooDisableSync: wire.Bit(p.WooDisableSync), Warranty: wire.IntN(p.Warranty),
		IsInactive: wire.Bit(p.IsInactive), NotForSelling: wire.Bit(p.NotForSelling), KDSStations: p.KDSStations, CreatedAt: microStamp(p.CreatedAt),
		UpdatedAt: microStamp(p.UpdatedAt), ImageURL: s.image(*p), Variations: []modifierOut{}}
	if product != 0 {
		out.Pivot = &setPivot{product, p.ID}
	}
	for _, a := range p.Variations {
		for _, v := range a.Items {
			if !v.IsActive { // taken out of the set
				continue
			}
			out.Variations = append(out.Variations, modifierOut{ID: v.ID, Name: v.VariationName, Product: v.Product, SKU: v.Code, Axis: wire.IntN(v.Variation),
				Value: wire.IntN(v.VariationValue), PurchasePrice: dec5(v.PurchasePrice), PurchasePriceTax: dec5(v.PurchasePriceIncTax),
				Profit: wire.Dec4(v.ProfitPercent), SellPrice: dec5(v.SellPrice), SellPriceTax: dec5(v.SellPriceIncTax), IsInactive: wire.Bit(!v.IsActive),
				CreatedAt: microStamp(v.CreatedAt), UpdatedAt: microStamp(v.UpdatedAt)})
		}
	}
	return out
}
