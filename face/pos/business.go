package pos

import (
	"encoding/json"
	"fmt"
	"time"

	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/lookup"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).businessRoutes) }

func (f *face) businessRoutes() []web.Route {
	tag := "Business Location management"
	return []web.Route{
		web.Read("GET /connector/api/business-location", org.Viewer, f.listLocations, web.Title(tag, "List business locations"), web.Output[pageOf[locationOut]]),
		web.Read("GET /connector/api/business-location/{id}", org.Viewer, f.getLocations, web.Title(tag, "Get the specified business location")),
		web.Read("GET /connector/api/business-details", org.Viewer, f.getBusiness, web.Title("Business", "Get business details")),
		web.Read("GET /connector/api/payment-methods", org.Viewer, f.paymentMethods, web.Title("Business", "Get payment methods")),
		web.Read("GET /connector/api/payment-accounts", org.Viewer, f.paymentAccounts, web.Title("Business", "Get payment accounts")),
	}
}

type locationMethod struct {
	Name    string    `json:"name"`
	Label   string    `json:"label"`
	Account wire.IntN `json:"account_id"`
}

type locationOut struct {
	ID              int64            `json:"id"`
	Business        int64            `json:"business_id"`
	Code            wire.TextN       `json:"location_id"`
	Name            string           `json:"name"`
	Landmark        wire.TextN       `json:"landmark"`
	Country         wire.TextN       `json:"country"`
	State           wire.TextN       `json:"state"`
	City            wire.TextN       `json:"city"`
	ZipCode         wire.TextN       `json:"zip_code"`
	InvoiceScheme   wire.IntN        `json:"invoice_scheme_id"`
	InvoiceLayout   wire.IntN        `json:"invoice_layout_id"`
	PriceGroup      wire.IntN        `json:"selling_price_group_id"`
	PrintReceipt    wire.Bit         `json:"print_receipt_on_invoice"`
	ReceiptPrinter  string           `json:"receipt_printer_type"`
	Printer         wire.IntN        `json:"printer_id"`
	Mobile          wire.TextN       `json:"mobile"`
	AlternateNumber wire.TextN       `json:"alternate_number"`
	Email           wire.TextN       `json:"email"`
	Website         wire.TextN       `json:"website"`
	Featured        []string         `json:"featured_products"`
	IsActive        wire.Bit         `json:"is_active"`
	PaymentMethods  []locationMethod `json:"payment_methods"`
	Custom1         wire.TextN       `json:"custom_field1"`
	Custom2         wire.TextN       `json:"custom_field2"`
	Custom3         wire.TextN       `json:"custom_field3"`
	Custom4         wire.TextN       `json:"custom_field4"`
	DeletedAt       wire.Stamp       `json:"deleted_at"`
	CreatedAt       wire.Stamp       `json:"created_at"`
	UpdatedAt       wire.Stamp       `json:"updated_at"`
}

func (s stamps) location(o int64, l org.Location) locationOut {
	landmark := l.Landmark
	if landmark == "" {
		landmark = l.Address
	}
	return locationOut{ID: l.ID, Business: o, Code: wire.TextN(l.Code), Name: l.Name, Landmark: wire.TextN(landmark), Country: wire.TextN(l.Country),
		State: wire.TextN(l.State), City: wire.TextN(l.City), ZipCode: wire.TextN(l.ZipCode), PriceGroup: wire.IntN(l.PriceGroup), PrintReceipt: true,
		ReceiptPrinter: "browser", Mobile: wire.TextN(l.Mobile), AlternateNumber: wire.TextN(l.AlternateNumber), Email: wire.TextN(l.Email),
		Website: wire.TextN(l.Website), Featured: []string{}, IsActive: wire.Bit(l.IsActive), PaymentMethods: methodsOf(l.DefaultPaymentAccounts),
		Custom1: wire.TextN(l.CustomFields[0]), Custom2: wire.TextN(l.CustomFields[1]), Custom3: wire.TextN(l.CustomFields[2]),
		Custom4: wire.TextN(l.CustomFields[3]), CreatedAt: s.at(l.CreatedAt), UpdatedAt: s.at(l.UpdatedAt)}
}

// methods are the ways to pay and what tills call them.
var methods = append([]locationMethod{{Name: "cash", Label: "Cash"}, {Name: "card", Label: "Card"}, {Name: "cheque", Label: "Cheque"},
	{Name: "bank_transfer", Label: "Bank Transfer"}, {Name: "other", Label: "Other"}}, customMethods()...)

func customMethods() (list []locationMethod) {
	for i := 1; i <= 7; i++ {
		list = append(list, locationMethod{Name: fmt.Sprintf("custom_pay_%d", i), Label: fmt.Sprintf("Custom Payment %d", i)})
	}
	return list
}

// methodsOf returns the ways to pay at a location. accounts is
// {"cash":{"is_enabled":"1","account":"3"}}; what it leaves out is enabled.
func methodsOf(accounts string) []locationMethod {
	var given map[string]struct {
		Enabled any `json:"is_enabled"`
		Account any `json:"account"`
	}
	_ = json.Unmarshal([]byte(accounts), &given) // a text that is none says nothing
	list := []locationMethod{}
	for _, m := range methods {
		g, known := given[m.Name]
		var on wire.Bool
		var account wire.Int
		_ = on.SetWire(plain(g.Enabled))
		_ = account.SetWire(plain(g.Account))
		if known && !on.V {
			continue
		}
		m.Account = wire.IntN(account.N)
		list = append(list, m)
	}
	return list
}

// plain turns a decoded JSON number into the text that the wire types read.
func plain(v any) any {
	if n, ok := v.(float64); ok {
		return json.Number(fmt.Sprint(n))
	}
	return v
}

func (f *face) listLocations(c *web.Call, in paging) (any, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	list, err := f.locations(c, c.Actor.Places.List())
	if err != nil {
		return nil, err
	}
	if !in.PerPage.Set || in.all() {
		return data[[]locationOut]{list}, nil
	}
	return paged(f, asked(c), in, pageRows(list, in), len(list)), nil
}

// pageRows cuts a page out of a short list.
func pageRows[T any](list []T, p paging) []T {
	from := min(p.offset(), len(list))
	return list[from:min(from+p.perPage(), len(list))]
}

type idsIn struct {
	IDs string `path:"id" doc:"comma separated ids"`
}

func (f *face) getLocations(c *web.Call, in idsIn) (data[[]locationOut], error) {
	want := ids(in.IDs)
	if err := c.Actor.MayUse(want...); err != nil {
		return data[[]locationOut]{}, err
	}
	list := []locationOut{}
	if len(want) > 0 {
		var err error
		if list, err = f.locations(c, want); err != nil {
			return data[[]locationOut]{}, err
		}
	}
	if len(list) == 0 {
		return data[[]locationOut]{}, fault.Missing("business location")
	}
	return data[[]locationOut]{list}, nil
}

func (f *face) locations(c *web.Call, only []int64) ([]locationOut, error) {
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	list, err := org.ListLocations(c.Tx, only...)
	if err != nil {
		return nil, err
	}
	out := []locationOut{}
	for _, l := range list {
		out = append(out, stamps{z}.location(c.Org, l))
	}
	return out, nil
}

type currencyOut struct {
	ID        int64      `json:"id"`
	Country   wire.TextN `json:"country"`
	Currency  string     `json:"currency"`
	Code      string     `json:"code"`
	Symbol    string     `json:"symbol"`
	Thousand  string     `json:"thousand_separator"`
	Decimal   string     `json:"decimal_separator"`
	CreatedAt wire.Stamp `json:"created_at"`
	UpdatedAt wire.Stamp `json:"updated_at"`
}

type businessOut struct {
	ID                int64             `json:"id"`
	Name              string            `json:"name"`
	CurrencyID        int64             `json:"currency_id"`
	StartDate         string            `json:"start_date"`
	TaxNumber1        wire.TextN        `json:"tax_number_1"`
	TaxLabel1         wire.TextN        `json:"tax_label_1"`
	TaxNumber2        wire.TextN        `json:"tax_number_2"`
	TaxLabel2         wire.TextN        `json:"tax_label_2"`
	DefaultTax        wire.IntN         `json:"default_sales_tax"`
	DefaultProfit     wire.Number       `json:"default_profit_percent"`
	Owner             wire.IntN         `json:"owner_id"`
	TimeZone          string            `json:"time_zone"`
	FYStart           int64             `json:"fy_start_month"`
	Accounting        string            `json:"accounting_method"`
	DefaultDiscount   wire.Dec4         `json:"default_sales_discount"`
	SellPriceTax      string            `json:"sell_price_tax"`
	Logo              wire.TextN        `json:"logo"`
	SKUPrefix         string            `json:"sku_prefix"`
	EnableBrand       wire.Bit          `json:"enable_brand"`
	EnableCategory    wire.Bit          `json:"enable_category"`
	EnableSubCategory wire.Bit          `json:"enable_sub_category"`
	EnablePriceTax    wire.Bit          `json:"enable_price_tax"`
	EnableSubUnits    wire.Bit          `json:"enable_sub_units"`
	EnableInlineTax   wire.Bit          `json:"enable_inline_tax"`
	SymbolPlacement   string            `json:"currency_symbol_placement"`
	PosSettings       posSettings       `json:"pos_settings"`
	EnabledModules    []string          `json:"enabled_modules"`
	DateFormat        string            `json:"date_format"`
	TimeFormat        string            `json:"time_format"`
	Prefixes          map[string]string `json:"ref_no_prefixes"`
	EnableRP          wire.Bit          `json:"enable_rp"`
	RPName            wire.TextN        `json:"rp_name"`
	RPAmount          wire.Dec4         `json:"amount_for_unit_rp"`
	RPMinOrder        wire.Dec4         `json:"min_order_total_for_rp"`
	RPMax             wire.Dec4N        `json:"max_rp_per_order"`
	RPValue           wire.Dec4         `json:"redeem_amount_per_unit_rp"`
	RPRedeemMinOrder  wire.Dec4         `json:"min_order_total_for_redeem"`
	RPRedeemMin       wire.Dec4N        `json:"min_redeem_point"`
	RPRedeemMax       wire.Dec4N        `json:"max_redeem_point"`
	RPExpiry          wire.IntN         `json:"rp_expiry_period"`
	RPExpiryType      string            `json:"rp_expiry_type"`
	IsActive          wire.Bit          `json:"is_active"`
	CreatedAt         wire.Stamp        `json:"created_at"`
	UpdatedAt         wire.Stamp        `json:"updated_at"`
	Locations         []locationOut     `json:"locations"`
	Currency          currencyOut       `json:"currency"`
	Printers          []any             `json:"printers"`
	CurrencyPlaces    int64             `json:"currency_precision"`
	QuantityPlaces    int64             `json:"quantity_precision"`
}

type posSettings struct {
	Rounding         wire.TextN `json:"amount_rounding_method"`
	AllowOverselling wire.Bit   `json:"allow_overselling"`
	DisableDiscount  wire.Bit   `json:"disable_discount"`
	DisableOrderTax  wire.Bit   `json:"disable_order_tax"`
	DisableDraft     wire.Bit   `json:"disable_draft"`
	DisableSuspend   wire.Bit   `json:"disable_suspend"`
	EnableDate       wire.Bit   `json:"enable_transaction_date"`
}

func (f *face) getBusiness(c *web.Call, _ web.None) (data[businessOut], error) {
	var none data[businessOut]
	o, err := org.Get(c.Tx)
	if err != nil {
		return none, err
	}
	s, err := org.LoadSettings(c.Tx)
	if err != nil {
		return none, err
	}
	owner, err := org.FirstOwner(c.Tx)
	if err != nil {
		return none, err
	}
	list, err := org.ListLocations(c.Tx, c.Actor.Places.List()...)
	if err != nil {
		return none, err
	}
	st := stamps{s.Zone()}
	out := businessSettings(o, s, st)
	out.Owner, out.Locations = wire.IntN(owner), []locationOut{}
	for _, l := range list {
		out.Locations = append(out.Locations, st.location(c.Org, l))
	}
	return data[businessOut]{out}, nil
}

func businessSettings(o org.Organization, s org.Settings, st stamps) businessOut {
	p := s.Points
	limit := func(d dec.D) wire.Dec4N {
		if d == 0 {
			return wire.Dec4N{}
		}
		return wire.Dec4N{D: &d}
	}
	prefixes := map[string]string{}
	for name, series := range map[string]string{"purchase": "purchase_order", "sell_return": "credit_note", "expense": "expense", "contacts": "contact",
		"purchase_payment": "purchase_payment", "sell_payment": "payment", "business_location": "location", "invoice": "invoice"} {
		prefixes[name] = s.Prefix(series)
	}
	return businessOut{ID: o.ID, Name: o.Name, CurrencyID: 1, StartDate: o.CreatedAt.In(st.zone).Format(time.DateOnly),
		TaxNumber1: wire.TextN(s.TaxNumber1), TaxLabel1: wire.TextN(s.TaxLabel1), TaxNumber2: wire.TextN(s.TaxNumber2), TaxLabel2: wire.TextN(s.TaxLabel2),
		DefaultTax: wire.IntN(s.DefaultTax), DefaultProfit: wire.Number(s.DefaultProfitPercent), TimeZone: s.TimeZone, FYStart: s.FiscalYearMonth,
		Accounting: s.AccountingMethod, DefaultDiscount: wire.Dec4(s.DefaultDiscount), SellPriceTax: "includes", Logo: wire.TextN(o.LogoURL),
		SKUPrefix: s.SKUPrefix, EnableBrand: true, EnableCategory: true, EnableSubCategory: true, EnablePriceTax: true, EnableSubUnits: true,
		EnableInlineTax: true, SymbolPlacement: "before", PosSettings: posSettings{AllowOverselling: wire.Bit(s.Oversell == org.Allow), EnableDate: true},
		EnabledModules: s.EnabledModules, DateFormat: s.DateFormat, TimeFormat: fmt.Sprint(s.TimeFormat), Prefixes: prefixes,
		EnableRP: wire.Bit(p.Enabled), RPName: wire.TextN(p.Name), RPAmount: wire.Dec4(p.AmountPerPoint), RPMinOrder: wire.Dec4(p.MinOrder),
		RPMax: limit(p.MaxPerOrder), RPValue: wire.Dec4(p.RedeemValue), RPRedeemMinOrder: wire.Dec4(p.RedeemMinOrder), RPRedeemMin: limit(p.RedeemMin),
		RPRedeemMax: limit(p.RedeemMax), RPExpiry: wire.IntN(p.ExpiryPeriod), RPExpiryType: p.ExpiryUnit, IsActive: true,
		CreatedAt: st.at(o.CreatedAt), UpdatedAt: st.at(o.UpdatedAt),
		Currency: currencyOut{ID: 1, Currency: s.Currency, Code: s.Currency, Symbol: s.CurrencySymbol, Thousand: s.ThousandSeparator, Decimal: s.DecimalSeparator},
		Printers: []any{}, CurrencyPlaces: s.CurrencyPlaces, QuantityPlaces: s.QuantityPlaces}
}

// paymentMethodsOut is a bare map, as the vendor's server answers.
type paymentMethodsOut map[string]string

func (f *face) paymentMethods(*web.Call, web.None) (paymentMethodsOut, error) {
	out := paymentMethodsOut{}
	for _, m := range methods {
		out[m.Name] = m.Label
	}
	return out, nil
}

type accountOut struct {
	ID            int64      `json:"id"`
	Business      int64      `json:"business_id"`
	Name          string     `json:"name"`
	AccountNumber wire.TextN `json:"account_number"`
	AccountType   wire.IntN  `json:"account_type_id"`
	Balance       wire.Dec4  `json:"balance" doc:"what payments have put in, less what they took out"`
	Note          wire.TextN `json:"note"`
	CreatedBy     wire.IntN  `json:"created_by"`
	IsClosed      wire.Bit   `json:"is_closed"`
	DeletedAt     wire.Stamp `json:"deleted_at"`
	CreatedAt     wire.Stamp `json:"created_at"`
	UpdatedAt     wire.Stamp `json:"updated_at"`
}

func (f *face) paymentAccounts(c *web.Call, _ web.None) (data[[]accountOut], error) {
	var none data[[]accountOut]
	z, err := zone(c)
	if err != nil {
		return none, err
	}
	list, err := lookup.List(c.Tx, lookup.PaymentAccount)
	if err != nil {
		return none, err
	}
	kept, err := money.KeptIn(c.Tx)
	if err != nil {
		return none, err
	}
	st, out := stamps{z}, []accountOut{}
	for _, e := range list {
		out = append(out, accountOut{ID: e.ID, Business: c.Org, Name: e.Name, AccountNumber: wire.TextN(e.Code), Note: wire.TextN(e.Description), Balance: wire.Dec4(kept[e.ID]),
			CreatedBy: wire.IntN(e.CreatedBy), IsClosed: wire.Bit(!e.IsActive), CreatedAt: st.at(e.CreatedAt), UpdatedAt: st.at(e.UpdatedAt)})
	}
	return data[[]accountOut]{out}, nil
}
