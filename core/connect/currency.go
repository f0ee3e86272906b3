package connect

import (
	"strings"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/org"
)

// convert brings the amounts of an order in another currency into the
// organization's, so that its books hold one currency only, and returns the
// rate: the one that the order has had before, else the one of the settings.
// Without either the amounts stay as they are and b.currency says so. It
// returns 0 for an order in the organization's own currency.
func (b *book) convert(tx *db.Tx, o *Order, settings org.Settings) (dec.D, error) {
	b.currency = ""
	currency := strings.ToUpper(string(o.Currency))
	if currency == "" || currency == settings.Currency {
		return 0, nil
	}
	rate := settings.ExchangeRates[currency]
	if b.sale != 0 {
		var was string
		var had dec.D
		_, err := db.One(tx, func(r db.Row, _ *struct{}) error { return r.Scan(db.S(&was), &had) },
			`SELECT currency, exchange_rate FROM sale WHERE org_id = ? AND id = ?`, tx.Org, b.sale)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return 0, err
		}
		if was == currency && had > 0 && had != dec.One {
			rate = had
		}
	}
	if rate == 0 {
		b.currency = currency
		return dec.One, nil
	}
	if err := o.times(rate, int(settings.CurrencyPlaces)); err != nil {
		return 0, fault.Field("total", "is too big in %s", settings.Currency)
	}
	return rate, nil
}

// times multiplies all amounts. What is owed and given back is rounded as
// money is, the rest to six decimals.
func (o *Order) times(rate dec.D, places int) error {
	var c dec.Calc
	by := func(list ...*amount) {
		for _, a := range list {
			*a = amount(c.Mul(dec.D(*a), rate))
		}
	}
	money := func(a *amount) { *a = amount(c.Round(c.Mul(dec.D(*a), rate), places)) }
	money(&o.Total)
	by(&o.DiscountTotal, &o.ShippingTotal, &o.ShippingTax, &o.TotalTax)
	for i := range o.Lines {
		l := &o.Lines[i]
		by(&l.Subtotal, &l.Total, &l.TotalTax)
	}
	for i := range o.Fees {
		by(&o.Fees[i].Total, &o.Fees[i].TotalTax)
	}
	for i := range o.Coupons {
		by(&o.Coupons[i].Discount)
	}
	for i := range o.Refunds {
		money(&o.Refunds[i].Total)
	}
	return c.Err()
}
