package connect

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"strings"
	"time"

	"storehouse/base/dec"
	"storehouse/base/fault"
)

// Order is a WooCommerce order of its REST API v3, as far as we use it. Its
// decimals come as strings or numbers, and plugins leave parts out: whatever
// can be read without a doubt is.
type Order struct {
	ID               integer    `json:"id"`
	Number           text       `json:"number"`
	Status           text       `json:"status"`
	Currency         text       `json:"currency"`
	DateCreated      text       `json:"date_created"`
	DateCreatedGMT   text       `json:"date_created_gmt"`
	DateModified     text       `json:"date_modified"`
	DateModifiedGMT  text       `json:"date_modified_gmt"`
	DatePaid         text       `json:"date_paid"`
	DatePaidGMT      text       `json:"date_paid_gmt"`
	DateCompleted    text       `json:"date_completed"`
	DateCompletedGMT text       `json:"date_completed_gmt"`
	DiscountTotal    amount     `json:"discount_total"`
	ShippingTotal    amount     `json:"shipping_total"`
	ShippingTax      amount     `json:"shipping_tax"`
	TotalTax         amount     `json:"total_tax"`
	Total            amount     `json:"total"`
	CustomerID       integer    `json:"customer_id"`
	CustomerNote     text       `json:"customer_note"`
	Billing          Address    `json:"billing"`
	Shipping         Address    `json:"shipping"`
	PaymentMethod    text       `json:"payment_method"`
	PaymentTitle     text       `json:"payment_method_title"`
	TransactionID    text       `json:"transaction_id"`
	Meta             list[Meta] `json:"meta_data"`
	Lines            list[Item] `json:"line_items"`
	Fees             list[struct {
		Name     text   `json:"name"`
		Total    amount `json:"total"`
		TotalTax amount `json:"total_tax"`
	}] `json:"fee_lines"`
	ShippingLines list[struct {
		Title text `json:"method_title"`
	}] `json:"shipping_lines"`
	Coupons list[struct {
		Code     text   `json:"code"`
		Discount amount `json:"discount"`
	}] `json:"coupon_lines"`
	Refunds list[Refund] `json:"refunds"`
}

// Item is a line of an order. Total is after coupons, Subtotal before; both
// are without tax.
type Item struct {
	ID          integer    `json:"id"`
	Name        text       `json:"name"`
	ProductID   integer    `json:"product_id"`
	VariationID integer    `json:"variation_id"`
	Quantity    amount     `json:"quantity"`
	Subtotal    amount     `json:"subtotal"`
	Total       amount     `json:"total"`
	TotalTax    amount     `json:"total_tax"`
	SKU         text       `json:"sku"`
	Meta        list[Meta] `json:"meta_data"`
}

// Refund is amount given back; Total is negative. Which lines it was for the
// shop does not say here; what came back into its stock the lines say.
type Refund struct {
	ID     integer `json:"id"`
	Reason text    `json:"reason"`
	Total  amount  `json:"total"`
}

// Meta is what plugins hang on an order. Value is any JSON.
type Meta struct {
	Key   text            `json:"key"`
	Value json.RawMessage `json:"value"`
}

// Address is where the bill or the goods go.
type Address struct {
	FirstName text `json:"first_name"`
	LastName  text `json:"last_name"`
	Company   text `json:"company"`
	Address1  text `json:"address_1"`
	Address2  text `json:"address_2"`
	City      text `json:"city"`
	State     text `json:"state"`
	Postcode  text `json:"postcode"`
	Country   text `json:"country"`
	Email     text `json:"email"`
	Phone     text `json:"phone"`
}

// Name returns the person's name, or the company's, or the e-mail address.
func (a Address) Name() string {
	for _, s := range []string{string(a.FirstName) + " " + string(a.LastName), string(a.Company), string(a.Email), string(a.Phone)} {
		if s = strings.TrimSpace(s); s != "" {
			return s
		}
	}
	return ""
}

