package org

import (
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

// Membership is a user's place in tx's organization.
type Membership struct {
	ID, User     int64
	Role         Role
	IsActive     bool
	JoinedAt     time.Time
	LastActiveAt time.Time
	CreatedAt    time.Time
	UpdatedAt    time.Time

	Profile Profile
}

// Profile is what an organization knows of a member: the user record of the
// pos face. Username signs in there.
type Profile struct {
	Username                     string
	Surname, FirstName, LastName string
	UserType                     string // "user" or "user_customer"
	Language                     string
	Status                       string // "active", "inactive", "terminated"
	AllowLogin                   bool
	IsServiceStaff               bool
	IsCommissionAgent            bool
	CommissionPercent            dec.D
	MaxDiscountPercent           *dec.D
	AllLocations                 bool
	LocationIDs                  string // comma separated
	SelectedContacts             bool
	ContactIDs                   string // comma separated
	CRMContact                   int64
	Department, Designation      int64
	ContactNo, Address           string
	DOB                          string // "1997-10-29"
	Gender, MaritalStatus        string
	BloodGroup                   string
	ContactNumber                string
	AltNumber, FamilyNumber      string
	FBLink, TwitterLink          string
	SocialMedia                  [2]string
	PermanentAddress             string
	CurrentAddress               string
	GuardianName                 string
	CustomFields                 [4]string
	BankDetails                  string // JSON text
	IDProofName, IDProofNumber   string
}

const memberCols = `id, user_id, role, is_active, joined_at, last_active_at, username, surname, first_name, last_name, user_type, language, status,
	allow_login, is_service_staff, is_commission_agent, commission_percent, max_discount_percent, all_locations, location_ids, selected_contacts,
	contact_ids, crm_contact_id, department_id, designation_id, contact_no, address, dob, gender, marital_status, blood_group, contact_number,
	alt_number, family_number, fb_link, twitter_link, social_media1, social_media2, permanent_address, current_address, guardian_name,
	custom_field1, custom_field2, custom_field3, custom_field4, bank_details, id_proof_name, id_proof_number, created_at, updated_at`

func scanMember(r db.Row, m *Membership) error {
	p := &m.Profile
	return r.Scan(&m.ID, &m.User, &m.Role, db.B(&m.IsActive), db.T(&m.JoinedAt), db.T(&m.LastActiveAt), db.S(&p.Username), db.S(&p.Surname),
		db.S(&p.FirstName), db.S(&p.LastName), &p.UserType, &p.Language, &p.Status, db.B(&p.AllowLogin), db.B(&p.IsServiceStaff),
		db.B(&p.IsCommissionAgent), &p.CommissionPercent, db.DN(&p.MaxDiscountPercent), db.B(&p.AllLocations), db.S(&p.LocationIDs),
		db.B(&p.SelectedContacts), db.S(&p.ContactIDs), db.I(&p.CRMContact), db.I(&p.Department), db.I(&p.Designation), db.S(&p.ContactNo),
		db.S(&p.Address), db.S(&p.DOB), db.S(&p.Gender), db.S(&p.MaritalStatus), db.S(&p.BloodGroup), db.S(&p.ContactNumber),
		db.S(&p.AltNumber), db.S(&p.FamilyNumber), db.S(&p.FBLink), db.S(&p.TwitterLink), db.S(&p.SocialMedia[0]), db.S(&p.SocialMedia[1]),
		db.S(&p.PermanentAddress), db.S(&p.CurrentAddress), db.S(&p.GuardianName), db.S(&p.CustomFields[0]), db.S(&p.CustomFields[1]),
		db.S(&p.CustomFields[2]), db.S(&p.CustomFields[3]), db.S(&p.BankDetails), db.S(&p.IDProofName), db.S(&p.IDProofNumber),
		db.T(&m.CreatedAt), db.T(&m.UpdatedAt))
}

func (m Membership) args() []any {
	p := m.Profile
	n := db.Null[string]
	return []any{m.ID, m.User, int64(m.Role), m.IsActive, m.JoinedAt, m.LastActiveAt, n(p.Username), n(p.Surname), n(p.FirstName), n(p.LastName),
		p.UserType, p.Language, p.Status, p.AllowLogin, p.IsServiceStaff, p.IsCommissionAgent, p.CommissionPercent, p.MaxDiscountPercent,
		p.AllLocations, n(p.LocationIDs), p.SelectedContacts, n(p.ContactIDs), db.Null(p.CRMContact), db.Null(p.Department), db.Null(p.Designation),
		n(p.ContactNo), n(p.Address), n(p.DOB), n(p.Gender), n(p.MaritalStatus), n(p.BloodGroup), n(p.ContactNumber), n(p.AltNumber),
		n(p.FamilyNumber), n(p.FBLink), n(p.TwitterLink), n(p.SocialMedia[0]), n(p.SocialMedia[1]), n(p.PermanentAddress), n(p.CurrentAddress),
		n(p.GuardianName), n(p.CustomFields[0]), n(p.CustomFields[1]), n(p.CustomFields[2]), n(p.CustomFields[3]), n(p.BankDetails),
		n(p.IDProofName), n(p.IDProofNumber), m.CreatedAt, m.UpdatedAt}
}

// addMember makes a user a member. What the profile leaves empty gets its
// default.
func addMember(tx *db.Tx, m Membership) (Membership, error) {
	if m.Role < Viewer || m.Role > Owner {
		return m, fault.Field("role", "must be owner, admin, member or viewer")
	}
	if err := lockUser(tx, m.User); err != nil {
		return m, err
	}
	id, err := tx.NextID("member")
	if err != nil {
		return m, err
	}
	p := &m.Profile
	for _, d := range []struct{ field, value *string }{{&p.UserType, ptr("user")}, {&p.Language, ptr("en")}, {&p.Status, ptr("active")}} {
		if *d.field == "" {
			*d.field = *d.value
		}
	}
	m.ID, m.IsActive, m.JoinedAt, m.CreatedAt, m.UpdatedAt = id, true, tx.Now, tx.Now, tx.Now
	err = tx.Try(func() error {
		return tx.Insert("member", "org_id, "+memberCols, [][]any{append([]any{tx.Org}, m.args()...)})
	})
	if fault.Is(err, fault.Conflict) {
		return m, &fault.Error{Kind: fault.Conflict, Msg: "username is taken, or the user is a member already",
			Fields: []fault.Flaw{{Field: "username", Msg: "has already been taken"}}}
	}
	if err != nil {
		return m, err
	}
	_, err = tx.Exec(`INSERT INTO user_organization (user_id, org_id) VALUES (?, ?) ON CONFLICT DO NOTHING`, m.User, tx.Org)
	return m, err
}

func ptr[V any](v V) *V { return &v }

// cleanUsername returns a username as it is stored: lower case.
func cleanUsername(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// AddMember makes an existing user a member of tx's organization.
func AddMember(tx *db.Tx, user int64, role Role, p Profile) (Membership, error) {
	p.Username = cleanUsername(p.Username)
	return addMember(tx, Membership{User: user, Role: role, Profile: p})
}

// GetMember returns a user's membership in tx's organization.
func GetMember(tx *db.Tx, user int64) (Membership, error) {
	m, err := db.One(tx, scanMember, `SELECT `+memberCols+` FROM member WHERE org_id = ? AND user_id = ?`, tx.Org, user)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("member")
	}
	return m, err
}

// MemberFilter narrows ListMembers.
type MemberFilter struct {
	Users        []int64 // when given, only these
	ServiceStaff *bool
	Username     string // exact, whatever its case
}

// MemberUser is a member with the user they are.
type MemberUser struct {
	Membership
	Email, DisplayName string
}

// ListMembers returns the members of tx's organization in the order in which
// they joined.
func ListMembers(tx *db.Tx, f MemberFilter) ([]MemberUser, error) {
	w := db.Where{}
	w.Add("m.org_id = ?", tx.Org)
	db.In(&w, "m.user_id", f.Users)
	w.AddIf(f.ServiceStaff != nil, "m.is_service_staff = ?", f.ServiceStaff != nil && *f.ServiceStaff)
	w.AddIf(f.Username != "", "m.username = ?", cleanUsername(f.Username))
	cols := "m." + strings.Join(strings.Fields(memberCols), " m.")
	return db.All(tx, func(r db.Row, m *MemberUser) error {
		return scanMember(appendRow{r, []any{db.S(&m.Email), db.S(&m.DisplayName)}}, &m.Membership)
	}, `SELECT `+cols+`, u.email, u.display_name FROM member m JOIN user_account u ON u.id = m.user_id`+w.SQL()+` ORDER BY m.id`, w.Args...)
}

// appendRow reads more columns after those that a scan function knows.
type appendRow struct {
	db.Row
	more []any
}

func (r appendRow) Scan(dest ...any) error { return r.Row.Scan(append(dest, r.more...)...) }

// SetRole changes a member's role. Nobody gives or takes a role above their
// own, and the last owner stays one.
func SetRole(tx *db.Tx, by Actor, user int64, role Role) (Membership, error) {
	if role < Viewer || role > Owner {
		return Membership{}, fault.Field("role", "must be owner, admin, member or viewer")
	}
	m, err := lockMember(tx, user)
	if err != nil {
		return m, err
	}
	if role > by.Role || m.Role > by.Role {
		return m, fault.New(fault.Forbidden, "only an owner can make or change an owner")
	}
	if m.Role == Owner && role != Owner {
		if err := keepOwner(tx, user); err != nil {
			return m, err
		}
	}
	m.Role, m.UpdatedAt = role, tx.Now
	_, err = tx.Exec(`UPDATE member SET role = ?, updated_at = ? WHERE org_id = ? AND user_id = ?`, int64(role), tx.Now, tx.Org, user)
	return m, err
}

// lockMember returns a membership that is about to change. One transaction at
// a time changes an organization's members: what it sees of their roles stays
// so, and two owners cannot leave at once.
func lockMember(tx *db.Tx, user int64) (Membership, error) {
	if _, err := tx.Number("member.lock"); err != nil {
		return Membership{}, err
	}
	return GetMember(tx, user)
}

// keepOwner refuses to lose the last active owner; see lockMember.
func keepOwner(tx *db.Tx, user int64) error {
	owners, err := db.All(tx, db.Value[int64], `SELECT user_id FROM member WHERE org_id = ? AND role = ? AND is_active = 1 ORDER BY id`,
		tx.Org, int64(Owner))
	if err != nil {
		return err
	}
	for _, o := range owners {
		if o != user {
			return nil
		}
	}
	return fault.New(fault.Conflict, "the last owner must stay an owner")
}

// RemoveMember takes a user out of tx's organization and ends their tokens
// there. The last owner is refused.
func RemoveMember(tx *db.Tx, user int64) error {
	m, err := lockMember(tx, user)
	if err != nil {
		return err
	}
	if m.Role == Owner {
		if err := keepOwner(tx, user); err != nil {
			return err
		}
	}
	if err := EndSessions(tx, user); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE api_token SET revoked_at = COALESCE(revoked_at, ?) WHERE org_id = ? AND user_id = ?`, tx.Now, tx.Org, user); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM member WHERE org_id = ? AND user_id = ?`, tx.Org, user); err != nil {
		return err
	}
	_, err = tx.Exec(`DELETE FROM user_organization WHERE org_id = ? AND user_id = ?`, tx.Org, user)
	return err
}

