package pos

import (
	"strconv"
	"time"

	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/expense"
	"storehouse/core/lookup"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).expenseRoutes) }

func (f *face) expenseRoutes() []web.Route {
	tag := "Expense management"
	return []web.Route{
		web.Read("GET /connector/api/expense", org.Viewer, f.listExpenses, web.Title(tag, "List expenses"), may("expense.access"), web.Shape[pageOf[expenseOut]]()),
		web.Read("GET /connector/api/expense/{id}", org.Viewer, f.getExpenses, web.Title(tag, "Get the specified expense / expense refund"), may("expense.access")),
		web.Write("POST /connector/api/expense", org.Member, f.createExpense, web.Title(tag, "Create expense / expense refund"), may("expense.add")),
		web.Write("PUT /connector/api/expense/{id}", org.Member, f.updateExpense, web.Title(tag, "Update expense / expense refund"), may("expense.edit")),
		web.Write("PATCH /connector/api/expense/{id}", org.Member, f.updateExpense, web.Title(tag, "Update expense / expense refund"), may("expense.edit")),
		web.Read("GET /connector/api/expense-refund", org.Viewer, f.listRefunds, web.Title(tag, "List expense refunds"), may("expense.access"), web.Shape[pageOf[expenseOut]]()),
		web.Read("GET /connector/api/expense-categories", org.Viewer, f.expenseCategories, web.Title(tag, "List expense categories"), may("expense.access")),
	}
}

// expenseOut is an expense with what it names. It is no operation of the
// reference; the vendor's server has these fields.
type expenseOut struct {
	ID            int64        `json:"id"`
	Business      int64        `json:"business_id"`
	Location      int64        `json:"location_id"`
	Type          string       `json:"type"`
	PaymentStatus string       `json:"payment_status"`
	RefNo         string       `json:"ref_no"`
	Date          wire.Stamp   `json:"transaction_date"`
	BeforeTax     wire.Dec4    `json:"total_before_tax"`
	Tax           wire.IntN    `json:"tax_id"`
	TaxAmount     wire.Dec4    `json:"tax_amount"`
	FinalTotal    wire.Dec4    `json:"final_total"`
	Category      wire.IntN    `json:"expense_category_id"`
	SubCategory   wire.IntN    `json:"expense_sub_category_id"`
	SpentFor      wire.IntN    `json:"expense_for"`
	Contact       wire.IntN    `json:"contact_id"`
	Notes         wire.TextN   `json:"additional_notes"`
	Document      wire.TextN   `json:"document"`
	CreatedBy     wire.IntN    `json:"created_by"`
	IsRecurring   wire.Bit     `json:"is_recurring"`
	RecurInterval wire.IntN    `json:"recur_interval"`
	RecurType     wire.TextN   `json:"recur_interval_type"`
	RecurTimes    wire.IntN    `json:"recur_repetitions"`
	RecurStopped  wire.Stamp   `json:"recur_stopped_on"`
	RecurParent   wire.IntN    `json:"recur_parent_id"`
	CreatedAt     wire.Stamp   `json:"created_at"`
	UpdatedAt     wire.Stamp   `json:"updated_at"`
	CategoryRow   *categoryOut `json:"expense_category"`
	TransFor      *userOut     `json:"transaction_for"`
	TaxRate       *taxOut      `json:"tax_rate"`
	Payments      []paymentOut `json:"payment_lines"`
}

