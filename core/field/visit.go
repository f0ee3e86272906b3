// Package field plans the visits of the field force and keeps what came of
// them. What happened at a visit is said by the user it was assigned to, and
// by nobody else.
package field

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/core/party"
)

// The states of a visit. All but Assigned are finished.
const (
	Assigned   = "assigned"
	Finished   = "finished"
	Met        = "met_contact"
	DidNotMeet = "did_not_meet_contact"
)

// Statuses lists the states in the reference's order.
var Statuses = []string{Assigned, Finished, Met, DidNotMeet}

// Person is somebody who was met at a visit.
type Person struct{ Name, Mobile, Designation string }

// Visit is a visit to a party, or to somebody who is none.
type Visit struct {
	ID             int64
	Number         string // "2021/0031", counted each year
	Party          int64  // 0: VisitTo and VisitAddress say whom
	VisitTo        string
	VisitAddress   string
	AssignedTo     int64
	Status         string
	VisitOn        time.Time // when it is to be; zero is open
	VisitFor       string
	VisitedOn      time.Time // when it was
	VisitedAddress string
	Latitude       string // as the phone says
	Longitude      string
	Reason         string // why the contact was not met
	Comments       string
	MeetWith       [3]Person
	HasPhoto       bool
	CreatedBy      int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

const cols = `id, number, party_id, visit_to, visit_address, assigned_to, status, visit_on, visit_for, visited_on, visited_address, latitude, longitude,
	reason, comments, meet_with, meet_with2, meet_with3, mobile, mobile2, mobile3, designation, designation2, designation3, has_photo,
	created_by, created_at, updated_at`

func scan(r db.Row, v *Visit) error {
	p := &v.MeetWith
	return r.Scan(&v.ID, &v.Number, db.I(&v.Party), db.S(&v.VisitTo), db.S(&v.VisitAddress), &v.AssignedTo, &v.Status, db.T(&v.VisitOn), db.S(&v.VisitFor),
		db.T(&v.VisitedOn), db.S(&v.VisitedAddress), db.S(&v.Latitude), db.S(&v.Longitude), db.S(&v.Reason), db.S(&v.Comments),
		db.S(&p[0].Name), db.S(&p[1].Name), db.S(&p[2].Name), db.S(&p[0].Mobile), db.S(&p[1].Mobile), db.S(&p[2].Mobile),
		db.S(&p[0].Designation), db.S(&p[1].Designation), db.S(&p[2].Designation), db.B(&v.HasPhoto), db.I(&v.CreatedBy), db.T(&v.CreatedAt), db.T(&v.UpdatedAt))
}

func (v Visit) args() []any {
	n, p := db.Null[string], v.MeetWith
	return []any{v.ID, v.Number, db.Null(v.Party), n(v.VisitTo), n(v.VisitAddress), v.AssignedTo, v.Status, v.VisitOn, n(v.VisitFor), v.VisitedOn,
		n(v.VisitedAddress), n(v.Latitude), n(v.Longitude), n(v.Reason), n(v.Comments), n(p[0].Name), n(p[1].Name), n(p[2].Name),
		n(p[0].Mobile), n(p[1].Mobile), n(p[2].Mobile), n(p[0].Designation), n(p[1].Designation), n(p[2].Designation), v.HasPhoto,
		db.Null(v.CreatedBy), v.CreatedAt, v.UpdatedAt}
}

// Create plans a visit. It needs somebody to visit and a user who goes.
func Create(tx *db.Tx, v Visit) (Visit, error) {
	if err := v.check(tx); err != nil {
		return v, err
	}
	s, err := org.LoadSettings(tx)
	if err != nil {
		return v, err
	}
	if v.ID, err = tx.NextID("visit"); err != nil {
		return v, err
	}
	year := tx.Now.In(s.Zone()).Year()
	n, err := tx.Number(fmt.Sprintf("visit:%d", year))
	if err != nil {
		return v, err
	}
	v.Number, v.Status = fmt.Sprintf("%d/%04d", year, n), Assigned
	v.CreatedBy, v.CreatedAt, v.UpdatedAt = tx.Actor, tx.Now, tx.Now
	return v, tx.Insert("visit", "org_id, "+cols, [][]any{append([]any{tx.Org}, v.args()...)})
}

func (v *Visit) check(tx *db.Tx) error {
	v.VisitTo, v.VisitAddress = strings.TrimSpace(v.VisitTo), strings.TrimSpace(v.VisitAddress)
	var flaws []fault.Flaw
	bad := func(wrong bool, field, msg string) {
		if wrong {
			flaws = append(flaws, fault.Flaw{Field: field, Msg: msg})
		}
	}
	bad(v.Party == 0 && v.VisitTo == "", "contact_id", "is required")
	bad(v.Party == 0 && v.VisitTo != "" && v.VisitAddress == "", "visit_address", "is required")
	bad(utf8.RuneCountInString(v.VisitTo) > 255, "visit_to", "may have at most 255 characters")
	bad(v.AssignedTo == 0, "assigned_to", "is required")
	if v.Party != 0 {
		_, err := party.Get(tx, v.Party)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		bad(err != nil, "contact_id", "does not exist")
	}
	if v.AssignedTo != 0 {
		_, err := org.GetMember(tx, v.AssignedTo)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		bad(err != nil, "assigned_to", "does not exist")
	}
	return fault.Flaws(flaws)
}

// Photo is a picture taken at a visit.
type Photo struct {
	Type string // "image/jpeg"
	Data []byte
}

// MaxPhoto is how many bytes a picture may have.
const MaxPhoto = 8 << 20

// pictures are the first bytes of the pictures that are taken.
var pictures = []struct{ head, kind string }{{"\xff\xd8\xff", "image/jpeg"}, {"\x89PNG\r\n\x1a\n", "image/png"}, {"GIF8", "image/gif"}, {"RIFF", "image/webp"}}

// ReadPhoto says what kind of picture data is; what is none is an Invalid
// fault about the field photo.
func ReadPhoto(data []byte) (Photo, error) {
	if len(data) > MaxPhoto {
		return Photo{}, fault.Field("photo", "may have at most %d bytes", MaxPhoto)
	}
	for _, p := range pictures {
		if strings.HasPrefix(string(data[:min(len(data), 16)]), p.head) && (p.head != "RIFF" || len(data) > 12 && string(data[8:12]) == "WEBP") {
			return Photo{p.kind, data}, nil
		}
	}
	return Photo{}, fault.Field("photo", "must be an image")
}

// Report stores what came of a visit that was read with Get and changed. Only
// the user to whom it is assigned may report; anybody else is Forbidden. A
// photo replaces the one before.
func Report(tx *db.Tx, v Visit, photo *Photo) (Visit, error) {
	if tx.Actor != v.AssignedTo {
		return v, fault.New(fault.Forbidden, "only the assigned user can change the status of a visit")
	}
	if !slices.Contains(Statuses, v.Status) {
		return v, fault.Field("status", "must be one of %s", strings.Join(Statuses, ", "))
	}
	if v.Status != Assigned && v.VisitedOn.IsZero() {
		v.VisitedOn = tx.Now
	}
	v.UpdatedAt, v.HasPhoto = tx.Now, v.HasPhoto || photo != nil
	args := v.args()
	_, err := tx.Exec(`UPDATE visit SET status = ?, visit_on = ?, visit_for = ?, visited_on = ?, visited_address = ?, latitude = ?, longitude = ?,
		reason = ?, comments = ?, meet_with = ?, meet_with2 = ?, meet_with3 = ?, mobile = ?, mobile2 = ?, mobile3 = ?, designation = ?,
		designation2 = ?, designation3 = ?, has_photo = ?, updated_at = ? WHERE org_id = ? AND id = ?`,
		append(args[6:25:25], v.UpdatedAt, tx.Org, v.ID)...)
	if err != nil || photo == nil {
		return v, err
	}
	return v, tx.Insert("visit_photo", "org_id, visit_id, kind, data",
		[][]any{{tx.Org, v.ID, photo.Type, base64.StdEncoding.EncodeToString(photo.Data)}},
		"ON CONFLICT (org_id, visit_id) DO UPDATE SET kind = excluded.kind, data = excluded.data")
}

// PhotoOf returns a visit's picture.
func PhotoOf(tx *db.Tx, id int64) (Photo, error) {
	p, err := db.One(tx, func(r db.Row, p *Photo) error {
		var text string
		if err := r.Scan(&p.Type, &text); err != nil {
			return err
		}
		var err error
		p.Data, err = base64.StdEncoding.DecodeString(text)
		return err
	}, `SELECT kind, data FROM visit_photo WHERE org_id = ? AND visit_id = ?`, tx.Org, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("photo")
	}
	return p, err
}

// Filter narrows a list of visits. What is not set does not narrow.
type Filter struct {
	IDs        []int64
	Party      int64
	AssignedTo int64
	Status     string    // Finished is everything but Assigned
	From, To   time.Time // of VisitOn, To excluded
	ByDate     bool      // by VisitOn, otherwise the newest first
	Desc       bool      // with ByDate: the latest first
	Limit      int       // 0 is all
	Offset     int
}

// where returns what follows "WHERE org_id = ?", its argument included.
func (f Filter) where(tx *db.Tx) db.Where {
	w := db.Where{Args: []any{tx.Org}}
	db.In(&w, "id", f.IDs)
	w.AddIf(f.Party != 0, "party_id = ?", f.Party)
	w.AddIf(f.AssignedTo != 0, "assigned_to = ?", f.AssignedTo)
	if f.Status == Finished {
		w.Add("status <> ?", Assigned)
	} else {
		w.AddIf(f.Status != "", "status = ?", f.Status)
	}
	w.AddIf(!f.From.IsZero(), "visit_on >= ?", f.From)
	w.AddIf(!f.To.IsZero(), "visit_on < ?", f.To)
	return w
}

// List returns visits.
func List(tx *db.Tx, f Filter) ([]Visit, error) {
	w := f.where(tx)
	order := "id DESC"
	switch {
	case f.ByDate && f.Desc:
		order = "COALESCE(visit_on, 0) DESC, id DESC"
	case f.ByDate:
		order = "COALESCE(visit_on, 0), id"
	}
	q := `SELECT ` + cols + ` FROM visit WHERE org_id = ?` + w.And() + ` ORDER BY ` + order
	if f.Limit > 0 {
		q += ` LIMIT ? OFFSET ?`
		w.Args = append(w.Args, f.Limit, f.Offset)
	}
	return db.All(tx, scan, q, w.Args...)
}

// Count returns how many visits pass a filter, whatever its limit.
func Count(tx *db.Tx, f Filter) (int64, error) {
	w := f.where(tx)
	return db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM visit WHERE org_id = ?`+w.And(), w.Args...)
}

// Get returns one visit.
func Get(tx *db.Tx, id int64) (Visit, error) {
	list, err := List(tx, Filter{IDs: []int64{id}})
	if err != nil || len(list) == 0 {
		if err == nil {
			err = fault.Missing("visit")
		}
		return Visit{}, err
	}
	return list[0], nil
}
