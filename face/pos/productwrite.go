package pos

import (
	"strconv"

	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/core/stock"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).productWriteRoutes) }

func (f *face) productWriteRoutes() []web.Route {
	tag := "Product management"
	return []web.Route{
		web.Write("POST /connector/api/product", org.Member, f.createProduct, web.Title(tag, "Create a new product"), may("product.create")),
		web.Write("PUT /connector/api/product/{id}", org.Member, f.updateProduct, web.Title(tag, "Update a product"), may("product.update")),
		web.Write("PATCH /connector/api/product/{id}", org.Member, f.updateProduct, web.Title(tag, "Update a product"), may("product.update")),
		// PHP clients cannot send a multipart PUT: they post with _method=PUT.
		web.Write("POST /connector/api/product/{id}", org.Member, f.updateProduct, may("product.update"), web.Hidden),
	}
}

// productFields are the fields of a product that clients send. What is null
// is as if it were not there.
type productFields struct {
	Name             wire.Text `json:"name" maxLength:"255" doc:"The name of the product"`
	Type             wire.Text `json:"type" doc:"The type of the product (single, variable, combo)"`
	SellPrice        numIn     `json:"selling_price" alias:"sell_price" minimum:"0" doc:"The default selling price excluding tax of the product"`
	PurchasePrice    numIn     `json:"purchase_price" minimum:"0" doc:"The default purchase price excluding tax of the product"`
	SKU              wire.Text `json:"sku" maxLength:"100" doc:"The sku of the product"`
	Brand            wire.Int  `json:"brand_id" doc:"The brand id of the product"`
	Category         wire.Int  `json:"category_id" doc:"The category id of the product"`
	SubCategory      wire.Int  `json:"sub_category_id" doc:"The sub category id of the product"`
	Unit             wire.Int  `json:"unit_id" doc:"The unit id of the product; without one the first unit"`
	Tax              wire.Int  `json:"tax" alias:"tax_id" doc:"The tax id of the product"`
	TaxType          wire.Text `json:"tax_type" doc:"inclusive or exclusive"`
	EnableStock      wire.Bool `json:"enable_stock" doc:"Is stock enabled for the product"`
	Alert            numIn     `json:"alert_quantity" minimum:"0" doc:"The low stock alert quantity of the product"`
	BarcodeType      wire.Text `json:"barcode_type" enum:"C128,C39,EAN13,EAN8,EAN-13,EAN-8,UPCA,UPCE,UPC-A,UPC-E," doc:"The barcode type of the product"`
	ExpiryPeriod     numIn     `json:"expiry_period" minimum:"0" doc:"The expiry period of the product"`
	ExpiryPeriodType wire.Text `json:"expiry_period_type" doc:"The expiry period type of the product (days, months)"`
	EnableSerial     wire.Bool `json:"enable_sr_no" doc:"The enable sr no of the product"`
	Weight           wire.Text `json:"weight" maxLength:"50" doc:"The weight of the product"`
	Custom1          wire.Text `json:"product_custom_field1" maxLength:"1000"`
	Custom2          wire.Text `json:"product_custom_field2" maxLength:"1000"`
	Custom3          wire.Text `json:"product_custom_field3" maxLength:"1000"`
	Custom4          wire.Text `json:"product_custom_field4" maxLength:"1000"`
	Description      wire.Text `json:"product_description" maxLength:"65535" doc:"The product description of the product"`
	Warranty         wire.Int  `json:"warranty_id" doc:"The warranty id of the product"`
	IsInactive       wire.Bool `json:"is_inactive" doc:"The is inactive of the product"`
	NotForSelling    wire.Bool `json:"not_for_selling" doc:"The not for selling of the product"`
	Image            any       `json:"image" doc:"Upload Photo as a file of the product if any or base64 encoded image"`
	Stations         idList    `json:"kds_stations" doc:"Array list of product kds stations id's"`
	Locations        idList    `json:"product_locations" doc:"Array list of product locations id's"`
	Menus            idList    `json:"product_menus" doc:"Array list of product menus id's"`
	SubUnits         idList    `json:"sub_unit_ids" doc:"Array list of unit ids in which it is sold too"`
	Axes             []axisIn  `json:"product_variations" maxItems:"100" doc:"required_if type=variable The variations list of the product"`
	Combo            []comboIn `json:"product_combo" maxItems:"500" doc:"required_if type=combo The combo list of the product"`
	ModifierSets     idList    `json:"product_modifier_sets" doc:"Array list of product modifier set ids"`
}

type axisIn struct {
	ID         wire.Int    `json:"product_variation_id" doc:"The id of the variation to edit, when empty it will create a new variation"`
	Name       wire.Text   `json:"name" maxLength:"255" doc:"The name of the variation"`
	Template   wire.Int    `json:"variation_template_id" doc:"The variation template id"`
	Variations []variantIn `json:"variations" maxItems:"1000" doc:"The variations along it"`
}

type variantIn struct {
	ID            wire.Int  `json:"variation_id" doc:"The id of the variation to edit, when empty it will create a new variation"`
	SKU           wire.Text `json:"sku" alias:"sub_sku" maxLength:"100" doc:"The sku of the variation"`
	Value         wire.Text `json:"value" alias:"name" maxLength:"255" doc:"The value of the variation"`
	ValueID       wire.Int  `json:"variation_value_id" doc:"The variation value id of the variation"`
	SellPrice     numIn     `json:"selling_price" alias:"default_sell_price" minimum:"0" doc:"The default sell price of the variation"`
	PurchasePrice numIn     `json:"purchase_price" alias:"default_purchase_price" minimum:"0" doc:"The default purchase price of the variation"`
}

type comboIn struct {
	Variation wire.Int `json:"variation_id" required:"true" doc:"The variation id"`
	Quantity  numIn    `json:"quantity" required:"true" exclusiveMinimum:"0" doc:"The quantity of the variation"`
	Unit      wire.Int `json:"unit_id" doc:"The unit id for the variation"`
}

// apply puts what was sent into a product, prices and variations apart.
func (in productFields) apply(c *web.Call, p *catalog.Product) error {
	for _, t := range []struct {
		in wire.Text
		to *string
	}{{in.Name, &p.Name}, {in.TaxType, &p.TaxType}, {in.BarcodeType, &p.BarcodeType}, {in.ExpiryPeriodType, &p.ExpiryPeriodType}, {in.Weight, &p.Weight},
		{in.Custom1, &p.Custom[0]}, {in.Custom2, &p.Custom[1]}, {in.Custom3, &p.Custom[2]}, {in.Custom4, &p.Custom[3]}, {in.Description, &p.Description}} {
		set(t.in, t.to)
	}
	if in.SKU.S != "" {
		p.Code = in.SKU.S
	}
	for _, i := range []struct {
		in wire.Int
		to *int64
	}{{in.Brand, &p.Brand}, {in.Category, &p.Category}, {in.SubCategory, &p.SubCategory}, {in.Unit, &p.Unit}, {in.Tax, &p.Tax}, {in.Warranty, &p.Warranty}} {
		*i.to = i.in.Or(*i.to)
	}
	for _, b := range []struct {
		in wire.Bool
		to *bool
	}{{in.EnableStock, &p.EnableStock}, {in.EnableSerial, &p.EnableSerial}, {in.IsInactive, &p.IsInactive}, {in.NotForSelling, &p.NotForSelling}} {
		*b.to = b.in.Or(*b.to)
	}
	if in.Alert.Set {
		p.AlertQuantity = in.Alert.Ptr()
	}
	if in.ExpiryPeriod.Set {
		p.ExpiryPeriod = in.ExpiryPeriod.Ptr()
	}
	for _, l := range []struct {
		in idList
		to *[]int64
	}{{in.Stations, &p.KDSStations}, {in.Menus, &p.Menus}, {in.Locations, &p.Locations}, {in.SubUnits, &p.SubUnits}, {in.ModifierSets, &p.ModifierSets}} {
		if l.in.Set {
			*l.to = l.in.IDs
		}
	}
	return c.Actor.MayUse(in.Locations.IDs...)
}

// parts are what a combo is made of.
func (in productFields) parts() []catalog.ComboPart {
	var out []catalog.ComboPart
	for _, m := range in.Combo {
		out = append(out, catalog.ComboPart{Item: m.Variation.N, Unit: m.Unit.N, Quantity: m.Quantity.D})
	}
	return out
}

// values finds the names of variation templates and their values, for
// clients that send only the ids.
type values struct{ axis, value map[int64]string }

func (in productFields) values(c *web.Call) (values, error) {
	v := values{map[int64]string{}, map[int64]string{}}
	if len(in.Axes) == 0 {
		return v, nil
	}
	list, err := catalog.ListTemplates(c.Tx)
	for _, t := range list {
		v.axis[t.ID] = t.Name
		for _, e := range t.Values {
			v.value[e.ID] = e.Name
		}
	}
	return v, err
}

func (v values) apply(in variantIn, to *catalog.Variant) {
	set(in.SKU, &to.Code)
	if in.ValueID.Set {
		to.VariationValue = in.ValueID.N
		to.VariationName = or(v.value[in.ValueID.N], to.VariationName)
	}
	to.VariationName = or(in.Value.S, to.VariationName)
	to.SellPrice, to.PurchasePrice = in.SellPrice.Or(to.SellPrice), in.PurchasePrice.Or(to.PurchasePrice)
}

type productNew struct {
	productFields
	Initial  numIn    `json:"initial_quantity" alias:"opening_stock" minimum:"0" doc:"Not in the reference: what is on hand at the start, of a single product"`
	Location wire.Int `json:"location_id" doc:"Not in the reference: where initial_quantity is"`
}

func (f *face) createProduct(c *web.Call, in productNew) (productMade, error) {
	pic, err := pictureIn(in.Image)
	if err != nil {
		return productMade{}, err
	}
	p := catalog.Product{Type: or(in.Type.S, catalog.Single), EnableStock: in.Initial.D > 0}
	if err := in.apply(c, &p); err != nil {
		return productMade{}, err
	}
	if err := in.needs(p); err != nil {
		return productMade{}, err
	}
	if p.Unit == 0 {
		u, err := catalog.DefaultUnit(c.Tx)
		if err != nil {
			return productMade{}, err
		}
		p.Unit = u.ID
	}
	if err := in.fill(c, &p); err != nil {
		return productMade{}, err
	}
	if err := catalog.FillTemplates(c.Tx, &p); err != nil {
		return productMade{}, err
	}
	if p, err = catalog.CreateProduct(c.Tx, p); err != nil {
		return productMade{}, skuTaken(err)
	}
	if pic != nil {
		if p, err = catalog.SetPicture(c.Tx, p, *pic); err != nil {
			return productMade{}, err
		}
	}
	if err := in.open(c, p); err != nil {
		return productMade{}, err
	}
	return f.productMade(c, p)
}

// needs says which fields a new product lacks.
func (in productNew) needs(p catalog.Product) error {
	var flaws []fault.Flaw
	need := func(missing bool, field string) {
		if missing {
			flaws = append(flaws, fault.Flaw{Field: field, Msg: "is required"})
		}
	}
	need(p.Name == "", "name")
	switch p.Type {
	case catalog.Single:
		need(!in.SellPrice.Set, "selling_price")
		need(!in.PurchasePrice.Set, "purchase_price")
	case catalog.Combo:
		need(!in.SellPrice.Set, "selling_price")
		need(len(in.Combo) == 0, "product_combo")
	case catalog.Variable:
		need(len(in.Axes) == 0, "product_variations")
		for a, axis := range in.Axes {
			for v, e := range axis.Variations {
				at := "product_variations." + strconv.Itoa(a) + ".variations." + strconv.Itoa(v)
				need(!e.SellPrice.Set && !in.SellPrice.Set, at+".selling_price")
				need(e.Value.S == "" && e.ValueID.N == 0, at+".value")
			}
		}
	default:
		flaws = append(flaws, fault.Flaw{Field: "type", Msg: "must be one of single, variable, combo"})
	}
	return fault.Flaws(flaws)
}

// fill makes a new product's variations.
func (in productNew) fill(c *web.Call, p *catalog.Product) error {
	names, err := in.values(c)
	if err != nil {
		return err
	}
	whole := catalog.Variant{Item: catalog.Item{SellPrice: in.SellPrice.D, PurchasePrice: in.PurchasePrice.D}}
	if p.Type != catalog.Variable {
		if p.Type == catalog.Combo {
			whole.Parts = in.parts()
		}
		p.Variations = []catalog.Variation{{Items: []catalog.Variant{whole}}}
		return nil
	}
	for _, a := range in.Axes {
		axis := catalog.Variation{Name: or(a.Name.S, names.axis[a.Template.N]), Template: a.Template.N}
		for _, v := range a.Variations {
			item := whole
			names.apply(v, &item)
			axis.Items = append(axis.Items, item)
		}
		p.Variations = append(p.Variations, axis)
	}
	return nil
}

// open posts what a client says is on hand at the start.
func (in productNew) open(c *web.Call, p catalog.Product) error {
	if in.Initial.D == 0 {
		return nil
	}
	if p.Type != catalog.Single {
		return fault.Field("initial_quantity", "is for single products only")
	}
	s, err := org.LoadSettings(c.Tx)
	if err != nil {
		return err
	}
	at := in.Location.Or(s.DefaultLocation)
	if err := c.Actor.MayUse(at); err != nil {
		return err
	}
	i := p.Variations[0].Items[0]
	_, err = stock.Post(c.Tx, stock.Policy{}, stock.Entry{Item: i.ID, Location: at, Event: stock.Adjust, Quantity: in.Initial.D, UnitCost: &i.PurchasePrice,
		Notes: "opening stock", Doc: stock.Doc{Type: "opening", ID: p.ID}})
	if fault.Is(err, fault.NotFound) {
		return fault.Field("location_id", "does not exist")
	}
	return err
}

// skuTaken names the field of a code that is not unique as this face does.
func skuTaken(err error) error {
	if fault.Is(err, fault.Conflict) {
		return &fault.Error{Kind: fault.Invalid, Msg: "sku is taken", Fields: []fault.Flaw{{Field: "sku", Msg: "has already been taken"}}, Err: err}
	}
	return err
}

func (f *face) productMade(c *web.Call, p catalog.Product) (productMade, error) {
	s, err := f.newShelf(c)
	if err != nil {
		return productMade{}, err
	}
	list := []catalog.Product{p}
	if err := s.load(c, list, itemsOf(list), shelfAsk{at: c.Actor.Places.List()}); err != nil {
		return productMade{}, err
	}
	return productMade{ID: p.ID, Business: c.Org, SKU: p.Code, Name: p.Name, Type: p.Type, SubUnits: p.SubUnits, EnableStock: wire.Bit(p.EnableStock),
		Alert: wire.Dec4N{D: p.AlertQuantity}, productCore: s.core(&p, true)}, nil
}
