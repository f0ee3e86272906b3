package native

import (
	"strconv"
	"time"

	"storehouse/base/fault"
	"storehouse/core/loyalty"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// How a loyalty programme works, and its coupons: what the programme's own
// API has no words for.
func init() {
	op := func(title string) web.Opt { return web.Title("Loyalty", title) }
	routes = append(routes, []web.Route{
		web.Read("GET /v1/loyalty-programs/{id}/settings", org.Admin, loyaltySettings, op("Show a programme's settings")),
		web.Write("PUT /v1/loyalty-programs/{id}/settings", org.Admin, saveLoyaltySettings, op("Replace a programme's settings"),
			web.Doc("registrationUrl is asked before a registration is kept. When it does not answer within registrationTimeoutMs, onSilence says what happens: refuse (the default) or accept.")),
		web.Read("GET /v1/loyalty-programs/{id}/coupons", org.Member, listCoupons, op("List coupons"), web.Doc("Newest first.")),
		web.Write("POST /v1/loyalty-programs/{id}/coupons", org.Member, issueCoupon, op("Issue a coupon"), web.Created),
		web.Write("POST /v1/loyalty-programs/{id}/coupons/{coupon}/state", org.Member, moveCoupon, op("Move a coupon on in its life"),
			web.Doc("issued, delivered, used; or expired at any time before it is used.")),
	})
}

// program checks that a programme is the caller's organization's.
func program(c *web.Call, id int64) error {
	list, err := org.ListPrograms(c.Tx)
	if err != nil {
		return err
	}
	for _, p := range list {
		if p.ID == id {
			return nil
		}
	}
	return fault.Missing("program")
}

type settingOut struct {
	URL     string    `json:"registrationUrl"`
	Wait    int64     `json:"registrationTimeoutMs"`
	Silence string    `json:"onSilence" enum:"refuse,accept"`
	Rate    wire.DecN `json:"pointsPerUnit" doc:"Points for one unit of money; null is by the organization's rule."`
}

func settingOf(s loyalty.Setting) settingOut {
	return settingOut{s.RegistrationURL, s.RegistrationWait.Milliseconds(), s.OnSilence, wire.DecN{D: s.PointsPerUnit}}
}

func loyaltySettings(c *web.Call, in pathID) (settingOut, error) {
	if err := program(c, in.ID); err != nil {
		return settingOut{}, err
	}
	s, err := loyalty.LoadSetting(c.Tx, in.ID)
	return settingOf(s), err
}

type settingIn struct {
	ID      int64    `path:"id"`
	URL     string   `json:"registrationUrl" maxLength:"2000"`
	Wait    int64    `json:"registrationTimeoutMs" minimum:"100" maximum:"30000"`
	Silence string   `json:"onSilence" enum:"refuse,accept"`
	Rate    wire.Num `json:"pointsPerUnit" minimum:"0"`
}

func saveLoyaltySettings(c *web.Call, in settingIn) (settingOut, error) {
	if err := program(c, in.ID); err != nil {
		return settingOut{}, err
	}
	s, err := loyalty.SaveSetting(c.Tx, in.ID, loyalty.Setting{RegistrationURL: in.URL, RegistrationWait: time.Duration(in.Wait) * time.Millisecond,
		OnSilence: in.Silence, PointsPerUnit: in.Rate.Ptr()})
	return settingOf(s), err
}

type couponOut struct {
	ID        int64      `json:"id"`
	Party     wire.IntN  `json:"customerId"`
	Code      string     `json:"code"`
	Title     wire.TextN `json:"title"`
	State     string     `json:"state" enum:"issued,delivered,used,expired"`
	Issued    wire.ISO   `json:"issuedAt"`
	Delivered wire.ISO   `json:"deliveredAt"`
	Used      wire.ISO   `json:"usedAt"`
	Expires   wire.ISO   `json:"expiresAt"`
}

func couponOf(c loyalty.Coupon) couponOut {
	return couponOut{c.ID, wire.IntN(c.Party), c.Code, wire.TextN(c.Title), c.State, wire.ISO(c.IssuedAt), wire.ISO(c.DeliveredAt), wire.ISO(c.UsedAt), wire.ISO(c.ExpiresAt)}
}

type couponsIn struct {
	ID     int64  `path:"id"`
	Cursor string `query:"cursor"`
	Limit  int64  `query:"limit" minimum:"1" maximum:"500"`
}

type couponsOut struct {
	Data []couponOut `json:"data"`
	Next *string     `json:"nextCursor"`
}

func listCoupons(c *web.Call, in couponsIn) (couponsOut, error) {
	out := couponsOut{Data: []couponOut{}}
	if err := program(c, in.ID); err != nil {
		return out, err
	}
	if in.Limit == 0 {
		in.Limit = 50
	}
	at, err := web.ParseCursor(in.Cursor, 1)
	if err != nil {
		return out, err
	}
	before := int64(0)
	if at != nil {
		before, _ = strconv.ParseInt(at[0], 10, 64)
	}
	list, err := loyalty.Coupons(c.Tx, in.ID, before, int(in.Limit)+1)
	if len(list) > int(in.Limit) {
		list = list[:in.Limit]
		next := web.Cursor(strconv.FormatInt(list[in.Limit-1].ID, 10))
		out.Next = &next
	}
	for _, x := range list {
		out.Data = append(out.Data, couponOf(x))
	}
	return out, err
}

type couponIn struct {
	ID      int64  `path:"id"`
	Party   int64  `json:"customerId" minimum:"1"`
	Code    string `json:"code" maxLength:"100" doc:"Made up where there is none."`
	Title   string `json:"title" maxLength:"255"`
	Expires string `json:"expiresAt" doc:"RFC 3339; never where there is none."`
}

func issueCoupon(c *web.Call, in couponIn) (couponOut, error) {
	if err := program(c, in.ID); err != nil {
		return couponOut{}, err
	}
	x := loyalty.Coupon{Party: in.Party, Code: in.Code, Title: in.Title}
	if in.Expires != "" {
		t, err := time.Parse(time.RFC3339, in.Expires)
		if err != nil {
			return couponOut{}, fault.Field("expiresAt", "must be a time as RFC 3339 spells it")
		}
		x.ExpiresAt = t.UTC()
	}
	x, err := loyalty.Issue(c.Tx, in.ID, x)
	return couponOf(x), err
}

type moveCouponIn struct {
	ID     int64  `path:"id"`
	Coupon int64  `path:"coupon"`
	State  string `json:"state" required:"true" enum:"delivered,used,expired"`
}

func moveCoupon(c *web.Call, in moveCouponIn) (couponOut, error) {
	if err := program(c, in.ID); err != nil {
		return couponOut{}, err
	}
	x, err := loyalty.Move(c.Tx, in.ID, in.Coupon, "", in.State)
	return couponOf(x), err
}
