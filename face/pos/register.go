package pos

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"storehouse/base/fault"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/core/sale"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).registerRoutes) }

func (f *face) registerRoutes() []web.Route {
	const tag = "Cash register management"
	return []web.Route{
		web.Read("GET /connector/api/cash-register", org.Viewer, f.listRegisters, web.Title(tag, "List Cash Registers"), may("view_cash_register"), web.Output[pageOf[registerOut]]),
		web.Write("POST /connector/api/cash-register", org.Member, f.createRegister, web.Title(tag, "Create Cash Register"), may("sell.create")),
		web.Read("GET /connector/api/cash-register/{id}", org.Viewer, f.showRegisters, web.Title(tag, "Get the specified Register"), may("view_cash_register")),
		web.Write("POST /connector/api/close-cash-register", org.Member, f.closeRegister, web.Title(tag, "Closes currently opened register"), may("close_cash_register")),
		web.Read("GET /connector/api/open-register-details", org.Viewer, f.registerDetails, web.Title(tag, "Details of the open register"), may("view_cash_register"),
			web.Doc("Totals a payment method, refunds, and the cash that should be in the drawer.")),
		web.Read("GET /connector/api/opened-register", org.Viewer, f.openedRegister, web.Title(tag, "The open register of the user"), may("view_cash_register")),
	}
}

type registerOut struct {
	ID            int64                 `json:"id"`
	Business      int64                 `json:"business_id"`
	Location      int64                 `json:"location_id"`
	User          int64                 `json:"user_id"`
	Status        string                `json:"status"`
	ClosedAt      wire.Stamp            `json:"closed_at"`
	ClosingAmount wire.Dec4             `json:"closing_amount"`
	CardSlips     int64                 `json:"total_card_slips"`
	Cheques       int64                 `json:"total_cheques"`
	Note          wire.TextN            `json:"closing_note"`
	CreatedAt     wire.Stamp            `json:"created_at"`
	UpdatedAt     wire.Stamp            `json:"updated_at"`
	Entries       []registerTransaction `json:"cash_register_transactions"`
}

type registerTransaction struct {
	ID        int64      `json:"id"`
	Register  int64      `json:"cash_register_id"`
	Amount    wire.Dec4  `json:"amount"`
	Method    wire.TextN `json:"pay_method"`
	Type      string     `json:"type" enum:"credit,debit"`
	Kind      string     `json:"transaction_type"`
	Sale      wire.IntN  `json:"transaction_id"`
	CreatedAt wire.Stamp `json:"created_at"`
	UpdatedAt wire.Stamp `json:"updated_at"`
}

// registerKinds names the register's events as the original does.
var registerKinds = map[money.Event]string{money.Open: "initial", money.Pay: "sell", money.Change: "sell", money.Refund: "refund",
	money.Receipt: "sell", money.Expense: "expense"}

func registerOf(c *web.Call, r money.CashRegister, w stamps) registerOut {
	out := registerOut{ID: r.ID, Business: c.Org, Location: r.Location, User: r.User, Status: "close", ClosedAt: w.at(r.ClosedAt), ClosingAmount: wire.Dec4(r.ClosingAmount),
		CardSlips: r.CardSlips, Cheques: r.Cheques, Note: wire.TextN(r.ClosingNote), CreatedAt: w.at(r.OpenedAt), UpdatedAt: w.at(r.UpdatedAt), Entries: []registerTransaction{}}
	if r.IsOpen {
		out.Status = "open"
	}
	for _, e := range r.Entries {
		t := registerTransaction{ID: e.ID, Register: r.ID, Amount: wire.Dec4(e.Signed().Abs()), Method: wire.TextN(e.Method), Type: "credit",
			Kind: registerKinds[money.Event(strings.TrimPrefix(string(e.Event), "REVERSE_"))], CreatedAt: w.at(e.RecordedAt), UpdatedAt: w.at(e.RecordedAt)}
		if e.Signed() < 0 {
			t.Type = "debit"
		}
		if e.Doc.Type != "register" {
			t.Sale = wire.IntN(e.Doc.ID)
		}
		out.Entries = append(out.Entries, t)
	}
	return out
}

type registersQuery struct {
	paging
	Status   string `query:"status" enum:",open,close" doc:"status of the register (open, close)"`
	User     rowID  `query:"user_id" doc:"id of the user"`
	Start    string `query:"start_date" doc:"format:Y-m-d"`
	End      string `query:"end_date" doc:"format:Y-m-d"`
	Location rowID  `query:"location_id" doc:"id of the location"`
}

