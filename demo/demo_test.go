package demo_test

import (
	"context"
	"testing"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/core/report"
	"storehouse/demo"
)

func TestTheDemoIsALivingBusiness(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		config := demo.Config{BaseURL: "http://demo.test", Hash: func(string) (string, error) { return "x", nil },
			OrgUUID: func(int64) string { return "uuid" }, Webhook: func(k string) string { return "/hook/" + k }}
		cred, err := demo.Create(ctx, d, config)
		if err != nil {
			t.Fatal(err)
		}
		if empty, err := demo.Empty(ctx, d); empty || err != nil {
			t.Errorf("empty %v, %v", empty, err)
		}
		for name, s := range map[string]string{"maker.token": cred.Maker.Token, "pos.client_secret": cred.Pos.Secret, "upstream": cred.PosUpstream.Secret,
			"shop.reg_token": cred.Shop.Reg, "shop.webhook_secret": cred.Shop.Secret, "sync": cred.Sync.Key, "loyalty": cred.Loyalty.Key} {
			if s == "" {
				t.Errorf("no %s", name)
			}
		}
		if err := d.View(ctx, cred.Organization, func(tx *db.Tx) error {
			r, err := report.Audit(tx)
			if err != nil {
				return err
			}
			if len(r.Differences) > 0 {
				t.Errorf("the books do not balance: %+v", r.Differences)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}
