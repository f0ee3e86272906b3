package org

import (
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
