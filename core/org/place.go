package org

import (
	"slices"
	"strconv"
	"strings"

	"storehouse/base/fault"
)

// Places says at which locations a member works: their ids, comma separated;
// "" is everywhere. An admin works everywhere, and so does a member to whom
// nobody gave particular locations.
type Places string

// placesOf returns where a member works.
func placesOf(role Role, everywhere bool, ids string) Places {
	if role >= Admin || everywhere {
		return ""
	}
	return Places(strings.Trim(ids, ", "))
}

// Places returns where the member works.
func (m Membership) Places() Places {
	return placesOf(m.Role, m.Profile.AllLocations, m.Profile.LocationIDs)
}

// List returns the ids of the locations; nil is everywhere.
func (p Places) List() []int64 {
	if p == "" {
		return nil
	}
	list := []int64{0} // matches nothing, so that a list without a good id is not everywhere
	for _, s := range strings.Split(string(p), ",") {
		if n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64); err == nil && n > 0 {
			list = append(list, n)
		}
	}
	return list
}

// Has reports whether a location is among them.
func (p Places) Has(location int64) bool { return p == "" || slices.Contains(p.List(), location) }

// MayUse is a Forbidden fault when one of the locations is not open to the
// actor; 0 is no location.
func (a Actor) MayUse(locations ...int64) error {
	for _, id := range locations {
		if id != 0 && !a.Places.Has(id) {
			return fault.New(fault.Forbidden, "User not allowed to access location with id %d", id)
		}
	}
	return nil
}

// Contacts says with which contacts a user deals: their ids, comma separated;
// "" is all of them. An admin deals with all, and so does a user to whom
// nobody gave particular contacts.
type Contacts string

// contactsOf returns whom a user deals with.
func contactsOf(role Role, selected bool, ids string) Contacts {
	if role >= Admin || !selected {
		return ""
	}
	return Contacts("0," + ids) // 0 is nobody: a user given nobody is not given all
}

// List returns the ids of the contacts; nil is all.
func (c Contacts) List() []int64 { return Places(c).List() }
