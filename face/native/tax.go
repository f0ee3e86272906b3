package native

import (
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// Tax rates and groups of them. The pos face shows them and has no words for
// making them.
func init() {
	op := func(title string) web.Opt { return web.Title("Taxes", title) }
	routes = append(routes, []web.Route{
		web.Read("GET /v1/taxes", org.Viewer, listTaxes, op("List taxes")),
		web.Write("POST /v1/taxes", org.Admin, createTax, web.Created, op("Make a tax"),
			web.Doc("A rate has an amount; a group has parts, and its amount is their sum.")),
		web.Write("PATCH /v1/taxes/{id}", org.Admin, changeTax, op("Change a tax"),
			web.Doc("A new amount goes into the groups that have the rate and into the prices of the products that use it. Sales keep what they were made with.")),
		web.Write("DELETE /v1/taxes/{id}", org.Admin, deleteTax, op("Delete a tax that nothing uses")),
	})
}

type taxOut struct {
	ID        int64    `json:"id"`
	Name      string   `json:"name"`
	Amount    wire.Dec `json:"amount" doc:"Per cent."`
	ForGroup  bool     `json:"forGroup" doc:"Only to be used inside groups."`
	Parts     []int64  `json:"parts" doc:"The rates of a group; a single rate has none."`
	CreatedAt wire.ISO `json:"createdAt"`
	UpdatedAt wire.ISO `json:"updatedAt"`
}

func taxOf(t catalog.Tax) taxOut {
	parts := t.Parts
	if parts == nil {
		parts = []int64{}
	}
	return taxOut{t.ID, t.Name, wire.Dec(t.Amount), t.ForGroup, parts, wire.ISO(t.CreatedAt), wire.ISO(t.UpdatedAt)}
}

func listTaxes(c *web.Call, _ web.None) (listOut[taxOut], error) {
	list, err := catalog.ListTaxes(c.Tx)
	return mapped(list, taxOf, err)
}

// taxFields are the core's names of fields in the face's own.
var taxFields = map[string]string{"taxes": "parts"}

type newTax struct {
	Name     string   `json:"name" required:"true" minLength:"1" maxLength:"255"`
	Amount   wire.Num `json:"amount" minimum:"0" maximum:"1000" doc:"Per cent; of a group it follows from its parts."`
	ForGroup bool     `json:"forGroup"`
	Parts    []int64  `json:"parts" doc:"Ids of the single rates of which a group is made."`
}

func createTax(c *web.Call, in newTax) (taxOut, error) {
	t := catalog.Tax{Name: in.Name, ForGroup: in.ForGroup, Parts: in.Parts, Amount: in.Amount.D}
	if in.Amount.Set == (len(in.Parts) > 0) {
		return taxOut{}, fault.Field("amount", "or parts: a rate has the one, a group the other")
	}
	t, err := catalog.CreateTax(c.Tx, t)
	return taxOf(t), named(err, taxFields)
}

type taxChange struct {
	pathID
	Name     *string  `json:"name" minLength:"1" maxLength:"255"`
	Amount   wire.Num `json:"amount" minimum:"0" maximum:"1000"`
	ForGroup *bool    `json:"forGroup"`
	Parts    *[]int64 `json:"parts" doc:"All of them."`
}

func changeTax(c *web.Call, in taxChange) (taxOut, error) {
	t, err := catalog.GetTax(c.Tx, in.ID)
	if err != nil {
		return taxOut{}, err
	}
	if t.IsGroup && in.Amount.Set {
		return taxOut{}, fault.Field("amount", "of a group is the sum of its parts")
	}
	if !t.IsGroup && in.Parts != nil && len(*in.Parts) > 0 {
		return taxOut{}, fault.Field("parts", "belong to a group; this is a single rate")
	}
	set(&t.Name, in.Name)
	set(&t.ForGroup, in.ForGroup)
	set(&t.Parts, in.Parts)
	setNum(&t.Amount, in.Amount)
	t, err = catalog.UpdateTax(c.Tx, t)
	return taxOf(t), named(err, taxFields)
}

type deletedOut struct {
	Deleted int64 `json:"deletedId"`
}

func deleteTax(c *web.Call, in pathID) (deletedOut, error) {
	return deletedOut{in.ID}, catalog.DeleteTax(c.Tx, in.ID)
}

// named spells the fields of a fault as this face does.
func named(err error, names map[string]string) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	var list []fault.Flaw
	for _, f := range fault.Of(err).Fields {
		if n := names[f.Field]; n != "" {
			f.Field = n
		}
		list = append(list, f)
	}
	if len(list) == 0 {
		return err
	}
	return fault.Flaws(list)
}
