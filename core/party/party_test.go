package party_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/lookup"
	"storehouse/core/org/orgtest"
	"storehouse/core/party"
)

func customer(name string) party.Party { return party.Party{Name: name, IsCustomer: true} }

func TestAPartyComesBackAsSaved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		dbtest.Do(t, d, func(tx *db.Tx) error {
			ids := map[lookup.Kind]int64{}
			for _, k := range []lookup.Kind{lookup.CustomerType, lookup.CustomerSegment, lookup.Broker, lookup.CustomerGroup, lookup.LeadSource, lookup.LifeStage} {
				e, err := lookup.Create(tx, lookup.Entry{Kind: k, Name: "x"})
				if err != nil {
					return err
				}
				ids[k] = e.ID
			}
			parent, err := party.Create(tx, customer("Parent"))
			if err != nil {
				return err
			}
			limit, fee := dec.Must("1000.5"), dec.Must("2.25")
			p := party.Party{IsCustomer: true, IsVendor: true, Prefix: "Mr.", FirstName: "Rohit", MiddleName: "Kumar", LastName: "Agrawalla", BusinessName: "POS Ltd", Number: "X-1",
				Email: "Rohit@Example.com", Mobile: "(378) 400-1234", Landline: "5487-8454", Alternate: "99", TaxNumber: "75879BHF", PayTermNumber: 15, PayTermType: "days", Term: "Net 15",
				CreditLimit: &limit, OpeningBalance: dec.Must("10.3"), Address: "Linking Street", Address2: "2nd", City: "Phoenix", State: "Arizona", Country: "US", Zip: "85001",
				ShippingAddress: "Dock 4", DOB: "2000-06-13", Position: "CEO", CustomerGroup: ids[lookup.CustomerGroup], Source: ids[lookup.LeadSource], LifeStage: ids[lookup.LifeStage],
				AssignedTo: []int64{f.User}, Custom: [10]string{0: "a", 9: "j"}, Type: ids[lookup.CustomerType], Segment: ids[lookup.CustomerSegment], Broker: ids[lookup.Broker], BrokerFee: &fee,
				Parent: parent.ID, QboID: "Q1", Notes: "n"}
			made, err := party.Create(tx, p)
			if err != nil {
				return err
			}
			p.ID, p.Name, p.IsActive, p.CreatedAt, p.UpdatedAt, p.CreatedBy = made.ID, "Mr. Rohit Kumar Agrawalla", true, dbtest.Now, dbtest.Now, tx.Actor
			got, err := party.Get(tx, made.ID)
			if err != nil {
				return err
			}
			if diff := cmp.Diff(p, got); diff != "" {
				t.Error(diff)
			}
			if got.Kind() != "both" {
				t.Errorf("kind = %s", got.Kind())
			}
			got.Name, got.CreditLimit, got.AssignedTo = "Rohit", nil, nil // renamed whole: the parts follow
			if _, err := party.Update(tx, got); err != nil {
				return err
			}
			p.Name, p.Prefix, p.FirstName, p.MiddleName, p.LastName, p.CreditLimit, p.AssignedTo = "Rohit", "", "Rohit", "", "", nil, nil
			if got, err = party.Get(tx, made.ID); err != nil {
				return err
			}
			if diff := cmp.Diff(p, got); diff != "" {
				t.Error(diff)
			}
			got.LastName = "Sharma" // a part changed: the name follows
			if got, err = party.Update(tx, got); err != nil || got.Name != "Rohit Sharma" {
				t.Errorf("name = %q, %v", got.Name, err)
			}
			return nil
		})
	})
}

func TestNumbersHaveNoGapsAndSkipWhatIsTaken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		orgtest.New(t, d, "acme")
		dbtest.Do(t, d, func(tx *db.Tx) error { _, err := party.Create(tx, customer("a")); return err })
		err := d.Update(t.Context(), 1, func(tx *db.Tx) error {
			if _, err := party.Create(tx, customer("lost")); err != nil {
				return err
			}
			return fault.New(fault.Invalid, "undone")
		})
		if err == nil {
			t.Fatal("the failing write succeeded")
		}
		dbtest.Do(t, d, func(tx *db.Tx) error {
			given := customer("b")
			given.Number = "CO0003"
			if _, err := party.Create(tx, given); err != nil {
				return err
			}
			got := []string{}
			for _, n := range []string{"c", "d"} {
				p, err := party.Create(tx, customer(n))
				if err != nil {
					return err
				}
				got = append(got, p.Number)
			}
			if diff := cmp.Diff([]string{"CO0002", "CO0004"}, got); diff != "" {
				t.Error(diff)
			}
			if _, err := party.Create(tx, given); !fault.Is(err, fault.Conflict) || fault.Of(err).Field() != "contact_id" {
				t.Errorf("used number: %v, want a conflict", err)
			}
			return nil
		})
	})
}

func TestBadPartiesAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		orgtest.New(t, d, "acme")
		f2 := orgtest.New(t, d, "other")
		var foreign int64
		if err := d.Update(t.Context(), f2.Org, func(tx *db.Tx) error {
			p, err := party.Create(tx, customer("Foreign"))
			foreign = p.ID
			return err
		}); err != nil {
			t.Fatal(err)
		}
		minus, much := dec.Must("-1"), dec.Must("100.01")
		for field, p := range map[string]party.Party{
			"name":               {IsCustomer: true},
			"type":               {Name: "x"},
			"dob":                {Name: "x", IsCustomer: true, DOB: "13/06/2000"},
			"pay_term_type":      {Name: "x", IsCustomer: true, PayTermType: "weeks"},
			"credit_limit":       {Name: "x", IsCustomer: true, CreditLimit: &minus},
			"broker_fee_percent": {Name: "x", IsCustomer: true, BrokerFee: &much},
			"type_id":            {Name: "x", IsCustomer: true, Type: 99},
			"parent_id":          {Name: "x", IsCustomer: true, Parent: foreign},
		} {
			dbtest.Do(t, d, func(tx *db.Tx) error {
				if _, err := party.Create(tx, p); !fault.Is(err, fault.Invalid) || fault.Of(err).Field() != field {
					t.Errorf("%s: %v", field, err)
				}
				return nil
			})
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			if _, err := party.Get(tx, foreign); !fault.Is(err, fault.NotFound) {
				t.Errorf("another organization's party: %v, want not found", err)
			}
			n, err := party.Count(tx, party.Filter{})
			if n != 0 {
				t.Errorf("%d parties, want 0", n)
			}
			return err
		})
	})
}

func TestParentsMakeNoCircle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		orgtest.New(t, d, "acme")
		dbtest.Do(t, d, func(tx *db.Tx) error {
			a, err := party.Create(tx, customer("a"))
			if err != nil {
				return err
			}
			b := customer("b")
			b.Parent = a.ID
			if b, err = party.Create(tx, b); err != nil {
				return err
			}
			c := customer("c")
			c.Parent = b.ID
			if c, err = party.Create(tx, c); err != nil {
				return err
			}
			for _, parent := range []int64{a.ID, b.ID, c.ID} {
				a.Parent = parent
				if _, err := party.Update(tx, a); !fault.Is(err, fault.Invalid) {
					t.Errorf("parent %d: %v, want invalid", parent, err)
				}
			}
			if err := party.Delete(tx, b.ID); !fault.Is(err, fault.InUse) {
				t.Errorf("delete a parent: %v, want in use", err)
			}
			return party.Delete(tx, c.ID)
		})
	})
}