// expenses completes expenses with what they name, in a fixed number of
// statements.
func (f *face) expenses(c *web.Call, s stamps, rows []expense.Expense) ([]expenseOut, error) {
	var categories, users []int64
	for _, e := range rows {
		categories = append(categories, e.Category, e.SubCategory)
		if e.SpentFor != 0 {
			users = append(users, e.SpentFor)
		}
	}
	names, err := lookup.ByID(c.Tx, unique(categories))
	if err != nil {
		return nil, err
	}
	people, err := s.usersByID(c, unique(users)...)
	if err != nil {
		return nil, err
	}
	taxes, err := catalog.Taxes(c.Tx)
	if err != nil {
		return nil, err
	}
	writer, out := f.seller(c.R, c.Org, s), []expenseOut{}
	for _, e := range rows {
		row := expenseOut{ID: e.ID, Business: c.Org, Location: e.Location, Type: "expense", PaymentStatus: e.PaymentStatus(), RefNo: e.RefNo,
			Date: s.at(e.SpentAt), BeforeTax: wire.Dec4(e.TotalBeforeTax), Tax: wire.IntN(e.Tax), TaxAmount: wire.Dec4(e.TaxAmount),
			FinalTotal: wire.Dec4(e.FinalTotal), Category: wire.IntN(e.Category), SubCategory: wire.IntN(e.SubCategory), SpentFor: wire.IntN(e.SpentFor),
			Contact: wire.IntN(e.Party), Notes: wire.TextN(e.Notes), CreatedBy: wire.IntN(e.CreatedBy), CreatedAt: s.at(e.CreatedAt),
			UpdatedAt: s.at(e.UpdatedAt), CategoryRow: s.entry(c.Org, names[e.Category]), Payments: []paymentOut{}}
		if e.IsRefund {
			row.Type = "expense_refund"
		}
		if u, ok := people[e.SpentFor]; ok {
			row.TransFor = &u
		}
		if t, ok := taxes[e.Tax]; ok {
			o := s.tax(c.Org, t)
			row.TaxRate = &o
		}
		for _, p := range e.Payments {
			row.Payments = append(row.Payments, writer.payment(p, e.ID))
		}
		out = append(out, row)
	}
	return out, nil
}

type expensesIn struct {
	Location rowID     `query:"location_id" doc:"id of the location"`
	Status   wire.Text `query:"payment_status" doc:"payment status (paid, due, partial)"`
	Start    wire.Text `query:"start_date" doc:"format:Y-m-d"`
	End      wire.Text `query:"end_date" doc:"format:Y-m-d"`
	SpentFor rowID     `query:"expense_for" doc:"id of the user for which expense is created"`
	paging
}

func (f *face) listExpenses(c *web.Call, in expensesIn) (any, error) {
	return f.expensePage(c, in, false)
}

func (f *face) listRefunds(c *web.Call, in expensesIn) (any, error) {
	return f.expensePage(c, in, true)
}

func (f *face) expensePage(c *web.Call, in expensesIn, refund bool) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	at, err := places(c, in.Location.N)
	if err != nil {
		return nil, err
	}
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	from, to, err := between(in.Start.S, in.End.S, z)
	if err != nil {
		return nil, err
	}
	switch in.Status.S {
	case "", "paid", "due", "partial":
	default:
		return nil, fault.Field("payment_status", "must be paid, due or partial")
	}
	filter := expense.Filter{Locations: at, Refund: &refund, Status: in.Status.S, SpentFor: in.SpentFor.N, From: from, To: to}
	return list(f, c, in.paging, func() (int64, error) { return expense.Count(c.Tx, filter) }, func(limit, offset int) ([]expenseOut, error) {
		filter.Limit, filter.Offset = limit, offset
		rows, err := expense.List(c.Tx, filter)
		if err != nil {
			return nil, err
		}
		return f.expenses(c, stamps{z}, rows)
	})
}

func (f *face) getExpenses(c *web.Call, in idsIn) (data[[]expenseOut], error) {
	var none data[[]expenseOut]
	want := ids(in.IDs)
	if len(want) == 0 {
		return none, noResults("Transaction", in.IDs)
	}
	rows, err := expense.List(c.Tx, expense.Filter{IDs: want, Locations: c.Actor.Places.List()})
	if err == nil && len(rows) == 0 {
		err = noResults("Transaction", in.IDs)
	}
	if err != nil {
		return none, err
	}
	z, err := zone(c)
	if err != nil {
		return none, err
	}
	out, err := f.expenses(c, stamps{z}, rows)
	return data[[]expenseOut]{out}, err
}

type expenseIn struct {
	Location    wire.Int         `json:"location_id" doc:"id of the business location"`
	FinalTotal  numIn            `json:"final_total" doc:"Expense amount, tax included"`
	Date        wire.Text        `json:"transaction_date" doc:"format:Y-m-d H:i:s; now when absent"`
	Tax         wire.Int         `json:"tax_rate_id" alias:"tax_id" doc:"id of the tax rate"`
	SpentFor    wire.Int         `json:"expense_for" doc:"id of the user for which expense is created"`
	Contact     wire.Int         `json:"contact_id" doc:"id of the contact"`
	Category    wire.Int         `json:"expense_category_id" doc:"id of the expense category"`
	SubCategory wire.Int         `json:"expense_sub_category_id" doc:"id of the expense sub category"`
	Notes       wire.Text        `json:"additional_notes" maxLength:"10000"`
	IsRefund    wire.Bool        `json:"is_refund" doc:"1 for an expense refund"`
	RefNo       wire.Text        `json:"ref_no" maxLength:"100" doc:"given when absent: EP2020/0013"`
	Payments    *[]sellPaymentIn `json:"payment" alias:"payments"`
}

