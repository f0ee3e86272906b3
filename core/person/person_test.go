package person_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/fault"
	"storehouse/core/org/orgtest"
	"storehouse/core/party"
	"storehouse/core/person"
)

func TestDisplayNameFollowsTheNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		orgtest.New(t, d, "book")
		for _, c := range []struct{ name, first, last, display, newFirst, newDisplay, want string }{
			{"made of both", "Ada", "King", "", "", "", "Ada King"},
			{"of one", " Ada ", "", "", "", "", "Ada"},
			{"given", "Ada", "King", "Countess", "", "", "Countess"},
			{"follows", "Ada", "King", "", "Eva", "", "Eva King"},
			{"stays when it was given", "Ada", "King", "Countess", "Eva", "", "Countess"},
			{"changed itself", "Ada", "King", "", "Eva", "E. K.", "E. K."},
		} {
			dbtest.Do(t, d, func(tx *db.Tx) error {
				p, err := person.Create(tx, person.Person{FirstName: c.first, LastName: c.last, DisplayName: c.display})
				if err != nil {
					return err
				}
				if c.newFirst != "" {
					p.FirstName = c.newFirst
				}
				if c.newDisplay != "" {
					p.DisplayName = c.newDisplay
				}
				if p, err = person.Update(tx, p); err != nil {
					return err
				}
				p, err = person.Get(tx, p.ID)
				if p.DisplayName != c.want {
					t.Errorf("%s: %q, want %q", c.name, p.DisplayName, c.want)
				}
				return err
			})
		}
	})
}

// primaries writes a person's methods and a party's links, "*" for primary.
func primaries(t *testing.T, d *db.DB, who int64) (out []string) {
	t.Helper()
	dbtest.See(t, d, func(tx *db.Tx) error {
		methods, err := person.Methods(tx, who)
		for _, m := range methods {
			out = append(out, m.Value+strings.Repeat("*", map[bool]int{true: 1}[m.IsPrimary]))
		}
		return err
	})
	return out
}

func TestOnePrimaryMethodOfAType(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		orgtest.New(t, d, "book")
		var ada person.Person
		var first, phone person.Method
		dbtest.Do(t, d, func(tx *db.Tx) (err error) {
			if ada, err = person.Create(tx, person.Person{FirstName: "Ada"}); err != nil {
				return err
			}
			add := func(typ person.MethodType, value string, primary bool) (m person.Method) {
				if err == nil {
					m, err = person.AddMethod(tx, person.Method{Person: ada.ID, Type: typ, Value: value, IsPrimary: primary})
				}
				return m
			}
			first = add(person.Email, "a@x.example", true)
			phone = add(person.Phone, "+44 1", true)
			add(person.Email, "b@x.example", true)
			return err
		})
		if diff := cmp.Diff([]string{"a@x.example", "+44 1*", "b@x.example*"}, primaries(t, d, ada.ID)); diff != "" {
			t.Error(diff)
		}
		dbtest.Do(t, d, func(tx *db.Tx) error {
			first.IsPrimary = true
			_, err := person.UpdateMethod(tx, first)
			return err
		})
		if diff := cmp.Diff([]string{"a@x.example*", "+44 1*", "b@x.example"}, primaries(t, d, ada.ID)); diff != "" {
			t.Error(diff)
		}
		// The phone becomes the primary e-mail address.
		dbtest.Do(t, d, func(tx *db.Tx) error {
			phone.Type, phone.Value = person.Email, "c@x.example"
			_, err := person.UpdateMethod(tx, phone)
			return err
		})
		if diff := cmp.Diff([]string{"a@x.example", "c@x.example*", "b@x.example"}, primaries(t, d, ada.ID)); diff != "" {
			t.Error(diff)
		}
		err := d.Update(t.Context(), 1, func(tx *db.Tx) error {
			phone.IsActive = false
			_, err := person.UpdateMethod(tx, phone)
			return err
		})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("an inactive method stays primary: %v", err)
		}
	})
}

func TestAnAddressIsOnePersons(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		orgtest.New(t, d, "book")
		add := func(who int64, value string) (m person.Method, err error) {
			err = d.Update(t.Context(), 1, func(tx *db.Tx) error {
				m, err = person.AddMethod(tx, person.Method{Person: who, Type: person.Email, Value: value})
				return err
			})
			return m, err
		}
		var ada, eva person.Person
		dbtest.Do(t, d, func(tx *db.Tx) (err error) {
			if ada, err = person.Create(tx, person.Person{FirstName: "Ada"}); err == nil {
				eva, err = person.Create(tx, person.Person{FirstName: "Eva"})
			}
			return err
		})
		m, err := add(ada.ID, "Info@X.example")
		if err != nil {
			t.Fatal(err)
		}
		for _, who := range []int64{ada.ID, eva.ID} {
			if _, err := add(who, "info@x.EXAMPLE"); !fault.Is(err, fault.Conflict) {
				t.Errorf("taken twice: %v", err)
			}
		}
		dbtest.Do(t, d, func(tx *db.Tx) error {
			m.IsActive = false
			_, err := person.UpdateMethod(tx, m)
			return err
		})
		if _, err := add(eva.ID, "info@x.example"); err != nil {
			t.Errorf("free again: %v", err)
		}
		err = d.Update(t.Context(), 1, func(tx *db.Tx) error {
			m.IsActive = true
			_, err := person.UpdateMethod(tx, m)
			return err
		})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("switched on beside the new owner: %v", err)
		}
	})
}

