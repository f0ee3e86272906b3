// Package staff is about the people who work for the organization: who they
// are, when they clock in and out, their shifts and holidays.
package staff

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/core/party"
)

// The types of user.
const (
	Worker  = "user"          // works for the organization
	Contact = "user_customer" // a contact's own login, which opens nothing of the back office
)

// Registration is a user to be made.
type Registration struct {
	Email     string
	Role      org.Role // of a Worker
	Locations []int64  // of a Worker without Profile.AllLocations
	Contacts  []int64  // those that the user may deal with, with Profile.SelectedContacts
	Profile   org.Profile
}

// Register makes a user of tx's organization. passwordHash is "" for one who
// cannot sign in. What is wrong is an Invalid fault with every field at
// fault, a taken username or e-mail address too.
func Register(tx *db.Tx, by org.Actor, r Registration, passwordHash string) (org.MemberUser, error) {
	flaws := r.check(by)
	more, err := r.checkRows(tx)
	if err != nil {
		return org.MemberUser{}, err
	}
	if err := fault.Flaws(append(flaws, more...)); err != nil {
		return org.MemberUser{}, err
	}
	p := r.Profile
	p.LocationIDs, p.ContactIDs = join(r.Locations), join(r.Contacts)
	role := r.Role
	if p.UserType == Contact {
		role = org.Viewer
	}
	var out org.MemberUser
	err = tx.Try(func() error {
		u, err := org.CreateUser(tx, org.User{Email: r.Email, DisplayName: strings.Join(strings.Fields(p.FirstName+" "+p.LastName), " ")}, passwordHash)
		if err != nil {
			return err
		}
		m, err := org.AddMember(tx, u.ID, role, p)
		if err != nil {
			return err
		}
		// Only an active worker may use what the credentials would open.
		if p.UserType == Contact || p.Status != "active" {
			m.IsActive = false
			err = org.SetProfile(tx, u.ID, m.Profile, false)
		}
		out = org.MemberUser{Membership: m, Email: u.Email, DisplayName: u.DisplayName}
		return err
	})
	if e := fault.Of(err); err != nil && e.Kind == fault.Conflict && len(e.Fields) > 0 {
		err = &fault.Error{Kind: fault.Invalid, Msg: e.Msg, Fields: e.Fields, Err: err}
	}
	return out, err
}

// check verifies what needs no other row.
func (r *Registration) check(by org.Actor) (flaws []fault.Flaw) {
	p := &r.Profile
	bad := func(wrong bool, field, msg string) {
		if wrong {
			flaws = append(flaws, fault.Flaw{Field: field, Msg: msg})
		}
	}
	email, err := org.CleanEmail(r.Email)
	bad(r.Email == "", "email", "is required")
	bad(r.Email != "" && err != nil, "email", "must be a valid email address")
	r.Email = email
	bad(strings.TrimSpace(p.FirstName) == "", "first_name", "is required")
	bad(!slices.Contains([]string{"active", "inactive", "terminated"}, p.Status), "is_active", "must be active, inactive or terminated")
	bad(p.UserType != Worker && p.UserType != Contact, "user_type", "must be user or user_customer")
	bad(p.Username != "" && len([]rune(p.Username)) < 5, "username", "must be at least 5 characters")
	bad(p.Username == "" && p.AllowLogin, "username", "is required")
	bad(p.UserType == Contact && p.CRMContact == 0, "crm_contact_id", "is required")
	if p.UserType == Worker {
		bad(r.Role == org.None, "role", "is required")
		bad(r.Role != org.None && (r.Role < org.Viewer || r.Role > org.Owner || r.Role > by.Role), "role", "is not one that you can give")
		bad(!p.AllLocations && len(r.Locations) == 0, "location_permissions", "is required")
	}
	bad(p.SelectedContacts && len(r.Contacts) == 0, "selected_contact_ids", "is required")
	if p.DOB != "" {
		_, err := time.Parse(time.DateOnly, p.DOB)
		bad(err != nil, "dob", "does not match the format Y-m-d")
	}
	bad(p.Gender != "" && !slices.Contains([]string{"male", "female", "others"}, p.Gender), "gender", "must be male, female or others")
	bad(p.MaritalStatus != "" && !slices.Contains([]string{"married", "unmarried", "divorced"}, p.MaritalStatus), "marital_status", "must be married, unmarried or divorced")
	percent := func(d dec.D) bool { return d >= 0 && d <= dec.Int(100) }
	bad(!percent(p.CommissionPercent), "cmmsn_percent", "must be between 0 and 100")
	bad(p.MaxDiscountPercent != nil && !percent(*p.MaxDiscountPercent), "max_sales_discount_percent", "must be between 0 and 100")
	return flaws
}

// checkRows verifies that the locations and contacts are the organization's.
func (r *Registration) checkRows(tx *db.Tx) (flaws []fault.Flaw, err error) {
	if len(r.Locations) > 0 {
		found, err := org.ListLocations(tx, r.Locations...)
		if err != nil {
			return nil, err
		}
		if len(found) < len(slices.Compact(slices.Sorted(slices.Values(r.Locations)))) {
			flaws = append(flaws, fault.Flaw{Field: "location_permissions", Msg: "does not exist"})
		}
	}
	for _, f := range []struct {
		field string
		ids   []int64
	}{{"crm_contact_id", one(r.Profile.CRMContact)}, {"selected_contact_ids", r.Contacts}} {
		if len(f.ids) == 0 {
			continue
		}
		n, err := party.Count(tx, party.Filter{IDs: f.ids})
		if err != nil {
			return nil, err
		}
		if n < int64(len(slices.Compact(slices.Sorted(slices.Values(f.ids))))) {
			flaws = append(flaws, fault.Flaw{Field: f.field, Msg: "does not exist"})
		}
	}
	return flaws, nil
}

func one(id int64) []int64 {
	if id == 0 {
		return nil
	}
	return []int64{id}
}

func join(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(texts, ",")
}
