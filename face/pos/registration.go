package pos

import (
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/core/staff"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// registrationIn has texts for everything, so that what is wrong with a field
// is told with 422, as the vendor's server does, and never with 400.
type registrationIn struct {
	Surname          wire.Text `json:"surname" doc:"prefix like Mr, Mrs,Dr"`
	FirstName        wire.Text `json:"first_name"`
	LastName         wire.Text `json:"last_name"`
	Email            wire.Text `json:"email"`
	IsActive         wire.Text `json:"is_active" doc:"'active', 'inactive', 'terminated'"`
	UserType         wire.Text `json:"user_type" doc:"'user_customer' for contact/customer login & 'user' for general user"`
	CRMContact       wire.Text `json:"crm_contact_id" doc:"required if user_type is 'user_customer'"`
	AllowLogin       wire.Text `json:"allow_login" doc:"1 to allow login & 0 to disable login"`
	Username         wire.Text `json:"username" doc:"minimum 5 characters"`
	Password         wire.Text `json:"password" doc:"minimum 6 characters & required if 'allow_login' is 1"`
	Role             wire.Text `json:"role" doc:"1 viewer, 2 member, 3 admin, 4 owner; required if user_type is 'user'"`
	AllLocations     wire.Text `json:"access_all_locations" doc:"1 if user has access all location else 0"`
	Locations        any       `json:"location_permissions" doc:"array of location ids"`
	Commission       wire.Text `json:"cmmsn_percent"`
	MaxDiscount      wire.Text `json:"max_sales_discount_percent"`
	SelectedContacts wire.Text `json:"selected_contacts" doc:"1 or 0"`
	Contacts         any       `json:"selected_contact_ids" doc:"array of contact ids"`
	DOB              wire.Text `json:"dob" doc:"Y-m-d"`
	Gender           wire.Text `json:"gender"`
	MaritalStatus    wire.Text `json:"marital_status"`
	BloodGroup       wire.Text `json:"blood_group"`
	ContactNumber    wire.Text `json:"contact_number"`
	AltNumber        wire.Text `json:"alt_number"`
	FamilyNumber     wire.Text `json:"family_number"`
	FBLink           wire.Text `json:"fb_link"`
	TwitterLink      wire.Text `json:"twitter_link"`
	SocialMedia1     wire.Text `json:"social_media_1"`
	SocialMedia2     wire.Text `json:"social_media_2"`
	Custom1          wire.Text `json:"custom_field_1"`
	Custom2          wire.Text `json:"custom_field_2"`
	Custom3          wire.Text `json:"custom_field_3"`
	Custom4          wire.Text `json:"custom_field_4"`
	GuardianName     wire.Text `json:"guardian_name"`
	IDProofName      wire.Text `json:"id_proof_name"`
	IDProofNumber    wire.Text `json:"id_proof_number"`
	PermanentAddress wire.Text `json:"permanent_address"`
	CurrentAddress   wire.Text `json:"current_address"`
	BankDetails      any       `json:"bank_details"`
}

// registeredOut is the new user as the reference prints it: percentages and
// contact ids are the texts that were sent.
type registeredOut struct {
	Surname          wire.TextN `json:"surname"`
	FirstName        string     `json:"first_name"`
	LastName         wire.TextN `json:"last_name"`
	Email            string     `json:"email"`
	UserType         string     `json:"user_type"`
	CRMContact       wire.TextN `json:"crm_contact_id"`
	AllowLogin       wire.Bit   `json:"allow_login"`
	Username         wire.TextN `json:"username"`
	Commission       wire.TextN `json:"cmmsn_percent"`
	MaxDiscount      wire.TextN `json:"max_sales_discount_percent"`
	DOB              wire.TextN `json:"dob"`
	Gender           wire.TextN `json:"gender"`
	MaritalStatus    wire.TextN `json:"marital_status"`
	BloodGroup       wire.TextN `json:"blood_group"`
	ContactNumber    wire.TextN `json:"contact_number"`
	AltNumber        wire.TextN `json:"alt_number"`
	FamilyNumber     wire.TextN `json:"family_number"`
	FBLink           string     `json:"fb_link"`
	TwitterLink      string     `json:"twitter_link"`
	SocialMedia1     wire.TextN `json:"social_media_1"`
	SocialMedia2     wire.TextN `json:"social_media_2"`
	Custom1          wire.TextN `json:"custom_field_1"`
	Custom2          wire.TextN `json:"custom_field_2"`
	Custom3          wire.TextN `json:"custom_field_3"`
	Custom4          wire.TextN `json:"custom_field_4"`
	GuardianName     wire.TextN `json:"guardian_name"`
	IDProofName      wire.TextN `json:"id_proof_name"`
	IDProofNumber    wire.TextN `json:"id_proof_number"`
	PermanentAddress wire.TextN `json:"permanent_address"`
	CurrentAddress   wire.TextN `json:"current_address"`
	BankDetails      wire.TextN `json:"bank_details"`
	SelectedContacts wire.TextN `json:"selected_contacts"`
	Status           string     `json:"status"`
	Business         int64      `json:"business_id"`
	UpdatedAt        wire.Stamp `json:"updated_at"`
	CreatedAt        wire.Stamp `json:"created_at"`
	ID               int64      `json:"id"`
}

type registrationOut struct {
	Success int           `json:"success"`
	Msg     string        `json:"msg"`
	User    registeredOut `json:"user"`
}

const minPassword = 6

// registrationFault spells what cannot be read as what is wrong: with 422.
func registrationFault(f *fault.Error) web.Answer {
	if f.Kind != fault.Invalid || len(f.Fields) == 0 {
		return envelope(f)
	}
	r := validation(f)
	return web.Answer{Status: r.Status, Body: r.Body}
}

func (f *face) registerUser(c *web.Call, in registrationIn) (any, error) {
	r, flaws := in.registration()
	if r.Profile.AllowLogin && in.Password.S == "" {
		flaws = append(flaws, fault.Flaw{Field: "password", Msg: "is required"})
	} else if in.Password.S != "" && utf8.RuneCountInString(in.Password.S) < minPassword {
		flaws = append(flaws, fault.Flaw{Field: "password", Msg: "must be at least 6 characters"})
	}
	hash := ""
	if in.Password.S != "" && len(flaws) == 0 {
		var err error
		if hash, err = f.Passwords.Hash(c.R.Context(), in.Password.S); err != nil {
			return nil, err
		}
	}
	return c.Commit(func(c *web.Call) (any, error) { return in.register(c, r, hash, flaws) })
}

func (in registrationIn) register(c *web.Call, r staff.Registration, hash string, flaws []fault.Flaw) (any, error) {
	m, err := staff.Register(c.Tx, c.Actor, r, hash)
	if e := fault.Of(err); err != nil && e.Kind != fault.Invalid {
		return nil, err
	} else if err != nil {
		flaws = append(flaws, e.Fields...)
	}
	if len(flaws) > 0 {
		return web.Undo{Body: validation(fault.Of(fault.Flaws(flaws)))}, nil
	}
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	return registrationOut{1, "User added successfully", in.out(c.Org, m, stamps{z})}, nil
}

// registration reads the fields; what cannot be read is a flaw.
func (in registrationIn) registration() (r staff.Registration, flaws []fault.Flaw) {
	flag := func(field string, t wire.Text) bool {
		var b wire.Bool
		if b.SetWire(t.S) != nil {
			flaws = append(flaws, fault.Flaw{Field: field, Msg: "must be true or false"})
		}
		return b.V
	}
	percent := func(field string, t wire.Text) *dec.D {
		var n numIn
		if n.SetWire(t.S) != nil {
			flaws = append(flaws, fault.Flaw{Field: field, Msg: "must be a number"})
		}
		return n.Ptr()
	}
	whole := func(field string, t wire.Text) int64 {
		var n wire.Int
		if n.SetWire(t.S) != nil {
			flaws = append(flaws, fault.Flaw{Field: field, Msg: "must be an integer"})
		}
		return n.N
	}
	list := func(field string, v any) []int64 {
		out, ok := intList(v)
		if !ok {
			flaws = append(flaws, fault.Flaw{Field: field, Msg: "must be an array of integers"})
		}
		return out
	}
	r = staff.Registration{Email: in.Email.S, Role: org.Role(whole("role", in.Role)), Locations: list("location_permissions", in.Locations),
		Contacts: list("selected_contact_ids", in.Contacts)}
	bank, _ := json.Marshal(in.BankDetails)
	if in.BankDetails == nil {
		bank = nil
	}
	r.Profile = org.Profile{Username: in.Username.S, Surname: in.Surname.S, FirstName: in.FirstName.S, LastName: in.LastName.S, UserType: in.UserType.S,
		Status: in.IsActive.S, AllowLogin: flag("allow_login", in.AllowLogin), MaxDiscountPercent: percent("max_sales_discount_percent", in.MaxDiscount),
		AllLocations: flag("access_all_locations", in.AllLocations), SelectedContacts: flag("selected_contacts", in.SelectedContacts),
		CRMContact: whole("crm_contact_id", in.CRMContact), DOB: in.DOB.S, Gender: in.Gender.S, MaritalStatus: in.MaritalStatus.S, BloodGroup: in.BloodGroup.S,
		ContactNumber: in.ContactNumber.S, AltNumber: in.AltNumber.S, FamilyNumber: in.FamilyNumber.S, FBLink: in.FBLink.S, TwitterLink: in.TwitterLink.S,
		SocialMedia: [2]string{in.SocialMedia1.S, in.SocialMedia2.S}, PermanentAddress: in.PermanentAddress.S, CurrentAddress: in.CurrentAddress.S,
		GuardianName: in.GuardianName.S, CustomFields: [4]string{in.Custom1.S, in.Custom2.S, in.Custom3.S, in.Custom4.S}, BankDetails: string(bank),
		IDProofName: in.IDProofName.S, IDProofNumber: in.IDProofNumber.S}
	if d := percent("cmmsn_percent", in.Commission); d != nil {
		r.Profile.CommissionPercent = *d
	}
	return r, flaws
}

func (in registrationIn) out(o int64, m org.MemberUser, s stamps) registeredOut {
	p := m.Profile
	t := func(s string) wire.TextN { return wire.TextN(s) }
	return registeredOut{Surname: t(p.Surname), FirstName: p.FirstName, LastName: t(p.LastName), Email: m.Email, UserType: p.UserType,
		CRMContact: t(in.CRMContact.S), AllowLogin: wire.Bit(p.AllowLogin), Username: t(p.Username), Commission: t(in.Commission.S),
		MaxDiscount: t(in.MaxDiscount.S), DOB: t(p.DOB), Gender: t(p.Gender), MaritalStatus: t(p.MaritalStatus), BloodGroup: t(p.BloodGroup),
		ContactNumber: t(p.ContactNumber), AltNumber: t(p.AltNumber), FamilyNumber: t(p.FamilyNumber), FBLink: p.FBLink, TwitterLink: p.TwitterLink,
		SocialMedia1: t(p.SocialMedia[0]), SocialMedia2: t(p.SocialMedia[1]), Custom1: t(p.CustomFields[0]), Custom2: t(p.CustomFields[1]),
		Custom3: t(p.CustomFields[2]), Custom4: t(p.CustomFields[3]), GuardianName: t(p.GuardianName), IDProofName: t(p.IDProofName),
		IDProofNumber: t(p.IDProofNumber), PermanentAddress: t(p.PermanentAddress), CurrentAddress: t(p.CurrentAddress), BankDetails: t(p.BankDetails),
		SelectedContacts: t(in.SelectedContacts.S), Status: p.Status, Business: o, UpdatedAt: s.at(m.UpdatedAt), CreatedAt: s.at(m.CreatedAt), ID: m.User}
}

// intList reads a list of ids, which clients also send as "1,2" or as a map.
func intList(v any) (list []int64, ok bool) {
	switch x := v.(type) {
	case nil:
		return nil, true
	case string:
		return ids(x), true
	case []any:
		for _, e := range x {
			var n wire.Int
			if n.SetWire(e) != nil || n.N < 0 {
				return nil, false
			}
			if n.N > 0 {
				list = append(list, n.N)
			}
		}
		return list, true
	case map[string]any:
		for _, e := range x {
			one, ok := intList([]any{e})
			if !ok {
				return nil, false
			}
			list = append(list, one...)
		}
		return list, true
	}
	one, ok := intList([]any{v})
	return one, ok
}

type passwordIn struct {
	Current string `json:"current_password" required:"true" nonempty:"true"`
	New     string `json:"new_password" required:"true" minLength:"6"`
}

type doneOut struct {
	Success int    `json:"success"`
	Msg     string `json:"msg"`
}

// updatePassword changes the caller's own password. It hashes before it opens
// the transaction that writes.
func (f *face) updatePassword(c *web.Call, in passwordIn) (any, error) {
	account := "user " + strconv.FormatInt(c.Actor.User, 10)
	if err := f.Guard.Guess(c, account); err != nil {
		return nil, err
	}
	var old string
	err := c.DB.View(c.R.Context(), c.Actor.Org, func(tx *db.Tx) (err error) {
		old, err = org.PasswordHash(tx, c.Actor.User)
		return err
	})
	if err != nil {
		return nil, err
	}
	ok, err := f.Passwords.Check(c.R.Context(), in.Current, old)
	if err != nil {
		return nil, err
	}
	if !ok {
		f.Guard.Failed(c, account)
		return nil, fault.New(fault.Invalid, "You have entered wrong password")
	}
	hash, err := f.Passwords.Hash(c.R.Context(), in.New)
	if err != nil {
		return nil, err
	}
	return c.Commit(func(c *web.Call) (any, error) {
		return doneOut{1, "Password updated successfully"}, org.SetPassword(c.Tx, c.Actor.User, hash)
	})
}
