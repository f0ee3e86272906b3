package org

import (
	"slices"
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

// What may happen to stock that is not there.
const (
	Refuse = "refuse" // the default
	Allow  = "allow"  // balances may go below zero
)

// Settings is how an organization works: one row, typed, always complete.
type Settings struct {
	Org int64

	Currency          string // ISO 4217, "USD"
	CurrencySymbol    string
	CurrencyPlaces    int64 // decimals of the currency's minor unit, to which totals are rounded
	QuantityPlaces    int64
	ThousandSeparator string
	DecimalSeparator  string

	TimeZone        string // IANA name; documents are dated in it
	DateFormat      string // PHP's notation, as pos clients expect it: "m/d/Y"
	TimeFormat      int64  // 12 or 24
	FiscalYearMonth int64  // 1 to 12

	AccountingMethod     string // "fifo", "lifo": only told to pos clients; cost is always the moving average
	Oversell             string // Refuse or Allow; a location may say otherwise
	DefaultLocation      int64  // 0 when there is none yet
	DefaultTax           int64
	DefaultProfitPercent dec.D
	DefaultDiscount      dec.D
	TaxLabel1            string
	TaxNumber1           string
	TaxLabel2            string
	TaxNumber2           string
	SKUPrefix            string
	Prefixes             map[string]string // by number series: "invoice" → "AS"; see Prefix
	EnabledModules       []string

	OverReceiptPercent dec.D // how much more than ordered may be received
	LoyaltyMovesStock  bool  // whether a loyalty purchase takes stock

	// ExchangeRates says what one unit of another currency is worth in the
	// organization's own, by ISO 4217 code. Orders of web shops are converted by
	// it.
	ExchangeRates map[string]dec.D

	Points PointsRule

	UpdatedAt time.Time
}

// PointsRule is how points are earned and redeemed at the pos face.
type PointsRule struct {
	Enabled        bool
	Name           string
	AmountPerPoint dec.D // spend so much for one point
	MinOrder       dec.D // orders below earn nothing
	MaxPerOrder    dec.D // at most so many points an order; 0 is no limit
	RedeemValue    dec.D // money for one point
	RedeemMinOrder dec.D
	RedeemMin      dec.D  // points
	RedeemMax      dec.D  // points an order; 0 is no limit
	ExpiryPeriod   int64  // 0 is never
	ExpiryUnit     string // "month" or "year"
}

// defaultPrefixes are the texts before human numbers, a series each.
var defaultPrefixes = map[string]string{
	"invoice": "AS", "order": "SO-", "purchase_order": "PO-", "work_order": "WO-", "production_order": "PR-",
	"credit_note": "CN", "payment": "SP", "purchase_payment": "PP", "expense": "EP", "contact": "CO", "location": "BL",
}

// DefaultSettings is what a new organization starts with.
func DefaultSettings() Settings {
	return Settings{
		Currency: "USD", CurrencySymbol: "$", CurrencyPlaces: 2, QuantityPlaces: 2, ThousandSeparator: ",", DecimalSeparator: ".",
		TimeZone: "UTC", DateFormat: "m/d/Y", TimeFormat: 24, FiscalYearMonth: 1,
		AccountingMethod: "fifo", Oversell: Refuse, DefaultProfitPercent: dec.Int(25),
		Prefixes:       map[string]string{},
		EnabledModules: []string{"purchases", "add_sale", "pos_sale", "stock_transfers", "stock_adjustment", "expenses", "account", "tables", "modifiers", "service_staff"},
		Points: PointsRule{Name: "Reward points", AmountPerPoint: dec.One, MinOrder: dec.One, RedeemValue: dec.One, RedeemMinOrder: dec.One,
			ExpiryUnit: "year"},
	}
}

// Prefix returns the text before the numbers of a series.
func (s Settings) Prefix(series string) string {
	if p, ok := s.Prefixes[series]; ok {
		return p
	}
	return defaultPrefixes[series]
}

// Zone returns the organization's time zone; UTC when its name is unknown to
// this machine.
func (s Settings) Zone() *time.Location {
	if z, err := time.LoadLocation(s.TimeZone); err == nil {
		return z
	}
	return time.UTC
}

// Money rounds an amount to the currency's minor unit, half up.
func (s Settings) Money(d dec.D) (dec.D, error) { return d.Round(int(s.CurrencyPlaces)) }

// Has reports whether a module is switched on.
func (s Settings) Has(module string) bool {
	for _, m := range s.EnabledModules {
		if m == module {
			return true
		}
	}
	return false
}

func (s Settings) check() error {
	var flaws []fault.Flaw
	bad := func(field, msg string) { flaws = append(flaws, fault.Flaw{Field: field, Msg: msg}) }
	if len(s.Currency) != 3 {
		bad("currency", "must be a three-letter code")
	}
	if s.CurrencyPlaces < 0 || s.CurrencyPlaces > 4 {
		bad("currencyPlaces", "must be between 0 and 4")
	}
	if s.QuantityPlaces < 0 || s.QuantityPlaces > dec.Places {
		bad("quantityPlaces", "must be between 0 and 6")
	}
	if _, err := time.LoadLocation(s.TimeZone); err != nil || s.TimeZone == "" {
		bad("timeZone", "is not a time zone")
	}
	if s.Oversell != Refuse && s.Oversell != Allow {
		bad("oversell", "must be refuse or allow")
	}
	if s.OverReceiptPercent < 0 {
		bad("overReceiptPercent", "must not be negative")
	}
	for code, rate := range s.ExchangeRates {
		if len(code) != 3 || strings.ToUpper(code) != code || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || rate <= 0 {
			bad("exchangeRates", "must be three-letter codes in capitals with rates above zero")
		}
	}
	if s.FiscalYearMonth < 1 || s.FiscalYearMonth > 12 {
		bad("fiscalYearMonth", "must be between 1 and 12")
	}
	if s.Points.Enabled && (s.Points.AmountPerPoint <= 0 || s.Points.RedeemValue < 0) {
		bad("points.amountPerPoint", "must be more than zero")
	}
	if s.Points.ExpiryUnit != "month" && s.Points.ExpiryUnit != "year" {
		bad("points.expiryUnit", "must be month or year")
	}
	return fault.Flaws(flaws)
}

const settingsCols = `currency, currency_symbol, currency_places, quantity_places, thousand_separator, decimal_separator,
	time_zone, date_format, time_format, fiscal_year_month, accounting_method, oversell, default_location_id, default_tax_id,
	default_profit_percent, default_discount, tax_label1, tax_number1, tax_label2, tax_number2, sku_prefix, prefixes, exchange_rates, enabled_modules,
	over_receipt_percent, loyalty_moves_stock, points_enabled, points_name, points_amount_per_point, points_min_order,
	points_max_per_order, points_redeem_value, points_redeem_min_order, points_redeem_min, points_redeem_max,
	points_expiry_period, points_expiry_unit, updated_at`

func scanSettings(r db.Row, s *Settings) error {
	var prefixes, rates, modules string
	p := &s.Points
	err := r.Scan(&s.Currency, &s.CurrencySymbol, &s.CurrencyPlaces, &s.QuantityPlaces, &s.ThousandSeparator, &s.DecimalSeparator,
		&s.TimeZone, &s.DateFormat, &s.TimeFormat, &s.FiscalYearMonth, &s.AccountingMethod, &s.Oversell, db.I(&s.DefaultLocation), db.I(&s.DefaultTax),
		&s.DefaultProfitPercent, &s.DefaultDiscount, db.S(&s.TaxLabel1), db.S(&s.TaxNumber1), db.S(&s.TaxLabel2), db.S(&s.TaxNumber2),
		&s.SKUPrefix, &prefixes, &rates, &modules, &s.OverReceiptPercent, db.B(&s.LoyaltyMovesStock), db.B(&p.Enabled), &p.Name, &p.AmountPerPoint, &p.MinOrder,
		&p.MaxPerOrder, &p.RedeemValue, &p.RedeemMinOrder, &p.RedeemMin, &p.RedeemMax, &p.ExpiryPeriod, &p.ExpiryUnit, db.T(&s.UpdatedAt))
	s.Prefixes = map[string]string{}
	for _, line := range strings.Split(prefixes, "\n") {
		if k, v, ok := strings.Cut(line, "="); ok {
			s.Prefixes[k] = v
		}
	}
	s.ExchangeRates = map[string]dec.D{}
	for _, line := range strings.Fields(rates) {
		k, v, _ := strings.Cut(line, "=")
		if d, err := dec.Parse(v); err == nil {
			s.ExchangeRates[k] = d
		}
	}
	s.EnabledModules = strings.FieldsFunc(modules, func(c rune) bool { return c == ',' })
	return err
}

func (s Settings) args() []any {
	var prefixes strings.Builder
	for k, v := range s.Prefixes {
		prefixes.WriteString(k + "=" + strings.ReplaceAll(v, "\n", "") + "\n")
	}
	var rates []string
	for k, v := range s.ExchangeRates {
		rates = append(rates, k+"="+v.String())
	}
	slices.Sort(rates)
	p := s.Points
	return []any{s.Currency, s.CurrencySymbol, s.CurrencyPlaces, s.QuantityPlaces, s.ThousandSeparator, s.DecimalSeparator,
		s.TimeZone, s.DateFormat, s.TimeFormat, s.FiscalYearMonth, s.AccountingMethod, s.Oversell, db.Null(s.DefaultLocation), db.Null(s.DefaultTax),
		s.DefaultProfitPercent, s.DefaultDiscount, db.Null(s.TaxLabel1), db.Null(s.TaxNumber1), db.Null(s.TaxLabel2), db.Null(s.TaxNumber2),
		s.SKUPrefix, prefixes.String(), strings.Join(rates, " "), strings.Join(s.EnabledModules, ","), s.OverReceiptPercent, s.LoyaltyMovesStock, p.Enabled, p.Name, p.AmountPerPoint, p.MinOrder,
		p.MaxPerOrder, p.RedeemValue, p.RedeemMinOrder, p.RedeemMin, p.RedeemMax, p.ExpiryPeriod, p.ExpiryUnit}
}

// LoadSettings returns the settings of tx's organization.
func LoadSettings(tx *db.Tx) (Settings, error) {
	s, err := db.One(tx, scanSettings, `SELECT `+settingsCols+` FROM org_settings WHERE org_id = ?`, tx.Org)
	s.Org = tx.Org
	return s, err
}

// LockSettings returns settings that are about to be changed: who else wants to
// change them waits for the end of this transaction.
func LockSettings(tx *db.Tx) (Settings, error) {
	if _, err := db.All(tx, db.Value[int64], `SELECT org_id FROM org_settings WHERE org_id = ?`+tx.ForUpdate(), tx.Org); err != nil {
		return Settings{}, err
	}
	return LoadSettings(tx)
}

// SaveSettings checks and stores all settings of tx's organization.
func SaveSettings(tx *db.Tx, s Settings) error {
	if err := s.check(); err != nil {
		return err
	}
	row := append(append([]any{tx.Org}, s.args()...), tx.Now)
	cols := strings.Split(settingsCols, ",")
	for i, c := range cols {
		c = strings.TrimSpace(c)
		cols[i] = c + " = excluded." + c
	}
	return tx.Insert("org_settings", "org_id, "+settingsCols, [][]any{row}, "ON CONFLICT (org_id) DO UPDATE SET "+strings.Join(cols, ", "))
}
