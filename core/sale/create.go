package sale

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/lookup"
	"storehouse/core/money"
	"storehouse/core/points"
)

// Create records sales, all or none, and posts what they move. It answers
// them in the given order, with their lines and payments.
//
// A sale that brings its own number is kept under it when the number is new.
// The identical sale again (same number, location, customer and total, from
// the same user) is answered with the stored one; another sale under a used
// number is a Conflict. Faults name fields as the pos reference does
// ("products.0.quantity"), below "sells.N" when there are several sales.
func Create(tx *db.Tx, drafts ...New) ([]Sale, error) {
	w, g, err := prepare(tx, drafts)
	if err != nil {
		return nil, err
	}
	sales := make([]Sale, len(drafts))
	for i, d := range drafts {
		if d.RecurParent != 0 {
			w.keep(d.Head) // as what it repeats
			for _, l := range d.Lines {
				w.members[l.Staff] = true
			}
		}
		if sales[i], err = w.build(tx, g, d); err == nil {
			err = w.pay(tx, &sales[i], d)
		}
		if err != nil && len(drafts) > 1 {
			err = fault.Under(fmt.Sprintf("sells.%d", i), err)
		}
		if err != nil {
			return nil, err
		}
	}
	return w.create(tx, sales)
}

// prepare reads what drafts ask for.
func prepare(tx *db.Tx, drafts []New) (*world, *goods, error) {
	var a asked
	for _, d := range drafts {
		a.add(d.Head, d.Lines)
		a.accounts(d.Payments)
	}
	w, err := load(tx, a)
	if err != nil {
		return nil, nil, err
	}
	if err := w.ensureChannels(tx, drafts); err != nil {
		return nil, nil, err
	}
	g, err := w.loadGoods(tx, drafts)
	return w, g, err
}

// ensureChannels makes the channels that drafts name and that do not exist.
func (w *world) ensureChannels(tx *db.Tx, drafts []New) error {
	for _, d := range drafts {
		name := channelName(d.Head)
		if key := lookup.Key(name); key != "" && w.channels[key] == 0 {
			e, err := lookup.Ensure(tx, lookup.OrderChannel, name)
			if err != nil {
				return err
			}
			w.channels[key] = e.ID
			w.lookups[e.ID] = named{kind: lookup.OrderChannel, active: true}
		}
	}
	return nil
}

