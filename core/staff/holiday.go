package staff

import (
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/org"
)

// Holiday is days without work, both included.
type Holiday struct {
	ID         int64
	Name       string
	Start, End string // "2006-01-02"
	Location   int64  // 0: of all locations
	Note       string
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// CreateHoliday adds a holiday.
func CreateHoliday(tx *db.Tx, h Holiday) (Holiday, error) {
	if err := h.check(tx); err != nil {
		return h, err
	}
	id, err := tx.NextID("holiday")
	if err != nil {
		return h, err
	}
	h.ID, h.CreatedAt, h.UpdatedAt = id, tx.Now, tx.Now
	return h, tx.Insert("holiday", "org_id, "+holidayCols,
		[][]any{{tx.Org, h.ID, h.Name, h.Start, h.End, db.Null(h.Location), db.Null(h.Note), h.CreatedAt, h.UpdatedAt}})
}

// GetHoliday returns one holiday.
func GetHoliday(tx *db.Tx, id int64) (Holiday, error) {
	list, err := db.All(tx, scanHoliday, `SELECT `+holidayCols+` FROM holiday WHERE org_id = ? AND id = ?`, tx.Org, id)
	if err == nil && len(list) == 0 {
		err = fault.Missing("holiday")
	}
	if err != nil {
		return Holiday{}, err
	}
	return list[0], nil
}

// UpdateHoliday stores a holiday that was read with GetHoliday and changed.
func UpdateHoliday(tx *db.Tx, h Holiday) (Holiday, error) {
	if err := h.check(tx); err != nil {
		return h, err
	}
	h.UpdatedAt = tx.Now
	_, err := tx.Exec(`UPDATE holiday SET name = ?, start_date = ?, end_date = ?, location_id = ?, note = ?, updated_at = ? WHERE org_id = ? AND id = ?`,
		h.Name, h.Start, h.End, db.Null(h.Location), db.Null(h.Note), h.UpdatedAt, tx.Org, h.ID)
	return h, err
}

// DeleteHoliday removes a holiday.
func DeleteHoliday(tx *db.Tx, id int64) error {
	n, err := tx.Exec(`DELETE FROM holiday WHERE org_id = ? AND id = ?`, tx.Org, id)
	if err == nil && n == 0 {
		err = fault.Missing("holiday")
	}
	return err
}

func (h Holiday) check(tx *db.Tx) error {
	var flaws []fault.Flaw
	if strings.TrimSpace(h.Name) == "" {
		flaws = append(flaws, fault.Flaw{Field: "name", Msg: "is required"})
	}
	for _, d := range []struct{ field, at string }{{"start_date", h.Start}, {"end_date", h.End}} {
		if _, err := time.Parse(time.DateOnly, d.at); err != nil {
			flaws = append(flaws, fault.Flaw{Field: d.field, Msg: "does not match the format Y-m-d"})
		}
	}
	if len(flaws) == 0 && h.End < h.Start {
		flaws = append(flaws, fault.Flaw{Field: "end_date", Msg: "must not be before the start"})
	}
	if h.Location != 0 {
		if _, err := org.GetLocation(tx, h.Location); fault.Is(err, fault.NotFound) {
			flaws = append(flaws, fault.Flaw{Field: "location_id", Msg: "does not exist"})
		} else if err != nil {
			return err
		}
	}
	return fault.Flaws(flaws)
}

const holidayCols = `id, name, start_date, end_date, location_id, note, created_at, updated_at`

func scanHoliday(r db.Row, h *Holiday) error {
	return r.Scan(&h.ID, &h.Name, &h.Start, &h.End, db.I(&h.Location), db.S(&h.Note), db.T(&h.CreatedAt), db.T(&h.UpdatedAt))
}

// HolidayFilter narrows ListHolidays. What is not set does not narrow.
type HolidayFilter struct {
	Locations []int64 // theirs, and those of all locations
	From, To  string  // dates between which the holiday has a day, both included
}

// ListHolidays returns holidays by date.
func ListHolidays(tx *db.Tx, f HolidayFilter) ([]Holiday, error) {
	w := db.Where{Args: []any{tx.Org}}
	if len(f.Locations) > 0 {
		w.Add("(location_id IS NULL OR location_id IN ("+db.Marks(len(f.Locations))+"))", db.Args(f.Locations)...)
	}
	w.AddIf(f.From != "", "end_date >= ?", f.From)
	w.AddIf(f.To != "", "start_date <= ?", f.To)
	return db.All(tx, scanHoliday, `SELECT `+holidayCols+` FROM holiday WHERE org_id = ?`+w.And()+` ORDER BY start_date, id`, w.Args...)
}
