package sale

import (
	"fmt"
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/money"
)

// column is one column of a row in memory: what is stored, and where what is
// read goes.
type column struct {
	name string
	in   any
	out  any
}

func text(name string, p *string) column   { return column{name, *p, p} }
func maybe(name string, p *string) column  { return column{name, db.Null(*p), db.S(p)} }
func ref(name string, p *int64) column     { return column{name, db.Null(*p), db.I(p)} }
func number(name string, p *dec.D) column  { return column{name, *p, p} }
func orNone(name string, p **dec.D) column { return column{name, *p, db.DN(p)} }
func flag(name string, p *bool) column     { return column{name, *p, db.B(p)} }
func at(name string, p *time.Time) column  { return column{name, *p, db.T(p)} }

func (s *Sale) columns() []column {
	return []column{
		ref("id", &s.ID), text("origin", (*string)(&s.Origin)), text("status", (*string)(&s.Status)), maybe("sub_status", &s.SubStatus),
		flag("is_suspend", &s.IsSuspended), text("order_status", (*string)(&s.State)), text("fulfillment_status", (*string)(&s.Fulfillment)),
		{"stage", int64(s.Stage), (*int64)(&s.Stage)}, text("payment_status", &s.PaymentStatus), text("number", &s.Number),
		ref("channel_id", &s.Channel), ref("location_id", &s.Location), ref("fulfillment_location_id", &s.FulfillmentLocation),
		ref("party_id", &s.Party), ref("customer_group_id", &s.CustomerGroup), ref("price_group_id", &s.PriceGroup),
		maybe("source", &s.Source), maybe("external_source", &s.ExternalSource), maybe("external_id", &s.ExternalID),
		ref("external_version", &s.ExternalVersion), ref("woocommerce_order_id", &s.WooCommerceOrderID), maybe("currency", &s.Currency),
		number("exchange_rate", &s.ExchangeRate), at("sold_at", &s.SoldAt), at("due_at", &s.DueAt), ref("pay_term_number", &s.PayTermNumber),
		maybe("pay_term_type", &s.PayTermType), number("total_before_tax", &s.Subtotal), text("discount_type", &s.Discount.Type),
		number("discount_amount", &s.Discount.Amount), maybe("coupons", &s.Coupons), ref("tax_id", &s.Tax), number("tax_amount", &s.TaxAmount),
		number("shipping_charges", &s.ShippingCharges), ref("service_type_id", &s.ServiceType), number("packing_charge", &s.PackingCharge),
		maybe("packing_charge_type", &s.PackingChargeType), number("fees", &s.Fees), number("round_off_amount", &s.RoundOff),
		number("rp_redeemed", &s.RedeemedPoints), number("rp_redeemed_amount", &s.RedeemedAmount), number("rp_earned", &s.EarnedPoints),
		number("final_total", &s.Total), number("paid", &s.PaidAmount), ref("auto_payment_id", &s.autoPayment),
		maybe("shipping_details", &s.ShippingDetails), maybe("shipping_address", &s.ShippingAddress), maybe("shipping_status", &s.ShippingStatus),
		maybe("delivered_to", &s.DeliveredTo), maybe("order_addresses", &s.OrderAddresses), maybe("sale_note", &s.SaleNote),
		maybe("staff_note", &s.StaffNote), ref("commission_agent_id", &s.CommissionAgent), ref("table_id", &s.Table), ref("waiter_id", &s.Waiter),
		maybe("kitchen_status", &s.KitchenStatus), maybe("custom_field1", &s.CustomFields[0]), maybe("custom_field2", &s.CustomFields[1]),
		maybe("custom_field3", &s.CustomFields[2]), maybe("custom_field4", &s.CustomFields[3]), maybe("custom_field5", &s.CustomFields[4]),
		maybe("custom_field6", &s.CustomFields[5]), flag("is_direct", &s.IsDirect), flag("from_api", &s.FromAPI),
		flag("is_recurring", &s.IsRecurring), ref("recur_interval", &s.RecurInterval), maybe("recur_interval_type", &s.RecurIntervalType),
		ref("recur_repetitions", &s.RecurRepetitions), at("recur_stopped_at", &s.RecurStoppedAt), ref("recur_parent_id", &s.RecurParent),
		ref("recur_made", &s.RecurMade), at("recur_last_at", &s.RecurLastAt),
		maybe("subscription_no", &s.SubscriptionNo), ref("subscription_repeat_on", &s.SubscriptionRepeatOn), maybe("invoice_token", &s.InvoiceToken),
		ref("broker_id", &s.Broker), orNone("broker_fee_percent", &s.BrokerFeePercent), number("broker_fees", &s.BrokerFees),
		number("fulfillment_costs", &s.FulfillmentCosts), number("freight_costs", &s.FreightCosts), number("promo_costs", &s.PromoCosts),
		number("other_costs", &s.OtherCosts), maybe("mabd", &s.MABD), maybe("notes", &s.Notes), maybe("qbo_id", &s.QboID),
		at("placed_at", &s.PlacedAt), at("received_at", &s.ReceivedAt), at("entered_at", &s.EnteredAt), at("shipped_at", &s.ShippedAt),
		at("invoiced_at", &s.InvoicedAt), at("paid_at", &s.PaidAt), at("rejected_at", &s.RejectedAt), at("disputed_at", &s.DisputedAt),
		at("completed_at", &s.CompletedAt), ref("created_by", &s.CreatedBy), at("created_at", &s.CreatedAt), at("updated_at", &s.UpdatedAt),
	}
}