func (f *face) listRegisters(c *web.Call, q registersQuery) (any, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	where := money.RegisterFilter{User: q.User.N}
	if where.Locations, err = places(c, q.Location.N); err != nil {
		return nil, err
	}
	if q.Status != "" {
		isOpen := q.Status == "open"
		where.IsOpen = &isOpen
	}
	if where.From, where.To, err = between(q.Start, q.End, z); err != nil {
		return nil, err
	}
	if !q.all() {
		where.Limit, where.Offset = q.perPage(), q.offset()
	}
	list, total, err := money.ListRegisters(c.Tx, where)
	if err != nil {
		return nil, err
	}
	rows := make([]registerOut, 0, len(list))
	for _, r := range list {
		rows = append(rows, registerOf(c, r, stamps{z}))
	}
	if q.all() {
		return data[[]registerOut]{rows}, nil
	}
	return paged(f, asked(c), q.paging, rows, int(total)), nil
}

type registerShow struct {
	IDs string `path:"id" doc:"comma separated ids of the cash registers"`
}

func (f *face) showRegisters(c *web.Call, in registerShow) (data[[]registerOut], error) {
	z, err := zone(c)
	if err != nil {
		return data[[]registerOut]{}, err
	}
	list, err := money.GetRegisters(c.Tx, ids(in.IDs)...)
	if err != nil {
		return data[[]registerOut]{}, err
	}
	list = open(c.Actor, list, func(r money.CashRegister) int64 { return r.Location })
	if len(list) == 0 {
		return data[[]registerOut]{}, noModel("CashRegister", in.IDs)
	}
	out := data[[]registerOut]{[]registerOut{}}
	for _, r := range list {
		out.Data = append(out.Data, registerOf(c, r, stamps{z}))
	}
	return out, nil
}

type registerIn struct {
	Location  wire.Int  `json:"location_id" required:"true" doc:"id of the business location"`
	Initial   numIn     `json:"initial_amount" minimum:"0" doc:"Initial amount"`
	CreatedAt wire.Text `json:"created_at" doc:"Register open datetime format:Y-m-d H:i:s"`
	ClosedAt  wire.Text `json:"closed_at" doc:"Register closed datetime format:Y-m-d H:i:s"`
	Status    wire.Text `json:"status" doc:"status (open, close)"`
	Closing   numIn     `json:"closing_amount" minimum:"0" doc:"Closing amount"`
	CardSlips wire.Int  `json:"total_card_slips" minimum:"0" doc:"total number of card slips"`
	Cheques   wire.Int  `json:"total_cheques" minimum:"0" doc:"total number of checks"`
	Note      wire.Text `json:"closing_note" maxLength:"10000" doc:"Closing note"`
	Sales     wire.Text `json:"transaction_ids" doc:"Comma separated ids of sells associated with the register"`
}

// registerMade is what the reference prints after opening or closing; the
// location comes back as a text there.
type registerMade struct {
	Status    string     `json:"status"`
	Location  string     `json:"location_id"`
	ClosedAt  wire.Stamp `json:"closed_at"`
	Business  int64      `json:"business_id"`
	User      int64      `json:"user_id"`
	UpdatedAt wire.Stamp `json:"updated_at"`
	CreatedAt wire.Stamp `json:"created_at"`
	ID        int64      `json:"id"`
}

func made(c *web.Call, r money.CashRegister, w stamps) data[registerMade] {
	out := registerMade{Status: "open", Location: strconv.FormatInt(r.Location, 10), ClosedAt: w.at(r.ClosedAt), Business: c.Org, User: r.User,
		UpdatedAt: w.at(r.UpdatedAt), CreatedAt: w.at(r.OpenedAt), ID: r.ID}
	if !r.IsOpen {
		out.Status = "closed"
	}
	return data[registerMade]{out}
}

func (f *face) createRegister(c *web.Call, in registerIn) (data[registerMade], error) {
	var none data[registerMade]
	z, err := zone(c)
	if err != nil {
		return none, err
	}
	if err := c.Actor.MayUse(in.Location.N); err != nil {
		return none, err
	}
	r := money.CashRegister{Location: in.Location.N, User: c.Actor.User, IsOpen: true, ClosingAmount: in.Closing.D, CardSlips: in.CardSlips.N, Cheques: in.Cheques.N, ClosingNote: in.Note.S}
	switch in.Status.S {
	case "", "open":
	case "close", "closed":
		r.IsOpen = false
	default:
		return none, fault.Field("status", "must be open or close")
	}
	if r.OpenedAt, err = moment("created_at", in.CreatedAt.S, z); err != nil {
		return none, err
	}
	if r.ClosedAt, err = moment("closed_at", in.ClosedAt.S, z); err != nil {
		return none, err
	}
	if r.IsOpen {
		r.ClosedAt = time.Time{}
	}
	sales, err := f.registerSales(c, in.Sales.S)
	if err != nil {
		return none, err
	}
	if r, err = money.OpenRegister(c.Tx, r, in.Initial.D); err != nil {
		return none, err
	}
	if len(sales) > 0 {
		if err := money.Attach(c.Tx, r.ID, sales...); err != nil {
			return none, err
		}
	}
	return made(c, r, stamps{z}), nil
}

