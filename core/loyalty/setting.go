package loyalty

import (
	"net/url"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/org"
)

// What happens to a registration when the outside check does not answer in
// time.
const (
	RefuseOnSilence = "refuse" // the default: nobody is registered unchecked
	AcceptOnSilence = "accept"
)

// Setting is how a programme works.
type Setting struct {
	RegistrationURL  string        // asked before a registration is kept; "" asks nobody
	RegistrationWait time.Duration // how long it may take; 5 s by default, 30 s at most
	OnSilence        string        // RefuseOnSilence or AcceptOnSilence
	PointsPerUnit    *dec.D        // points for one unit of money; nil is by the organization's rule
}

const defaultWait = 5 * time.Second

// LoadSetting returns a programme's settings, or their defaults.
func LoadSetting(tx *db.Tx, program int64) (Setting, error) {
	var micros int64
	s, err := db.One(tx, func(r db.Row, s *Setting) error {
		return r.Scan(&s.RegistrationURL, &micros, &s.OnSilence, db.DN(&s.PointsPerUnit))
	}, `SELECT registration_url, registration_wait, on_silence, points_per_unit FROM loyalty_setting WHERE org_id = ? AND program_id = ?`, tx.Org, program)
	if fault.Is(err, fault.NotFound) {
		return Setting{RegistrationWait: defaultWait, OnSilence: RefuseOnSilence}, nil
	}
	s.RegistrationWait = time.Duration(micros) * time.Microsecond
	return s, err
}

// SaveSetting checks and stores a programme's settings.
func SaveSetting(tx *db.Tx, program int64, s Setting) (Setting, error) {
	if s.RegistrationWait == 0 {
		s.RegistrationWait = defaultWait
	}
	if s.OnSilence == "" {
		s.OnSilence = RefuseOnSilence
	}
	var flaws []fault.Flaw
	if s.RegistrationURL != "" {
		if u, err := url.Parse(s.RegistrationURL); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
			flaws = append(flaws, fault.Flaw{Field: "registrationUrl", Msg: "must be an http or https address"})
		}
	}
	if s.RegistrationWait < 100*time.Millisecond || s.RegistrationWait > 30*time.Second {
		flaws = append(flaws, fault.Flaw{Field: "registrationTimeoutMs", Msg: "must be between 100 and 30000"})
	}
	if s.OnSilence != RefuseOnSilence && s.OnSilence != AcceptOnSilence {
		flaws = append(flaws, fault.Flaw{Field: "onSilence", Msg: "must be refuse or accept"})
	}
	if s.PointsPerUnit != nil && *s.PointsPerUnit < 0 {
		flaws = append(flaws, fault.Flaw{Field: "pointsPerUnit", Msg: "must not be negative"})
	}
	if err := fault.Flaws(flaws); err != nil {
		return s, err
	}
	return s, tx.Insert("loyalty_setting", "org_id, program_id, registration_url, registration_wait, on_silence, points_per_unit, updated_at",
		[][]any{{tx.Org, program, s.RegistrationURL, s.RegistrationWait.Microseconds(), s.OnSilence, s.PointsPerUnit, tx.Now}},
		`ON CONFLICT (org_id, program_id) DO UPDATE SET registration_url = excluded.registration_url, registration_wait = excluded.registration_wait,
		on_silence = excluded.on_silence, points_per_unit = excluded.points_per_unit, updated_at = excluded.updated_at`)
}

// PointsPerUnit returns how many points one unit of money gives: the rate by
// which shops work out what they report. Without one of its own a programme
// has that of the organization's rule, and 1 when that is off.
func PointsPerUnit(tx *db.Tx, program int64) (dec.D, error) {
	s, err := LoadSetting(tx, program)
	if err != nil {
		return 0, err
	}
	if s.PointsPerUnit != nil {
		return *s.PointsPerUnit, nil
	}
	settings, err := org.LoadSettings(tx)
	if err != nil {
		return 0, err
	}
	if r := settings.Points; r.Enabled && r.AmountPerPoint > 0 {
		return dec.One.Div(r.AmountPerPoint)
	}
	return dec.One, nil
}
