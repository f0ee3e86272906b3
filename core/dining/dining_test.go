package dining_test

import (
	"context"
	"testing"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/fault"
	"storehouse/core/dining"
	"storehouse/core/org/orgtest"
)

func TestFloorsAndTables(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f, rival := orgtest.New(t, d, "acme"), orgtest.New(t, d, "rival")
		var floor dining.Floor
		var table dining.Table
		dbtest.Do(t, d, func(tx *db.Tx) (err error) {
			if floor, err = dining.CreateFloor(tx, dining.Floor{No: 1, IsActive: true}); err != nil {
				return err
			}
			_, err = dining.CreateFloor(tx, dining.Floor{No: -1})
			return err
		})
		dbtest.Do(t, d, func(tx *db.Tx) (err error) {
			table, err = dining.CreateTable(tx, dining.Table{Location: f.Location, Floor: floor.ID, Name: " T1 ", IsAvailable: true})
			return err
		})
		dbtest.See(t, d, func(tx *db.Tx) error {
			floors, err := dining.ListFloors(tx)
			if err != nil || len(floors) != 2 || floors[0].No != -1 || floors[1].ID != floor.ID {
				t.Errorf("floors %+v, %v: want the cellar first", floors, err)
			}
			got, err := dining.GetTable(tx, table.ID)
			if err != nil || got.Name != "T1" || got.Floor != floor.ID || !got.IsAvailable || got.IsBooked || got.Capacity != nil {
				t.Errorf("table %+v, %v", got, err)
			}
			return nil
		})
		err := d.Update(context.Background(), f.Org, func(tx *db.Tx) error { return dining.DeleteFloor(tx, floor.ID) })
		if !fault.Is(err, fault.InUse) || fault.Of(err).Details["tables"] != int64(1) {
			t.Errorf("deleting a floor with a table: %v", err)
		}
		err = d.Update(context.Background(), rival.Org, func(tx *db.Tx) error {
			if _, err := dining.CreateTable(tx, dining.Table{Location: f.Location, Name: "x"}); fault.Of(err).Field() != "location_id" {
				t.Errorf("a table at somebody else's location: %v", err)
			}
			return dining.DeleteTable(tx, table.ID)
		})
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else's table: %v", err)
		}
		dbtest.Do(t, d, func(tx *db.Tx) error { return dining.DeleteTable(tx, table.ID) })
		dbtest.Do(t, d, func(tx *db.Tx) error { return dining.DeleteFloor(tx, floor.ID) })
		dbtest.See(t, d, func(tx *db.Tx) error {
			list, err := dining.ListTables(tx, dining.Filter{})
			if len(list) != 0 {
				t.Errorf("tables that are gone are listed: %+v", list)
			}
			return err
		})
	})
}
