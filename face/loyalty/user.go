package loyalty

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/connect"
	"storehouse/core/loyalty"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// userOut is a user as the look-ups show one: every value a text.
type userOut struct {
	Points      wire.Dec   `json:"points"`
	Name        string     `json:"name"`
	FirstName   string     `json:"first_name"`
	LastName    string     `json:"last_name"`
	Email       wire.TextN `json:"email"`
	Locale      wire.TextN `json:"locale"`
	Timezone    wire.TextN `json:"timezone"`
	CreateTime  wire.Stamp `json:"createtime"`
	FID         wire.TextN `json:"fid"`
	Service     string     `json:"service"`
	ServiceUID  string     `json:"service_uid"`
	ServicePass wire.TextN `json:"service_pass"`
	Status      string     `json:"status"`
	Gender      wire.TextN `json:"gender"`
	Birthday    wire.TextN `json:"birthday"`
	Hometown    wire.TextN `json:"hometown"`
	Location    wire.TextN `json:"location"`
	CountryID   wire.TextN `json:"country_id"`
	UserAppID   string     `json:"userapp_id"`
	AppID       string     `json:"app_id"`
}

type foundOut struct {
	User userOut `json:"user"`
}

// newUserOut is a user as registering shows one: numbers here and there.
type newUserOut struct {
	Service     int64      `json:"service"`
	Status      int64      `json:"status"`
	ServiceUID  string     `json:"service_uid"`
	ServicePass wire.TextN `json:"service_pass"`
	Email       wire.TextN `json:"email"`
	FirstName   string     `json:"first_name"`
	LastName    string     `json:"last_name"`
	Name        string     `json:"name"`
	CreateTime  wire.Stamp `json:"createtime"`
	ID          string     `json:"id"`
	Locale      wire.TextN `json:"locale"`
	Timezone    wire.TextN `json:"timezone"`
	FID         wire.TextN `json:"fid"`
	UserEmail   wire.TextN `json:"useremail"`
	Gender      wire.TextN `json:"gender"`
	Birthday    wire.TextN `json:"birthday"`
	Hometown    wire.TextN `json:"hometown"`
	Location    wire.TextN `json:"location"`
	CountryID   wire.TextN `json:"country_id"`
}

type userAppOut struct {
	AppCode            string     `json:"app_code"`
	ShowFriendsInviter int64      `json:"showfriendsinviter"`
	IsClient           int64      `json:"is_client"`
	UserID             string     `json:"user_id"`
	AppID              string     `json:"app_id"`
	Token              wire.TextN `json:"token"`
	LastVisit          wire.Stamp `json:"lastvisit"`
	CreateTime         wire.Stamp `json:"createtime"`
	RemoteIP           wire.TextN `json:"remote_ip"`
	ID                 string     `json:"id"`
	ContactEmail       wire.TextN `json:"contactemail"`
	ExternalID         wire.TextN `json:"external_id"`
}

type registeredOut struct {
	User    newUserOut  `json:"user"`
	UserApp userAppOut  `json:"user_app"`
	Points  wire.Number `json:"points"`
}

type topOut struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	FirstName   string      `json:"first_name"`
	LastName    string      `json:"last_name"`
	Email       wire.TextN  `json:"email"`
	Locale      wire.TextN  `json:"locale"`
	Timezone    wire.TextN  `json:"timezone"`
	CreateTime  wire.Stamp  `json:"createtime"`
	FID         wire.TextN  `json:"fid"`
	Service     string      `json:"service"`
	ServiceUID  string      `json:"service_uid"`
	ServicePass wire.TextN  `json:"service_pass"`
	Status      string      `json:"status"`
	UserEmail   wire.TextN  `json:"useremail"`
	Gender      wire.TextN  `json:"gender"`
	Birthday    wire.TextN  `json:"birthday"`
	Hometown    wire.TextN  `json:"hometown"`
	Location    wire.TextN  `json:"location"`
	CountryID   wire.TextN  `json:"country_id"`
	Tags        wire.TextN  `json:"tags"`
	Points      wire.Number `json:"points"`
}

// classic is the service of users who sign in with a password; Facebook's, 1,
// has none here.
const classic = 2

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// names returns first and last name; one who has none of the two has the
// whole name for a first.
func names(m loyalty.Member) (first, last string) {
	if m.FirstName == "" && m.LastName == "" {
		return m.Name, ""
	}
	return m.FirstName, m.LastName
}