func TestListsAndFinding(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		orgtest.New(t, d, "acme")
		dbtest.Do(t, d, func(tx *db.Tx) error {
			for _, p := range []party.Party{
				{Name: "delta", IsCustomer: true, Mobile: "(378) 400-1234", Email: "d@x.com"},
				{Name: "Alpha", IsVendor: true, BusinessName: "Zeta Clothings", Landline: "555-0001"},
				{Name: "bravo", IsCustomer: true, IsVendor: true, Alternate: "+1 555 0002"},
				{Name: "charlie", IsLead: true, Email: "c+tag@x.com"},
			} {
				if _, err := party.Create(tx, p); err != nil {
					return err
				}
			}
			return nil
		})
		off := false
		for name, c := range map[string]struct {
			f    party.Filter
			want string
		}{
			"all by name":        {party.Filter{}, "Alpha bravo charlie delta"},
			"customers":          {party.Filter{Role: party.Customer}, "bravo delta"},
			"vendors":            {party.Filter{Role: party.Vendor}, "Alpha bravo"},
			"leads":              {party.Filter{Role: party.Lead}, "charlie"},
			"inactive":           {party.Filter{Active: &off}, ""},
			"q in business":      {party.Filter{Q: "ZETA"}, "Alpha"},
			"terms joined by or": {party.Filter{Name: "DELT", Business: "clothing"}, "Alpha delta"},
			"phone digits":       {party.Filter{Phone: "5550002"}, "bravo"},
			"phone of three":     {party.Filter{Phone: "0001"}, "Alpha"},
			"number":             {party.Filter{Number: "co0002"}, "Alpha"},
			"wildcard is plain":  {party.Filter{Name: "%"}, ""},
			"descending page":    {party.Filter{Desc: true, Limit: 2, Offset: 1}, "charlie bravo"},
			"after a cursor":     {party.Filter{After: &party.Cursor{Key: "bravo", ID: 1 << 40}, Limit: 9}, "charlie delta"},
			"by id":              {party.Filter{Order: party.ByID, Limit: 2}, "delta Alpha"},
		} {
			dbtest.See(t, d, func(tx *db.Tx) error {
				list, err := party.List(tx, c.f)
				got := ""
				for _, p := range list {
					got += " " + p.Name
				}
				if diff := cmp.Diff(c.want, got[min(1, len(got)):]); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
				return err
			})
		}
		checkFinding(t, d)
	})
}

// checkFinding looks the parties of TestListsAndFinding up one by one.
func checkFinding(t *testing.T, d *db.DB) {
	t.Helper()
	dbtest.See(t, d, func(tx *db.Tx) error {
		for _, c := range []struct {
			find func(*db.Tx, string) (party.Party, error)
			key  string
			want string
		}{{party.ByEmail, " D@X.COM", "delta"}, {party.ByEmail, "c tag@x.com", "charlie"}, {party.ByEmail, "", ""}, {party.ByPhone, "3784001234", "delta"},
			{party.ByPhone, "15550002", "bravo"}, {party.ByPhone, "none", ""}, {party.ByNumber, "CO0004", "charlie"}} {
			p, err := c.find(tx, c.key)
			if p.Name != c.want || (c.want == "") != fault.Is(err, fault.NotFound) {
				t.Errorf("find %q = %q, %v; want %q", c.key, p.Name, err, c.want)
			}
		}
		return nil
	})
}

func TestTheWalkInCustomerIsOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		orgtest.New(t, d, "acme")
		dbtest.Do(t, d, func(tx *db.Tx) error { _, err := tx.NextID("party"); return err })
		var wg sync.WaitGroup
		ids := make([]int64, 8)
		for n := range ids {
			wg.Go(func() {
				err := d.Update(t.Context(), 1, func(tx *db.Tx) error {
					p, err := party.EnsureDefault(tx)
					ids[n] = p.ID
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, id := range ids {
			if id == 0 || id != ids[0] {
				t.Fatalf("ids = %v, want one", ids)
			}
		}
		dbtest.Do(t, d, func(tx *db.Tx) error {
			if err := party.Delete(tx, ids[0]); !fault.Is(err, fault.Conflict) {
				t.Errorf("delete the walk-in: %v, want a conflict", err)
			}
			return nil
		})
	})
}

func TestImportOfTenThousand(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		orgtest.New(t, d, "acme")
		rows := make([]party.Party, 10_000)
		for n := range rows {
			rows[n] = customer(fmt.Sprintf("Customer %05d", n))
		}
		rows[7].Name = ""
		rows[8].Number, rows[9].Number = "SAME", "SAME"
		var out []party.Verdict
		began := time.Now()
		before, _ := d.Counts()
		dbtest.Do(t, d, func(tx *db.Tx) (err error) {
			out, err = party.Import(tx, rows)
			return err
		})
		after, _ := d.Counts()
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("took %v", took)
		} else {
			t.Logf("took %v", took)
		}
		if n := after - before; n > 60 {
			t.Errorf("%d statements", n)
		}
		bad := 0
		for _, v := range out {
			if v.Err != nil {
				bad++
			}
		}
		if bad != 2 || !fault.Is(out[7].Err, fault.Invalid) || !fault.Is(out[9].Err, fault.Conflict) {
			t.Errorf("%d bad rows: %v, %v", bad, out[7].Err, out[9].Err)
		}
		// 10,000 rows less two bad and one with its own number: CO0001 to CO9997.
		if got := out[9_999].Party.Number; got != "CO9997" {
			t.Errorf("last number = %s, want CO9997", got)
		}
	})
}
