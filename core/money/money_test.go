package money_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/money"
	"storehouse/core/org/orgtest"
)

var n = dec.Must

// setup makes an organization with contacts 101 to 120; it returns the
// location.
func setup(tb testing.TB, d *db.DB) int64 {
	tb.Helper()
	f := orgtest.New(tb, d, "test")
	dbtest.Do(tb, d, func(tx *db.Tx) error {
		var rows [][]any
		for id := 101; id <= 120; id++ {
			rows = append(rows, []any{tx.Org, id, fmt.Sprint("CO", id), 1, 1, 0, 0, 1, fmt.Sprint("P", id), fmt.Sprint("p", id), "", 0, tx.Now, tx.Now})
		}
		return tx.Insert("party", `org_id, id, number, is_customer, is_vendor, is_lead, is_default, is_active, name, name_key, business_key,
			opening_balance, created_at, updated_at`, rows)
	})
	return f.Location
}

func post(d *db.DB, payments []money.Payment, entries ...money.Entry) error {
	return d.Update(context.Background(), 1, func(tx *db.Tx) error { return money.Post(tx, payments, entries) })
}

func balance(tb testing.TB, d *db.DB, party int64) (b money.Balance) {
	tb.Helper()
	dbtest.See(tb, d, func(tx *db.Tx) error {
		m, err := money.PartyBalances(tx, party)
		b = m[party]
		return err
	})
	return b
}

func audited(tb testing.TB, d *db.DB) {
	tb.Helper()
	dbtest.See(tb, d, func(tx *db.Tx) error {
		diff, _, err := money.Audit(tx)
		if len(diff) > 0 {
			tb.Errorf("audit: %+v", diff)
		}
		return err
	})
}

// TestPartyEffects is the ledger's definition for parties once more: each
// event posts 10 on a party that has 100 in every figure, and is taken back.
func TestPartyEffects(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		setup(t, d)
		h := n("100")
		full := money.Balance{Invoiced: h, Paid: h, Returned: h, Refunded: h, Opening: h, OpeningPaid: h, Purchased: h, PurchasePaid: h, Advance: h}
		with := func(change func(*money.Balance)) money.Balance {
			b := full
			change(&b)
			return b
		}
		up, down := n("110"), n("90")
		for i, c := range []struct {
			event money.Event
			want  money.Balance
		}{
			{money.Sale, with(func(b *money.Balance) { b.Invoiced = up })},
			{money.Pay, with(func(b *money.Balance) { b.Paid = up })},
			{money.Change, with(func(b *money.Balance) { b.Paid = down })},
			{money.Return, with(func(b *money.Balance) { b.Returned = up })},
			{money.Refund, with(func(b *money.Balance) { b.Refunded = up })},
			{money.Opening, with(func(b *money.Balance) { b.Opening = up })},
			{money.OpeningPayment, with(func(b *money.Balance) { b.OpeningPaid = up })},
			{money.Purchase, with(func(b *money.Balance) { b.Purchased = up })},
			{money.PurchasePayment, with(func(b *money.Balance) { b.PurchasePaid = up })},
			{money.Advance, with(func(b *money.Balance) { b.Advance = up })},
			{money.UseAdvance, with(func(b *money.Balance) { b.Advance = down })},
		} {
			party, doc := int64(101+i), money.Doc{Type: "sale", ID: int64(i + 1)}
			var start []money.Entry
			for _, ev := range []money.Event{money.Sale, money.Pay, money.Return, money.Refund, money.Opening, money.OpeningPayment, money.Purchase, money.PurchasePayment, money.Advance} {
				start = append(start, money.Entry{Account: money.Of(party), Event: ev, Amount: h})
			}
			if err := post(d, nil, start...); err != nil {
				t.Fatal(err)
			}
			if err := post(d, nil, money.Entry{Account: money.Of(party), Event: c.event, Amount: n("10"), Doc: doc}); err != nil {
				t.Fatal(err)
			}
			c.want.Party = party
			if diff := cmp.Diff(c.want, balance(t, d, party)); diff != "" {
				t.Errorf("%s: %s", c.event, diff)
			}
			for range 2 { // the second time there is nothing left
				dbtest.Do(t, d, func(tx *db.Tx) error { return money.Reverse(tx, doc) })
			}
			want := full
			want.Party = party
			if diff := cmp.Diff(want, balance(t, d, party)); diff != "" {
				t.Errorf("%s undone: %s", c.event, diff)
			}
		}
		audited(t, d)
	})
}