// createTime is when the person came to the programme, else to us.
func createTime(m loyalty.Member) time.Time {
	if m.Joined.IsZero() {
		return m.CreatedAt
	}
	return m.Joined
}

func showUser(c *web.Call, tx *db.Tx, m loyalty.Member) (userOut, error) {
	s, err := org.LoadSettings(tx)
	first, last := names(m)
	return userOut{Points: wire.Dec(m.Points), Name: m.Name, FirstName: first, LastName: last, Email: wire.TextN(m.Email),
		CreateTime: wire.Stamp{T: createTime(m), Zone: s.Zone()}, Service: itoa(classic), ServiceUID: m.UID, Status: "1", Birthday: wire.TextN(m.DOB),
		Hometown: wire.TextN(place(m)), Location: wire.TextN(place(m)), UserAppID: itoa(m.ID), AppID: itoa(c.Actor.Source)}, err
}

func place(m loyalty.Member) string {
	return strings.Trim(m.City+", "+m.Country, ", ")
}

func showRegistered(c *web.Call, tx *db.Tx, m loyalty.Member) (answer[registeredOut], error) {
	s, err := org.LoadSettings(tx)
	if err != nil {
		return answer[registeredOut]{}, err
	}
	programs, err := org.ListPrograms(tx)
	if err != nil {
		return answer[registeredOut]{}, err
	}
	code := ""
	for _, p := range programs {
		if p.ID == c.Actor.Source {
			code = p.Name
		}
	}
	first, last := names(m)
	made := wire.Stamp{T: createTime(m), Zone: s.Zone()}
	out := registeredOut{
		User: newUserOut{Service: classic, Status: 1, ServiceUID: m.UID, Email: wire.TextN(m.Email), FirstName: first, LastName: last, Name: m.Name,
			CreateTime: made, ID: itoa(m.ID)},
		UserApp: userAppOut{AppCode: code, ShowFriendsInviter: 1, UserID: itoa(m.ID), AppID: itoa(c.Actor.Source), LastVisit: wire.Stamp{T: tx.Now, Zone: s.Zone()},
			CreateTime: made, RemoteIP: wire.TextN(m.RemoteIP), ID: itoa(m.ID)},
		Points: wire.Number(m.Points),
	}
	if m.Registered {
		out.UserApp.IsClient = 1
	}
	return yes(out), nil
}

func found(c *web.Call, m loyalty.Member, err error) (answer[foundOut], error) {
	if err != nil {
		return answer[foundOut]{}, err
	}
	u, err := showUser(c, c.Tx, m)
	return yes(foundOut{u}), err
}

type emailIn struct {
	Email wire.Text `json:"email" required:"true" nonempty:"true"`
}

func byEmail(c *web.Call, in emailIn) (answer[foundOut], error) {
	m, err := loyalty.ByEmail(c.Tx, c.Actor.Source, in.Email.S)
	return found(c, m, err)
}

type uidIn struct {
	UID wire.Text `json:"uid" required:"true" nonempty:"true" doc:"User ID. By default is email"`
}

func byUID(c *web.Call, in uidIn) (answer[foundOut], error) {
	m, err := loyalty.ByUID(c.Tx, c.Actor.Source, in.UID.S)
	return found(c, m, err)
}

type isUserIn struct {
	Service wire.Int  `json:"service" required:"true" doc:"1 is FB, 2 is Classic"`
	UID     wire.Text `json:"service_uid" required:"true" nonempty:"true"`
}

func isUser(c *web.Call, in isUserIn) (said, error) {
	if in.Service.N != 1 && in.Service.N != classic {
		return said{}, fault.Field("service", "must be 1 or 2")
	}
	_, err := loyalty.ByUID(c.Tx, c.Actor.Source, in.UID.S)
	switch {
	case fault.Is(err, fault.NotFound), err == nil && in.Service.N != classic:
		return said{false, "User not found"}, nil
	case err != nil:
		return said{}, err
	}
	return said{true, "User already exists"}, nil
}

type topIn struct {
	Limit wire.Int `json:"limit" minimum:"1" doc:"Amount of users returned. Default = 10, max 100"`
}

