package party

import "storehouse/base/db"

// RoleUsage counts what refers to a party in one of its roles, zeros
// included: what keeps the role from being taken away.
func RoleUsage(tx *db.Tx, id int64, role Role) (map[string]int64, error) {
	all, err := Usage(tx, id)
	if err != nil {
		return nil, err
	}
	counts := map[string]int64{}
	for name, n := range all {
		if (role == Vendor) == vendorOnly[name] {
			counts[name] = n
		}
	}
	return counts, nil
}

// vendorOnly names the counts of Usage that refer to a party as a vendor.
var vendorOnly = map[string]bool{"purchaseOrders": true}