func (l *Line) columns() []column {
	return []column{
		ref("id", &l.ID), ref("sale_id", &l.Sale), ref("parent_id", &l.Parent), maybe("children_type", &l.Children), ref("product_id", &l.Product),
		ref("item_id", &l.Item), flag("stocked", &l.Stocked), maybe("sku", &l.SKU), maybe("name", &l.Name), number("quantity", &l.Quantity),
		number("quantity_returned", &l.Returned), number("allocated", &l.Allocated), ref("sub_unit_id", &l.SubUnit),
		number("multiplier", &l.Multiplier), number("price_before", &l.PriceBefore), maybe("discount_type", &l.Discount.Type),
		number("discount_amount", &l.Discount.Amount), ref("discount_id", &l.DiscountRule), number("unit_price", &l.UnitPrice),
		ref("tax_id", &l.Tax), number("item_tax", &l.ItemTax), number("unit_price_inc_tax", &l.UnitPriceIncTax), number("amount", &l.Amount),
		maybe("lot", &l.Lot), maybe("note", &l.Note), ref("staff_id", &l.Staff), maybe("kitchen_status", &l.KitchenStatus),
		ref("woocommerce_line_id", &l.WooCommerceLineID), at("created_at", &l.CreatedAt), at("updated_at", &l.UpdatedAt),
	}
}

var (
	saleCols = names((&Sale{}).columns())
	lineCols = names((&Line{}).columns())
)

func names(cols []column) string {
	list := make([]string, len(cols))
	for i, c := range cols {
		list[i] = c.name
	}
	return strings.Join(list, ", ")
}

// values adds a row to be stored to the arguments, the organization first.
func values(args []any, tx *db.Tx, cols []column) []any {
	args = append(args, tx.Org)
	for _, c := range cols {
		args = append(args, c.in)
	}
	return args
}

func scanCols(r db.Row, cols []column) error {
	dest := make([]any, len(cols))
	for i, c := range cols {
		dest[i] = c.out
	}
	return r.Scan(dest...)
}

// all reads rows as db.All does, into copies of one value, whose columns are
// listed once and not a row.
func all[V any](tx *db.Tx, columns func(*V) []column, query string, args ...any) ([]V, error) {
	var v V
	cols := columns(&v)
	dest := make([]any, len(cols))
	for i, c := range cols {
		dest[i] = c.out
	}
	list := []V{}
	err := tx.Each(func(r db.Row) error {
		if err := r.Scan(dest...); err != nil {
			return err
		}
		list = append(list, v)
		return nil
	}, query, args...)
	return list, err
}

func scanSale(r db.Row, s *Sale) error { return scanCols(r, s.columns()) }
func scanLine(r db.Row, l *Line) error { return scanCols(r, l.columns()) }

// Get returns one sale with its lines and payments.
func Get(tx *db.Tx, id int64) (Sale, error) {
	list, err := GetMany(tx, id)
	if err != nil {
		return Sale{}, err
	}
	if len(list) == 0 {
		return Sale{}, fault.Missing("sale")
	}
	return list[0], nil
}

