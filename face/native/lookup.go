package native

import (
	"maps"
	"slices"

	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/lookup"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// The short lists that the other faces show and cannot fill. The maker face
// has its own (types of SKUs and materials, segments, brokers, channels).
func init() {
	op := func(title string) web.Opt { return web.Title("Lists", title) }
	routes = append(routes, []web.Route{
		web.Read("GET /v1/lookups/{kind}", org.Viewer, listEntries, op("List the entries of a list"), web.Doc("In the order in which they are shown.")),
		web.Write("POST /v1/lookups/{kind}", org.Admin, createEntry, web.Created, op("Add an entry to a list"),
			web.Doc("Every list takes name, description, code, sortOrder and isActive. Categories and expense categories take parentId; customer groups amount (per cent), calculation (percentage, selling_price_group) and priceGroupId; types of service amount (the packing charge), calculation (fixed, percent) and locationPriceGroups.")),
		web.Write("PATCH /v1/lookups/{kind}/{id}", org.Admin, changeEntry, op("Change an entry of a list")),
		web.Write("DELETE /v1/lookups/{kind}/{id}", org.Admin, deleteEntry, op("Delete an entry that nothing uses")),
	})
}

// shortList is a list as this face knows it: its kind and which fields it takes
// beside those of all.
type shortList struct {
	kind         lookup.Kind
	parent       bool
	calculations []string // with an amount; the first is the default
	groups       bool     // a price group at each location
}

var lists = map[string]shortList{
	"brands":              {kind: lookup.Brand},
	"categories":          {kind: lookup.Category, parent: true},
	"customer-groups":     {kind: lookup.CustomerGroup, calculations: []string{percentage, byPriceGroup}},
	"departments":         {kind: lookup.Department},
	"designations":        {kind: lookup.Designation},
	"expense-categories":  {kind: lookup.ExpenseCategory, parent: true},
	"followup-categories": {kind: lookup.FollowupCategory},
	"lead-sources":        {kind: lookup.LeadSource},
	"life-stages":         {kind: lookup.LifeStage},
	"payment-accounts":    {kind: lookup.PaymentAccount},
	"price-groups":        {kind: lookup.PriceGroup},
	"service-types":       {kind: lookup.ServiceType, calculations: []string{"fixed", "percent"}, groups: true},
	"warranties":          {kind: lookup.Warranty},
}

// How the prices of a customer group are found.
const (
	percentage   = "percentage"
	byPriceGroup = "selling_price_group"
)

type kindIn struct {
	Kind string `path:"kind" required:"true" enum:"brands,categories,customer-groups,departments,designations,expense-categories,followup-categories,lead-sources,life-stages,payment-accounts,price-groups,service-types,warranties"`
}

type entryOut struct {
	ID          int64     `json:"id"`
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Code        string    `json:"code"`
	SortOrder   int64     `json:"sortOrder"`
	IsActive    bool      `json:"isActive"`
	Parent      wire.IntN `json:"parentId"`
	Amount      wire.DecN `json:"amount"`
	Calculation string    `json:"calculation"`
	PriceGroup  wire.IntN `json:"priceGroupId"`
	Groups      []groupAt `json:"locationPriceGroups"`
	CreatedAt   wire.ISO  `json:"createdAt"`
	UpdatedAt   wire.ISO  `json:"updatedAt"`
}

type groupAt struct {
	Location int64 `json:"locationId" required:"true" minimum:"1"`
	Group    int64 `json:"priceGroupId" minimum:"0" doc:"0 for the default prices."`
}

func entryOf(e lookup.Entry) entryOut {
	groups := []groupAt{}
	for _, l := range slices.Sorted(maps.Keys(e.LocationGroups)) {
		groups = append(groups, groupAt{l, e.LocationGroups[l]})
	}
	return entryOut{e.ID, e.Name, e.Description, e.Code, e.SortOrder, e.IsActive, wire.IntN(e.Parent), wire.DecN{D: e.Amount}, e.Calculation,
		wire.IntN(e.PriceGroup), groups, wire.ISO(e.CreatedAt), wire.ISO(e.UpdatedAt)}
}

func listEntries(c *web.Call, in kindIn) (listOut[entryOut], error) {
	all, err := lookup.List(c.Tx, lists[in.Kind].kind)
	return mapped(all, entryOf, err)
}

// entryFields are what an entry may be given; which of them, its list says.
type entryFields struct {
	Description *string    `json:"description" maxLength:"2000" doc:"Of a payment account, the note."`
	Code        *string    `json:"code" maxLength:"255" doc:"Of a payment account, its number."`
	SortOrder   *int64     `json:"sortOrder" minimum:"0" doc:"The end of the list unless told."`
	IsActive    *bool      `json:"isActive"`
	Parent      *int64     `json:"parentId" minimum:"0" doc:"0 for none."`
	Amount      wire.Num   `json:"amount" minimum:"-100" maximum:"1000000000"`
	Calculation *string    `json:"calculation" enum:"percentage,selling_price_group,fixed,percent"`
	PriceGroup  *int64     `json:"priceGroupId" minimum:"0" doc:"Of a customer group; 0 for none."`
	Groups      *[]groupAt `json:"locationPriceGroups" doc:"All of them."`
}

// apply changes an entry of a list, which refuses the fields it has not got.
func (in entryFields) apply(c *web.Call, l shortList, e *lookup.Entry) error {
	var flaws []fault.Flaw
	for _, f := range []struct {
		name         string
		given, taken bool
	}{{"parentId", in.Parent != nil, l.parent}, {"amount", in.Amount.Set, l.calculations != nil}, {"calculation", in.Calculation != nil, l.calculations != nil},
		{"priceGroupId", in.PriceGroup != nil, l.kind == lookup.CustomerGroup}, {"locationPriceGroups", in.Groups != nil, l.groups}} {
		if f.given && !f.taken {
			flaws = append(flaws, fault.Flaw{Field: f.name, Msg: "is not a field of this list"})
		}
	}
	set(&e.Description, in.Description)
	set(&e.Code, in.Code)
	set(&e.SortOrder, in.SortOrder)
	set(&e.IsActive, in.IsActive)
	set(&e.Parent, in.Parent)
	set(&e.PriceGroup, in.PriceGroup)
	set(&e.Calculation, in.Calculation)
	if in.Amount.Set {
		e.Amount = in.Amount.Ptr()
	}
	if l.calculations != nil && len(flaws) == 0 {
		flaws = l.priced(e)
	}
	if err := fault.Flaws(flaws); err != nil || in.Groups == nil {
		return err
	}
	return locate(c, *in.Groups, e)
}

// priced checks how an entry makes a price.
func (l shortList) priced(e *lookup.Entry) (flaws []fault.Flaw) {
	if e.Calculation == "" {
		e.Calculation = l.calculations[0]
	}
	if e.Amount == nil {
		e.Amount = new(dec.D)
	}
	if !slices.Contains(l.calculations, e.Calculation) {
		flaws = append(flaws, fault.Flaw{Field: "calculation", Msg: "must be one of " + l.calculations[0] + ", " + l.calculations[1]})
	}
	if l.kind == lookup.ServiceType && *e.Amount < 0 {
		flaws = append(flaws, fault.Flaw{Field: "amount", Msg: "must be at least 0"})
	}
	if e.Calculation == byPriceGroup && e.PriceGroup == 0 {
		flaws = append(flaws, fault.Flaw{Field: "priceGroupId", Msg: "is required with selling_price_group"})
	}
	return flaws
}

// locate gives a type of service its price groups.
func locate(c *web.Call, groups []groupAt, e *lookup.Entry) error {
	e.LocationGroups = map[int64]int64{}
	for _, g := range groups {
		if _, err := org.GetLocation(c.Tx, g.Location); fault.Is(err, fault.NotFound) {
			return fault.Field("locationPriceGroups.locationId", "does not exist")
		} else if err != nil {
			return err
		}
		e.LocationGroups[g.Location] = g.Group
	}
	return nil
}

// lookupFields are the core's names of fields in the face's own.
var lookupFields = map[string]string{"parent_id": "parentId", "price_group_id": "priceGroupId", "location_price_group": "locationPriceGroups.priceGroupId"}

type newEntry struct {
	kindIn
	Name string `json:"name" required:"true" minLength:"1" maxLength:"255"`
	entryFields
}

func createEntry(c *web.Call, in newEntry) (entryOut, error) {
	l := lists[in.Kind]
	e := lookup.Entry{Kind: l.kind, Name: in.Name}
	if err := in.apply(c, l, &e); err != nil {
		return entryOut{}, err
	}
	e, err := lookup.Create(c.Tx, e)
	if err == nil && (in.SortOrder != nil || in.IsActive != nil) { // a new entry is active and the last
		set(&e.SortOrder, in.SortOrder)
		set(&e.IsActive, in.IsActive)
		e, err = lookup.Update(c.Tx, e)
	}
	return entryOf(e), named(err, lookupFields)
}

type entryChange struct {
	kindIn
	pathID
	Name *string `json:"name" minLength:"1" maxLength:"255"`
	entryFields
}

func changeEntry(c *web.Call, in entryChange) (entryOut, error) {
	l := lists[in.Kind]
	e, err := lookup.Lock(c.Tx, l.kind, in.ID)
	if err != nil {
		return entryOut{}, err
	}
	set(&e.Name, in.Name)
	if err := in.apply(c, l, &e); err != nil {
		return entryOut{}, err
	}
	e, err = lookup.Update(c.Tx, e)
	return entryOf(e), named(err, lookupFields)
}

type entryID struct {
	kindIn
	pathID
}

func deleteEntry(c *web.Call, in entryID) (deletedOut, error) {
	k := lists[in.Kind].kind
	if k == lookup.PaymentAccount {
		if _, err := lookup.Get(c.Tx, k, in.ID); err != nil {
			return deletedOut{}, err
		}
		kept, err := money.KeptIn(c.Tx)
		if err != nil {
			return deletedOut{}, err
		}
		if _, used := kept[in.ID]; used { // even if all has been taken out again: its payments name it
			return deletedOut{}, fault.New(fault.InUse, "%s has payments", lookup.Label(k))
		}
	}
	_, _, err := lookup.Delete(c.Tx, k, in.ID)
	return deletedOut{in.ID}, err
}
