package points_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/org/orgtest"
	"storehouse/core/points"
)

var n = dec.Must

// setup makes an organization with customers 101 to 105.
func setup(tb testing.TB, d *db.DB) {
	tb.Helper()
	orgtest.New(tb, d, "test")
	dbtest.Do(tb, d, func(tx *db.Tx) error {
		var rows [][]any
		for id := 101; id <= 105; id++ {
			rows = append(rows, []any{tx.Org, id, fmt.Sprint("CO", id), 1, 0, 0, 0, 1, fmt.Sprint("P", id), fmt.Sprint("p", id), "", 0, tx.Now, tx.Now})
		}
		return tx.Insert("party", `org_id, id, number, is_customer, is_vendor, is_lead, is_default, is_active, name, name_key, business_key,
			opening_balance, created_at, updated_at`, rows)
	})
}

func post(d *db.DB, list ...points.Entry) error {
	return d.Update(context.Background(), 1, func(tx *db.Tx) error { _, err := points.Post(tx, list...); return err })
}

// has returns a balance as "balance = earned - used - expired".
func has(tb testing.TB, d *db.DB, party int64) (s string) {
	tb.Helper()
	dbtest.See(tb, d, func(tx *db.Tx) error {
		m, err := points.Balances(tx, party)
		b := m[party]
		s = fmt.Sprintf("%s = %s - %s - %s", b.Balance, b.Earned, b.Used, b.Expired)
		return err
	})
	return s
}

func audited(tb testing.TB, d *db.DB) {
	tb.Helper()
	dbtest.See(tb, d, func(tx *db.Tx) error {
		diff, _, err := points.Audit(tx)
		if len(diff) > 0 {
			tb.Errorf("audit: %+v", diff)
		}
		return err
	})
}

// TestEffects is the ledger's definition once more, in literal numbers: each
// event posts 10 on 100 = 120 - 15 - 5 and is taken back.
func TestEffects(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		setup(t, d)
		for i, c := range []struct {
			event points.Event
			want  string
			undo  points.Event
		}{
			{points.Earn, "110 = 130 - 15 - 5", points.ReverseEarn},
			{points.Redeem, "90 = 120 - 25 - 5", points.ReverseRedeem},
			{points.Give, "110 = 130 - 15 - 5", points.ReverseGive},
			{points.Take, "90 = 120 - 25 - 5", points.ReverseTake},
			{points.Expire, "90 = 120 - 15 - 15", points.ReverseExpire},
		} {
			party, doc := int64(101+i), points.Doc{Type: "sale", ID: int64(i + 1)}
			if err := post(d, points.Entry{Party: party, Event: points.Give, Points: n("120")}, points.Entry{Party: party, Event: points.Redeem, Points: n("15")},
				points.Entry{Party: party, Event: points.Expire, Points: n("5")}); err != nil {
				t.Fatal(err)
			}
			if err := post(d, points.Entry{Party: party, Event: c.event, Points: n("10"), Doc: doc}); err != nil {
				t.Fatal(err)
			}
			if got := has(t, d, party); got != c.want {
				t.Errorf("%s: %s, want %s", c.event, got, c.want)
			}
			for range 2 { // the second time there is nothing left
				dbtest.Do(t, d, func(tx *db.Tx) error { _, err := points.Reverse(tx, doc); return err })
			}
			if got := has(t, d, party); got != "100 = 120 - 15 - 5" {
				t.Errorf("%s undone: %s", c.event, got)
			}
			dbtest.See(t, d, func(tx *db.Tx) error {
				list, err := points.OfDoc(tx, doc)
				if len(list) != 2 || list[1].Event != c.undo || list[1].Reverses != list[0].ID {
					t.Errorf("%s: entries %+v", c.event, list)
				}
				return err
			})
		}
		audited(t, d)
	})
}