// Lines spells an address in one text, a part a line.
func (a Address) Lines() string {
	var parts []string
	city := strings.TrimSpace(string(a.Postcode) + " " + string(a.City))
	for _, s := range []string{a.Name(), string(a.Company), string(a.Address1), string(a.Address2), city, string(a.State), string(a.Country)} {
		if s = strings.TrimSpace(s); s != "" && (len(parts) == 0 || parts[len(parts)-1] != s) {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "\n")
}

// ParseOrder reads an order. Its error is an Invalid fault that says what is
// wrong.
func ParseOrder(body []byte) (*Order, error) {
	var o Order
	if err := json.Unmarshal(body, &o); err != nil {
		if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && e.Field != "" {
			return nil, fault.Field(e.Field, "must not be of the type %s", e.Value)
		} else if ok {
			return nil, fault.New(fault.Invalid, "the order must be a JSON object")
		}
		if f, ok := errors.AsType[*fault.Error](err); ok {
			return nil, f
		}
		return nil, fault.New(fault.Invalid, "the order is not valid JSON")
	}
	if o.ID <= 0 {
		return nil, fault.Field("id", "is required")
	}
	return &o, nil
}

// Modified returns when the shop last changed the order; zero when it does
// not say.
func (o *Order) Modified() time.Time {
	return when(o.DateModifiedGMT, o.DateModified, o.DateCreatedGMT, o.DateCreated)
}

// Created returns when the order was placed.
func (o *Order) Created() time.Time { return when(o.DateCreatedGMT, o.DateCreated) }

// Paid returns when the order was paid; zero when it was not.
func (o *Order) Paid() time.Time { return when(o.DatePaidGMT, o.DatePaid) }

// Completed returns when the order was handed over; zero when it was not.
func (o *Order) Completed() time.Time { return when(o.DateCompletedGMT, o.DateCompleted) }

// Refunded returns how much was given back in all.
func (o *Order) Refunded() (dec.D, error) {
	var c dec.Calc
	var sum dec.D
	for _, r := range o.Refunds {
		sum = c.Add(sum, dec.D(r.Total).Abs())
	}
	return sum, c.Err()
}

// MetaText returns the text of a meta_data key; "" when there is none.
func (o *Order) MetaText(key string) string { return metaText(o.Meta, key) }

func metaText(meta []Meta, key string) string {
	for _, m := range meta {
		if string(m.Key) != key {
			continue
		}
		var s string
		if json.Unmarshal(m.Value, &s) == nil {
			return s
		}
		if v := strings.TrimSpace(string(m.Value)); v != "null" {
			return v
		}
	}
	return ""
}

// when reads the first time that is there. WooCommerce prints them without a
// zone; the _gmt fields are UTC, and without them the shop's own are taken so.
func when(candidates ...text) time.Time {
	for _, s := range candidates {
		for _, layout := range []string{"2006-01-02T15:04:05", time.RFC3339Nano, "2006-01-02 15:04:05", "2006-01-02"} {
			if t, err := time.Parse(layout, string(s)); err == nil {
				return t.UTC()
			}
		}
	}
	return time.Time{}
}

// clean returns a body in a form in which equal orders have equal texts, the
// keys in order: the connector's form and WooCommerce's own spell them
// differently.
func clean(body []byte) []byte {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var v any
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if d.Decode(&v) != nil || e.Encode(v) != nil {
		return bytes.TrimSpace(body)
	}
	return bytes.TrimSpace(b.Bytes())
}

// fingerprint tells clean bodies apart.
func fingerprint(body []byte) string {
	h := sha256.Sum256(body)
	return hex.EncodeToString(h[:16])
}

// text takes a string, a number or a flag; null is "". HTML entities, which
// the shop leaves in names, are spelled out.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(b []byte) error {
	switch {
	case len(b) == 0 || string(b) == "null":
		*t = ""
	case b[0] == '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return err
		}
		s = strings.ReplaceAll(html.UnescapeString(s), "\x00", "")
		*t = text(strings.TrimSpace(strings.ToValidUTF8(s, "\ufffd")))
	case b[0] == '{' || b[0] == '[':
		*t = ""
	default:
		*t = text(b)
	}
	return nil
}

// integer takes 7, 7.0 and "7"; null and "" are 0.
type integer int64

// UnmarshalJSON implements json.Unmarshaler.
func (n *integer) UnmarshalJSON(b []byte) error {
	var d amount
	if err := d.UnmarshalJSON(b); err != nil {
		return err
	}
	if !dec.D(d).IsInt() {
		return fault.New(fault.Invalid, "%s is not an integer", b)
	}
	*n = integer(dec.D(d).Int())
	return nil
}

// amount takes 1.5 and "1.5"; null and "" are 0. The shop prints as many
// decimals as it likes: what is beyond the sixth is rounded.
type amount dec.D

// UnmarshalJSON implements json.Unmarshaler.
func (m *amount) UnmarshalJSON(b []byte) error {
	s := strings.TrimSpace(strings.Trim(string(b), `"`))
	if s == "" || s == "null" || s == "false" {
		*m = 0
		return nil
	}
	d, err := dec.Parse(trimDecimals(s))
	if err != nil {
		return fault.New(fault.Invalid, "%.40q %s", s, err)
	}
	*m = amount(d)
	return nil
}

// trimDecimals rounds a plain decimal text to six decimals: PHP prints floats
// such as 3.3333333333333335.
func trimDecimals(s string) string {
	whole, frac, ok := strings.Cut(s, ".")
	if !ok || len(frac) <= dec.Places || strings.ContainsAny(frac, "eE") {
		return s
	}
	for _, c := range frac {
		if c < '0' || c > '9' {
			return s
		}
	}
	d, err := dec.Parse(whole + "." + frac[:dec.Places])
	if err != nil {
		return s
	}
	if frac[dec.Places] >= '5' {
		if strings.HasPrefix(whole, "-") {
			d--
		} else {
			d++
		}
	}
	return fmt.Sprint(d)
}

// list takes an array; what PHP prints for an empty or holed one (null, "",
// {}, {"1":…}) is taken too.
type list[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (l *list[T]) UnmarshalJSON(b []byte) error {
	*l = nil
	b = bytes.TrimSpace(b)
	if len(b) == 0 {
		return nil
	}
	switch b[0] {
	case '[':
		var v []T
		if err := json.Unmarshal(b, &v); err != nil {
			return err
		}
		*l = v
	case '{':
		d := json.NewDecoder(bytes.NewReader(b))
		_, _ = d.Token()
		for d.More() {
			if _, err := d.Token(); err != nil {
				return err
			}
			var v T
			if err := d.Decode(&v); err != nil {
				return err
			}
			*l = append(*l, v)
		}
	case 'n', '"', 'f':
	default:
		return fault.New(fault.Invalid, "%.20s is not a list", b)
	}
	return nil
}
