package lookup

import "storehouse/base/db"

// referrers lists what may point at the entries of a kind. The first one also
// gives the sample ids. Foreign keys guard the same columns against a delete
// that races with a new reference.
var referrers = map[Kind][]db.Tally{
	SKUType:         {{Name: "skus", From: "item WHERE org_id = ? AND type_id = ?"}},
	MaterialType:    {{Name: "materials", From: "item WHERE org_id = ? AND type_id = ?"}},
	CustomerType:    {{Name: "customers", From: "party WHERE org_id = ? AND customer_type_id = ?"}},
	CustomerSegment: {{Name: "customers", From: "party WHERE org_id = ? AND segment_id = ?"}},
	Broker: {{Name: "customers", From: "party WHERE org_id = ? AND broker_id = ?"},
		{Name: "salesOrders", From: "sale WHERE org_id = ? AND broker_id = ?"}},
	OrderChannel: {{Name: "salesOrders", From: "sale WHERE org_id = ? AND channel_id = ?"}},
	ServiceType:  {{Name: "sales", From: "sale WHERE org_id = ? AND service_type_id = ?"}},
	Brand: {{Name: "products", From: "product WHERE org_id = ? AND brand_id = ?"},
		{Name: "discounts", From: "discount WHERE org_id = ? AND brand_id = ?"}},
	Category: {{Name: "products", From: "product WHERE org_id = ? AND category_id = ?"},
		{Name: "subCategoryProducts", From: "product WHERE org_id = ? AND sub_category_id = ?"},
		{Name: "subCategories", From: "lookup WHERE org_id = ? AND parent_id = ?"},
		{Name: "discounts", From: "discount WHERE org_id = ? AND category_id = ?"}},
	PriceGroup: {{Name: "prices", From: "item_price WHERE org_id = ? AND price_group_id = ?"},
		{Name: "discounts", From: "discount WHERE org_id = ? AND price_group_id = ?"},
		{Name: "customerGroups", From: "lookup WHERE org_id = ? AND price_group_id = ?"},
		{Name: "serviceTypes", From: "service_price_group WHERE org_id = ? AND price_group_id = ?"},
		{Name: "locations", From: "location WHERE org_id = ? AND price_group_id = ?"}},
	CustomerGroup:    {{Name: "customers", From: "party WHERE org_id = ? AND customer_group_id = ?"}},
	LeadSource:       {{Name: "customers", From: "party WHERE org_id = ? AND source_id = ?"}},
	LifeStage:        {{Name: "customers", From: "party WHERE org_id = ? AND life_stage_id = ?"}},
	Warranty:         {{Name: "products", From: "product WHERE org_id = ? AND warranty_id = ?"}},
	FollowupCategory: {{Name: "followUps", From: "followup WHERE org_id = ? AND category_id = ?"}},
	ExpenseCategory: {{Name: "expenses", From: "expense WHERE org_id = ? AND category_id = ?"},
		{Name: "subCategoryExpenses", From: "expense WHERE org_id = ? AND sub_category_id = ?"},
		{Name: "subCategories", From: "lookup WHERE org_id = ? AND parent_id = ?"}},
}

// Usage says what refers to an entry.
type Usage struct {
	Counts  map[string]int64 // rows by what they are called, zeros included
	Samples []int64          // up to five ids of the first kind of rows
}

// InUse reports whether anything refers to the entry.
func (u Usage) InUse() bool {
	for _, n := range u.Counts {
		if n > 0 {
			return true
		}
	}
	return false
}

// maxSamples is how many sample ids a usage answer holds.
const maxSamples = 5

// UsageOf counts what refers to an entry, in at most two statements.
func UsageOf(tx *db.Tx, k Kind, id int64) (Usage, error) {
	refs := referrers[k]
	counts, err := db.Counts(tx, refs, id)
	u := Usage{Counts: counts, Samples: []int64{}}
	if err != nil || len(refs) == 0 || counts[refs[0].Name] == 0 {
		return u, err
	}
	u.Samples, err = db.All(tx, db.Value[int64], `SELECT id FROM `+refs[0].From+` ORDER BY 1 LIMIT ?`, tx.Org, id, maxSamples)
	return u, err
}
