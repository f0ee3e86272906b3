package lookup

import (
	"strings"

	"storehouse/base/db"
)

// referrer is a column that may point at an entry: what its rows are called
// in counts, and where they are ("org_id = ?" first, then the entry).
type referrer struct{ name, from string }

// referrers lists what may point at the entries of a kind. The first one also
// gives the sample ids. Foreign keys guard the same columns against a delete
// that races with a new reference.
var referrers = map[Kind][]referrer{
	SKUType:         {{"skus", "item WHERE org_id = ? AND type_id = ?"}},
	MaterialType:    {{"materials", "item WHERE org_id = ? AND type_id = ?"}},
	CustomerType:    {{"customers", "party WHERE org_id = ? AND customer_type_id = ?"}},
	CustomerSegment: {{"customers", "party WHERE org_id = ? AND segment_id = ?"}},
	Broker: {{"customers", "party WHERE org_id = ? AND broker_id = ?"},
		{"salesOrders", "sale WHERE org_id = ? AND broker_id = ?"}},
	OrderChannel: {{"salesOrders", "sale WHERE org_id = ? AND channel_id = ?"}},
	ServiceType:  {{"sales", "sale WHERE org_id = ? AND service_type_id = ?"}},
	Brand: {{"products", "product WHERE org_id = ? AND brand_id = ?"},
		{"discounts", "discount WHERE org_id = ? AND brand_id = ?"}},
	Category: {{"products", "product WHERE org_id = ? AND category_id = ?"},
		{"subCategoryProducts", "product WHERE org_id = ? AND sub_category_id = ?"},
		{"subCategories", "lookup WHERE org_id = ? AND parent_id = ?"},
		{"discounts", "discount WHERE org_id = ? AND category_id = ?"}},
	PriceGroup: {{"prices", "item_price WHERE org_id = ? AND price_group_id = ?"},
		{"discounts", "discount WHERE org_id = ? AND price_group_id = ?"},
		{"customerGroups", "lookup WHERE org_id = ? AND price_group_id = ?"},
		{"serviceTypes", "service_price_group WHERE org_id = ? AND price_group_id = ?"},
		{"locations", "location WHERE org_id = ? AND price_group_id = ?"}},
	CustomerGroup:    {{"customers", "party WHERE org_id = ? AND customer_group_id = ?"}},
	LeadSource:       {{"customers", "party WHERE org_id = ? AND source_id = ?"}},
	LifeStage:        {{"customers", "party WHERE org_id = ? AND life_stage_id = ?"}},
	Warranty:         {{"products", "product WHERE org_id = ? AND warranty_id = ?"}},
	FollowupCategory: {{"followUps", "followup WHERE org_id = ? AND category_id = ?"}},
	ExpenseCategory: {{"expenses", "expense WHERE org_id = ? AND category_id = ?"},
		{"subCategoryExpenses", "expense WHERE org_id = ? AND sub_category_id = ?"},
		{"subCategories", "lookup WHERE org_id = ? AND parent_id = ?"}},
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
	u := Usage{Counts: map[string]int64{}, Samples: []int64{}}
	refs := referrers[k]
	if len(refs) == 0 {
		return u, nil
	}
	parts := make([]string, len(refs))
	var args []any
	for i, r := range refs {
		parts[i] = `SELECT '` + r.name + `', COUNT(*) FROM ` + r.from
		args = append(args, tx.Org, id)
	}
	err := tx.Each(func(r db.Row) error {
		var name string
		var n int64
		err := r.Scan(&name, &n)
		u.Counts[name] += n
		return err
	}, strings.Join(parts, " UNION ALL "), args...)
	if err != nil || u.Counts[refs[0].name] == 0 {
		return u, err
	}
	u.Samples, err = db.All(tx, db.Value[int64], `SELECT `+sampleColumn(refs[0].from)+` FROM `+refs[0].from+` ORDER BY 1 LIMIT ?`, tx.Org, id, maxSamples)
	return u, err
}

// sampleColumn is the id column of a referrer's own row; a join names it.
func sampleColumn(from string) string {
	if strings.HasPrefix(from, "sale s ") {
		return "s.id"
	}
	return "id"
}
