package pos

import (
	"strconv"

	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).modifierRoutes) }

func (f *face) modifierRoutes() []web.Route {
	tag := "Product management"
	return []web.Route{
		web.Read("GET /connector/api/modifier", org.Viewer, f.listModifiers, web.Title(tag, "List Modifiers"), may("product.view"), web.Shape[pageOf[modifierList]]()),
		web.Write("POST /connector/api/modifier", org.Member, f.createModifier, web.Title(tag, "Create a new modifier"), may("product.create")),
		web.Write("PUT /connector/api/modifier/{id}", org.Member, f.updateModifier, web.Title(tag, "Update a modifier"), may("product.update")),
		web.Write("PATCH /connector/api/modifier/{id}", org.Member, f.updateModifier, web.Title(tag, "Update a modifier"), may("product.update"), web.Hidden),
		web.Write("POST /connector/api/product/{id}/attach-modifiers", org.Member, f.attachModifiers, web.Title(tag, "Attach a product to modifiers"), may("product.update")),
		web.Write("POST /connector/api/product/{id}/detach-modifiers", org.Member, f.detachModifiers, web.Title(tag, "Detach a product from modifiers"), may("product.update")),
	}
}

// modifierList is a modifier set on its own. The reference prints the fields
// of a variation template here: they come first, with the modifiers as its
// values; then follow the set's own, as a product shows it.
type modifierList struct {
	ID        int64           `json:"id"`
	Name      string          `json:"name"`
	Business  int64           `json:"business_id"`
	CreatedAt wire.Stamp      `json:"created_at"`
	UpdatedAt wire.Stamp      `json:"updated_at"`
	Values    []modifierValue `json:"values"`
	Type      string          `json:"type"`
	SKU       string          `json:"sku"`
	TaxType   string          `json:"tax_type"`
	Stations  []int64         `json:"kds_stations" nullable:"true"`
	Inactive  wire.Bit        `json:"is_inactive"`
	ImageURL  string          `json:"image_url"`
	Pivot     *setPivot       `json:"pivot,omitempty"`
	Modifiers []modifierOut   `json:"variations"`
}

type modifierValue struct {
	ID        int64      `json:"id"`
	Set       int64      `json:"variation_template_id"`
	Name      string     `json:"name"`
	CreatedAt wire.Stamp `json:"created_at"`
	UpdatedAt wire.Stamp `json:"updated_at"`
	Price     wire.Dec4  `json:"price"`
}

func (s *shelf) modifiers(p *catalog.Product, product int64) modifierList {
	set := s.modifierSet(p, product)
	out := modifierList{ID: p.ID, Name: p.Name, Business: s.org, CreatedAt: s.at(p.CreatedAt), UpdatedAt: s.at(p.UpdatedAt), Values: []modifierValue{},
		Type: p.Type, SKU: p.Code, TaxType: p.TaxType, Stations: p.KDSStations, Inactive: wire.Bit(p.IsInactive), ImageURL: set.ImageURL, Pivot: set.Pivot,
		Modifiers: set.Variations}
	for _, a := range p.Variations {
		for _, v := range a.Items {
			if v.IsActive {
				out.Values = append(out.Values, modifierValue{v.ID, p.ID, v.VariationName, s.at(v.CreatedAt), s.at(v.UpdatedAt), wire.Dec4(v.SellPriceIncTax)})
			}
		}
	}
	return out
}

func (f *face) listModifiers(c *web.Call, in paging) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	s, err := f.newShelf(c)
	if err != nil {
		return nil, err
	}
	list, err := catalog.ListProducts(c.Tx, catalog.ProductFilter{Types: []string{catalog.Modifier}})
	if err != nil {
		return nil, err
	}
	rows := make([]modifierList, len(list))
	for n := range list {
		rows[n] = s.modifiers(&list[n], 0)
	}
	return listed(f, c, in, rows)
}

type modifierSetIn struct {
	Name      wire.Text `json:"name" required:"true" nonempty:"true" maxLength:"255" doc:"The name of the modifier"`
	Modifiers []struct {
		Name  wire.Text `json:"value" alias:"name" required:"true" nonempty:"true" maxLength:"255" doc:"The value of the modifier"`
		Price numIn     `json:"price" required:"true" minimum:"0" doc:"The price of the modifier"`
	} `json:"modifiers" required:"true" minItems:"1" maxItems:"500" doc:"The modifiers list of the modifier"`
}

// modifier is an item of a set: it costs what it is sold for.
func modifier(name string, price numIn) catalog.Variant {
	return catalog.Variant{Item: catalog.Item{VariationName: name, PurchasePrice: price.D, SellPrice: price.D, IsActive: true}}
}

