package pos

import (
	"strconv"

	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/face/web"
)

type productChange struct {
	ID rowID `path:"id" doc:"The id of the product"`
	productFields
}

// updateProduct changes what was sent; the rest stays. The type of a product
// never changes.
func (f *face) updateProduct(c *web.Call, in productChange) (productMade, error) {
	pic, err := pictureIn(in.Image)
	if err != nil {
		return productMade{}, err
	}
	p, err := lockProduct(c, in.ID.N)
	if err != nil {
		return productMade{}, err
	}
	switch {
	case p.Type == catalog.Modifier:
		return productMade{}, noResults("Product", strconv.FormatInt(in.ID.N, 10))
	case in.Type.S != "" && in.Type.S != p.Type:
		return productMade{}, fault.Field("type", "cannot be changed")
	}
	if err := in.apply(c, &p); err != nil {
		return productMade{}, err
	}
	if err := in.change(c, &p); err != nil {
		return productMade{}, err
	}
	if err := catalog.FillTemplates(c.Tx, &p); err != nil {
		return productMade{}, err
	}
	if p, err = catalog.UpdateProduct(c.Tx, p); err != nil {
		return productMade{}, skuTaken(err)
	}
	if pic != nil {
		if p, err = catalog.SetPicture(c.Tx, p, *pic); err != nil {
			return productMade{}, err
		}
	}
	return f.productMade(c, p)
}

// change puts prices and variations into a stored product: those that are
// named are edited, those without an id are new.
func (in productChange) change(c *web.Call, p *catalog.Product) error {
	if p.Type != catalog.Variable {
		i := &p.Variations[0].Items[0]
		i.SellPrice, i.PurchasePrice = in.SellPrice.Or(i.SellPrice), in.PurchasePrice.Or(i.PurchasePrice)
		if p.Type == catalog.Combo && in.Combo != nil {
			i.Parts = in.parts()
		}
		return nil
	}
	names, err := in.values(c)
	if err != nil {
		return err
	}
	for n, a := range in.Axes {
		field := "product_variations." + strconv.Itoa(n)
		axis, err := axisOf(p, a, field)
		if err != nil {
			return err
		}
		if a.Template.Set {
			axis.Template = a.Template.N
		}
		axis.Name = or(a.Name.S, or(axis.Name, names.axis[a.Template.N]))
		for m, v := range a.Variations {
			at := field + ".variations." + strconv.Itoa(m)
			if v.ID.N == 0 {
				if v.Value.S == "" && v.ValueID.N == 0 {
					return fault.Field(at+".value", "is required")
				}
				if !v.SellPrice.Set && !in.SellPrice.Set {
					return fault.Field(at+".selling_price", "is required")
				}
				item := catalog.Variant{Item: catalog.Item{SellPrice: in.SellPrice.D, PurchasePrice: in.PurchasePrice.D}}
				names.apply(v, &item)
				axis.Items = append(axis.Items, item)
				continue
			}
			item := variantOf(axis, v.ID.N)
			if item == nil {
				return fault.Field(at+".variation_id", "does not exist")
			}
			names.apply(v, item)
		}
	}
	return nil
}

// axisOf returns the axis that a client means: the one it names, a new one,
// or, when it names none, the one that holds the variations it names.
func axisOf(p *catalog.Product, in axisIn, field string) (*catalog.Variation, error) {
	for n := range p.Variations {
		axis := &p.Variations[n]
		if in.ID.N != 0 && axis.ID == in.ID.N {
			return axis, nil
		}
		for _, v := range in.Variations {
			if in.ID.N == 0 && v.ID.N != 0 && variantOf(axis, v.ID.N) != nil {
				return axis, nil
			}
		}
	}
	if in.ID.N != 0 {
		return nil, fault.Field(field+".product_variation_id", "does not exist")
	}
	p.Variations = append(p.Variations, catalog.Variation{})
	return &p.Variations[len(p.Variations)-1], nil
}

func variantOf(axis *catalog.Variation, id int64) *catalog.Variant {
	for i := range axis.Items {
		if axis.Items[i].ID == id {
			return &axis.Items[i]
		}
	}
	return nil
}
