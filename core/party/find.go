package party

import (
	"slices"
	"strings"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// Filter narrows a list of parties. Zero values do not narrow.
type Filter struct {
	Role          Role
	IDs           []int64
	Active        *bool
	Type          int64
	Segment       int64
	Broker        int64
	Parent        int64
	CustomerGroup int64
	AssignedTo    []int64
	Custom1       string
	Reach         *Reach
	Q             string // anywhere in the name or the business name

	// Search terms, anywhere in their columns; several are joined by OR.
	Name     string
	Business string
	Phone    string // mobile, landline or alternate number, by digits
	Number   string

	Order  Order
	Desc   bool
	After  *Cursor // only with ByName, not Desc
	Limit  int     // 0 for all
	Offset int
}

// Order says by what a list is sorted.
type Order int

// The orders.
const (
	ByName Order = iota
	ByBusiness
	ByID
)

// Cursor is a place in a list by name.
type Cursor struct {
	Key string
	ID  int64
}

// List returns parties, with the users to whom they are assigned, in two or
// three statements.
func List(tx *db.Tx, f Filter) ([]Party, error) {
	if f.searched() {
		return f.found(tx)
	}
	list, err := db.All(tx, scan, `SELECT `+cols+` FROM party WHERE org_id = ?`+f.tail(tx), f.args(tx)...)
	if err != nil {
		return nil, err
	}
	return list, loadUsers(tx, list)
}

// Each streams parties in bounded memory; fn must run no other statement and
// sees no assigned users.
func Each(tx *db.Tx, f Filter, fn func(Party) error) error {
	return tx.Each(func(r db.Row) error {
		var p Party
		if err := scan(r, &p); err != nil {
			return err
		}
		return fn(p)
	}, `SELECT `+cols+` FROM party WHERE org_id = ?`+f.tail(tx), f.args(tx)...)
}

// Count returns how many parties pass a filter, whatever its limit.
func Count(tx *db.Tx, f Filter) (int64, error) {
	w := f.conditions(tx)
	return db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM party WHERE org_id = ?`+w.And(), append([]any{tx.Org}, w.Args...)...)
}

func (f Filter) conditions(tx *db.Tx) *db.Where {
	w := &db.Where{}
	switch f.Role {
	case Customer:
		w.Add("is_customer = 1")
	case Vendor:
		w.Add("is_vendor = 1")
	case Lead:
		w.Add("is_lead = 1")
	case Both:
		w.Add("is_customer = 1 AND is_vendor = 1")
	}
	db.In(w, "id", f.IDs)
	if f.Active != nil { // literals, so that the partial indexes apply
		w.AddIf(*f.Active, "is_active = 1")
		w.AddIf(!*f.Active, "is_active = 0")
	}
	for _, c := range []struct {
		column string
		id     int64
	}{{"customer_type_id", f.Type}, {"segment_id", f.Segment}, {"broker_id", f.Broker}, {"parent_id", f.Parent}, {"customer_group_id", f.CustomerGroup}} {
		w.AddIf(c.id != 0, c.column+" = ?", c.id)
	}
	if len(f.AssignedTo) > 0 {
		w.Add("id IN (SELECT party_id FROM party_user WHERE org_id = ? AND user_id IN ("+db.Marks(len(f.AssignedTo))+"))", append([]any{tx.Org}, db.Args(f.AssignedTo)...)...)
	}
	cond, args := f.Reach.Where(tx, "id")
	w.AddIf(cond != "", cond, args...)
	w.AddIf(f.Custom1 != "", "custom_field1 = ?", f.Custom1)
	if f.Q != "" {
		like := db.Like(f.Q)
		w.Add(`(name_key LIKE ? ESCAPE '\' OR business_key LIKE ? ESCAPE '\')`, like, like)
	}
	f.search(w)
	if f.After != nil {
		w.Add("name_key >= ? AND (name_key > ? OR id > ?)", f.After.Key, f.After.Key, f.After.ID)
	}
	return w
}

// search adds the terms that are joined by OR.
func (f Filter) search(w *db.Where) {
	var terms []string
	var args []any
	add := func(column, pattern string) {
		terms = append(terms, column+` LIKE ? ESCAPE '\'`)
		args = append(args, pattern)
	}
	if f.Name != "" {
		add("name_key", db.Like(f.Name))
	}
	if f.Business != "" {
		add("business_key", db.Like(f.Business))
	}
	if d := digits(f.Phone); d != "" {
		add("mobile_key", db.Like(d))
		add("landline_key", db.Like(d))
		add("alternate_key", db.Like(d))
	} else if f.Phone != "" {
		terms = append(terms, "1 = 0")
	}
	if f.Number != "" {
		add("lower(number)", db.Like(f.Number))
	}
	w.AddIf(len(terms) > 0, "("+strings.Join(terms, " OR ")+")", args...)
}

// tail is what follows "WHERE org_id = ?".
func (f Filter) tail(tx *db.Tx) string {
	s := f.conditions(tx).And()
	dir := ""
	if f.Desc {
		dir = " DESC"
	}
	switch f.Order {
	case ByBusiness:
		s += " ORDER BY business_key" + dir + ", id" + dir
	case ByID:
		s += " ORDER BY id" + dir
	default:
		s += " ORDER BY name_key" + dir + ", id" + dir
	}
	if f.Limit > 0 {
		s += " LIMIT ? OFFSET ?"
	}
	return s
}

func (f Filter) args(tx *db.Tx) []any {
	args := append([]any{tx.Org}, f.conditions(tx).Args...)
	if f.Limit > 0 {
		args = append(args, f.Limit, f.Offset)
	}
	return args
}

// ByEmail returns the party that has an e-mail address: customers before
// others, the oldest first; none is NotFound.
func ByEmail(tx *db.Tx, email string) (Party, error) {
	k := emailKey(email)
	if k == "" {
		return Party{}, missing()
	}
	return first(tx, "email_key = ?", k)
}

// ByPhone returns the party that has a phone number, compared by digits:
// customers before others, the oldest first; none is NotFound.
func ByPhone(tx *db.Tx, phone string) (Party, error) {
	d := digits(phone)
	if d == "" {
		return Party{}, missing()
	}
	return first(tx, "(mobile_key = ? OR landline_key = ? OR alternate_key = ?)", d, d, d)
}

// ByNumber returns the party that has a number.
func ByNumber(tx *db.Tx, number string) (Party, error) {
	return first(tx, "number = ?", strings.TrimSpace(number))
}

// Default returns the walk-in customer; none is NotFound.
func Default(tx *db.Tx) (Party, error) { return first(tx, "is_default = 1") }

// EnsureDefault returns the walk-in customer and makes it if there is none.
func EnsureDefault(tx *db.Tx) (Party, error) {
	p, err := Default(tx)
	if !fault.Is(err, fault.NotFound) {
		return p, err
	}
	err = tx.Try(func() error {
		p, err = Create(tx, Party{FirstName: "Walk-In Customer", IsCustomer: true, IsDefault: true})
		return err
	})
	if fault.Is(err, fault.Conflict) { // somebody else has just made it
		return Default(tx)
	}
	return p, err
}

func first(tx *db.Tx, cond string, args ...any) (Party, error) {
	list, err := db.All(tx, scan, `SELECT `+cols+` FROM party WHERE org_id = ? AND `+cond+` ORDER BY is_customer DESC, is_active DESC, id LIMIT 1`, append([]any{tx.Org}, args...)...)
	if err != nil {
		return Party{}, err
	}
	if len(list) == 0 {
		return Party{}, missing()
	}
	return list[0], loadUsers(tx, list)
}

// ByPhoneTails finds the parties one of whose numbers ends with some digits:
// by those digits, customers before others, the oldest first.
func ByPhoneTails(tx *db.Tx, tails []string) (map[string]int64, error) {
	out := map[string]int64{}
	for part := range slices.Chunk(tails, 50) {
		var terms []string
		args := []any{tx.Org}
		for _, t := range part {
			for _, column := range []string{"mobile_key", "landline_key", "alternate_key"} {
				terms = append(terms, column+" LIKE ?")
				args = append(args, "%"+digits(t))
			}
		}
		err := tx.Each(func(r db.Row) error {
			var id int64
			var numbers [3]string
			if err := r.Scan(&id, db.S(&numbers[0]), db.S(&numbers[1]), db.S(&numbers[2])); err != nil {
				return err
			}
			for _, t := range part {
				for _, n := range numbers {
					if out[t] == 0 && t != "" && strings.HasSuffix(n, t) {
						out[t] = id
					}
				}
			}
			return nil
		}, `SELECT id, mobile_key, landline_key, alternate_key FROM party WHERE org_id = ? AND (`+strings.Join(terms, " OR ")+`)
			ORDER BY is_customer DESC, is_active DESC, id`, args...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