// TestRegister runs a drawer through a day.
func TestRegister(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		at := setup(t, d)
		var r money.CashRegister
		dbtest.Do(t, d, func(tx *db.Tx) (err error) {
			tx.Actor = 1
			r, err = money.OpenRegister(tx, money.CashRegister{Location: at, IsOpen: true}, n("50"))
			return err
		})
		current := func(user, location int64) (id int64) {
			dbtest.See(t, d, func(tx *db.Tx) (err error) { id, err = money.CurrentRegister(tx, user, location); return err })
			return id
		}
		if current(1, at) != r.ID || current(1, 0) != r.ID || current(2, at) != 0 || current(1, at+1) != 0 {
			t.Error("current register")
		}
		day := []money.Payment{
			{Sale: 1, Party: 101, Register: r.ID, Amount: n("100"), Method: "cash"},
			{Sale: 1, Party: 101, Register: r.ID, Amount: n("7.5"), Method: "cash", IsReturn: true},
			{Sale: 2, Party: 101, Register: r.ID, Amount: n("80"), Method: "card", CardType: "visa", CardSecurity: "123"},
			{Return: 3, Party: 101, Register: r.ID, Amount: n("20"), Method: "cash"},
			{Doc: money.Doc{Type: "expense", ID: 4}, Register: r.ID, Amount: n("12"), Method: "cash"},
			{Party: 102, Register: r.ID, Amount: n("30"), Method: "cash", IsAdvance: true},
		}
		if err := post(d, day, money.EntriesOf(day)...); err != nil {
			t.Fatal(err)
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			got, err := money.RegisterTotals(tx, r.ID)
			want := money.Totals{Initial: n("50"), ExpectedCash: n("140.5"), ByMethod: map[string]money.MethodTotal{
				"cash": {Initial: n("50"), Sales: n("92.5"), Refunds: n("-20"), Expenses: n("-12"), Receipts: n("30")}, "card": {Sales: n("80")}}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if err != nil {
				return err
			}
			open := true
			list, total, err := money.ListRegisters(tx, money.RegisterFilter{IsOpen: &open, User: 1, Location: at, From: dbtest.Now, To: dbtest.Now.Add(time.Second), Limit: 10})
			if total != 1 || len(list) != 1 || len(list[0].Entries) != 7 || list[0].Entries[2].Signed() != n("-7.5") {
				t.Errorf("list: %d %+v", total, list)
			}
			return err
		})
		if b := balance(t, d, 101); b.Paid != n("172.5") || b.Refunded != n("20") {
			t.Errorf("%+v", b)
		}
		if b := balance(t, d, 102); b.Advance != n("30") {
			t.Errorf("%+v", b)
		}
		closing := func() error {
			return d.Update(t.Context(), 1, func(tx *db.Tx) error {
				c, err := money.CloseRegister(tx, 1, n("140"), 1, 0, "50 cents short")
				if err == nil {
					r = c
				}
				return err
			})
		}
		if err := closing(); err != nil || r.IsOpen || r.ClosingAmount != n("140") || !r.ClosedAt.Equal(dbtest.Now) {
			t.Errorf("closed: %v %+v", err, r)
		}
		if err := closing(); !fault.Is(err, fault.NotFound) {
			t.Errorf("closed twice: %v", err)
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			list, err := money.GetRegisters(tx, r.ID, 999)
			if len(list) != 1 || list[0].IsOpen || list[0].ClosingNote != "50 cents short" || len(list[0].Entries) != 7 {
				t.Errorf("%+v", list)
			}
			p, perr := money.PaymentsOfSales(tx, 1, 2)
			if len(p) != 3 || p[2].CardType != "visa" || p[2].CardSecurity != "" || !p[1].IsReturn {
				t.Errorf("%+v", p)
			}
			if err == nil {
				err = perr
			}
			return err
		})
		audited(t, d)
	})
}

