package native

import (
	"maps"
	"slices"

	"storehouse/base/dec"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() {
	routes = append(routes, []web.Route{
		web.Read("GET /v1/settings", org.Viewer, getSettings, web.Title("Organization", "Get the settings")),
		web.Write("PATCH /v1/settings", org.Admin, changeSettings, web.Title("Organization", "Change settings"),
			web.Doc("How the organization works at every face. Only what is given changes.")),
	})
}

type settingsOut struct {
	Currency             string            `json:"currency"`
	CurrencySymbol       string            `json:"currencySymbol"`
	CurrencyPlaces       int64             `json:"currencyPlaces"`
	QuantityPlaces       int64             `json:"quantityPlaces"`
	ThousandSeparator    string            `json:"thousandSeparator"`
	DecimalSeparator     string            `json:"decimalSeparator"`
	TimeZone             string            `json:"timeZone"`
	DateFormat           string            `json:"dateFormat"`
	TimeFormat           int64             `json:"timeFormat"`
	FiscalYearMonth      int64             `json:"fiscalYearMonth"`
	AccountingMethod     string            `json:"accountingMethod"`
	Oversell             string            `json:"oversell"`
	DefaultLocation      wire.IntN         `json:"defaultLocationId"`
	DefaultTax           wire.IntN         `json:"defaultTaxId"`
	DefaultProfitPercent wire.Dec          `json:"defaultProfitPercent"`
	DefaultDiscount      wire.Dec          `json:"defaultDiscount"`
	TaxLabel1            string            `json:"taxLabel1"`
	TaxNumber1           string            `json:"taxNumber1"`
	TaxLabel2            string            `json:"taxLabel2"`
	TaxNumber2           string            `json:"taxNumber2"`
	SKUPrefix            string            `json:"skuPrefix"`
	Prefixes             map[string]string `json:"prefixes"`
	EnabledModules       []string          `json:"enabledModules"`
	OverReceiptPercent   wire.Dec          `json:"overReceiptPercent"`
	LoyaltyMovesStock    bool              `json:"loyaltyMovesStock"`
	ExchangeRates        []rateOut         `json:"exchangeRates"`
	Points               pointsOut         `json:"points"`
	UpdatedAt            wire.ISO          `json:"updatedAt"`
}

type rateOut struct {
	Currency string   `json:"currency"`
	Rate     wire.Dec `json:"rate" doc:"What one unit is worth in the organization's currency."`
}

func ratesOf(s org.Settings) []rateOut {
	list := []rateOut{}
	for _, code := range slices.Sorted(maps.Keys(s.ExchangeRates)) {
		list = append(list, rateOut{code, wire.Dec(s.ExchangeRates[code])})
	}
	return list
}

type pointsOut struct {
	Enabled        bool     `json:"enabled"`
	Name           string   `json:"name"`
	AmountPerPoint wire.Dec `json:"amountPerPoint"`
	MinOrder       wire.Dec `json:"minOrder"`
	MaxPerOrder    wire.Dec `json:"maxPerOrder"`
	RedeemValue    wire.Dec `json:"redeemValue"`
	RedeemMinOrder wire.Dec `json:"redeemMinOrder"`
	RedeemMin      wire.Dec `json:"redeemMin"`
	RedeemMax      wire.Dec `json:"redeemMax"`
	ExpiryPeriod   int64    `json:"expiryPeriod"`
	ExpiryUnit     string   `json:"expiryUnit"`
}

func settingsOf(s org.Settings) settingsOut {
	prefixes := map[string]string{}
	for name := range (prefixesIn{}).series() {
		prefixes[name] = s.Prefix(name)
	}
	p := s.Points
	modules := s.EnabledModules
	if modules == nil {
		modules = []string{}
	}
	return settingsOut{s.Currency, s.CurrencySymbol, s.CurrencyPlaces, s.QuantityPlaces, s.ThousandSeparator, s.DecimalSeparator, s.TimeZone,
		s.DateFormat, s.TimeFormat, s.FiscalYearMonth, s.AccountingMethod, s.Oversell, wire.IntN(s.DefaultLocation), wire.IntN(s.DefaultTax),
		wire.Dec(s.DefaultProfitPercent), wire.Dec(s.DefaultDiscount), s.TaxLabel1, s.TaxNumber1, s.TaxLabel2, s.TaxNumber2, s.SKUPrefix,
		prefixes, modules, wire.Dec(s.OverReceiptPercent), s.LoyaltyMovesStock, ratesOf(s),
		pointsOut{p.Enabled, p.Name, wire.Dec(p.AmountPerPoint), wire.Dec(p.MinOrder), wire.Dec(p.MaxPerOrder), wire.Dec(p.RedeemValue),
			wire.Dec(p.RedeemMinOrder), wire.Dec(p.RedeemMin), wire.Dec(p.RedeemMax), p.ExpiryPeriod, p.ExpiryUnit}, wire.ISO(s.UpdatedAt)}
}

func getSettings(c *web.Call, _ web.None) (settingsOut, error) {
	s, err := org.LoadSettings(c.Tx)
	return settingsOf(s), err
}

type settingsIn struct {
	Currency             *string     `json:"currency"`
	CurrencySymbol       *string     `json:"currencySymbol" maxLength:"10"`
	CurrencyPlaces       *int64      `json:"currencyPlaces"`
	QuantityPlaces       *int64      `json:"quantityPlaces"`
	ThousandSeparator    *string     `json:"thousandSeparator" maxLength:"1"`
	DecimalSeparator     *string     `json:"decimalSeparator" minLength:"1" maxLength:"1"`
	TimeZone             *string     `json:"timeZone"`
	DateFormat           *string     `json:"dateFormat" enum:"d-m-Y,m-d-Y,d/m/Y,m/d/Y"`
	TimeFormat           *int64      `json:"timeFormat" minimum:"12" maximum:"24"`
	FiscalYearMonth      *int64      `json:"fiscalYearMonth"`
	AccountingMethod     *string     `json:"accountingMethod" enum:"fifo,lifo"`
	Oversell             *string     `json:"oversell" enum:"refuse,allow"`
	DefaultLocation      *int64      `json:"defaultLocationId"`
	DefaultTax           *int64      `json:"defaultTaxId"`
	DefaultProfitPercent wire.Num    `json:"defaultProfitPercent"`
	DefaultDiscount      wire.Num    `json:"defaultDiscount" minimum:"0"`
	TaxLabel1            *string     `json:"taxLabel1"`
	TaxNumber1           *string     `json:"taxNumber1"`
	TaxLabel2            *string     `json:"taxLabel2"`
	TaxNumber2           *string     `json:"taxNumber2"`
	SKUPrefix            *string     `json:"skuPrefix" maxLength:"20"`
	Prefixes             *prefixesIn `json:"prefixes" doc:"Texts before human numbers, by series."`
	EnabledModules       []string    `json:"enabledModules"`
	OverReceiptPercent   wire.Num    `json:"overReceiptPercent" minimum:"0"`
	LoyaltyMovesStock    *bool       `json:"loyaltyMovesStock"`
	ExchangeRates        *[]rateIn   `json:"exchangeRates" doc:"All of them: what is not named is forgotten."`
	Points               *pointsIn   `json:"points"`
}

type rateIn struct {
	Currency string   `json:"currency" required:"true"`
	Rate     wire.Num `json:"rate" required:"true" exclusiveMinimum:"0"`
}

type pointsIn struct {
	Enabled        *bool    `json:"enabled"`
	Name           *string  `json:"name" maxLength:"50"`
	AmountPerPoint wire.Num `json:"amountPerPoint" exclusiveMinimum:"0"`
	MinOrder       wire.Num `json:"minOrder" minimum:"0"`
	MaxPerOrder    wire.Num `json:"maxPerOrder" minimum:"0"`
	RedeemValue    wire.Num `json:"redeemValue" minimum:"0"`
	RedeemMinOrder wire.Num `json:"redeemMinOrder" minimum:"0"`
	RedeemMin      wire.Num `json:"redeemMin" minimum:"0"`
	RedeemMax      wire.Num `json:"redeemMax" minimum:"0"`
	ExpiryPeriod   *int64   `json:"expiryPeriod" minimum:"0" maximum:"1200"`
	ExpiryUnit     *string  `json:"expiryUnit" enum:"month,year"`
}

func set[T any](dst, given *T) {
	if given != nil {
		*dst = *given
	}
}

func setNum(dst *dec.D, given wire.Num) { set(dst, given.Ptr()) }

func changeSettings(c *web.Call, in settingsIn) (settingsOut, error) {
	s, err := org.LockSettings(c.Tx)
	if err != nil {
		return settingsOut{}, err
	}
	if err := in.apply(c, &s); err != nil {
		return settingsOut{}, err
	}
	if err := org.SaveSettings(c.Tx, s); err != nil {
		return settingsOut{}, err
	}
	return getSettings(c, web.None{})
}

func (in settingsIn) apply(c *web.Call, s *org.Settings) error {
	set(&s.Currency, in.Currency)
	set(&s.CurrencySymbol, in.CurrencySymbol)
	set(&s.CurrencyPlaces, in.CurrencyPlaces)
	set(&s.QuantityPlaces, in.QuantityPlaces)
	set(&s.ThousandSeparator, in.ThousandSeparator)
	set(&s.DecimalSeparator, in.DecimalSeparator)
	set(&s.TimeZone, in.TimeZone)
	set(&s.DateFormat, in.DateFormat)
	set(&s.TimeFormat, in.TimeFormat)
	set(&s.FiscalYearMonth, in.FiscalYearMonth)
	set(&s.AccountingMethod, in.AccountingMethod)
	set(&s.Oversell, in.Oversell)
	set(&s.DefaultTax, in.DefaultTax)
	setNum(&s.DefaultProfitPercent, in.DefaultProfitPercent)
	setNum(&s.DefaultDiscount, in.DefaultDiscount)
	set(&s.TaxLabel1, in.TaxLabel1)
	set(&s.TaxNumber1, in.TaxNumber1)
	set(&s.TaxLabel2, in.TaxLabel2)
	set(&s.TaxNumber2, in.TaxNumber2)
	set(&s.SKUPrefix, in.SKUPrefix)
	setNum(&s.OverReceiptPercent, in.OverReceiptPercent)
	set(&s.LoyaltyMovesStock, in.LoyaltyMovesStock)
	if in.ExchangeRates != nil {
		s.ExchangeRates = map[string]dec.D{}
		for _, r := range *in.ExchangeRates {
			s.ExchangeRates[r.Currency] = r.Rate.D
		}
	}
	if in.EnabledModules != nil {
		s.EnabledModules = in.EnabledModules
	}
	if in.Points != nil {
		in.Points.apply(&s.Points)
	}
	if in.DefaultLocation != nil {
		if _, err := org.GetLocation(c.Tx, *in.DefaultLocation); err != nil {
			return err
		}
		s.DefaultLocation = *in.DefaultLocation
	}
	if in.Prefixes != nil {
		for name, text := range in.Prefixes.series() {
			if text != nil {
				s.Prefixes[name] = *text
			}
		}
	}
	return nil
}

type prefixesIn struct {
	Invoice         *string `json:"invoice" maxLength:"20"`
	Order           *string `json:"order" maxLength:"20"`
	PurchaseOrder   *string `json:"purchase_order" maxLength:"20"`
	WorkOrder       *string `json:"work_order" maxLength:"20"`
	ProductionOrder *string `json:"production_order" maxLength:"20"`
	CreditNote      *string `json:"credit_note" maxLength:"20"`
	Payment         *string `json:"payment" maxLength:"20"`
	PurchasePayment *string `json:"purchase_payment" maxLength:"20"`
	Expense         *string `json:"expense" maxLength:"20"`
	Contact         *string `json:"contact" maxLength:"20"`
	Location        *string `json:"location" maxLength:"20"`
}

func (p prefixesIn) series() map[string]*string {
	return map[string]*string{"invoice": p.Invoice, "order": p.Order, "purchase_order": p.PurchaseOrder, "work_order": p.WorkOrder,
		"production_order": p.ProductionOrder, "credit_note": p.CreditNote, "payment": p.Payment, "purchase_payment": p.PurchasePayment,
		"expense": p.Expense, "contact": p.Contact, "location": p.Location}
}

func (in pointsIn) apply(p *org.PointsRule) {
	set(&p.Enabled, in.Enabled)
	set(&p.Name, in.Name)
	setNum(&p.AmountPerPoint, in.AmountPerPoint)
	setNum(&p.MinOrder, in.MinOrder)
	setNum(&p.MaxPerOrder, in.MaxPerOrder)
	setNum(&p.RedeemValue, in.RedeemValue)
	setNum(&p.RedeemMinOrder, in.RedeemMinOrder)
	setNum(&p.RedeemMin, in.RedeemMin)
	setNum(&p.RedeemMax, in.RedeemMax)
	set(&p.ExpiryPeriod, in.ExpiryPeriod)
	set(&p.ExpiryUnit, in.ExpiryUnit)
}