// Expel removes a member on behalf of another; nobody removes a role above
// their own.
func Expel(tx *db.Tx, by Actor, user int64) error {
	m, err := lockMember(tx, user)
	if err != nil {
		return err
	}
	if m.Role > by.Role {
		return fault.New(fault.Forbidden, "only an owner can remove an owner")
	}
	return RemoveMember(tx, user)
}

// SetProfile replaces what tx's organization knows of a member.
func SetProfile(tx *db.Tx, user int64, p Profile, active bool) error {
	m, err := lockMember(tx, user)
	if err != nil {
		return err
	}
	if m.Role == Owner && m.IsActive && !active {
		if err := keepOwner(tx, user); err != nil {
			return err
		}
	}
	p.Username = cleanUsername(p.Username)
	m.Profile, m.IsActive, m.UpdatedAt = p, active, tx.Now
	if _, err := tx.Exec(`DELETE FROM member WHERE org_id = ? AND user_id = ?`, tx.Org, user); err != nil {
		return err
	}
	err = tx.Try(func() error {
		return tx.Insert("member", "org_id, "+memberCols, [][]any{append([]any{tx.Org}, m.args()...)})
	})
	if fault.Is(err, fault.Conflict) {
		err = &fault.Error{Kind: fault.Conflict, Msg: "username is taken", Fields: []fault.Flaw{{Field: "username", Msg: "has already been taken"}}}
	}
	return err
}

// FirstOwner returns the user who has owned tx's organization for longest; 0
// when nobody does.
func FirstOwner(tx *db.Tx) (int64, error) {
	list, err := db.All(tx, db.Value[int64], `SELECT user_id FROM member WHERE org_id = ? AND role = ? AND is_active = 1 ORDER BY id LIMIT 1`,
		tx.Org, int64(Owner))
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0], nil
}
