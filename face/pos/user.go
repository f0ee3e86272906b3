package pos

import (
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/core/staff"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).userRoutes) }

func (f *face) userRoutes() []web.Route {
	tag := "User management"
	return []web.Route{
		web.Read("GET /connector/api/user/loggedin", org.Viewer, f.loggedIn, web.Title(tag, "Get the loggedin user details.")),
		web.Read("GET /connector/api/user", org.Viewer, f.listUsers, web.Title(tag, "List users"), may("user.view")),
		web.Read("GET /connector/api/user/{id}", org.Viewer, f.getUsers, web.Title(tag, "Get the specified user"), may("user.view")),
		web.Plain("POST /connector/api/user-registration", org.Admin, f.registerUser, web.Title(tag, "Register User"), may("user.create"), web.Output[registrationOut], web.FaultAs(registrationFault, anyFault{})),
		web.Plain("POST /connector/api/update-password", org.Viewer, f.updatePassword, web.Title(tag, "Update password"), web.Output[doneOut]),
	}
}

// userOut is a user as every route shows it.
type userOut struct {
	ID                int64      `json:"id"`
	UserType          string     `json:"user_type"`
	Surname           wire.TextN `json:"surname"`
	FirstName         string     `json:"first_name"`
	LastName          wire.TextN `json:"last_name"`
	Username          wire.TextN `json:"username"`
	Email             wire.TextN `json:"email"`
	Language          string     `json:"language"`
	ContactNo         wire.TextN `json:"contact_no"`
	Address           wire.TextN `json:"address"`
	Business          int64      `json:"business_id"`
	MaxDiscount       percentN   `json:"max_sales_discount_percent"`
	AllowLogin        wire.Bit   `json:"allow_login"`
	Department        wire.IntN  `json:"essentials_department_id"`
	Designation       wire.IntN  `json:"essentials_designation_id"`
	Status            string     `json:"status"`
	CRMContact        wire.IntN  `json:"crm_contact_id"`
	IsCommissionAgent wire.Bit   `json:"is_cmmsn_agnt"`
	Commission        percentN   `json:"cmmsn_percent"`
	SelectedContacts  wire.Bit   `json:"selected_contacts"`
	DOB               wire.TextN `json:"dob"`
	Gender            wire.TextN `json:"gender"`
	MaritalStatus     wire.TextN `json:"marital_status"`
	BloodGroup        wire.TextN `json:"blood_group"`
	ContactNumber     wire.TextN `json:"contact_number"`
	FBLink            wire.TextN `json:"fb_link"`
	TwitterLink       wire.TextN `json:"twitter_link"`
	SocialMedia1      wire.TextN `json:"social_media_1"`
	SocialMedia2      wire.TextN `json:"social_media_2"`
	PermanentAddress  wire.TextN `json:"permanent_address"`
	CurrentAddress    wire.TextN `json:"current_address"`
	GuardianName      wire.TextN `json:"guardian_name"`
	Custom1           wire.TextN `json:"custom_field_1"`
	Custom2           wire.TextN `json:"custom_field_2"`
	Custom3           wire.TextN `json:"custom_field_3"`
	Custom4           wire.TextN `json:"custom_field_4"`
	BankDetails       wire.TextN `json:"bank_details"`
	IDProofName       wire.TextN `json:"id_proof_name"`
	IDProofNumber     wire.TextN `json:"id_proof_number"`
	DeletedAt         wire.Stamp `json:"deleted_at"`
	CreatedAt         wire.Stamp `json:"created_at"`
	UpdatedAt         wire.Stamp `json:"updated_at"`
}

// percentN leaves as "0.00", the pos face's percentages of users; nil is null.
type percentN struct{ D *dec.D }

// MarshalJSON implements json.Marshaler.
func (p percentN) MarshalJSON() ([]byte, error) {
	if p.D == nil {
		return []byte("null"), nil
	}
	return []byte(`"` + p.D.Fixed(2) + `"`), nil
}

// Schema implements wire.Schemer.
func (percentN) Schema() map[string]any {
	return wire.Obj{"type": []any{"string", "null"}, "pattern": `^-?[0-9]+\.[0-9]{2}$`}
}

func (s stamps) user(o int64, m org.MemberUser) userOut {
	p := m.Profile
	t := func(s string) wire.TextN { return wire.TextN(s) }
	first := p.FirstName
	if first == "" {
		first = m.DisplayName
	}
	return userOut{ID: m.User, UserType: p.UserType, Surname: t(p.Surname), FirstName: first, LastName: t(p.LastName), Username: t(p.Username),
		Email: t(m.Email), Language: p.Language, ContactNo: t(p.ContactNo), Address: t(p.Address), Business: o, MaxDiscount: percentN{p.MaxDiscountPercent},
		AllowLogin: wire.Bit(p.AllowLogin), Department: wire.IntN(p.Department), Designation: wire.IntN(p.Designation), Status: p.Status,
		CRMContact: wire.IntN(p.CRMContact), IsCommissionAgent: wire.Bit(p.IsCommissionAgent), Commission: percentN{&p.CommissionPercent},
		SelectedContacts: wire.Bit(p.SelectedContacts), DOB: t(p.DOB), Gender: t(p.Gender), MaritalStatus: t(p.MaritalStatus), BloodGroup: t(p.BloodGroup),
		ContactNumber: t(p.ContactNumber), FBLink: t(p.FBLink), TwitterLink: t(p.TwitterLink), SocialMedia1: t(p.SocialMedia[0]), SocialMedia2: t(p.SocialMedia[1]),
		PermanentAddress: t(p.PermanentAddress), CurrentAddress: t(p.CurrentAddress), GuardianName: t(p.GuardianName), Custom1: t(p.CustomFields[0]),
		Custom2: t(p.CustomFields[1]), Custom3: t(p.CustomFields[2]), Custom4: t(p.CustomFields[3]), BankDetails: t(p.BankDetails),
		IDProofName: t(p.IDProofName), IDProofNumber: t(p.IDProofNumber), CreatedAt: s.at(m.CreatedAt), UpdatedAt: s.at(m.UpdatedAt)}
}

// usersByID returns users of the organization as routes show them, for
// answers that name people.
func (s stamps) usersByID(c *web.Call, list ...int64) (map[int64]userOut, error) {
	out := map[int64]userOut{}
	if len(list) == 0 {
		return out, nil
	}
	members, err := org.ListMembers(c.Tx, org.MemberFilter{Users: list})
	for _, m := range members {
		out[m.User] = s.user(c.Org, m)
	}
	return out, err
}

type loggedInOut struct {
	userOut
	IsAdmin     bool     `json:"is_admin"`
	Permissions []string `json:"all_permissions"`
}

func (f *face) loggedIn(c *web.Call, _ web.None) (data[loggedInOut], error) {
	var none data[loggedInOut]
	z, err := zone(c)
	if err != nil {
		return none, err
	}
	list, err := org.ListMembers(c.Tx, org.MemberFilter{Users: []int64{c.Actor.User}})
	if err != nil {
		return none, err
	}
	if len(list) == 0 { // a program on its own account is nobody
		return none, fault.Missing("user")
	}
	return data[loggedInOut]{loggedInOut{stamps{z}.user(c.Org, list[0]), c.Actor.Role >= org.Admin, permissions(c.Actor)}}, nil
}

type usersIn struct {
	ServiceStaff flag  `query:"service_staff" doc:"Filter service staffs from users list (0, 1)"`
	Location     rowID `query:"location_id" doc:"only users who work at this location"`
}

func (f *face) listUsers(c *web.Call, in usersIn) (data[[]userOut], error) {
	var none data[[]userOut]
	if _, err := places(c, in.Location.N); err != nil {
		return none, err
	}
	filter := org.MemberFilter{}
	if in.ServiceStaff.V {
		filter.ServiceStaff = &in.ServiceStaff.V
	}
	list, err := f.users(c, filter, func(m org.MemberUser) bool {
		return m.Profile.UserType != staff.Contact && (in.Location.N == 0 || m.Places().Has(in.Location.N))
	})
	return data[[]userOut]{list}, err
}

func (f *face) getUsers(c *web.Call, in idsIn) (data[[]userOut], error) {
	want := ids(in.IDs)
	if len(want) == 0 {
		return data[[]userOut]{}, fault.Missing("user")
	}
	list, err := f.users(c, org.MemberFilter{Users: want}, func(org.MemberUser) bool { return true })
	if err == nil && len(list) == 0 {
		err = fault.Missing("user")
	}
	return data[[]userOut]{list}, err
}

func (f *face) users(c *web.Call, filter org.MemberFilter, keep func(org.MemberUser) bool) ([]userOut, error) {
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	members, err := org.ListMembers(c.Tx, filter)
	out := []userOut{}
	for _, m := range members {
		if keep(m) {
			out = append(out, stamps{z}.user(c.Org, m))
		}
	}
	return out, err
}