// Sixteen callers at once, each with its own spelling of one address, get one
// person with one link.
func TestFindOrCreateMakesOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		orgtest.New(t, d, "book")
		var buyer party.Party
		dbtest.Do(t, d, func(tx *db.Tx) (err error) {
			buyer, err = party.Create(tx, party.Party{IsCustomer: true, Name: "Buyer"})
			return err
		})
		const callers = 16
		var wg sync.WaitGroup
		start := make(chan struct{})
		got := make([]person.Found, callers)
		errs := make([]error, callers)
		for i := range callers {
			wg.Go(func() {
				<-start
				email := "ada@buyer.example"
				if i%2 == 1 {
					email = "ADA@Buyer.example"
				}
				errs[i] = d.Update(context.Background(), 1, func(tx *db.Tx) (err error) {
					got[i], err = person.FindOrCreate(tx, person.Person{FirstName: "Ada"}, email, person.Link{Party: buyer.ID, As: party.Customer})
					return err
				})
			})
		}
		close(start)
		wg.Wait()
		made := 0
		for i, f := range got {
			if errs[i] != nil {
				t.Fatal(errs[i])
			}
			if f.Created {
				made++
			}
			if f.Person.ID != got[0].Person.ID || f.Method.ID != got[0].Method.ID || f.Link.ID != got[0].Link.ID || !f.Method.IsPrimary || !f.Link.IsPrimary {
				t.Errorf("caller %d got %+v, the first %+v", i, f, got[0])
			}
		}
		if made != 1 {
			t.Errorf("created %d times", made)
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			all, err := person.List(tx, nil, 0)
			if len(all) != 1 {
				t.Errorf("%d people", len(all))
			}
			return err
		})
	})
}

func TestOnePrimaryLinkOfAParty(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		orgtest.New(t, d, "book")
		var shop party.Party
		dbtest.Do(t, d, func(tx *db.Tx) (err error) {
			shop, err = party.Create(tx, party.Party{IsCustomer: true, IsVendor: true, Name: "Shop"})
			return err
		})
		find := func(name string, as party.Role) (f person.Found) {
			dbtest.Do(t, d, func(tx *db.Tx) (err error) {
				f, err = person.FindOrCreate(tx, person.Person{FirstName: name}, name+"@shop.example", person.Link{Party: shop.ID, As: as})
				return err
			})
			return f
		}
		people := func(as party.Role) (out []string) {
			dbtest.See(t, d, func(tx *db.Tx) error {
				list, err := person.Of(tx, shop.ID, as, nil, 0)
				for _, l := range list {
					out = append(out, fmt.Sprintf("%s %v", l.FirstName, l.Link.IsPrimary))
				}
				return err
			})
			return out
		}
		ada, eva := find("Ada", party.Customer), find("Eva", party.Customer)
		find("Ada", party.Vendor)
		if ada.Link.IsPrimary != true || eva.Link.IsPrimary != false {
			t.Errorf("primary: %v and %v", ada.Link.IsPrimary, eva.Link.IsPrimary)
		}
		dbtest.Do(t, d, func(tx *db.Tx) error {
			eva.Link.IsPrimary = true
			_, err := person.UpdateLink(tx, eva.Link)
			return err
		})
		if diff := cmp.Diff([]string{"Ada false", "Eva true"}, people(party.Customer)); diff != "" {
			t.Error(diff)
		}
		dbtest.Do(t, d, func(tx *db.Tx) error {
			eva.Link.IsPrimary, eva.Link.IsActive = false, false
			_, err := person.UpdateLink(tx, eva.Link)
			return err
		})
		if diff := cmp.Diff([]string{"Ada false"}, people(party.Customer)); diff != "" {
			t.Error(diff)
		}
		if again := find("Eva", party.Customer); again.Created || again.Link.ID != eva.Link.ID || !again.Link.IsActive {
			t.Errorf("found again as %+v", again)
		}
		// A role that the party loses takes its people along, the party all.
		dbtest.Do(t, d, func(tx *db.Tx) error {
			shop.IsCustomer = false
			_, err := party.Update(tx, shop)
			return err
		})
		if diff := cmp.Diff([]string{"Ada true"}, people(party.Vendor)); diff != "" || people(party.Customer) != nil {
			t.Errorf("%s; customers %v", diff, people(party.Customer))
		}
		dbtest.Do(t, d, func(tx *db.Tx) error { return party.Delete(tx, shop.ID) })
		dbtest.See(t, d, func(tx *db.Tx) error {
			links, err := person.Links(tx, ada.Person.ID)
			all, err2 := person.List(tx, nil, 0)
			if len(links) != 0 || len(all) != 2 || err2 != nil {
				t.Errorf("%d links, %d people", len(links), len(all))
			}
			return err
		})
	})
}
