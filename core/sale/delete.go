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
// went out with, points, payments and what they did to registers. A sale with
// a return is a Conflict.
func Delete(tx *db.Tx, id int64) error {
	s, err := lock(tx, id)
	if err != nil {
		return err
	}
	if _, found, err := returnOf(tx, id); err != nil {
		return err
	} else if found {
		return errReturned
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
	_, err = tx.Exec(`DELETE FROM sale WHERE org_id = ? AND id = ?`, tx.Org, id)
	return err
}

var errReturned = fault.New(fault.Conflict, "Return exist for the Transaction, edit the return instead.")

// UpdateShipping sets how far a sell's delivery is. deliveredTo stays as it is
// when nil.
func UpdateShipping(tx *db.Tx, id int64, status string, deliveredTo *string) (Sale, error) {
	if status != "" && !slices.Contains(ShippingStatuses, status) {
		return Sale{}, fault.Field("shipping_status", "must be one of ordered, packed, shipped, delivered, cancelled")
	}
	s, err := lock(tx, id)
	if err != nil {
		return s, err
	}
	s.ShippingStatus = status
	if deliveredTo != nil {
		s.DeliveredTo = *deliveredTo
	}
	s.settle(s.State, tx.Now)
	return s, save(tx, &s)
}