// create stores and posts sales that have been built, after the repeats among
// them have been answered.
func (w *world) create(tx *db.Tx, sales []Sale) ([]Sale, error) {
	for try := 0; ; try++ {
		repeats, fresh, err := w.repeats(tx, sales)
		if err != nil {
			return nil, err
		}
		list := make([]*Sale, len(fresh))
		for i, at := range fresh {
			list[i] = &sales[at]
		}
		var used *numberTaken
		if err = w.store(tx, list); errors.As(err, &used) && len(sales) == 1 && try == 0 {
			// Somebody stored the number since we looked: it may be a repeat.
			if err = w.reloadNumber(tx, used.number); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		for at, s := range repeats {
			sales[at] = s
		}
		return sales, nil
	}
}

// repeats finds the sales that are stored already: the stored ones by place,
// and the places of the others.
func (w *world) repeats(tx *db.Tx, sales []Sale) (map[int]Sale, []int, error) {
	again := map[int]int64{}
	var fresh []int
	seen := map[string]bool{}
	for i, s := range sales {
		t, used := w.numbers[s.Number]
		switch {
		case s.Number == "":
			fresh = append(fresh, i)
		case used && t.location == s.Location && t.party == s.Party && t.total == s.Total && t.by == tx.Actor:
			again[i] = t.id
		case used || seen[s.Number]:
			return nil, nil, takenFault(s.Number)
		default:
			fresh = append(fresh, i)
		}
		seen[s.Number] = true
	}
	ids := make([]int64, 0, len(again))
	for _, id := range again {
		ids = append(ids, id)
	}
	list, err := GetMany(tx, ids...)
	stored := map[int]Sale{}
	for at, id := range again {
		for _, s := range list {
			if s.ID == id {
				stored[at] = s
			}
		}
	}
	return stored, fresh, err
}

func takenFault(number string) error {
	msg := fmt.Sprintf("%q is already the number of another sale", number)
	return &fault.Error{Kind: fault.Conflict, Msg: "invoice_no " + msg, Fields: []fault.Flaw{{Field: "invoice_no", Msg: msg}}}
}

// store gives ids and numbers, inserts and posts. Counters are rows that other
// sells wait for, so they are taken as late as can be; only a caller's own
// number has to be claimed before anything is posted under it, and orders are
// numbered for what they post to refer to them.
func (w *world) store(tx *db.Tx, sales []*Sale) error {
	if len(sales) == 0 {
		return nil
	}
	claim := false
	for _, s := range sales {
		claim = claim || s.Number != ""
		s.Stage = w.wantStage(s)
		s.settle("", tx.Now)
	}
	if err := assignIDs(tx, sales); err != nil {
		return err
	}
	insert := func() error {
		if err := w.number(tx, sales, int64(len(sales))); err != nil {
			return err
		}
		return w.insert(tx, sales)
	}
	if claim {
		if err := insert(); err != nil {
			return err
		}
	} else if err := w.numberOrders(tx, sales); err != nil {
		return err
	}
	promised, err := w.postStock(tx, sales)
	if err != nil {
		return err
	}
	// What a sale earns cannot pay for it, so it comes after.
	for _, event := range []points.Event{points.Redeem, points.Earn} {
		if list := w.pointsOf(sales, event); len(list) > 0 {
			if _, err := points.Post(tx, list...); err != nil {
				return err
			}
		}
	}
	switch {
	case !claim:
		err = insert()
	case promised:
		err = saveAll(tx, sales)
	}
	if err != nil {
		return err
	}
	return postMoney(tx, w, sales)
}

func saveAll(tx *db.Tx, sales []*Sale) error {
	for _, s := range sales {
		if err := save(tx, s); err != nil {
			return err
		}
		if err := saveLines(tx, s.Lines); err != nil {
			return err
		}
	}
	return nil
}

// assignIDs gives ids to sales, lines and payments that have none.
func assignIDs(tx *db.Tx, sales []*Sale) error {
	var n, lines, payments int
	for _, s := range sales {
		n += missing(s.ID == 0)
		for _, l := range s.Lines {
			lines += missing(l.ID == 0)
		}
		for _, p := range s.Payments {
			payments += missing(p.ID == 0)
		}
	}
	id, err := tx.NextIDs("sale", n)
	if err != nil {
		return err
	}
	line, err := tx.NextIDs("sale_line", lines)
	if err != nil {
		return err
	}
	payment, err := tx.NextIDs("payment", payments)
	if err != nil {
		return err
	}
	take := func(to, from *int64) {
		if *to == 0 {
			*to = *from
			*from++
		}
	}
	for _, s := range sales {
		take(&s.ID, &id)
		if s.InvoiceToken == "" {
			s.InvoiceToken = newToken(tx.Org, s.ID)
		}
		for i := range s.Lines {
			l := &s.Lines[i]
			take(&l.ID, &line)
			l.Sale = s.ID
			if l.Parent < 0 {
				l.Parent = s.Lines[-l.Parent-1].ID
			}
		}
		for i := range s.Payments {
			p := &s.Payments[i]
			take(&p.ID, &payment)
			p.Sale = s.ID
			if p.Note == autoNote {
				s.autoPayment = p.ID
			}
		}
	}
	return nil
}

func missing(b bool) int {
	if b {
		return 1
	}
	return 0
}

// tokenSecret is how many random bytes an invoice token ends with.
const tokenSecret = 16

// newToken returns the secret of a sale's public invoice page, in hexadecimal
// as the original's. It begins with the row that it opens, so that it needs no
// index of its own and nobody looks among other organizations' sales.
func newToken(org, id int64) string {
	b := binary.AppendUvarint(binary.AppendUvarint(nil, uint64(org)), uint64(id))
	secret := make([]byte, tokenSecret)
	rand.Read(secret) // never fails
	return hex.EncodeToString(append(b, secret...))
}

// tokenRow reads which row a token opens.
func tokenRow(token string) (org, id int64, ok bool) {
	b, err := hex.DecodeString(token)
	if err != nil {
		return 0, 0, false
	}
	o, n := binary.Uvarint(b)
	if n <= 0 {
		return 0, 0, false
	}
	i, m := binary.Uvarint(b[n:])
	ok = m > 0 && len(b) == n+m+tokenSecret && o > 0 && o < 1<<63 && i > 0 && i < 1<<63
	return int64(o), int64(i), ok
}

// TokenOrg returns the organization that an invoice token is of, before there
// is a transaction for it.
func TokenOrg(token string) (int64, bool) {
	org, _, ok := tokenRow(token)
	return org, ok
}

// pointsOf returns what final sales earn, or redeem.
func (w *world) pointsOf(sales []*Sale, event points.Event) []points.Entry {
	var list []points.Entry
	for _, s := range sales {
		e := points.Entry{Party: s.Party, Event: event, Points: s.EarnedPoints, Doc: points.Doc{Type: "sale", ID: s.ID}, EffectiveAt: s.SoldAt}
		if event == points.Redeem {
			e.Points = s.RedeemedPoints
		} else if n := w.pointMonths; n > 0 {
			e.Expires = s.SoldAt.AddDate(0, int(n), 0)
		}
		if s.Status == Final && e.Points > 0 && s.Origin != Loyalty {
			list = append(list, e)
		}
	}
	return list
}

// moneyDoc names the sale in the money ledger.
func (s *Sale) moneyDoc() money.Doc { return money.Doc{Type: "sale", ID: s.ID} }
