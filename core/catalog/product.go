package catalog

import (
	"fmt"
	"slices"
	"strconv"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// ProductVerdict is what became of a product of an import: the product, or
// why not.
type ProductVerdict struct {
	Product Product
	Err     error
}

// CreateProduct adds a product with its variations and items. A code that is
// taken is a Conflict; without one, the product's padded id is the code, and
// the items of a variable product are numbered below it. Prices without tax
// rule; Locations nil means every active location, also those to come.
func CreateProduct(tx *db.Tx, p Product) (Product, error) {
	list, err := CreateProducts(tx, []Product{p})
	if err != nil {
		return p, err
	}
	return list[0].Product, list[0].Err
}

// CreateProducts adds products in few statements, whatever their number. A
// product at fault does not stop the others.
func CreateProducts(tx *db.Tx, list []Product) ([]ProductVerdict, error) {
	c, err := newChecker(tx, list)
	if err != nil {
		return nil, err
	}
	out := make([]ProductVerdict, len(list))
	var good []*Product
	for i := range list {
		p := copyTree(list[i])
		out[i].Err = c.check(&p)
		out[i].Product = p
		if out[i].Err == nil {
			good = append(good, &out[i].Product)
		}
	}
	if err := identify(tx, good, c); err != nil {
		return nil, err
	}
	codes, err := newCodes(tx, good)
	if err != nil {
		return nil, err
	}
	var rows []Product
	for i := range out {
		if out[i].Err != nil {
			continue
		}
		p := &out[i].Product
		if out[i].Err = codes.assign(p); out[i].Err != nil {
			continue
		}
		if out[i].Err = derive(p, c); out[i].Err == nil {
			rows = append(rows, *p)
		}
	}
	return out, insertProducts(tx, rows)
}

// copyTree copies what check and derive change, so that the caller's product
// stays as it was given.
func copyTree(p Product) Product {
	p.Variations = slices.Clone(p.Variations)
	for v := range p.Variations {
		p.Variations[v].Items = slices.Clone(p.Variations[v].Items)
		for i := range p.Variations[v].Items {
			p.Variations[v].Items[i].Prices = slices.Clone(p.Variations[v].Items[i].Prices)
			p.Variations[v].Items[i].Media = slices.Clone(p.Variations[v].Items[i].Media)
		}
	}
	return p
}

// identify gives ids, owners, times and default locations to new products.
func identify(tx *db.Tx, list []*Product, c *checker) error {
	var axes, items, prices, media int
	for _, p := range list {
		axes += len(p.Variations)
		for _, v := range p.Variations {
			items += len(v.Items)
			for _, i := range v.Items {
				prices, media = prices+len(i.Prices), media+len(i.Media)
			}
		}
	}
	next := map[string]int64{}
	for series, n := range map[string]int{"product": len(list), "product_variation": axes, "item": items, "item_price": prices, "item_media": media} {
		id, err := tx.NextIDs(series, n)
		if err != nil {
			return err
		}
		next[series] = id
	}
	take := func(series string) int64 { next[series]++; return next[series] - 1 }
	for _, p := range list {
		p.ID, p.CreatedBy, p.CreatedAt, p.UpdatedAt = take("product"), tx.Actor, tx.Now, tx.Now
		if p.Locations == nil {
			p.Locations, p.Everywhere = slices.Clone(c.locations[:c.active]), true
		}
		for vi := range p.Variations {
			v := &p.Variations[vi]
			v.ID, v.Product, v.CreatedAt, v.UpdatedAt = take("product_variation"), p.ID, tx.Now, tx.Now
			for ii := range v.Items {
				i := &v.Items[ii]
				i.ID, i.Kind, i.Product, i.Variation, i.CreatedBy, i.CreatedAt, i.UpdatedAt = take("item"), SKU, p.ID, v.ID, tx.Actor, tx.Now, tx.Now
				i.IsActive = true
				for m := range i.Prices {
					i.Prices[m].ID, i.Prices[m].Item, i.Prices[m].CreatedAt, i.Prices[m].UpdatedAt = take("item_price"), i.ID, tx.Now, tx.Now
				}
				for m := range i.Media {
					i.Media[m].ID, i.Media[m].Item, i.Media[m].UploadedBy, i.Media[m].CreatedAt, i.Media[m].UpdatedAt = take("item_media"), i.ID, tx.Actor, tx.Now, tx.Now
				}
			}
		}
	}
	return nil
}

// dummy is what the till calls the variation of a product that has none.
const dummy = "DUMMY"

// derive fills in what follows from other fields: names and prices with tax.
func derive(p *Product, c *checker) error {
	tax := c.taxes[p.Tax].Amount
	for vi := range p.Variations {
		v := &p.Variations[vi]
		v.IsDummy = p.Type != Variable
		if v.IsDummy || v.Name == "" {
			v.Name = dummy
		}
		for ii := range v.Items {
			i := &v.Items[ii]
			if p.Type == Single || p.Type == Combo {
				i.VariationName = dummy
			}
			i.Name = or(i.Name, itemName(p, i.VariationName))
			if err := i.price(tax); err != nil {
				return fault.Field("selling_price", "is too big")
			}
		}
	}
	return nil
}

// itemName is the name that an item has unless it was given one.
func itemName(p *Product, variation string) string {
	if p.Type == Single || p.Type == Combo || variation == "" || variation == dummy {
		return p.Name
	}
	return cut(p.Name+" - "+variation, 255)
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// codes knows which codes are taken and gives new ones.
type codes struct{ product, item map[string]bool }

// newCodes reads which of the codes that products want, or would be given,
// are taken.
func newCodes(tx *db.Tx, list []*Product) (*codes, error) {
	var want []string
	for _, p := range list {
		base := or(p.Code, padded(p.ID, 4))
		want = append(want, base)
		if p.Code == "" { // longer ones, should the first be taken
			want = append(want, padded(p.ID, 5), padded(p.ID, 6), padded(p.ID, 7))
		}
		n := 0
		for _, v := range p.Variations {
			for _, i := range v.Items {
				n++
				want = append(want, or(i.Code, base+"-"+strconv.Itoa(n)))
			}
		}
	}
	c := &codes{map[string]bool{}, map[string]bool{}}
	for part := range slices.Chunk(want, maxIn) {
		for _, q := range []struct {
			sql  string
			into map[string]bool
		}{{`SELECT code FROM product WHERE org_id = ? AND code IN (`, c.product}, {`SELECT code FROM item WHERE org_id = ? AND kind = 'sku' AND code IN (`, c.item}} {
			err := tx.Each(func(r db.Row) error {
				var s string
				err := r.Scan(&s)
				q.into[s] = true
				return err
			}, q.sql+db.Marks(len(part))+`)`, append([]any{tx.Org}, db.Args(part)...)...)
			if err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

// assign gives a product and its items their codes and takes them. An item
// without variations has its product's code.
func (c *codes) assign(p *Product) error {
	if p.Code == "" && p.Type != Variable && p.Type != Modifier {
		p.Code = p.Variations[0].Items[0].Code
	}
	plain := p.Type == Single || p.Type == Combo
	if p.Code == "" {
		for width := 4; p.Code == "" || c.product[p.Code] || plain && c.item[p.Code]; width++ {
			p.Code = padded(p.ID, width)
		}
	} else if c.product[p.Code] {
		return takenCode(fault.New(fault.Conflict, ""))
	}
	n := 0
	mine := map[string]bool{}
	for vi := range p.Variations {
		for ii := range p.Variations[vi].Items {
			i := &p.Variations[vi].Items[ii]
			n++
			if plain {
				i.Code = p.Code
			}
			if i.Code == "" {
				i.Code = p.Code + "-" + strconv.Itoa(n)
				for c.item[i.Code] || mine[i.Code] {
					n++
					i.Code = p.Code + "-" + strconv.Itoa(n)
				}
			}
			if c.item[i.Code] || mine[i.Code] {
				return takenCode(fault.New(fault.Conflict, ""))
			}
			mine[i.Code] = true
		}
	}
	c.product[p.Code] = true
	for code := range mine {
		c.item[code] = true
	}
	return nil
}

func padded(id int64, width int) string { return fmt.Sprintf("%0*d", width, id) }