// registerSales reads the sells to be put into a register: final ones of the
// user's own, as the original takes them. Others are left out.
func (f *face) registerSales(c *web.Call, text string) ([]int64, error) {
	list := ids(text)
	if len(list) == 0 {
		return nil, nil
	}
	found, err := sale.GetMany(c.Tx, list...)
	if err != nil {
		return nil, err
	}
	var out []int64
	for _, s := range found {
		if s.Status == sale.Final && s.CreatedBy == c.Actor.User {
			out = append(out, s.ID)
		}
	}
	slices.Sort(out)
	return out, nil
}

type registerClose struct {
	Closing   numIn     `json:"closing_amount" required:"true" minimum:"0" doc:"Closing amount"`
	CardSlips wire.Int  `json:"total_card_slips" minimum:"0" doc:"total number of card slips"`
	Cheques   wire.Int  `json:"total_cheques" minimum:"0" doc:"total number of checks"`
	Note      wire.Text `json:"closing_note" maxLength:"10000" doc:"Closing note"`
}

func (f *face) closeRegister(c *web.Call, in registerClose) (data[registerMade], error) {
	z, err := zone(c)
	if err != nil {
		return data[registerMade]{}, err
	}
	r, err := money.CloseRegister(c.Tx, c.Actor.User, in.Closing.D, in.CardSlips.N, in.Cheques.N, in.Note.S)
	if fault.Is(err, fault.NotFound) {
		return data[registerMade]{}, fault.New(fault.NotFound, "No register is open")
	}
	if err != nil {
		return data[registerMade]{}, err
	}
	return made(c, r, stamps{z}), nil
}

type registerMethod struct {
	Method   string    `json:"method"`
	Initial  wire.Dec4 `json:"initial"`
	Sales    wire.Dec4 `json:"sales"`
	Refunds  wire.Dec4 `json:"refunds"`
	Receipts wire.Dec4 `json:"receipts"`
	Expenses wire.Dec4 `json:"expenses"`
	Net      wire.Dec4 `json:"net"`
}

type registerDetailsOut struct {
	ID           int64            `json:"id"`
	Location     int64            `json:"location_id"`
	User         int64            `json:"user_id"`
	Status       string           `json:"status"`
	OpenedAt     wire.Stamp       `json:"open_time"`
	Initial      wire.Dec4        `json:"cash_in_hand"`
	TotalSales   wire.Dec4        `json:"total_sale"`
	TotalRefunds wire.Dec4        `json:"total_refund"`
	ExpectedCash wire.Dec4        `json:"expected_cash"`
	Methods      []registerMethod `json:"methods"`
}

func (f *face) registerDetails(c *web.Call, _ web.None) (data[*registerDetailsOut], error) {
	var none data[*registerDetailsOut]
	z, err := zone(c)
	if err != nil {
		return none, err
	}
	id, err := money.CurrentRegister(c.Tx, c.Actor.User, 0)
	if err != nil || id == 0 {
		return none, err
	}
	r, err := money.RegisterHead(c.Tx, id)
	if err != nil {
		return none, err
	}
	totals, err := money.RegisterTotals(c.Tx, r.ID)
	if err != nil {
		return none, err
	}
	out := &registerDetailsOut{ID: r.ID, Location: r.Location, User: r.User, Status: "open", OpenedAt: wire.Stamp{T: r.OpenedAt, Zone: z},
		Initial: wire.Dec4(totals.Initial), ExpectedCash: wire.Dec4(totals.ExpectedCash), Methods: []registerMethod{}}
	for name, m := range totals.ByMethod {
		out.TotalSales += wire.Dec4(m.Sales)
		out.TotalRefunds += wire.Dec4(m.Refunds.Abs())
		out.Methods = append(out.Methods, registerMethod{name, wire.Dec4(m.Initial), wire.Dec4(m.Sales), wire.Dec4(m.Refunds.Abs()), wire.Dec4(m.Receipts),
			wire.Dec4(m.Expenses.Abs()), wire.Dec4(m.Net())})
	}
	slices.SortFunc(out.Methods, func(a, b registerMethod) int { return strings.Compare(a.Method, b.Method) })
	return data[*registerDetailsOut]{out}, nil
}

// currentRegister returns the register that the caller has open, or nil.
func (f *face) currentRegister(c *web.Call) (*money.CashRegister, error) {
	id, err := money.CurrentRegister(c.Tx, c.Actor.User, 0)
	if err != nil || id == 0 {
		return nil, err
	}
	list, err := money.GetRegisters(c.Tx, id)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

func (f *face) openedRegister(c *web.Call, _ web.None) (data[*registerOut], error) {
	z, err := zone(c)
	if err != nil {
		return data[*registerOut]{}, err
	}
	r, err := f.currentRegister(c)
	if err != nil || r == nil {
		return data[*registerOut]{}, err
	}
	out := registerOf(c, *r, stamps{z})
	return data[*registerOut]{&out}, nil
}
