package pos

import (
	"encoding/json"
	"slices"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/crm"
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).followUpRoutes) }

func (f *face) followUpRoutes() []web.Route {
	tag := "CRM"
	return []web.Route{
		web.Read("GET /connector/api/crm/follow-ups", org.Viewer, f.listFollowUps, web.Title(tag, "List Follow ups"), may("crm.access_all_schedule"), web.Shape[pageOf[followUpOut]]()),
		web.Write("POST /connector/api/crm/follow-ups", org.Member, f.createFollowUp, web.Title(tag, "Add follow up"), may("crm.add_schedule")),
		web.Read("GET /connector/api/crm/follow-ups/{id}", org.Viewer, f.getFollowUps, web.Title(tag, "Get the specified followup"), may("crm.access_all_schedule")),
		web.Write("PUT /connector/api/crm/follow-ups/{id}", org.Member, f.updateFollowUp, web.Title(tag, "Update follow up"), may("crm.add_schedule")),
		web.Write("PATCH /connector/api/crm/follow-ups/{id}", org.Member, f.updateFollowUp, web.Title(tag, "Update follow up"), may("crm.add_schedule")),
		web.Read("GET /connector/api/crm/follow-up-resources", org.Viewer, f.followUpResources, web.Title(tag, "Get follow up resources")),
	}
}

type notifyVia struct {
	SMS  wire.Bit `json:"sms"`
	Mail wire.Bit `json:"mail"`
}

// madeFollowUpOut is a follow-up as creating and updating answer it.
type madeFollowUpOut struct {
	ID           int64      `json:"id"`
	Business     int64      `json:"business_id"`
	Contact      int64      `json:"contact_id"`
	Title        string     `json:"title"`
	Status       wire.TextN `json:"status"`
	Start        wire.Stamp `json:"start_datetime"`
	End          wire.Stamp `json:"end_datetime"`
	Description  wire.TextN `json:"description"`
	Kind         string     `json:"schedule_type"`
	Category     wire.IntN  `json:"followup_category_id"`
	Notify       wire.Bit   `json:"allow_notification"`
	NotifyVia    notifyVia  `json:"notify_via"`
	NotifyBefore wire.IntN  `json:"notify_before"`
	NotifyType   string     `json:"notify_type"`
	CreatedBy    wire.IntN  `json:"created_by"`
	Info         wire.Raw   `json:"followup_additional_info"`
	CreatedAt    wire.Stamp `json:"created_at"`
	UpdatedAt    wire.Stamp `json:"updated_at"`
}

type scheduleUser struct {
	userOut
	Pivot struct {
		Schedule int64 `json:"schedule_id"`
		User     int64 `json:"user_id"`
	} `json:"pivot"`
}

// followUpOut is a follow-up as it is read. The vendor's app reads the people
// as followup_users, the reference prints them as users.
type followUpOut struct {
	madeFollowUpOut
	Customer      *customerOut   `json:"customer"`
	CategoryRow   *categoryOut   `json:"followup_category"`
	Users         []scheduleUser `json:"users"`
	FollowUpUsers []scheduleUser `json:"followup_users"`
}

// entry is an entry of a list as contacts and follow-ups carry it; nil where
// there is none.
func (s stamps) entry(o int64, e lookup.Entry) *categoryOut {
	if e.ID == 0 {
		return nil
	}
	out := s.category(o, e)
	return &out
}

func (s stamps) followUp(o int64, v crm.FollowUp) madeFollowUpOut {
	return madeFollowUpOut{ID: v.ID, Business: o, Contact: v.Party, Title: v.Title, Status: wire.TextN(v.Status), Start: s.at(v.StartsAt), End: s.at(v.EndsAt),
		Description: wire.TextN(v.Description), Kind: v.Kind, Category: wire.IntN(v.Category), Notify: wire.Bit(v.Notify),
		NotifyVia: notifyVia{wire.Bit(v.NotifySMS), wire.Bit(v.NotifyMail)}, NotifyBefore: wire.IntN(v.NotifyBefore), NotifyType: v.NotifyType,
		CreatedBy: wire.IntN(v.CreatedBy), Info: wire.Raw(v.AdditionalInfo), CreatedAt: s.at(v.CreatedAt), UpdatedAt: s.at(v.UpdatedAt)}
}

// followUps completes follow-ups with their contacts, categories and users,
// in a fixed number of statements.
func (s stamps) followUps(c *web.Call, list []crm.FollowUp) ([]followUpOut, error) {
	var contacts, categories, users []int64
	for _, v := range list {
		contacts, users = append(contacts, v.Party), append(users, v.Users...)
		if v.Category != 0 {
			categories = append(categories, v.Category)
		}
	}
	customers, err := s.customersByID(c, unique(contacts))
	if err != nil {
		return nil, err
	}
	people, err := s.usersByID(c, unique(users)...)
	if err != nil {
		return nil, err
	}
	entries, err := lookup.ByID(c.Tx, unique(categories))
	if err != nil {
		return nil, err
	}
	out := []followUpOut{}
	for _, v := range list {
		row := followUpOut{madeFollowUpOut: s.followUp(c.Org, v), CategoryRow: s.entry(c.Org, entries[v.Category]), Users: []scheduleUser{}}
		if p, ok := customers[v.Party]; ok {
			row.Customer = &p
		}
		for _, id := range v.Users {
			if u, ok := people[id]; ok {
				su := scheduleUser{userOut: u}
				su.Pivot.Schedule, su.Pivot.User = v.ID, id
				row.Users = append(row.Users, su)
			}
		}
		row.FollowUpUsers = row.Users
		out = append(out, row)
	}
	return out, nil
}

