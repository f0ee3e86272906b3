package sale

import (
	"slices"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/money"
	"storehouse/core/points"
	"storehouse/core/stock"
)

// Delete removes a sale and takes back what it posted: stock at the cost it
// went out with, points, payments and what they did to registers. A sale of
// which something has come back is a Conflict.
func Delete(tx *db.Tx, id int64) error {
	s, err := lock(tx, id)
	if err != nil {
		return err
	}
	if err := deleteReturn(tx, s); err != nil {
		return err
	}
	if _, err := stock.ReverseDoc(tx, s.doc()); err != nil {
		return err
	}
	if s.Status == Final && s.EarnedPoints+s.RedeemedPoints > 0 {
		if _, err := points.Reverse(tx, points.Doc{Type: "sale", ID: id}); err != nil {
			return err
		}
	}
	if err := dropPayments(tx, s.Payments); err != nil {
		return err
	}
	if err := money.Reverse(tx, s.moneyDoc()); err != nil {
		return err
	}
	if _, err = tx.Exec(`DELETE FROM sale WHERE org_id = ? AND id = ?`, tx.Org, id); err != nil {
		return err
	}
	_, err = tx.Numbers(map[string]int64{counted: -1})
	return err
}

// deleteReturn removes a sale's return if nothing came back or was paid back in
// the end.
func deleteReturn(tx *db.Tx, s Sale) error {
	r, found, err := returnOf(tx, s.ID)
	if err != nil || !found {
		return err
	}
	if len(r.Payments) > 0 || slices.ContainsFunc(r.Lines, func(l ReturnLine) bool { return l.Quantity != 0 }) {
		return errReturned
	}
	_, err = tx.Exec(`DELETE FROM sale_return WHERE org_id = ? AND id = ?`, tx.Org, r.ID)
	return err
}

var errReturned = fault.New(fault.Conflict, "Return exist for the Transaction, edit the return instead.")

// UpdateShipping sets how far a sell's delivery is, and to whom. What is nil
// stays as it is.
func UpdateShipping(tx *db.Tx, id int64, status, deliveredTo *string) (Sale, error) {
	if status != nil && *status != "" && !slices.Contains(ShippingStatuses, *status) {
		return Sale{}, fault.Field("shipping_status", "must be one of ordered, packed, shipped, delivered, cancelled")
	}
	s, err := lock(tx, id)
	if err != nil {
		return s, err
	}
	if status != nil {
		s.ShippingStatus = *status
	}
	if deliveredTo != nil {
		s.DeliveredTo = *deliveredTo
	}
	s.settle(s.State, tx.Now)
	return s, save(tx, &s)
}
