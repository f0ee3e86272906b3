package native

import (
	"time"

	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// Price reductions for a time, which the pos face shows with its products.
func init() {
	op := func(title string) web.Opt { return web.Title("Discounts", title) }
	routes = append(routes, []web.Route{
		web.Read("GET /v1/discounts", org.Viewer, listDiscounts, op("List discounts"), web.Doc("The highest priority first.")),
		web.Write("POST /v1/discounts", org.Admin, createDiscount, web.Created, op("Make a discount"),
			web.Doc("What it is limited to (a brand, a category, a location, a price group, SKUs) is 0 or empty where it is not.")),
		web.Write("PATCH /v1/discounts/{id}", org.Admin, changeDiscount, op("Change a discount")),
		web.Write("DELETE /v1/discounts/{id}", org.Admin, deleteDiscount, op("Delete a discount"), web.Doc("Sales keep the figures they were made with.")),
	})
}

type discountOut struct {
	ID         int64     `json:"id"`
	Name       string    `json:"name"`
	Type       string    `json:"type" enum:"fixed,percentage"`
	Amount     wire.Dec  `json:"amount"`
	Priority   int64     `json:"priority"`
	Brand      wire.IntN `json:"brandId"`
	Category   wire.IntN `json:"categoryId"`
	Location   wire.IntN `json:"locationId"`
	PriceGroup wire.IntN `json:"priceGroupId"`
	Items      []int64   `json:"itemIds"`
	StartsAt   wire.ISO  `json:"startsAt"`
	EndsAt     wire.ISO  `json:"endsAt"`
	IsActive   bool      `json:"isActive"`
	InGroups   bool      `json:"inCustomerGroups"`
	CreatedAt  wire.ISO  `json:"createdAt"`
	UpdatedAt  wire.ISO  `json:"updatedAt"`
}

func discountOf(d catalog.Discount) discountOut {
	items := d.Items
	if items == nil {
		items = []int64{}
	}
	return discountOut{d.ID, d.Name, d.Type, wire.Dec(d.Amount), d.Priority, wire.IntN(d.Brand), wire.IntN(d.Category), wire.IntN(d.Location),
		wire.IntN(d.PriceGroup), items, wire.ISO(d.StartsAt), wire.ISO(d.EndsAt), d.IsActive, d.InCustomerGroups, wire.ISO(d.CreatedAt), wire.ISO(d.UpdatedAt)}
}

func listDiscounts(c *web.Call, _ web.None) (listOut[discountOut], error) {
	list, err := catalog.ListDiscounts(c.Tx)
	return mapped(list, discountOf, err)
}

// discountFields are the core's names of fields in the face's own.
var discountFields = map[string]string{"discount_type": "type", "discount_amount": "amount", "starts_at": "startsAt", "ends_at": "endsAt", "items": "itemIds",
	"brand_id": "brandId", "category_id": "categoryId", "location_id": "locationId", "spg": "priceGroupId"}

// discountIn is what a discount may be given beside its name, type and amount.
type discountIn struct {
	Priority   *int64   `json:"priority" minimum:"0"`
	Brand      *int64   `json:"brandId" minimum:"0"`
	Category   *int64   `json:"categoryId" minimum:"0"`
	Location   *int64   `json:"locationId" minimum:"0"`
	PriceGroup *int64   `json:"priceGroupId" minimum:"0"`
	Items      *[]int64 `json:"itemIds" maxItems:"1000" doc:"All of them."`
	StartsAt   *string  `json:"startsAt" doc:"2026-01-02T15:04:05Z; empty is at once."`
	EndsAt     *string  `json:"endsAt" doc:"Empty is never."`
	IsActive   *bool    `json:"isActive"`
	InGroups   *bool    `json:"inCustomerGroups" doc:"For customers in a group too."`
}

func (in discountIn) apply(d *catalog.Discount) error {
	set(&d.Priority, in.Priority)
	set(&d.Brand, in.Brand)
	set(&d.Category, in.Category)
	set(&d.Location, in.Location)
	set(&d.PriceGroup, in.PriceGroup)
	set(&d.Items, in.Items)
	set(&d.IsActive, in.IsActive)
	set(&d.InCustomerGroups, in.InGroups)
	var flaws []fault.Flaw
	for _, x := range []struct {
		field string
		given *string
		to    *time.Time
	}{{"startsAt", in.StartsAt, &d.StartsAt}, {"endsAt", in.EndsAt, &d.EndsAt}} {
		if x.given == nil {
			continue
		}
		*x.to = time.Time{}
		if *x.given == "" {
			continue
		}
		t, err := time.Parse(time.RFC3339, *x.given)
		if err != nil {
			flaws = append(flaws, fault.Flaw{Field: x.field, Msg: "must be a time like 2026-01-02T15:04:05Z"})
		}
		*x.to = t.UTC()
	}
	if d.Type == percentage && d.Amount > dec.Int(100) {
		flaws = append(flaws, fault.Flaw{Field: "amount", Msg: "must be at most 100 per cent"})
	}
	return fault.Flaws(flaws)
}

type newDiscount struct {
	Name   string   `json:"name" required:"true" minLength:"1" maxLength:"255"`
	Type   string   `json:"type" required:"true" enum:"fixed,percentage"`
	Amount wire.Num `json:"amount" required:"true" minimum:"0" maximum:"1000000000"`
	discountIn
}

func createDiscount(c *web.Call, in newDiscount) (discountOut, error) {
	d := catalog.Discount{Name: in.Name, Type: in.Type, Amount: in.Amount.D, IsActive: true}
	if err := in.apply(&d); err != nil {
		return discountOut{}, err
	}
	d, err := catalog.CreateDiscount(c.Tx, d)
	return discountOf(d), named(err, discountFields)
}

type discountChange struct {
	pathID
	Name   *string  `json:"name" minLength:"1" maxLength:"255"`
	Type   *string  `json:"type" enum:"fixed,percentage"`
	Amount wire.Num `json:"amount" minimum:"0" maximum:"1000000000"`
	discountIn
}

func changeDiscount(c *web.Call, in discountChange) (discountOut, error) {
	d, err := catalog.GetDiscount(c.Tx, in.ID)
	if err != nil {
		return discountOut{}, err
	}
	set(&d.Name, in.Name)
	set(&d.Type, in.Type)
	setNum(&d.Amount, in.Amount)
	if err := in.apply(&d); err != nil {
		return discountOut{}, err
	}
	d, err = catalog.UpdateDiscount(c.Tx, d)
	return discountOf(d), named(err, discountFields)
}

func deleteDiscount(c *web.Call, in pathID) (deletedOut, error) {
	return deletedOut{in.ID}, catalog.DeleteDiscount(c.Tx, in.ID)
}