type followUpsIn struct {
	Start      wire.Text `query:"start_date" doc:"format: Y-m-d (Ex: 2020-12-16)"`
	End        wire.Text `query:"end_date" doc:"format: Y-m-d (Ex: 2020-12-16)"`
	StartTime  wire.Text `query:"start_datetime" doc:"the same as start_date, for older clients"`
	EndTime    wire.Text `query:"end_datetime" doc:"the same as end_date, for older clients"`
	Status     wire.Text `query:"status" doc:"filter the result through status, get status from getFollowUpResources->statuses"`
	Kind       wire.Text `query:"follow_up_type" doc:"filter the result through follow_up_type, get follow_up_type from getFollowUpResources->follow_up_types"`
	Category   rowID     `query:"followup_category_id" doc:"filter the result through followup_category_id"`
	AssignedTo rowID     `query:"assigned_to" doc:"id of the assigned user"`
	Contact    rowID     `query:"contact_id" doc:"id of the contact"`
	OrderBy    wire.Text `query:"order_by" doc:"Column name to sort the result, Column: start_datetime"`
	Direction  wire.Text `query:"direction" doc:"Direction to sort the result, Required if using 'order_by', direction: desc, asc"`
	paging
}

func (f *face) listFollowUps(c *web.Call, in followUpsIn) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	from, to, err := between(or(in.Start.S, in.StartTime.S), or(in.End.S, in.EndTime.S), z)
	if err != nil {
		return nil, err
	}
	desc := false // a direction of an unknown column is not looked at
	if in.OrderBy.S == "start_datetime" || in.OrderBy.S == "" {
		if desc, err = descending("direction", in.Direction.S); err != nil {
			return nil, err
		}
	}
	filter := crm.Filter{Status: in.Status.S, Kind: in.Kind.S, Category: in.Category.N, AssignedTo: in.AssignedTo.N, Party: in.Contact.N, From: from, To: to, Desc: desc}
	return list(f, c, in.paging, func() (int64, error) { return crm.Count(c.Tx, filter) }, func(limit, offset int) ([]followUpOut, error) {
		filter.Limit, filter.Offset = limit, offset
		rows, err := crm.List(c.Tx, filter)
		if err != nil {
			return nil, err
		}
		return stamps{z}.followUps(c, rows)
	})
}

func (f *face) getFollowUps(c *web.Call, in idsIn) (data[[]followUpOut], error) {
	var none data[[]followUpOut]
	want := ids(in.IDs)
	if len(want) == 0 {
		return none, fault.Missing("follow up")
	}
	rows, err := crm.List(c.Tx, crm.Filter{IDs: want})
	if err == nil && len(rows) == 0 {
		err = fault.Missing("follow up")
	}
	if err != nil {
		return none, err
	}
	z, err := zone(c)
	if err != nil {
		return none, err
	}
	out, err := stamps{z}.followUps(c, rows)
	return data[[]followUpOut]{out}, err
}

type followUpIn struct {
	Title        wire.Text `json:"title" doc:"Follow up title"`
	Contact      wire.Int  `json:"contact_id" doc:"Contact to be followed up"`
	Description  wire.Text `json:"description" doc:"Follow up description"`
	Kind         wire.Text `json:"schedule_type" doc:"Follow up type default get from getFollowUpResources->follow_up_types"`
	Users        any       `json:"user_id" doc:"Integer ID; Follow up to be assigned Ex: [2,3,8]"`
	NotifyBefore wire.Int  `json:"notify_before" doc:"Integer value will be used to send auto notification before follow up starts."`
	NotifyType   wire.Text `json:"notify_type" doc:"Notify type Ex: 'minute', 'hour', 'day'. default is hour"`
	Status       wire.Text `json:"status" doc:"Follow up status"`
	NotifyVia    any       `json:"notify_via" doc:"Will be used to send notification Ex: ['sms' => 0 ,'mail' => 1]"`
	Start        wire.Text `json:"start_datetime" doc:"format: Y-m-d H:i:s"`
	End          wire.Text `json:"end_datetime" doc:"format: Y-m-d H:i:s"`
	Info         any       `json:"followup_additional_info" doc:"Follow up additional info Ex: ['call duration' => '1 hour']"`
	Notify       wire.Bool `json:"allow_notification" doc:"0/1 : If notification will be send before follow up starts. default is 1(true)"`
	Category     wire.Int  `json:"followup_category_id" doc:"id of the follow up's category"`
}

