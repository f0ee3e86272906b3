package org_test

import (
	"testing"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/core/org/orgtest"
)

func TestSettingsComeBackAsSaved(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		if f != (orgtest.Fixture{Org: 1, User: 1, Location: 1}) {
			t.Fatalf("fixture = %+v, want all ones", f)
		}
		dbtest.Do(t, d, func(tx *db.Tx) error {
			s, err := org.LoadSettings(tx)
			if err != nil {
				return err
			}
			if s.Oversell != org.Refuse || s.DefaultLocation != f.Location || s.CurrencyPlaces != 2 || s.Prefix("invoice") != "AS" {
				t.Errorf("defaults = %+v", s)
			}
			s.Oversell, s.Prefixes["invoice"], s.TimeZone = org.Allow, "INV-", "Asia/Kolkata"
			return org.SaveSettings(tx, s)
		})
		dbtest.See(t, d, func(tx *db.Tx) error {
			s, err := org.LoadSettings(tx)
			if s.Oversell != org.Allow || s.Prefix("invoice") != "INV-" || s.Prefix("contact") != "CO" || s.Zone().String() != "Asia/Kolkata" || !s.Has("modifiers") {
				t.Errorf("saved = %+v", s)
			}
			return err
		})
		dbtest.Do(t, d, func(tx *db.Tx) error {
			s := org.DefaultSettings()
			s.Oversell, s.TimeZone = "maybe", "Mars/Olympus"
			if err := org.SaveSettings(tx, s); !fault.Is(err, fault.Invalid) || len(fault.Of(err).Fields) != 2 {
				t.Errorf("err = %v, want two flaws", err)
			}
			return nil
		})
	})
}

func TestLocations(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		dbtest.Do(t, d, func(tx *db.Tx) error {
			l, err := org.CreateLocation(tx, org.Location{Name: "Godown", City: "Lahore"})
			if err != nil {
				return err
			}
			if l.ID == f.Location || l.SortOrder != 1 || !l.IsActive {
				t.Errorf("created %+v", l)
			}
			l.Name, l.Oversell, l.CustomFields[3], l.IsActive = "Depot", org.Allow, "x", false
			if _, err := org.UpdateLocation(tx, l); err != nil {
				return err
			}
			got, err := org.GetLocation(tx, l.ID)
			if err != nil || got.Name != "Depot" || got.Oversell != org.Allow || got.CustomFields[3] != "x" || got.IsActive || got.City != "Lahore" || !got.CreatedAt.Equal(dbtest.Now) {
				t.Errorf("updated %+v", got)
			}
			if byName, err := org.LocationByName(tx, "dEPOT "); err != nil || byName.ID != l.ID {
				t.Errorf("by name: %+v, %v", byName, err)
			}
			if _, err := org.UpdateLocation(tx, org.Location{ID: 99, Name: "x"}); !fault.Is(err, fault.NotFound) {
				t.Errorf("unknown: %v", err)
			}
			if _, err := org.CreateLocation(tx, org.Location{Name: " "}); !fault.Is(err, fault.Invalid) {
				t.Errorf("blank name: %v", err)
			}
			if err := org.DeleteLocation(tx, f.Location); err != nil {
				return err
			}
			s, err := org.LoadSettings(tx)
			if s.DefaultLocation != l.ID {
				t.Errorf("default location = %d, want %d", s.DefaultLocation, l.ID)
			}
			list, _ := org.ListLocations(tx)
			if len(list) != 1 {
				t.Errorf("%d locations, want 1", len(list))
			}
			return err
		})
		other := orgtest.New(t, d, "other")
		dbtest.See(t, d, func(tx *db.Tx) error {
			if _, err := org.GetLocation(tx, other.Location); !fault.Is(err, fault.NotFound) {
				t.Errorf("another organization's location: %v", err)
			}
			return nil
		})
	})
}