func (f *face) createModifier(c *web.Call, in modifierSetIn) (data[[]modifierList], error) {
	var none data[[]modifierList]
	axis := catalog.Variation{}
	for _, m := range in.Modifiers {
		axis.Items = append(axis.Items, modifier(m.Name.S, m.Price))
	}
	p, err := catalog.CreateProduct(c.Tx, catalog.Product{Type: catalog.Modifier, Name: in.Name.S, TaxType: "inclusive", Variations: []catalog.Variation{axis}})
	if err != nil {
		return none, err
	}
	return f.shownModifiers(c, 0, p.ID)
}

// shownModifiers answers sets, as a list; product is the one that offers them.
func (f *face) shownModifiers(c *web.Call, product int64, sets ...int64) (data[[]modifierList], error) {
	var none data[[]modifierList]
	s, err := f.newShelf(c)
	if err != nil {
		return none, err
	}
	list, err := catalog.GetProducts(c.Tx, sets)
	if err != nil {
		return none, err
	}
	rows := make([]modifierList, len(list))
	for n := range list {
		rows[n] = s.modifiers(&list[n], product)
	}
	return data[[]modifierList]{rows}, nil
}

type modifierChange struct {
	ID        rowID     `path:"id" doc:"The id of the modifier set"`
	Name      wire.Text `json:"name" maxLength:"255" doc:"The name of the modifier set"`
	Modifiers []struct {
		ID    wire.Int  `json:"modifier_id" doc:"The id of the modifier to edit, when empty it will create a new modifier"`
		Name  wire.Text `json:"value" alias:"name" maxLength:"255" doc:"The value of the modifier"`
		Price numIn     `json:"price" minimum:"0" doc:"The price of the modifier"`
	} `json:"modifiers" maxItems:"500" doc:"The modifiers list of the modifier set; those left out are switched off"`
}

func (f *face) updateModifier(c *web.Call, in modifierChange) (data[[]modifierList], error) {
	var none data[[]modifierList]
	p, err := lockProduct(c, in.ID.N)
	if err != nil {
		return none, err
	}
	if p.Type != catalog.Modifier || len(p.Variations) == 0 {
		return none, noResults("Product", strconv.FormatInt(in.ID.N, 10))
	}
	if in.Name.Set {
		p.Name = in.Name.S
	}
	if in.Modifiers != nil {
		if err := in.apply(&p.Variations[0]); err != nil {
			return none, err
		}
	}
	if _, err := catalog.UpdateProduct(c.Tx, p); err != nil {
		return none, err
	}
	return f.shownModifiers(c, 0, p.ID)
}

// apply changes the modifiers of a set. Sales may refer to those left out, so
// they are only switched off; one that is named again comes back.
func (in modifierChange) apply(axis *catalog.Variation) error {
	at := map[int64]int{}
	for n := range axis.Items {
		axis.Items[n].IsActive = false
		at[axis.Items[n].ID] = n
	}
	for n, m := range in.Modifiers {
		field := "modifiers." + strconv.Itoa(n)
		if m.ID.N == 0 {
			if m.Name.S == "" || !m.Price.Set {
				return fault.Field(field, "needs a value and a price")
			}
			axis.Items = append(axis.Items, modifier(m.Name.S, m.Price))
			continue
		}
		i, ok := at[m.ID.N]
		if !ok {
			return fault.Field(field+".modifier_id", "does not exist")
		}
		v := &axis.Items[i]
		v.IsActive = true
		if m.Name.S != "" {
			v.VariationName = m.Name.S
		}
		if m.Price.Set {
			v.PurchasePrice, v.SellPrice = m.Price.D, m.Price.D
		}
	}
	return nil
}

type attachIn struct {
	ID   rowID  `path:"id" doc:"The id of the product"`
	Sets idList `json:"modifier_sets" required:"true" doc:"The modifier set ids list of the product"`
}

func (f *face) attachModifiers(c *web.Call, in attachIn) (data[[]modifierList], error) {
	return f.setModifiers(c, in.ID.N, in.Sets.IDs, nil)
}

func (f *face) detachModifiers(c *web.Call, in attachIn) (data[[]modifierList], error) {
	return f.setModifiers(c, in.ID.N, nil, in.Sets.IDs)
}

func (f *face) setModifiers(c *web.Call, product int64, attach, detach []int64) (data[[]modifierList], error) {
	if _, err := lockProduct(c, product); err != nil {
		return data[[]modifierList]{}, err
	}
	p, err := catalog.SetModifierSets(c.Tx, product, attach, detach)
	if err != nil {
		return data[[]modifierList]{}, err
	}
	return f.shownModifiers(c, p.ID, p.ModifierSets...)
}

// lockProduct reads a product that is about to be changed.
func lockProduct(c *web.Call, id int64) (catalog.Product, error) {
	p, err := catalog.LockProduct(c.Tx, id)
	if fault.Is(err, fault.NotFound) {
		return p, noResults("Product", strconv.FormatInt(id, 10))
	}
	return p, err
}