// put changes what was given of a follow-up.
func (in followUpIn) put(v *crm.FollowUp, z *time.Location) error {
	for _, p := range []struct {
		in  wire.Text
		out *string
	}{{in.Title, &v.Title}, {in.Description, &v.Description}, {in.Kind, &v.Kind}, {in.NotifyType, &v.NotifyType}, {in.Status, &v.Status}} {
		if p.in.Set {
			*p.out = p.in.S
		}
	}
	for _, p := range []struct {
		field string
		in    wire.Text
		out   *time.Time
	}{{"start_datetime", in.Start, &v.StartsAt}, {"end_datetime", in.End, &v.EndsAt}} {
		if !p.in.Set {
			continue
		}
		t, err := moment(p.field, p.in.S, z)
		if err != nil {
			return err
		}
		*p.out = t
	}
	v.Party, v.NotifyBefore, v.Category = in.Contact.Or(v.Party), in.NotifyBefore.Or(v.NotifyBefore), in.Category.Or(v.Category)
	v.Notify = in.Notify.Or(v.Notify)
	if in.Users != nil {
		users, ok := intList(in.Users)
		if !ok {
			return fault.Field("user_id", "must be an array of integers")
		}
		v.Users = users
	}
	if in.Info != nil {
		v.AdditionalInfo = infoText(in.Info)
	}
	return in.ways(v)
}

// infoText keeps what a client noted as JSON: the vendor's app sends an
// object or "".
func infoText(v any) string {
	if s, ok := v.(string); ok && (s == "" || json.Valid([]byte(s))) {
		return s
	}
	b, _ := json.Marshal(v)
	return string(b)
}

// ways reads how to notify: {"sms":0,"mail":1} or ["mail"].
func (in followUpIn) ways(v *crm.FollowUp) error {
	switch x := in.NotifyVia.(type) {
	case nil:
	case map[string]any:
		for name, on := range map[string]*bool{"sms": &v.NotifySMS, "mail": &v.NotifyMail} {
			var b wire.Bool
			if b.SetWire(x[name]) != nil {
				return fault.Field("notify_via."+name, "must be true or false")
			}
			*on = b.V
		}
	case []any:
		v.NotifySMS, v.NotifyMail = slices.Contains(x, any("sms")), slices.Contains(x, any("mail"))
	default:
		if x != "" {
			return fault.Field("notify_via", "must be an object")
		}
	}
	return nil
}

func (f *face) createFollowUp(c *web.Call, in followUpIn) (data[madeFollowUpOut], error) {
	return f.saveFollowUp(c, in, crm.FollowUp{Notify: true}, crm.Create)
}

type updateFollowUpIn struct {
	ID rowID `path:"id" doc:"id of the follow up to be updated"`
	followUpIn
}

func (f *face) updateFollowUp(c *web.Call, in updateFollowUpIn) (data[madeFollowUpOut], error) {
	v, err := crm.Get(c.Tx, in.ID.N)
	if err != nil {
		return data[madeFollowUpOut]{}, err
	}
	return f.saveFollowUp(c, in.followUpIn, v, crm.Update)
}

func (f *face) saveFollowUp(c *web.Call, in followUpIn, v crm.FollowUp, save func(*db.Tx, crm.FollowUp) (crm.FollowUp, error)) (data[madeFollowUpOut], error) {
	var none data[madeFollowUpOut]
	z, err := zone(c)
	if err != nil {
		return none, err
	}
	if err := in.put(&v, z); err != nil {
		return none, err
	}
	v, err = save(c.Tx, v)
	return data[madeFollowUpOut]{stamps{z}.followUp(c.Org, v)}, err
}

type resourcesOut struct {
	Statuses struct {
		Scheduled string `json:"scheduled"`
		Open      string `json:"open"`
		Canceled  string `json:"canceled"`
		Completed string `json:"completed"`
	} `json:"statuses"`
	Kinds struct {
		Call    string `json:"call"`
		SMS     string `json:"sms"`
		Meeting string `json:"meeting"`
		Email   string `json:"email"`
	} `json:"follow_up_types"`
	NotifyType struct {
		Minute string `json:"minute"`
		Hour   string `json:"hour"`
		Day    string `json:"day"`
	} `json:"notify_type"`
	NotifyVia struct {
		SMS  string `json:"sms"`
		Mail string `json:"mail"`
	} `json:"notify_via"`
}

func (f *face) followUpResources(*web.Call, web.None) (data[resourcesOut], error) {
	var r resourcesOut
	r.Statuses.Scheduled, r.Statuses.Open, r.Statuses.Canceled, r.Statuses.Completed = "Scheduled", "Open", "Cancelled", "Completed"
	r.Kinds.Call, r.Kinds.SMS, r.Kinds.Meeting, r.Kinds.Email = "Call", "Sms", "Meeting", "Email"
	r.NotifyType.Minute, r.NotifyType.Hour, r.NotifyType.Day = "Minute", "Hour", "Day"
	r.NotifyVia.SMS, r.NotifyVia.Mail = "Sms", "Email"
	return data[resourcesOut]{r}, nil
}