// GetMany returns the sales among ids that exist, in the order of ids, with
// their lines and payments, in three statements.
func GetMany(tx *db.Tx, ids ...int64) ([]Sale, error) {
	if len(ids) == 0 {
		return []Sale{}, nil
	}
	found, err := all(tx, (*Sale).columns, `SELECT `+saleCols+` FROM sale WHERE org_id = ? AND id IN (`+db.Marks(len(ids))+`)`,
		append([]any{tx.Org}, db.Args(ids)...)...)
	if err != nil {
		return nil, err
	}
	at := map[int64]Sale{}
	for _, s := range found {
		at[s.ID] = s
	}
	list := make([]Sale, 0, len(found))
	for _, id := range ids {
		if s, ok := at[id]; ok {
			list = append(list, s)
			delete(at, id) // an id given twice is answered once
		}
	}
	return list, fill(tx, list)
}

// Hold makes sure that a sale is there until the transaction ends.
func Hold(tx *db.Tx, id int64) error {
	_, err := lock(tx, id)
	return err
}

// lock reads a sale for a change, holding its row until the transaction ends,
// with its lines and payments.
func lock(tx *db.Tx, id int64) (Sale, error) {
	s, err := db.One(tx, scanSale, `SELECT `+saleCols+` FROM sale WHERE org_id = ? AND id = ?`+tx.ForUpdate(), tx.Org, id)
	if fault.Is(err, fault.NotFound) {
		return s, fault.Missing("sale")
	}
	if err != nil {
		return s, err
	}
	one := []Sale{s}
	err = fill(tx, one)
	return one[0], err
}

// fill adds lines and payments to sales, in two statements.
func fill(tx *db.Tx, list []Sale) error {
	if len(list) == 0 {
		return nil
	}
	index, ids := map[int64]int{}, make([]int64, len(list))
	for i := range list {
		index[list[i].ID], ids[i] = i, list[i].ID
		list[i].Lines, list[i].Payments = []Line{}, []money.Payment{}
	}
	lines, err := linesOf(tx, ids)
	if err != nil {
		return err
	}
	for _, l := range lines {
		s := &list[index[l.Sale]]
		s.Lines = append(s.Lines, l)
	}
	payments, err := money.PaymentsOfSales(tx, ids...)
	if err != nil {
		return err
	}
	for _, p := range payments {
		s := &list[index[p.Sale]]
		s.Payments = append(s.Payments, p)
	}
	return nil
}

func linesOf(tx *db.Tx, sales []int64) ([]Line, error) {
	return all(tx, (*Line).columns, `SELECT `+lineCols+` FROM sale_line WHERE org_id = ? AND sale_id IN (`+db.Marks(len(sales))+`) ORDER BY sale_id, id`,
		append([]any{tx.Org}, db.Args(sales)...)...)
}

// insertLines stores new lines.
func insertLines(tx *db.Tx, lines []Line) error {
	_, err := tx.InsertFlat("sale_line", "org_id, "+lineCols, lineWidth, lineValues(tx, lines))
	return err
}

// lineWidth is how many columns a line has, the organization among them.
var lineWidth = 1 + len((&Line{}).columns())

func lineValues(tx *db.Tx, lines []Line) []any {
	args := make([]any, 0, len(lines)*lineWidth)
	for i := range lines {
		args = values(args, tx, lines[i].columns())
	}
	return args
}

// save stores a changed sale's row; its lines are the caller's business.
func save(tx *db.Tx, s *Sale) error {
	s.UpdatedAt = tx.Now
	cols := s.columns()[1:] // not the id
	args := make([]any, 0, len(cols)+2)
	set := make([]string, 0, len(cols))
	for _, c := range cols {
		set, args = append(set, c.name+" = ?"), append(args, c.in)
	}
	_, err := tx.Exec(fmt.Sprintf(`UPDATE sale SET %s WHERE org_id = ? AND id = ?`, strings.Join(set, ", ")), append(args, tx.Org, s.ID)...)
	return err
}

// saveLines stores changed lines, in one statement: a row that exists is
// replaced.
func saveLines(tx *db.Tx, lines []Line) error {
	if len(lines) == 0 {
		return nil
	}
	for i := range lines {
		lines[i].UpdatedAt = tx.Now
	}
	cols := strings.Split(lineCols, ", ")[1:]
	for i, c := range cols {
		cols[i] = c + " = excluded." + c
	}
	_, err := tx.InsertFlat("sale_line", "org_id, "+lineCols, lineWidth, lineValues(tx, lines), "ON CONFLICT (org_id, id) DO UPDATE SET "+strings.Join(cols, ", "))
	return err
}

func deleteLines(tx *db.Tx, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := tx.Exec(`DELETE FROM sale_line WHERE org_id = ? AND id IN (`+db.Marks(len(ids))+`)`, append([]any{tx.Org}, db.Args(ids)...)...)
	return err
}
