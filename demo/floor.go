package demo

import (
	"fmt"
	"time"

	"storehouse/base/dec"
	"storehouse/core/crm"
	"storehouse/core/dining"
	"storehouse/core/expense"
	"storehouse/core/field"
	"storehouse/core/lookup"
	"storehouse/core/money"
	"storehouse/core/party"
	"storehouse/core/staff"
)

// floor is what a till and the people in the field find besides goods and
// sales: tables, accounts, a lead to look after, a visit, a holiday, the rent.
func (b *business) floor(*Credentials) error {
	tx := b.tx
	f, err := dining.CreateFloor(tx, dining.Floor{Help: "Ground floor", IsActive: true})
	if err != nil {
		return err
	}
	for i := range 6 {
		seats := int64(2 + i%2*2)
		if _, err := dining.CreateTable(tx, dining.Table{Location: b.cafe, Floor: f.ID, Name: fmt.Sprintf("Table %d", i+1), Capacity: &seats, IsAvailable: true}); err != nil {
			return err
		}
	}
	for _, a := range []lookup.Entry{{Name: "Till", Code: "1000"}, {Name: "First Bank", Code: "1200"}} {
		a.Kind = lookup.PaymentAccount
		if _, err := lookup.Create(tx, a); err != nil {
			return err
		}
	}
	leads, err := party.List(tx, party.Filter{Role: party.Lead, Limit: 1})
	if err != nil || len(leads) == 0 {
		return err
	}
	day := 24 * time.Hour
	start := b.now.Truncate(time.Hour).Add(2 * day)
	if _, err := crm.Create(tx, crm.FollowUp{Party: leads[0].ID, Title: "Tasting for the breakfast room", Kind: "meeting", Status: "scheduled", StartsAt: start,
		EndsAt: start.Add(time.Hour), Users: []int64{b.cashier}, Category: b.lookups["followup_category/Tasting"], Notify: true, NotifyMail: true, NotifyBefore: 2, NotifyType: "hour"}); err != nil {
		return err
	}
	if _, err := field.Create(tx, field.Visit{Party: leads[0].ID, AssignedTo: b.cashier, VisitOn: start.Add(day), VisitFor: "Bring samples"}); err != nil {
		return err
	}
	newYear := fmt.Sprintf("%d-01-01", b.now.Year()+1)
	if _, err := staff.CreateHoliday(tx, staff.Holiday{Name: "New Year's Day", Start: newYear, End: newYear}); err != nil {
		return err
	}
	_, err = expense.Create(tx, expense.Expense{Location: b.cafe, Category: b.lookups["expense_category/Rent"], SpentAt: b.now.Add(-3 * day), FinalTotal: dec.Int(1800),
		Notes: "Market Street"}, []money.Payment{{Amount: dec.Int(1800), Method: "bank_transfer"}})
	return err
}
