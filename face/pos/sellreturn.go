package pos

import (
	"strconv"

	"storehouse/base/fault"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/core/sale"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).sellReturnRoutes) }

func (f *face) sellReturnRoutes() []web.Route {
	const tag = "Sales management"
	return []web.Route{
		web.Write("POST /connector/api/sell-return", org.Member, f.createSellReturn, web.Title(tag, "Add Sell Return"), may("access_sell_return"),
			web.Doc("One return document a sale: a second one changes it. Quantities are absolute, never more than was sold.")),
		web.Read("GET /connector/api/list-sell-return", org.Viewer, f.listSellReturns, web.Title(tag, "List Sell Return"), may("sell.view"), web.Output[pageOf[sellReturnListed]]),
	}
}

type sellReturnIn struct {
	Sale         wire.Int           `json:"transaction_id" required:"true" doc:"Id of the sell"`
	Date         wire.Text          `json:"transaction_date" doc:"transaction date format:Y-m-d H:i:s"`
	Number       wire.Text          `json:"invoice_no" maxLength:"191" doc:"Invoice number of the return"`
	Discount     numIn              `json:"discount_amount" minimum:"0" doc:"discount amount applicable to the sale"`
	DiscountType wire.Text          `json:"discount_type" doc:"type of the discount amount (fixed, percentage)"`
	Tax          wire.Int           `json:"tax_id"`
	Products     []sellReturnLineIn `json:"products" alias:"return_lines" required:"true" doc:"array of the products for the sale"`
	Payments     []sellPaymentIn    `json:"payments" alias:"payment" doc:"refunds paid with the return"`
}

type sellReturnLineIn struct {
	Line     wire.Int  `json:"sell_line_id" doc:"sell line id"`
	SKU      wire.Text `json:"sku" maxLength:"255" doc:"the line's SKU, for clients that do not know its id"`
	Quantity numIn     `json:"quantity" required:"true" minimum:"0" doc:"quantity to be returned from the sell line"`
	Price    numIn     `json:"unit_price_inc_tax" alias:"unit_price" minimum:"0" doc:"unit selling price of the returning item"`
}

// createSellReturn takes goods back (reference, "Add Sell Return"). Its
// answer is a bare object whose figures are numbers.
func (f *face) createSellReturn(c *web.Call, in sellReturnIn) (transaction, error) {
	z, err := zone(c)
	if err != nil {
		return transaction{}, err
	}
	id, err := f.mine(c, strconv.FormatInt(in.Sale.N, 10))
	if err != nil {
		return transaction{}, err
	}
	n := sale.NewReturn{Sale: id, Number: in.Number.S, Tax: in.Tax.N}
	if n.At, err = moment("transaction_date", in.Date.S, z); err != nil {
		return transaction{}, err
	}
	if in.Discount.Set || in.DiscountType.Set {
		n.Discount = &sale.Off{Type: in.DiscountType.S, Amount: in.Discount.D}
	}
	for i, l := range in.Products {
		if l.Line.N == 0 && l.SKU.S == "" {
			return transaction{}, fault.Field("products."+strconv.Itoa(i)+".sell_line_id", "is required")
		}
		n.Lines = append(n.Lines, sale.NewReturnLine{Line: l.Line.N, SKU: l.SKU.S, Quantity: l.Quantity.D, UnitPriceIncTax: l.Price.Ptr()})
	}
	for i, p := range in.Payments {
		if !p.Amount.Set || p.Amount.D == 0 {
			continue
		}
		pay, err := p.payment(money.Payment{}, z)
		if err != nil {
			return transaction{}, fault.Under("payments."+strconv.Itoa(i), err)
		}
		n.Payments = append(n.Payments, pay)
	}
	r, err := sale.Returns(c.Tx, n)
	if fault.Is(err, fault.NotFound) {
		return transaction{}, noModel("Transaction", strconv.FormatInt(id, 10))
	}
	if err != nil {
		return transaction{}, err
	}
	out := f.seller(c.R, c.Org, stamps{z})
	out.numbers = true
	return out.returned(r), nil
}

// returned spells a return as the transaction that the reference prints.
func (o seller) returned(r sale.Return) transaction {
	t := o.head(sale.Sale{Head: sale.Head{Status: sale.Final, Number: r.Number, Location: r.Location, Party: r.Party, SoldAt: r.At, Discount: r.Discount, Tax: r.Tax, ExchangeRate: 1_000_000},
		ID: r.ID, PaymentStatus: r.PaymentStatus, Subtotal: r.Subtotal, TaxAmount: r.TaxAmount, Total: r.Total, CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt})
	t.Type, t.RefNo, t.ReturnParent = "sell_return", nil, wire.IntN(r.Sale)
	t.Discount = o.fig(r.Discount.Amount)
	return t
}

type sellReturnListed struct {
	transaction
	Payments []paymentOut   `json:"payment_lines"`
	Of       *returnedOfOut `json:"return_parent_sell"`
}

type returnedOfOut struct {
	transaction
	Lines []sellLineOut `json:"sell_lines"`
}

type sellReturnsQuery struct {
	paging
	Sale rowID `query:"sell_id" doc:"Id of the sell for which return is added"`
}

func (f *face) listSellReturns(c *web.Call, q sellReturnsQuery) (any, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	o := f.seller(c.R, c.Org, stamps{z})
	spell := func(r sale.Return) sellReturnListed {
		out := sellReturnListed{transaction: o.returned(r), Payments: []paymentOut{}}
		for _, p := range r.Payments {
			out.Payments = append(out.Payments, o.payment(p, r.ID))
		}
		if r.Of != nil {
			out.Of = &returnedOfOut{transaction: o.head(*r.Of), Lines: []sellLineOut{}}
			for _, l := range r.Of.Lines {
				out.Of.Lines = append(out.Of.Lines, o.line(l))
			}
		}
		return out
	}
	where := sale.ReturnFilter{Sale: q.Sale.N, Locations: c.Actor.Places.List(), Reach: reach(c)}
	if q.all() {
		list, _, err := sale.ListReturns(c.Tx, where)
		if err != nil {
			return nil, err
		}
		return stream(func(emit func(sellReturnListed) error) error {
			for _, r := range list {
				if err := emit(spell(r)); err != nil {
					return err
				}
			}
			return nil
		}), nil
	}
	total, err := sale.CountReturns(c.Tx, where)
	if err != nil {
		return nil, err
	}
	where.Limit, where.Offset = q.perPage(), q.offset()
	list, _, err := sale.ListReturns(c.Tx, where)
	if err != nil {
		return nil, err
	}
	rows := make([]sellReturnListed, 0, len(list))
	for _, r := range list {
		rows = append(rows, spell(r))
	}
	return paged(f, asked(c), q.paging, rows, int(total)), nil
}