// put changes what was given of an expense.
func (in expenseIn) put(e *expense.Expense, z *time.Location) error {
	e.Location, e.Tax, e.SpentFor = in.Location.Or(e.Location), in.Tax.Or(e.Tax), in.SpentFor.Or(e.SpentFor)
	e.Party, e.Category, e.SubCategory = in.Contact.Or(e.Party), in.Category.Or(e.Category), in.SubCategory.Or(e.SubCategory)
	e.FinalTotal, e.IsRefund = in.FinalTotal.Or(e.FinalTotal), in.IsRefund.Or(e.IsRefund)
	set(in.Notes, &e.Notes)
	if in.Date.S == "" {
		return nil
	}
	at, err := moment("transaction_date", in.Date.S, z)
	if err == nil && !at.IsZero() {
		e.SpentAt = at
	}
	return err
}

// payments reads the payments; those with a payment_id change a stored one.
func (in expenseIn) payments(z *time.Location, stored []money.Payment) (*[]money.Payment, error) {
	if in.Payments == nil {
		return nil, nil
	}
	byID, list := map[int64]money.Payment{}, []money.Payment{}
	for _, p := range stored {
		byID[p.ID] = p
	}
	for i, p := range *in.Payments {
		if p.Amount.D == 0 {
			continue
		}
		pay, err := p.payment(byID[p.ID.N], z)
		if err != nil {
			return nil, fault.Under("payment."+strconv.Itoa(i), err)
		}
		list = append(list, pay)
	}
	return &list, nil
}

func (f *face) createExpense(c *web.Call, in expenseIn) (data[expenseOut], error) {
	var none data[expenseOut]
	z, err := zone(c)
	if err != nil {
		return none, err
	}
	e := expense.Expense{RefNo: in.RefNo.S}
	if err := in.put(&e, z); err != nil {
		return none, err
	}
	if err := c.Actor.MayUse(e.Location); err != nil {
		return none, err
	}
	var paid []money.Payment
	if list, err := in.payments(z, nil); err != nil {
		return none, err
	} else if list != nil {
		paid = *list
	}
	e, err = expense.Create(c.Tx, e, paid)
	return f.madeExpense(c, stamps{z}, e, err)
}

type updateExpenseIn struct {
	ID rowID `path:"id" doc:"id of the expense"`
	expenseIn
}

func (f *face) updateExpense(c *web.Call, in updateExpenseIn) (data[expenseOut], error) {
	var none data[expenseOut]
	z, err := zone(c)
	if err != nil {
		return none, err
	}
	e, err := expense.Get(c.Tx, in.ID.N)
	if err != nil {
		return none, err
	}
	if err := c.Actor.MayUse(e.Location, in.Location.N); err != nil {
		return none, err
	}
	if err := in.put(&e, z); err != nil {
		return none, err
	}
	paid, err := in.payments(z, e.Payments)
	if err != nil {
		return none, err
	}
	e, err = expense.Update(c.Tx, e, paid)
	return f.madeExpense(c, stamps{z}, e, err)
}

func (f *face) madeExpense(c *web.Call, s stamps, e expense.Expense, err error) (data[expenseOut], error) {
	if err != nil {
		return data[expenseOut]{}, err
	}
	out, err := f.expenses(c, s, []expense.Expense{e})
	if err != nil {
		return data[expenseOut]{}, err
	}
	return data[expenseOut]{out[0]}, nil
}

func (f *face) expenseCategories(c *web.Call, _ web.None) (data[[]taxonomyOut], error) {
	list, err := lookup.List(c.Tx, lookup.ExpenseCategory)
	if err != nil {
		return data[[]taxonomyOut]{}, err
	}
	rows, err := tree(c, list, func(e lookup.Entry) bool { return e.Parent == 0 })
	return data[[]taxonomyOut]{rows}, err
}