func TestPost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		setup(t, d)
		if err := post(d, points.Entry{Party: 101, Event: points.Give, Points: n("7.5"), Concept: "3", Description: "Thanks", Branch: "Main"}); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			kind fault.Kind
			list []points.Entry
		}{
			"spends too much":       {fault.Conflict, []points.Entry{{Party: 101, Event: points.Redeem, Points: n("7.500001")}}},
			"spends twice":          {fault.Conflict, []points.Entry{{Party: 101, Event: points.Redeem, Points: n("4")}, {Party: 101, Event: points.Take, Points: n("4")}}},
			"takes by giving":       {fault.Conflict, []points.Entry{{Party: 101, Event: points.Give, Points: n("-8")}}},
			"spends what is not":    {fault.Conflict, []points.Entry{{Party: 102, Event: points.Redeem, Points: n("1")}}},
			"earns less than zero":  {fault.Invalid, []points.Entry{{Party: 101, Event: points.Earn, Points: n("-1")}}},
			"posts a reversal":      {fault.Invalid, []points.Entry{{Party: 101, Event: points.ReverseEarn, Points: n("1")}}},
			"names nobody":          {fault.Invalid, []points.Entry{{Event: points.Earn, Points: n("1")}}},
			"names somebody unreal": {fault.NotFound, []points.Entry{{Party: 999, Event: points.Earn, Points: n("1")}}},
			"overflows":             {fault.Invalid, []points.Entry{{Party: 101, Event: points.Give, Points: dec.Max}}},
			"overflows at once":     {fault.Invalid, []points.Entry{{Party: 103, Event: points.Give, Points: dec.Max}, {Party: 103, Event: points.Give, Points: dec.Max}}},
		} {
			if err := post(d, c.list...); !fault.Is(err, c.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := post(d, points.Entry{Party: 101, Event: points.Give, Points: n("-2.5")}, points.Entry{Party: 101, Event: points.Earn}); err != nil {
			t.Fatal(err)
		}
		if got := has(t, d, 101); got != "5 = 7.5 - 2.5 - 0" {
			t.Error(got)
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			list, err := points.List(tx, 101, 0, 10)
			if len(list) != 2 || list[0].Concept != "3" || list[0].Branch != "Main" || list[1].Event != points.Take || list[1].Signed() != n("-2.5") {
				t.Errorf("%+v", list)
			}
			return err
		})
		audited(t, d)
	})
}

// TestSet edits what a sale earned and redeemed. A cancel takes back what was
// granted, even when it has been spent.
func TestSet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		setup(t, d)
		sale := points.Doc{Type: "sale", ID: 9}
		set := func(earned, redeemed string) error {
			return d.Update(t.Context(), 1, func(tx *db.Tx) error { _, err := points.Set(tx, sale, 101, n(earned), n(redeemed)); return err })
		}
		for _, c := range []struct{ earned, redeemed, want string }{
			{"10", "0", "10 = 10 - 0 - 0"},
			{"10", "0", "10 = 10 - 0 - 0"},
			{"12.5", "4", "8.5 = 12.5 - 4 - 0"},
			{"3", "1", "2 = 3 - 1 - 0"},
			{"0", "0", "0 = 0 - 0 - 0"},
			{"8", "0", "8 = 8 - 0 - 0"},
		} {
			if err := set(c.earned, c.redeemed); err != nil {
				t.Fatal(err)
			}
			if got := has(t, d, 101); got != c.want {
				t.Errorf("set %s, %s: %s", c.earned, c.redeemed, got)
			}
		}
		if err := set("8", "8.5"); !fault.Is(err, fault.Conflict) {
			t.Errorf("redeemed what is not there: %v", err)
		}
		if err := post(d, points.Entry{Party: 101, Event: points.Redeem, Points: n("6"), Doc: points.Doc{Type: "sale", ID: 10}}); err != nil {
			t.Fatal(err)
		}
		dbtest.Do(t, d, func(tx *db.Tx) error { _, err := points.Reverse(tx, sale); return err })
		if got := has(t, d, 101); got != "-6 = 0 - 6 - 0" {
			t.Error(got)
		}
		if err := post(d, points.Entry{Party: 101, Event: points.Redeem, Points: n("1")}); !fault.Is(err, fault.Conflict) {
			t.Errorf("spent a debt: %v", err)
		}
		audited(t, d)
	})
}

// TestExpiry: 30 points expire in February and 20 in March; 12 were spent.
func TestExpiry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		setup(t, d)
		feb, mar := time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		if err := post(d, points.Entry{Party: 101, Event: points.Earn, Points: n("30"), Expires: feb}, points.Entry{Party: 101, Event: points.Earn, Points: n("20"), Expires: mar},
			points.Entry{Party: 101, Event: points.Give, Points: n("5")}, points.Entry{Party: 101, Event: points.Redeem, Points: n("12")}); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			now  time.Time
			want string
		}{{dbtest.Now, "43 = 55 - 12 - 0"}, {feb, "25 = 55 - 12 - 18"}, {feb, "25 = 55 - 12 - 18"}, {mar.Add(time.Hour), "5 = 55 - 12 - 38"}, {mar.AddDate(1, 0, 0), "5 = 55 - 12 - 38"}} {
			d.Now = func() time.Time { return c.now }
			dbtest.Do(t, d, func(tx *db.Tx) error { _, err := points.ExpireDue(tx); return err })
			if got := has(t, d, 101); got != c.want {
				t.Errorf("%s: %s, want %s", c.now, got, c.want)
			}
		}
		audited(t, d)
	})
}

