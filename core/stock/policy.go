package stock

import (
	"storehouse/base/db"
	"storehouse/core/org"
)

// PolicyOf returns the organization's policy, with what its locations say
// otherwise.
func PolicyOf(tx *db.Tx) (Policy, error) {
	set, err := org.LoadSettings(tx)
	if err != nil {
		return Policy{}, err
	}
	all, err := org.ListLocations(tx)
	p := Policy{Allow: set.Oversell == org.Allow, AllowAt: map[int64]bool{}}
	for _, l := range all {
		if l.Oversell != "" {
			p.AllowAt[l.ID] = l.Oversell == org.Allow
		}
	}
	return p, err
}
