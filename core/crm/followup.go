// Package crm is about winning and keeping customers: follow-ups with
// reminders, what happened last with each lead, and logs of calls.
package crm

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/core/party"
)

// FollowUp is an appointment with a customer or a lead.
type FollowUp struct {
	ID             int64
	Party          int64
	Title          string
	Status         string // one of Statuses, or ""
	StartsAt       time.Time
	EndsAt         time.Time
	Description    string
	Kind           string // one of Kinds, or another: the reference's own examples have words that are none
	Notify         bool   // whether the users are reminded before it starts
	NotifySMS      bool
	NotifyMail     bool
	NotifyBefore   int64  // how many of NotifyType before the start; 0 is no reminder
	NotifyType     string // one of NotifyTypes
	Category       int64  // lookup.FollowupCategory, 0 for none
	AdditionalInfo string // JSON text of the client's, "" for none
	Users          []int64
	CreatedBy      int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// What a follow-up can be, in the order in which clients show it.
var (
	Statuses    = []string{"scheduled", "open", "canceled", "completed"}
	Kinds       = []string{"call", "sms", "meeting", "email"}
	NotifyTypes = []string{"minute", "hour", "day"}
)

const cols = `id, party_id, title, status, starts_at, ends_at, description, kind, notify, notify_sms, notify_mail, notify_before, notify_type,
	category_id, additional_info, created_by, created_at, updated_at`

func scan(r db.Row, f *FollowUp) error {
	return r.Scan(&f.ID, &f.Party, &f.Title, db.S(&f.Status), db.T(&f.StartsAt), db.T(&f.EndsAt), db.S(&f.Description), &f.Kind, db.B(&f.Notify),
		db.B(&f.NotifySMS), db.B(&f.NotifyMail), db.I(&f.NotifyBefore), &f.NotifyType, db.I(&f.Category), db.S(&f.AdditionalInfo),
		db.I(&f.CreatedBy), db.T(&f.CreatedAt), db.T(&f.UpdatedAt))
}

func (f FollowUp) args() []any {
	return []any{f.ID, f.Party, f.Title, db.Null(f.Status), f.StartsAt, f.EndsAt, db.Null(f.Description), f.Kind, f.Notify, f.NotifySMS, f.NotifyMail,
		db.Null(f.NotifyBefore), f.NotifyType, db.Null(f.Category), db.Null(f.AdditionalInfo), db.Null(f.CreatedBy), f.CreatedAt, f.UpdatedAt}
}

// Create adds a follow-up and, when its users are to be reminded, the job
// that does it. What is wrong is an Invalid fault with every field at fault.
func Create(tx *db.Tx, f FollowUp) (FollowUp, error) {
	if err := f.check(tx); err != nil {
		return f, err
	}
	id, err := tx.NextID("followup")
	if err != nil {
		return f, err
	}
	f.ID, f.CreatedBy, f.CreatedAt, f.UpdatedAt = id, tx.Actor, tx.Now, tx.Now
	if err := tx.Insert("followup", "org_id, "+cols, [][]any{append([]any{tx.Org}, f.args()...)}); err != nil {
		return f, err
	}
	if err := f.saveUsers(tx); err != nil {
		return f, err
	}
	return f, f.remind(tx)
}

// Update stores a follow-up that was read with Get and changed.
func Update(tx *db.Tx, f FollowUp) (FollowUp, error) {
	if err := f.check(tx); err != nil {
		return f, err
	}
	f.UpdatedAt = tx.Now
	args := f.args()
	n, err := tx.Exec(`UPDATE followup SET party_id = ?, title = ?, status = ?, starts_at = ?, ends_at = ?, description = ?, kind = ?, notify = ?,
		notify_sms = ?, notify_mail = ?, notify_before = ?, notify_type = ?, category_id = ?, additional_info = ?, updated_at = ? WHERE org_id = ? AND id = ?`,
		append(args[1:15:15], f.UpdatedAt, tx.Org, f.ID)...)
	if err == nil && n == 0 {
		err = fault.Missing("follow up")
	}
	if err != nil {
		return f, err
	}
	if _, err := tx.Exec(`DELETE FROM followup_user WHERE org_id = ? AND followup_id = ?`, tx.Org, f.ID); err != nil {
		return f, err
	}
	if err := f.saveUsers(tx); err != nil {
		return f, err
	}
	return f, f.remind(tx)
}

func (f FollowUp) saveUsers(tx *db.Tx) error {
	rows := make([][]any, len(f.Users))
	for i, u := range f.Users {
		rows[i] = []any{tx.Org, f.ID, u}
	}
	return tx.Insert("followup_user", "org_id, followup_id, user_id", rows)
}

func (f *FollowUp) check(tx *db.Tx) error {
	f.Title = strings.TrimSpace(f.Title)
	f.Users = slices.Compact(slices.Sorted(slices.Values(f.Users)))
	if f.NotifyType == "" {
		f.NotifyType = "hour"
	}
	var flaws []fault.Flaw
	bad := func(wrong bool, field, msg string) {
		if wrong {
			flaws = append(flaws, fault.Flaw{Field: field, Msg: msg})
		}
	}
	bad(f.Title == "", "title", "is required")
	bad(utf8.RuneCountInString(f.Title) > 255, "title", "may have at most 255 characters")
	bad(f.Party == 0, "contact_id", "is required")
	bad(f.Kind == "", "schedule_type", "is required")
	bad(utf8.RuneCountInString(f.Kind) > 50, "schedule_type", "may have at most 50 characters")
	bad(f.Status != "" && !slices.Contains(Statuses, f.Status), "status", "must be one of "+strings.Join(Statuses, ", "))
	bad(!slices.Contains(NotifyTypes, f.NotifyType), "notify_type", "must be one of "+strings.Join(NotifyTypes, ", "))
	bad(f.NotifyBefore < 0 || f.NotifyBefore > 100_000, "notify_before", "must be between 0 and 100000")
	bad(len(f.Users) == 0, "user_id", "is required")
	bad(f.StartsAt.IsZero(), "start_datetime", "is required")
	bad(f.EndsAt.IsZero(), "end_datetime", "is required")
	bad(!f.EndsAt.IsZero() && f.EndsAt.Before(f.StartsAt), "end_datetime", "must not be before the start")
	if f.Party != 0 {
		_, err := party.Get(tx, f.Party)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		bad(err != nil, "contact_id", "does not exist")
	}
	if len(f.Users) > 0 {
		known, err := org.ListMembers(tx, org.MemberFilter{Users: f.Users})
		if err != nil {
			return err
		}
		bad(len(known) < len(f.Users), "user_id", "does not exist")
	}
	err := lookup.Check(tx, lookup.Ref{Field: "followup_category_id", Kind: lookup.FollowupCategory, ID: f.Category})
	if e := fault.Of(err); err != nil && e.Kind == fault.Invalid {
		flaws = append(flaws, e.Fields...)
	} else if err != nil {
		return err
	}
	return fault.Flaws(flaws)
}

// Filter narrows a list of follow-ups. What is not set does not narrow.
type Filter struct {
	IDs        []int64
	Party      int64
	AssignedTo int64
	Status     string
	Kind       string
	Category   int64
	From, To   time.Time // of the start, To excluded
	Desc       bool      // the latest start first
	Limit      int       // 0 is all
	Offset     int
}

// where returns what follows "WHERE org_id = ?", its argument included.
func (f Filter) where(tx *db.Tx) db.Where {
	w := db.Where{}
	w.Args = []any{tx.Org}
	db.In(&w, "id", f.IDs)
	w.AddIf(f.Party != 0, "party_id = ?", f.Party)
	w.AddIf(f.AssignedTo != 0, "id IN (SELECT followup_id FROM followup_user WHERE org_id = ? AND user_id = ?)", tx.Org, f.AssignedTo)
	w.AddIf(f.Status != "", "status = ?", f.Status)
	w.AddIf(f.Kind != "", "kind = ?", f.Kind)
	w.AddIf(f.Category != 0, "category_id = ?", f.Category)
	w.AddIf(!f.From.IsZero(), "starts_at >= ?", f.From)
	w.AddIf(!f.To.IsZero(), "starts_at < ?", f.To)
	return w
}

// List returns follow-ups by their start, with their users, in two
// statements.
func List(tx *db.Tx, f Filter) ([]FollowUp, error) {
	w := f.where(tx)
	dir := ""
	if f.Desc {
		dir = " DESC"
	}
	q := `SELECT ` + cols + ` FROM followup WHERE org_id = ?` + w.And() + ` ORDER BY starts_at` + dir + `, id` + dir
	if f.Limit > 0 {
		q += ` LIMIT ? OFFSET ?`
		w.Args = append(w.Args, f.Limit, f.Offset)
	}
	list, err := db.All(tx, scan, q, w.Args...)
	if err != nil {
		return nil, err
	}
	return list, loadUsers(tx, list)
}

// Count returns how many follow-ups pass a filter, whatever its limit.
func Count(tx *db.Tx, f Filter) (int64, error) {
	w := f.where(tx)
	return db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM followup WHERE org_id = ?`+w.And(), w.Args...)
}

// Get returns one follow-up.
func Get(tx *db.Tx, id int64) (FollowUp, error) {
	list, err := List(tx, Filter{IDs: []int64{id}})
	if err != nil || len(list) == 0 {
		if err == nil {
			err = fault.Missing("follow up")
		}
		return FollowUp{}, err
	}
	return list[0], nil
}

func loadUsers(tx *db.Tx, list []FollowUp) error {
	at, ids := map[int64]int{}, []int64{}
	for i, f := range list {
		at[f.ID] = i
		ids = append(ids, f.ID)
	}
	for part := range slices.Chunk(ids, 1000) {
		err := tx.Each(func(r db.Row) error {
			var id, user int64
			err := r.Scan(&id, &user)
			list[at[id]].Users = append(list[at[id]].Users, user)
			return err
		}, `SELECT followup_id, user_id FROM followup_user WHERE org_id = ? AND followup_id IN (`+db.Marks(len(part))+`) ORDER BY followup_id, user_id`,
			append([]any{tx.Org}, db.Args(part)...)...)
		if err != nil {
			return err
		}
	}
	return nil
}
