package pos

import (
	"strconv"

	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).taxonomyRoutes) }

func (f *face) taxonomyRoutes() []web.Route {
	tag := "Taxonomy management"
	return []web.Route{
		web.Read("GET /connector/api/taxonomy", org.Viewer, f.listTaxonomy, web.Title(tag, "List taxonomy"), may("category.view"), web.Shape[pageOf[taxonomyOut]]()),
		web.Read("GET /connector/api/taxonomy/{id}", org.Viewer, f.getTaxonomy, web.Title(tag, "Get the specified taxonomy"), may("category.view")),
	}
}

// taxonomies are the lists that this face calls categories, by their type.
var taxonomies = map[string]lookup.Kind{"product": lookup.Category, "followup_category": lookup.FollowupCategory, "device": lookup.Device,
	"hrm_department": lookup.Department, "hrm_designation": lookup.Designation}

// categoryType is the type of a list; lists that are none have no name here.
func categoryType(k lookup.Kind) string {
	for name, kind := range taxonomies {
		if kind == k {
			return name
		}
	}
	return string(k)
}

type categoryOut struct {
	ID           int64      `json:"id"`
	Name         string     `json:"name"`
	Business     int64      `json:"business_id"`
	ShortCode    wire.TextN `json:"short_code"`
	Parent       int64      `json:"parent_id"` // 0 for none
	CreatedBy    wire.IntN  `json:"created_by"`
	CategoryType string     `json:"category_type"`
	Description  wire.TextN `json:"description"`
	Slug         wire.TextN `json:"slug"`
	WooID        wire.IntN  `json:"woocommerce_cat_id"`
	DeletedAt    wire.Stamp `json:"deleted_at"`
	CreatedAt    wire.Stamp `json:"created_at"`
	UpdatedAt    wire.Stamp `json:"updated_at"`
}

// taxonomyOut is a category with those below it: always an array.
type taxonomyOut struct {
	categoryOut
	SubCategories []categoryOut `json:"sub_categories"`
}

func (s stamps) category(o int64, e lookup.Entry) categoryOut {
	woo, _ := strconv.ParseInt(e.ExternalID, 10, 64) // 0, null, when it is another system's
	return categoryOut{ID: e.ID, Name: e.Name, Business: o, ShortCode: wire.TextN(e.Code), Parent: e.Parent, CreatedBy: wire.IntN(e.CreatedBy),
		CategoryType: categoryType(e.Kind), Description: wire.TextN(e.Description), Slug: wire.TextN(e.Slug), WooID: wire.IntN(woo),
		CreatedAt: s.at(e.CreatedAt), UpdatedAt: s.at(e.UpdatedAt)}
}

type taxonomyIn struct {
	paging
	Type wire.Text `query:"type" doc:"Type of taxonomy (product, device, hrm_department, followup_category). default: product"`
}

func (f *face) listTaxonomy(c *web.Call, in taxonomyIn) (any, error) {
	kind, known := taxonomies[in.Type.S]
	if in.Type.S == "" {
		kind, known = lookup.Category, true
	}
	var rows []taxonomyOut
	if known {
		list, err := lookup.List(c.Tx, kind)
		if err != nil {
			return nil, err
		}
		if rows, err = tree(c, list, func(e lookup.Entry) bool { return e.Parent == 0 }); err != nil {
			return nil, err
		}
	}
	return listed(f, c, in.paging, rows)
}

func (f *face) getTaxonomy(c *web.Call, in idsIn) (data[[]taxonomyOut], error) {
	var none data[[]taxonomyOut]
	want := map[int64]bool{}
	for _, id := range ids(in.IDs) {
		want[id] = true
	}
	kinds, err := lookup.Kinds(c.Tx, ids(in.IDs))
	if err != nil {
		return none, err
	}
	seen := map[lookup.Kind]bool{}
	var list []lookup.Entry
	for _, id := range ids(in.IDs) {
		k, ok := kinds[id]
		if _, shown := taxonomies[categoryType(k)]; !ok || !shown || seen[k] {
			continue
		}
		seen[k] = true
		part, err := lookup.List(c.Tx, k)
		if err != nil {
			return none, err
		}
		list = append(list, part...)
	}
	rows, err := tree(c, list, func(e lookup.Entry) bool { return want[e.ID] })
	if err == nil && len(rows) == 0 {
		err = noResults("Category", in.IDs)
	}
	return data[[]taxonomyOut]{rows}, err
}

// tree returns the entries that are wanted, each with those below it.
func tree(c *web.Call, list []lookup.Entry, want func(lookup.Entry) bool) ([]taxonomyOut, error) {
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	st := stamps{z}
	below := map[int64][]categoryOut{}
	for _, e := range list {
		if e.Parent != 0 {
			below[e.Parent] = append(below[e.Parent], st.category(c.Org, e))
		}
	}
	out := []taxonomyOut{}
	for _, e := range list {
		if want(e) {
			out = append(out, taxonomyOut{st.category(c.Org, e), append([]categoryOut{}, below[e.ID]...)})
		}
	}
	return out, nil
}
