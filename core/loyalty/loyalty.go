// Package loyalty is a loyalty programme's view of the organization: its
// members are customers, its points are the one points ledger's, and a
// purchase that is reported is a sale in the one order book. A customer is
// known by one or more uids, by default the e-mail address.
package loyalty

import (
	"net/netip"
	"strconv"
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/party"
	"storehouse/core/points"
)

// Member is a customer as a programme sees them.
type Member struct {
	party.Party
	UID        string    // never "": the e-mail address or the customer's number where no other was given
	Registered bool      // false while only initialized: may earn, not yet redeem
	Joined     time.Time // the programme; zero for a customer whom it does not know yet
	RemoteIP   string
	Points     dec.D
}

// Entry is a person to be added.
type Entry struct {
	UID, Email, FirstName, LastName string
	Phone                           string
	PasswordHash                    string // "" leaves the registration pending
	RemoteIP                        string
}

// uidKey is how uids are compared. A raw plus sign in an address that was not
// encoded arrives as a space.
func uidKey(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if strings.Contains(s, "@") {
		s = strings.ReplaceAll(s, " ", "+")
	}
	return s
}

func missing() error { return fault.New(fault.NotFound, "User not found") }

// ByUID finds a member by a uid of a programme; an e-mail address is one by
// default, also a customer's whom the programme has never heard of.
func ByUID(tx *db.Tx, program int64, uid string) (Member, error) {
	k := uidKey(uid)
	if k == "" {
		return Member{}, missing()
	}
	id, err := partyOf(tx, program, k)
	if err != nil {
		return Member{}, err
	}
	if id == 0 {
		return ByEmail(tx, program, uid)
	}
	p, err := party.Get(tx, id)
	if err != nil {
		return Member{}, err
	}
	m, err := load(tx, program, p)
	m.UID = strings.TrimSpace(uid) // one may have several: the one that was asked for is good
	if strings.Contains(k, "@") {
		m.UID = k
	}
	return m, err
}

// ByEmail finds a member by e-mail address: the customer's, else one that a
// client has given for them since.
func ByEmail(tx *db.Tx, program int64, email string) (Member, error) {
	k := uidKey(email)
	if !strings.Contains(k, "@") {
		return Member{}, missing()
	}
	p, err := party.ByEmail(tx, k)
	if fault.Is(err, fault.NotFound) {
		var id int64
		if id, err = partyOf(tx, program, k); err == nil && id == 0 {
			return Member{}, missing()
		}
		if err == nil {
			p, err = party.Get(tx, id)
		}
	}
	if err != nil {
		return Member{}, err
	}
	return load(tx, program, p)
}

// ByRef finds a member by what clients call userapp_id: a uid, an e-mail
// address, or our own number for the customer.
func ByRef(tx *db.Tx, program int64, ref string) (Member, error) {
	m, err := ByUID(tx, program, ref)
	if !fault.Is(err, fault.NotFound) {
		return m, err
	}
	id, convErr := strconv.ParseInt(strings.TrimSpace(ref), 10, 64)
	if convErr != nil || id <= 0 {
		return m, err
	}
	p, getErr := party.Get(tx, id)
	if fault.Is(getErr, fault.NotFound) {
		return m, err
	}
	if getErr != nil {
		return m, getErr
	}
	return load(tx, program, p)
}

// partyOf returns the customer of a uid; 0 for none.
func partyOf(tx *db.Tx, program int64, key string) (int64, error) {
	id, err := db.One(tx, db.Value[int64], `SELECT party_id FROM loyalty_uid WHERE org_id = ? AND program_id = ? AND uid_key = ?`, tx.Org, program, key)
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	return id, err
}

// load adds to customers what the programme knows of them, in a fixed number
// of statements.
func load(tx *db.Tx, program int64, p party.Party) (Member, error) {
	list, err := loadAll(tx, program, []party.Party{p})
	if err != nil {
		return Member{}, err
	}
	return list[0], nil
}

