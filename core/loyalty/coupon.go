package loyalty

import (
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/secret"
)

// The states of a coupon's life, in order. Used and Expired are the ends.
const (
	Issued    = "issued"
	Delivered = "delivered"
	Used      = "used"
	Expired   = "expired"
)

// Coupon is a promise to one customer, or to whoever shows its code.
type Coupon struct {
	ID, Party   int64 // Party 0 is anybody's
	Code        string
	Title       string
	State       string
	IssuedAt    time.Time
	DeliveredAt time.Time
	UsedAt      time.Time
	ExpiresAt   time.Time // zero is never
}

const couponCols = `id, party_id, code, title, state, issued_at, delivered_at, used_at, expires_at`

func scanCoupon(r db.Row, c *Coupon) error {
	return r.Scan(&c.ID, db.I(&c.Party), &c.Code, &c.Title, &c.State, db.T(&c.IssuedAt), db.T(&c.DeliveredAt), db.T(&c.UsedAt), db.T(&c.ExpiresAt))
}

// Now returns the coupon as it stands at an instant: one whose time has passed
// is expired, whether or not that was written down.
func (c Coupon) Now(at time.Time) Coupon {
	if (c.State == Issued || c.State == Delivered) && !c.ExpiresAt.IsZero() && !c.ExpiresAt.After(at) {
		c.State = Expired
	}
	return c
}

// Issue makes a coupon. Without a code it gets a random one.
func Issue(tx *db.Tx, program int64, c Coupon) (Coupon, error) {
	if c.Code = strings.TrimSpace(c.Code); c.Code == "" {
		c.Code = strings.ToUpper(secret.Random()[:10])
	}
	if len(c.Code) > 100 {
		return c, fault.Field("code", "must have at most 100 characters")
	}
	if !c.ExpiresAt.IsZero() && !c.ExpiresAt.After(tx.Now) {
		return c, fault.Field("expiresAt", "must be in the future")
	}
	id, err := tx.NextID("loyalty_coupon")
	if err != nil {
		return c, err
	}
	c.ID, c.State, c.IssuedAt = id, Issued, tx.Now
	err = tx.Try(func() error {
		return tx.Insert("loyalty_coupon", "org_id, program_id, "+couponCols, [][]any{{tx.Org, program, id, db.Null(c.Party), c.Code, c.Title, c.State,
			tx.Now, nil, nil, c.ExpiresAt}})
	})
	if fault.Is(err, fault.Conflict) {
		err = fault.Field("code", "is taken")
	}
	return c, err
}

// Coupons returns the coupons of a programme, newest first, below an id (0:
// from the newest).
func Coupons(tx *db.Tx, program, before int64, limit int) ([]Coupon, error) {
	if before <= 0 {
		before = 1 << 53
	}
	list, err := db.All(tx, scanCoupon, `SELECT `+couponCols+` FROM loyalty_coupon WHERE org_id = ? AND program_id = ? AND id < ? ORDER BY id DESC LIMIT ?`,
		tx.Org, program, before, limit)
	for i := range list {
		list[i] = list[i].Now(tx.Now)
	}
	return list, err
}

// GetCoupon finds a coupon by its id or its code.
func GetCoupon(tx *db.Tx, program, id int64, code string) (Coupon, error) {
	c, err := db.One(tx, scanCoupon, `SELECT `+couponCols+` FROM loyalty_coupon WHERE org_id = ? AND program_id = ? AND (id = ? OR code = ?) ORDER BY id LIMIT 1`+tx.ForUpdate(),
		tx.Org, program, id, code)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "Coupon not found")
	}
	return c.Now(tx.Now), err
}

// Move takes a coupon to a later state of its life. The state that it has
// already is no error, so that a repeated message does no harm; of two who
// use it at the same time both are told that it is used.
func Move(tx *db.Tx, program, id int64, code, state string) (Coupon, error) {
	c, err := GetCoupon(tx, program, id, code)
	if err != nil || c.State == state {
		return c, err
	}
	allowed := map[string][]string{Issued: {Delivered, Used, Expired}, Delivered: {Used, Expired}}[c.State]
	ok := false
	for _, s := range allowed {
		ok = ok || s == state
	}
	if !ok {
		return c, fault.Step(c.State, state, allowed)
	}
	c.State = state
	switch state {
	case Delivered:
		c.DeliveredAt = tx.Now
	case Used:
		c.UsedAt = tx.Now
	}
	_, err = tx.Exec(`UPDATE loyalty_coupon SET state = ?, delivered_at = ?, used_at = ? WHERE org_id = ? AND id = ?`, c.State, c.DeliveredAt, c.UsedAt, tx.Org, c.ID)
	return c, err
}

// ExpireCoupons writes down what has expired by now and returns how many.
func ExpireCoupons(tx *db.Tx) (int64, error) {
	return tx.Exec(`UPDATE loyalty_coupon SET state = ? WHERE org_id = ? AND state IN (?, ?) AND expires_at <= ?`, Expired, tx.Org, Issued, Delivered, tx.Now)
}