// TestContactPayment spreads 100 over an opening balance of 30 and sales of
// 50 and 40: the first two are paid, the last gets 20; then it is deleted.
func TestContactPayment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		setup(t, d)
		opening := func(amount string) {
			dbtest.Do(t, d, func(tx *db.Tx) error { return money.SetOpening(tx, 101, n(amount)) })
		}
		opening("45")
		opening("30")
		sales := []money.Entry{{Account: money.Of(101), Event: money.Sale, Amount: n("50"), Doc: money.Doc{Type: "sale", ID: 1}},
			{Account: money.Of(101), Event: money.Sale, Amount: n("40"), Doc: money.Doc{Type: "sale", ID: 2}}}
		if err := post(d, nil, sales...); err != nil {
			t.Fatal(err)
		}
		if b := balance(t, d, 101); b.Due() != n("90") || b.OpeningDue() != n("30") {
			t.Errorf("%+v", b)
		}
		parts, rest := money.Split(n("100"), []dec.D{n("30"), n("50"), n("40"), n("5")})
		if diff := cmp.Diff([]dec.D{n("30"), n("50"), n("20"), 0}, parts); diff != "" || rest != 0 {
			t.Error(diff, rest)
		}
		paid := []money.Payment{{Party: 101, Amount: n("110"), Method: "cash", IsAdvance: true}}
		if err := post(d, paid, money.EntriesOf(paid)...); err != nil {
			t.Fatal(err)
		}
		children := []money.Payment{{Party: 101, Parent: paid[0].ID, Doc: money.Doc{Type: "opening", ID: 101}, Amount: parts[0], Method: "cash"},
			{Party: 101, Parent: paid[0].ID, Sale: 1, Amount: parts[1], Method: "cash"}, {Party: 101, Parent: paid[0].ID, Sale: 2, Amount: parts[2], Method: "cash"}}
		if err := post(d, children, money.EntriesOf(children)...); err != nil {
			t.Fatal(err)
		}
		if b := balance(t, d, 101); b.Due() != n("20") || b.OpeningDue() != 0 || b.Advance != n("10") {
			t.Errorf("%+v", b)
		}
		use := []money.Payment{{Party: 101, Sale: 2, Amount: n("10.01"), Method: money.AdvanceMethod}}
		if err := post(d, use, money.EntriesOf(use)...); !fault.Is(err, fault.Conflict) {
			t.Errorf("used an advance that is not there: %v", err)
		}
		dbtest.Do(t, d, func(tx *db.Tx) error { return money.DeletePayments(tx, paid[0].ID) })
		if b := balance(t, d, 101); b.Due() != n("90") || b.OpeningDue() != n("30") || b.Advance != 0 {
			t.Errorf("deleted: %+v", b)
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			p, err := money.PaymentsOfParty(tx, 101)
			if len(p) != 0 {
				t.Errorf("%+v", p)
			}
			return err
		})
		audited(t, d)
	})
}

