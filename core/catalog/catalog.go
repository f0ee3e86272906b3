// Package catalog holds what is stocked, made and sold. An item is one thing
// on a shelf: a SKU, which is a variation of a product, or a material, which
// belongs to no product. A product groups the SKUs that are sold under one
// name; a combo is sold as one and leaves the shelf as its components; a
// modifier set is a product whose items are the modifiers.
package catalog

import (
	"time"

	"storehouse/base/dec"
)

// The kinds of items.
const (
	SKU      = "sku"
	Material = "material"
)

// The types of products.
const (
	Single   = "single"
	Variable = "variable"
	Combo    = "combo"
	Modifier = "modifier"
)

// Item is a SKU or a material. Prices are in the organization's currency, for
// one of the product's unit.
type Item struct {
	ID           int64
	Kind         string // SKU or Material
	Code         string // unique in its kind, 1 to 100 characters
	Name         string // 1 to 255 characters
	Product      int64  // 0 for a material
	Variation    int64  // the product's axis of variation (Variation.ID); 0 for a material
	Type         int64  // lookup entry: SKU type or material type
	ItemsPerUnit int64  // at least 1
	OzPerItem    *dec.D
	QboID        string
	Notes        string
	IsActive     bool
	WooID        int64

	VariationName  string // "28"; "DUMMY" when the product has no variations
	VariationValue int64  // value of a variation template

	PurchasePrice, PurchasePriceIncTax dec.D
	ProfitPercent                      dec.D
	SellPrice, SellPriceIncTax         dec.D

	CreatedBy            int64
	CreatedAt, UpdatedAt time.Time
}

// Product is what is sold under one name. Its variations, with their items,
// and the ids in its lists are read with it.
type Product struct {
	ID               int64
	Type             string // Single, Variable, Combo or Modifier; it never changes
	Code             string // unique among products
	Name             string // 1 to 255 characters
	Unit, SecondUnit int64
	SubUnits         []int64
	Brand            int64
	Category         int64
	SubCategory      int64
	Tax              int64
	TaxType          string // "exclusive" or "inclusive": how prices are shown
	EnableStock      bool
	AlertQuantity    *dec.D
	BarcodeType      string
	ExpiryPeriod     *dec.D
	ExpiryPeriodType string // "days" or "months"
	EnableSerial     bool
	Weight           string
	Custom           [4]string
	Image            string // file name
	ImageURL         string
	ThumbnailURL     string
	URL              string
	Description      string
	Warranty         int64
	IsInactive       bool
	NotForSelling    bool
	KDSStations      []int64
	Menus            []int64
	WooID            int64
	WooDisableSync   bool
	CreatedBy        int64
	CreatedAt        time.Time
	UpdatedAt        time.Time

	Variations   []Variation
	Locations    []int64 // where it is offered
	Everywhere   bool    // at every active location, also those to come; Locations lists them
	ModifierSets []int64 // products of type Modifier that it offers
}

// Variation is a product's axis of variation, with the items along it.
type Variation struct {
	ID                   int64
	Product              int64
	Template             int64
	Name                 string // "Waist Size"; "DUMMY" when there is none
	IsDummy              bool
	CreatedAt, UpdatedAt time.Time
	Items                []Variant
}

// Variant is an item as a product shows it.
type Variant struct {
	Item
	Prices []Price     // by selling price group
	Media  []Media     // pictures
	Parts  []ComboPart // of a combo
}

// Price is an item's price in a selling price group, tax included.
type Price struct {
	ID, Item, Group      int64
	Amount               dec.D
	CreatedAt, UpdatedAt time.Time
}

// Media is a picture of an item.
type Media struct {
	ID, Item                                int64
	FileName, DisplayName, Description, URL string
	UploadedBy                              int64
	CreatedAt, UpdatedAt                    time.Time
}

// ComboPart is one line of a combo: Quantity of Item in Unit (0 for the
// item's own).
type ComboPart struct {
	Item, Unit int64
	Quantity   dec.D
}

// Sellable is what selling and stocking need to know of an item.
type Sellable struct {
	Item, Product                              int64
	Code, Name, ProductName, ProductType, Kind string
	VariationName                              string
	EnableStock, IsActive, NotForSelling       bool
	Tax, Unit, Brand, Category, SubCategory    int64
	TaxPercent, SellPrice, SellPriceIncTax     dec.D
	PurchasePrice, PurchasePriceIncTax         dec.D
	Components                                 []Component // of a combo
}

// Component is a part of a combo: Quantity, in the item's own unit, for one
// combo.
type Component struct {
	Item, Product int64
	Quantity      dec.D
	EnableStock   bool
}

// Tax is a tax rate or a group of rates.
type Tax struct {
	ID                   int64
	Name                 string
	Amount               dec.D // per cent; of a group, the sum of its parts
	IsGroup              bool
	ForGroup             bool    // may only be used inside groups
	Parts                []int64 // of a group
	CreatedBy            int64
	CreatedAt, UpdatedAt time.Time
}

// Unit is a unit of measure, perhaps a multiple of a base unit.
type Unit struct {
	ID                   int64
	Name, ShortName      string // "Pieces", "Pc(s)"
	AllowDecimal         bool
	Base                 int64 // 0 when it is a base unit itself
	Multiplier           dec.D // base units in one; 1 for a base unit
	CreatedBy            int64
	CreatedAt, UpdatedAt time.Time
}

// Discount is a price reduction for a time.
type Discount struct {
	ID                        int64
	Name                      string
	Brand, Category, Location int64 // 0 for all
	PriceGroup                int64 // 0 for none
	Priority                  int64
	Type                      string // "fixed" or "percentage"
	Amount                    dec.D
	StartsAt, EndsAt          time.Time
	IsActive                  bool
	InCustomerGroups          bool
	Items                     []int64 // limits it to these
	CreatedAt, UpdatedAt      time.Time
}

// Template is a list of values along which products vary, such as Size.
type Template struct {
	ID                   int64
	Name                 string
	CreatedAt, UpdatedAt time.Time
	Values               []Value
}

// Value is one value of a template.
type Value struct {
	ID, Template         int64
	Name                 string
	CreatedAt, UpdatedAt time.Time
}
