package native

import (
	"regexp"

	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() {
	op := func(title string) web.Opt { return web.Title("Lists", title) }
	routes = append(routes, []web.Route{
		web.Write("PUT /v1/price-groups/{id}/prices", org.Admin, setGroupPrices, op("Set what SKUs cost in a price group"),
			web.Doc("With tax. Null, or no price, takes the price away, so that the SKU's own holds there again; what is not named keeps its price. All or nothing.")),
	})
}

type groupPrices struct {
	pathID
	Prices []itemPrice `json:"prices" required:"true" minItems:"1" maxItems:"1000"`
}

type itemPrice struct {
	Item  anyID    `json:"itemId" required:"true"`
	Price wire.Num `json:"price" minimum:"0" maximum:"1000000000" doc:"With tax."`
}

type pricesSet struct {
	Group  int64      `json:"priceGroupId"`
	Prices []priceSet `json:"prices"`
}

type priceSet struct {
	Item  int64     `json:"itemId"`
	Price wire.DecN `json:"price"`
}

// atItem is a price's item in the core's words.
var atItem = regexp.MustCompile(`\.item_id$`)

func setGroupPrices(c *web.Call, in groupPrices) (pricesSet, error) {
	out := pricesSet{Group: in.ID, Prices: []priceSet{}}
	if _, err := lookup.Get(c.Tx, lookup.PriceGroup, in.ID); err != nil {
		return out, err
	}
	var list []catalog.GroupPrice
	for _, p := range in.Prices {
		item, err := p.Item.of(wire.KindItem, "item")
		if err != nil {
			return out, err
		}
		list = append(list, catalog.GroupPrice{Item: item, Price: p.Price.Ptr()})
		out.Prices = append(out.Prices, priceSet{item, wire.DecN{D: p.Price.Ptr()}})
	}
	err := catalog.SetGroupPrices(c.Tx, in.ID, list)
	if fault.Is(err, fault.Invalid) {
		names := map[string]string{}
		for _, f := range fault.Of(err).Fields {
			names[f.Field] = atItem.ReplaceAllString(f.Field, ".itemId")
		}
		err = named(err, names)
	}
	return out, err
}