// TestReplacePayment edits a stored payment.
func TestReplacePayment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		setup(t, d)
		list := []money.Payment{{Sale: 1, Party: 101, Amount: n("10"), Method: "cash", RefNo: "SP2020/0001"}}
		if err := post(d, list, money.EntriesOf(list)...); err != nil {
			t.Fatal(err)
		}
		list[0].Amount, list[0].Method = n("25"), "card"
		dbtest.Do(t, d, func(tx *db.Tx) error {
			if err := money.ReversePayments(tx, list[0].ID); err != nil {
				return err
			}
			return money.Post(tx, list, money.EntriesOf(list))
		})
		dbtest.See(t, d, func(tx *db.Tx) error {
			p, err := money.GetPayment(tx, list[0].ID)
			want := money.Payment{ID: list[0].ID, Sale: 1, Party: 101, Amount: n("25"), Method: "card", RefNo: "SP2020/0001", PaidOn: dbtest.Now, CreatedAt: dbtest.Now, UpdatedAt: dbtest.Now}
			if diff := cmp.Diff(want, p); diff != "" {
				t.Error(diff)
			}
			return err
		})
		if b := balance(t, d, 101); b.Paid != n("25") {
			t.Errorf("%+v", b)
		}
		audited(t, d)
	})
}

func TestRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		setup(t, d)
		for name, c := range map[string]struct {
			kind     fault.Kind
			payments []money.Payment
			entries  []money.Entry
		}{
			"a negative payment":         {fault.Invalid, []money.Payment{{Sale: 1, Amount: n("-1")}}, nil},
			"an event of registers":      {fault.Invalid, nil, []money.Entry{{Account: money.Of(101), Event: money.Open, Amount: n("1")}}},
			"an event of parties":        {fault.Invalid, nil, []money.Entry{{Account: money.At(1), Event: money.Advance, Amount: n("1")}}},
			"nobody":                     {fault.Invalid, nil, []money.Entry{{Account: money.Of(0), Event: money.Sale, Amount: n("1")}}},
			"somebody unreal":            {fault.NotFound, nil, []money.Entry{{Account: money.Of(999), Event: money.Sale, Amount: n("1")}}},
			"too much at once":           {fault.Invalid, nil, []money.Entry{{Account: money.Of(101), Event: money.Sale, Amount: dec.Max}, {Account: money.Of(101), Event: money.Sale, Amount: dec.Max}}},
			"a payment of somebody else": {fault.InUse, []money.Payment{{Sale: 1, Party: 999, Amount: n("1")}}, nil},
		} {
			if err := post(d, c.payments, c.entries...); !fault.Is(err, c.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		huge := money.Entry{Account: money.Of(101), Event: money.Sale, Amount: dec.Max}
		if err := post(d, nil, huge); err != nil {
			t.Fatal(err)
		}
		if err := post(d, nil, huge); !fault.Is(err, fault.Invalid) {
			t.Errorf("too much in two steps: %v", err)
		}
		audited(t, d)
	})
}

// TestAdvanceOnce spends the same advance 16 times at once, and takes the
// same document back 8 times at once.
func TestAdvanceOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		setup(t, d)
		if err := post(d, nil, money.Entry{Account: money.Of(101), Event: money.Advance, Amount: n("100"), Doc: money.Doc{Type: "payment", ID: 7}}); err != nil {
			t.Fatal(err)
		}
		atOnce := func(times int, fn func() error) (won int) {
			start := make(chan struct{})
			var wg sync.WaitGroup
			var mu sync.Mutex
			for range times {
				wg.Go(func() {
					<-start
					err := fn()
					mu.Lock()
					defer mu.Unlock()
					if err == nil {
						won++
					} else if !fault.Is(err, fault.Conflict) {
						t.Error(err)
					}
				})
			}
			close(start)
			wg.Wait()
			return won
		}
		won := atOnce(16, func() error {
			return post(d, nil, money.Entry{Account: money.Of(101), Event: money.UseAdvance, Amount: n("30"), Doc: money.Doc{Type: "sale", ID: 1}})
		})
		if b := balance(t, d, 101); won != 3 || b.Advance != n("10") {
			t.Errorf("%d won, %s left", won, b.Advance)
		}
		atOnce(8, func() error {
			return d.Update(t.Context(), 1, func(tx *db.Tx) error { return money.Reverse(tx, money.Doc{Type: "sale", ID: 1}) })
		})
		if b := balance(t, d, 101); b.Advance != n("100") {
			t.Errorf("taken back: %s", b.Advance)
		}
		audited(t, d)
	})
}