func loadAll(tx *db.Tx, program int64, parties []party.Party) ([]Member, error) {
	list := make([]Member, len(parties))
	at := map[int64]*Member{}
	var ids []int64
	for i, p := range parties {
		list[i] = Member{Party: p, UID: p.Email}
		if list[i].UID == "" {
			list[i].UID = p.Number
		}
		at[p.ID] = &list[i]
		ids = append(ids, p.ID)
	}
	in := db.Marks(len(ids))
	args := append([]any{tx.Org, program}, db.Args(ids)...)
	// The newest uid wins: it is the one its client has just made.
	err := tx.Each(func(r db.Row) error {
		var id int64
		var uid string
		err := r.Scan(&id, &uid)
		at[id].UID = uid
		return err
	}, `SELECT party_id, uid FROM loyalty_uid WHERE org_id = ? AND program_id = ? AND party_id IN (`+in+`) ORDER BY created_at, uid_key`, args...)
	if err != nil {
		return nil, err
	}
	err = tx.Each(func(r db.Row) error {
		var id int64
		var registered, joined time.Time
		var ip string
		err := r.Scan(&id, db.T(&registered), db.T(&joined), db.S(&ip))
		m := at[id]
		m.Registered, m.Joined, m.RemoteIP = !registered.IsZero(), joined, ip
		return err
	}, `SELECT party_id, registered_at, created_at, remote_ip FROM loyalty_member WHERE org_id = ? AND program_id = ? AND party_id IN (`+in+`)`, args...)
	if err != nil {
		return nil, err
	}
	balances, err := points.Balances(tx, ids...)
	for id, b := range balances {
		at[id].Points = b.Balance
	}
	return list, err
}

// Top returns the members with the most points, most first.
func Top(tx *db.Tx, program int64, n int) ([]Member, error) {
	balances, err := points.Top(tx, n)
	if err != nil || len(balances) == 0 {
		return []Member{}, err
	}
	var ids []int64
	for _, b := range balances {
		ids = append(ids, b.Party)
	}
	parties, err := party.GetMany(tx, ids)
	if err != nil {
		return nil, err
	}
	list, err := loadAll(tx, program, parties)
	if err != nil {
		return nil, err
	}
	at := map[int64]Member{}
	for _, m := range list {
		at[m.ID] = m
	}
	out := make([]Member, 0, len(ids))
	for _, id := range ids {
		if m, ok := at[id]; ok {
			out = append(out, m)
		}
	}
	return out, nil
}

// errLost is what an attempt ends with when somebody else was quicker with the
// same uid or e-mail address.
var errLost = fault.New(fault.Conflict, "the user has just been made")

// Add finds the customer of a uid or an e-mail address, or makes one, and
// takes them into the programme. A known person keeps what is known of them;
// a uid that is new becomes one more of theirs. With a password hash the
// registration is complete; a second registration is a Conflict.
func Add(tx *db.Tx, program int64, e Entry) (Member, error) {
	var err error
	if e, err = e.tidy(); err != nil {
		return Member{}, err
	}
	var m Member
	for range 3 {
		err = tx.Try(func() error {
			m, err = add(tx, program, e)
			return err
		})
		if err != errLost {
			return m, err
		}
	}
	return m, err
}

func (e Entry) tidy() (Entry, error) {
	e.UID, e.Email = strings.TrimSpace(e.UID), uidKey(e.Email)
	e.FirstName, e.LastName = strings.TrimSpace(e.FirstName), strings.TrimSpace(e.LastName)
	if e.UID == "" {
		e.UID = e.Email
	}
	if strings.Contains(e.UID, "@") {
		e.UID = strings.ReplaceAll(e.UID, " ", "+")
	}
	if _, err := netip.ParseAddr(e.RemoteIP); err != nil {
		e.RemoteIP = ""
	}
	var flaws []fault.Flaw
	if e.UID == "" || len(e.UID) > 255 {
		flaws = append(flaws, fault.Flaw{Field: "uid", Msg: "must have 1 to 255 characters"})
	}
	if at := strings.LastIndex(e.Email, "@"); at < 1 || at == len(e.Email)-1 || len(e.Email) > 254 || strings.ContainsAny(e.Email, " \t\r\n<>,;") {
		flaws = append(flaws, fault.Flaw{Field: "email", Msg: "must be an e-mail address"})
	}
	return e, fault.Flaws(flaws)
}