// TestTwoTills spends the same 10 points 16 times at once: 3 points each, so
// three of them may.
func TestTwoTills(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		setup(t, d)
		if err := post(d, points.Entry{Party: 101, Event: points.Give, Points: n("10")}); err != nil {
			t.Fatal(err)
		}
		start := make(chan struct{})
		var wg sync.WaitGroup
		var mu sync.Mutex
		won := 0
		for range 16 {
			wg.Go(func() {
				<-start
				err := post(d, points.Entry{Party: 101, Event: points.Redeem, Points: n("3")})
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
		if got := has(t, d, 101); won != 3 || got != "1 = 10 - 9 - 0" {
			t.Errorf("%d won: %s", won, got)
		}
		audited(t, d)
	})
}

func TestTop(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		setup(t, d)
		if err := post(d, points.Entry{Party: 101, Event: points.Give, Points: n("1")}, points.Entry{Party: 102, Event: points.Earn, Points: n("3"), Doc: points.Doc{Type: "sale", ID: 1}},
			points.Entry{Party: 103, Event: points.Give, Points: n("2")}); err != nil {
			t.Fatal(err)
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			top, err := points.Top(tx, 2)
			if len(top) != 2 || top[0].Party != 102 || top[1].Party != 103 {
				t.Errorf("%+v", top)
			}
			if err != nil {
				return err
			}
			sum, err := points.GivenOnSales(tx)
			if sum != n("3") {
				t.Errorf("given on sales: %s", sum)
			}
			return err
		})
	})
}

// TestHistories posts random histories and compares with a model that is
// nothing but three numbers a customer.
func TestHistories(t *testing.T) { dbtest.Each(t, eachHistories) }

func eachHistories(t *testing.T, d *db.DB) {
	setup(t, d)
	type numbers struct{ earned, used, expired int64 }
	model := map[int64]*numbers{101: {}, 102: {}}
	docs := int64(0)
	rapid.Check(t, func(t *rapid.T) {
		var posted []points.Doc
		before := map[int64]numbers{101: *model[101], 102: *model[102]}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			party := rapid.SampledFrom([]int64{101, 102}).Draw(t, "party")
			p := rapid.Int64Range(1, 5_000_000).Draw(t, "points")
			m := model[party]
			docs++
			doc := points.Doc{Type: "sale", ID: docs}
			ev := rapid.SampledFrom([]points.Event{points.Earn, points.Give, points.Redeem, points.Take}).Draw(t, "event")
			err := post(d, points.Entry{Party: party, Event: ev, Points: dec.D(p), Doc: doc})
			short := (ev == points.Redeem || ev == points.Take) && m.earned-m.used-m.expired < p
			if short != fault.Is(err, fault.Conflict) || !short && err != nil {
				t.Fatalf("%s %d on %+v: %v", ev, p, *m, err)
			}
			if short {
				continue
			}
			if ev == points.Earn || ev == points.Give {
				m.earned += p
			} else {
				m.used += p
			}
			posted = append(posted, doc)
		}
		check := func() {
			err := d.View(context.Background(), 1, func(tx *db.Tx) error {
				got, err := points.Balances(tx, 101, 102)
				if err != nil {
					return err
				}
				for id, m := range model {
					if b := got[id]; b != (points.Balance{Party: id, Balance: dec.D(m.earned - m.used - m.expired), Earned: dec.D(m.earned), Used: dec.D(m.used), Expired: dec.D(m.expired)}) {
						t.Fatalf("%+v, want %+v", b, *m)
					}
				}
				diff, _, err := points.Audit(tx)
				if len(diff) > 0 {
					t.Fatalf("audit: %+v", diff)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		check()
		if rapid.Bool().Draw(t, "undo") {
			if err := d.Update(context.Background(), 1, func(tx *db.Tx) error { _, err := points.Reverse(tx, posted...); return err }); err != nil {
				t.Fatal(err)
			}
			*model[101], *model[102] = before[101], before[102]
			check()
		}
	})
}

func BenchmarkPost(b *testing.B) {
	d := dbtest.SQLite(b)
	setup(b, d)
	for b.Loop() {
		if err := post(d, points.Entry{Party: 101, Event: points.Earn, Points: dec.One}); err != nil {
			b.Fatal(err)
		}
	}
}