func topUsers(c *web.Call, in topIn) ([]topOut, error) {
	s, err := org.LoadSettings(c.Tx)
	if err != nil {
		return nil, err
	}
	list, err := loyalty.Top(c.Tx, c.Actor.Source, int(min(in.Limit.Or(10), 100)))
	out := make([]topOut, len(list))
	for i, m := range list {
		first, last := names(m)
		out[i] = topOut{ID: itoa(m.ID), Name: m.Name, FirstName: first, LastName: last, Email: wire.TextN(m.Email),
			CreateTime: wire.Stamp{T: createTime(m), Zone: s.Zone()}, Service: itoa(classic), ServiceUID: m.UID, Status: "1", Birthday: wire.TextN(m.DOB),
			Points: wire.Number(m.Points)}
	}
	return out, err
}

type initializeIn struct {
	UID       wire.Text `json:"uid" doc:"User ID. Default is email"`
	Email     wire.Text `json:"email" required:"true" nonempty:"true" maxLength:"254"`
	FirstName wire.Text `json:"first_name" maxLength:"100"`
	LastName  wire.Text `json:"last_name" maxLength:"100"`
}

func (in initializeIn) entry(c *web.Call) loyalty.Entry {
	ip, _, _ := net.SplitHostPort(c.R.RemoteAddr)
	return loyalty.Entry{UID: in.UID.S, Email: in.Email.S, FirstName: in.FirstName.S, LastName: in.LastName.S, RemoteIP: ip}
}

func (f *face) initialize(c *web.Call, in initializeIn) (answer[registeredOut], error) {
	m, err := loyalty.Add(c.Tx, c.Actor.Source, in.entry(c))
	if err != nil {
		return answer[registeredOut]{}, err
	}
	return showRegistered(c, c.Tx, m)
}

type registerIn struct {
	initializeIn
	Pass wire.Text `json:"pass" required:"true" nonempty:"true" maxLength:"1024"`
	All  any       `body:"*"`
}

// register asks the outside check before anything is kept, without holding a
// transaction while it thinks.
func (f *face) register(c *web.Call, in registerIn) (out answer[registeredOut], err error) {
	ctx := c.R.Context()
	var set loyalty.Setting
	known := false
	err = c.DB.View(ctx, c.Actor.Org, func(tx *db.Tx) error {
		if set, err = loyalty.LoadSetting(tx, c.Actor.Source); err != nil {
			return err
		}
		uid := in.UID.S
		if uid == "" {
			uid = in.Email.S
		}
		known, err = loyalty.Registered(tx, c.Actor.Source, uid)
		return err
	})
	if err != nil {
		return out, err
	}
	if known {
		return out, fault.New(fault.Conflict, "User already exists")
	}
	if err := f.ask(ctx, set, in); err != nil {
		return out, err
	}
	e := in.entry(c)
	if e.PasswordHash, err = f.Passwords.Hash(ctx, in.Pass.S); err != nil {
		return out, err
	}
	err = c.DB.Update(ctx, c.Actor.Org, func(tx *db.Tx) error {
		m, err := loyalty.Add(tx, c.Actor.Source, e)
		if err != nil {
			return err
		}
		out, err = showRegistered(c, tx, m)
		return err
	})
	return out, err
}

// ask puts a registration before the outside check, if the programme has one.
// Its refusal reaches the caller in its own words.
func (f *face) ask(ctx context.Context, set loyalty.Setting, in registerIn) error {
	if set.RegistrationURL == "" {
		return nil
	}
	fields := map[string]any{"uid": in.UID.S, "email": in.Email.S, "first_name": in.FirstName.S, "last_name": in.LastName.S}
	if all, ok := in.All.(map[string]any); ok {
		for k, v := range all {
			if k != "pass" && k != "app_id" {
				fields[k] = v
			}
		}
	}
	ok, message, err := f.Hub.Ask(ctx, set.RegistrationURL, set.RegistrationWait, fields)
	switch {
	case errors.Is(err, connect.ErrSilent):
		slog.WarnContext(ctx, "registration check", "policy", set.OnSilence, "err", err)
		if set.OnSilence == loyalty.AcceptOnSilence {
			return nil
		}
		return fault.New(fault.Conflict, "The registration could not be checked, please try again later")
	case err != nil:
		return err
	case ok:
		return nil
	case message == "":
		message = "The registration was refused"
	}
	return fault.New(fault.Conflict, "%s", message)
}