func add(tx *db.Tx, program int64, e Entry) (Member, error) {
	p, err := find(tx, program, e)
	if err != nil {
		return Member{}, err
	}
	if p.ID == 0 {
		if p, err = party.Create(tx, party.Party{IsCustomer: true, IsActive: true, FirstName: e.FirstName, LastName: e.LastName, Name: e.name(),
			Email: e.Email, Mobile: e.Phone}); err != nil {
			return Member{}, err
		}
	}
	// The address is a uid of its own, so that two who add the same person at
	// the same time meet here.
	since := tx.Now
	if uidKey(e.UID) != uidKey(e.Email) {
		since = time.UnixMicro(0) // the uid is what the client calls the person from now on
	}
	if err := claim(tx, program, e.Email, p.ID, since); err != nil {
		return Member{}, err
	}
	if err := claim(tx, program, e.UID, p.ID, tx.Now); err != nil {
		return Member{}, err
	}
	if err := join(tx, program, p.ID, e); err != nil {
		return Member{}, err
	}
	m, err := load(tx, program, p)
	m.UID = e.UID
	return m, err
}

func (e Entry) name() string {
	if n := strings.TrimSpace(e.FirstName + " " + e.LastName); n != "" {
		return n
	}
	return e.Email
}

// find returns the customer whom a uid or an e-mail address names; an empty
// one when there is none.
func find(tx *db.Tx, program int64, e Entry) (party.Party, error) {
	for _, uid := range []string{e.UID, e.Email} {
		id, err := partyOf(tx, program, uidKey(uid))
		if err != nil {
			return party.Party{}, err
		}
		if id != 0 {
			return party.Get(tx, id)
		}
	}
	p, err := party.ByEmail(tx, e.Email)
	if fault.Is(err, fault.NotFound) {
		return party.Party{}, nil
	}
	return p, err
}

// claim makes a uid a customer's. One that is another customer's already
// stays so when it is only the address; else somebody was quicker.
func claim(tx *db.Tx, program int64, uid string, customer int64, since time.Time) error {
	n, err := tx.Exec(`INSERT INTO loyalty_uid (org_id, program_id, uid_key, uid, party_id, created_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		tx.Org, program, uidKey(uid), uid, customer, since)
	if err != nil || n > 0 {
		return err
	}
	owner, err := partyOf(tx, program, uidKey(uid))
	if err == nil && owner != customer && !strings.Contains(uid, "@") {
		err = errLost
	} else if err == nil && owner != customer {
		err = errOther(tx, owner, customer)
	}
	return err
}

// errOther tells a lost race (the other has the same address) from a person
// who calls themselves by somebody else's address.
func errOther(tx *db.Tx, owner, customer int64) error {
	list, err := party.GetMany(tx, []int64{owner, customer})
	if err != nil {
		return err
	}
	if len(list) == 2 && uidKey(list[0].Email) == uidKey(list[1].Email) {
		return errLost
	}
	return fault.New(fault.Conflict, "The email belongs to another user")
}

func join(tx *db.Tx, program, customer int64, e Entry) error {
	var registered time.Time
	if e.PasswordHash != "" {
		registered = tx.Now
	}
	n, err := tx.Exec(`INSERT INTO loyalty_member (org_id, program_id, party_id, password_hash, remote_ip, registered_at, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, tx.Org, program, customer, db.Null(e.PasswordHash), db.Null(e.RemoteIP), registered, tx.Now)
	if err != nil || n > 0 || e.PasswordHash == "" {
		return err
	}
	n, err = tx.Exec(`UPDATE loyalty_member SET password_hash = ?, remote_ip = ?, registered_at = ? WHERE org_id = ? AND program_id = ? AND party_id = ?
		AND registered_at IS NULL`, e.PasswordHash, db.Null(e.RemoteIP), tx.Now, tx.Org, program, customer)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "User already exists")
	}
	return err
}

// Registered reports whether a uid's registration is complete.
func Registered(tx *db.Tx, program int64, uid string) (bool, error) {
	n, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM loyalty_uid u JOIN loyalty_member m ON m.org_id = u.org_id AND m.program_id = u.program_id
		AND m.party_id = u.party_id WHERE u.org_id = ? AND u.program_id = ? AND u.uid_key = ? AND m.registered_at IS NOT NULL`, tx.Org, program, uidKey(uid))
	return n > 0, err
}

func text(n int64) string { return strconv.FormatInt(n, 10) }
