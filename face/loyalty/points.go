package loyalty

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/loyalty"
	"storehouse/core/org"
	"storehouse/core/points"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// decimal takes a number or its text with any number of decimals: clients
// send what their language prints, such as 12.600000000000001. It is rounded
// to six.
type decimal struct {
	wire.Num
}

// SetWire implements wire.Setter.
func (d *decimal) SetWire(v any) error {
	s := ""
	switch x := v.(type) {
	case json.Number:
		s = x.String()
	case string:
		s = strings.TrimSpace(x)
	}
	whole, frac, ok := strings.Cut(s, ".")
	if !ok || len(frac) <= dec.Places || strings.ContainsAny(frac, "eE") || strings.Trim(frac, "0123456789") != "" {
		return d.Num.SetWire(v)
	}
	if err := d.Num.SetWire(whole + "." + frac[:dec.Places]); err != nil {
		return err
	}
	if frac[dec.Places] >= '5' {
		step := dec.D(1)
		if strings.HasPrefix(whole, "-") {
			step = -1
		}
		var err error
		if d.D, err = d.D.Add(step); err != nil {
			return err
		}
	}
	return nil
}

type pointsIn struct {
	UserApp     wire.Text `json:"userapp_id" alias:"uid" required:"true" nonempty:"true" doc:"User id. By default is email"`
	Points      decimal   `json:"points" required:"true" doc:"It may be a negative number to subtract points"`
	Concept     wire.Text `json:"concept" maxLength:"20" doc:"Concept id (always 3)"`
	Description wire.Text `json:"description" maxLength:"1000"`
	Price       wire.Text `json:"price" doc:"Always null"`
	Branch      wire.Text `json:"branch" doc:"Name of the branch; it must exist"`
}

func addPoints(c *web.Call, in pointsIn) (answer[transactionOut], error) {
	m, err := loyalty.ByRef(c.Tx, c.Actor.Source, in.UserApp.S)
	if err != nil {
		return answer[transactionOut]{}, err
	}
	id, err := loyalty.Give(c.Tx, m, in.Points.D, in.Concept.S, in.Description.S, in.Branch.S)
	return transaction(id), err
}

type saleIn struct {
	UID      wire.Text `json:"uid" alias:"userapp_id" required:"true" nonempty:"true" doc:"User id. By default is email"`
	Points   decimal   `json:"points" required:"true"`
	Number   wire.Text `json:"nrofactura" required:"true" nonempty:"true" maxLength:"191" doc:"Purchase order number"`
	Detail   any       `json:"factura" doc:"Purchase order detail: a list of {codigo, producto, cantidad, precio, branch, variations}, or its JSON text"`
	Branch   wire.Text `json:"branch" doc:"Name of the branch; it must exist"`
	DateTime wire.Text `json:"datetime" doc:"yyyy-mm-dd hh:mm:ss; now by default"`
}

func addSale(c *web.Call, in saleIn) (answer[transactionOut], error) {
	p := loyalty.Purchase{UID: in.UID.S, Number: in.Number.S, Points: in.Points.D, Branch: in.Branch.S}
	var err error
	if p.Lines, p.Detail, err = parseDetail(in.Detail); err != nil {
		return answer[transactionOut]{}, err
	}
	if s := strings.TrimSpace(in.DateTime.S); s != "" && s != "null" {
		set, err := org.LoadSettings(c.Tx)
		if err != nil {
			return answer[transactionOut]{}, err
		}
		if p.At, err = time.ParseInLocation(wire.StampLayout, s, set.Zone()); err != nil || p.At.Year() < 1971 || p.At.Year() > 9998 {
			return answer[transactionOut]{}, fault.Field("datetime", "must be yyyy-mm-dd hh:mm:ss")
		}
		p.At = p.At.UTC()
	}
	id, err := loyalty.Buy(c.Tx, c.Actor.Source, p)
	return transaction(id), err
}

const maxDetailLines = 2000

// parseDetail reads factura: a list, or the text of one.
func parseDetail(v any) ([]loyalty.Line, string, error) {
	text := ""
	switch x := v.(type) {
	case nil:
		return nil, "", nil
	case string:
		text = strings.TrimSpace(x)
		if text == "" || text == "null" {
			return nil, "", nil
		}
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&v); err != nil || d.More() {
			return nil, "", fault.Field("factura", "is not valid JSON")
		}
	default:
		b, err := json.Marshal(v)
		if err != nil {
			return nil, "", err
		}
		text = string(b)
	}
	list, ok := v.([]any)
	if m, one := v.(map[string]any); one {
		list, ok = []any{m}, true
	}
	if !ok || len(list) > maxDetailLines {
		return nil, "", fault.Field("factura", "must be a list of at most %d lines", maxDetailLines)
	}
	var lines []loyalty.Line
	for i, e := range list {
		l, err := detailLine(e)
		if err != nil {
			return nil, "", fault.Under(fmt.Sprintf("factura.%d", i), err)
		}
		lines = append(lines, l)
	}
	return lines, text, nil
}

func detailLine(v any) (loyalty.Line, error) {
	m, ok := v.(map[string]any)
	if !ok {
		return loyalty.Line{}, fault.Field("", "must be an object")
	}
	var code, name wire.Text
	quantity, price := decimal{}, decimal{}
	for field, to := range map[string]wire.Setter{"codigo": &code, "producto": &name, "cantidad": &quantity, "precio": &price} {
		if err := to.SetWire(m[field]); err != nil {
			return loyalty.Line{}, fault.Field(field, "%s", err)
		}
	}
	l := loyalty.Line{Code: strings.TrimSpace(code.S), Name: strings.TrimSpace(name.S), Quantity: quantity.Or(dec.One), Price: price.D}
	switch {
	case l.Code == "" && l.Name == "":
		return l, fault.Field("codigo", "is required")
	case l.Quantity <= 0:
		return l, fault.Field("cantidad", "must be more than 0")
	case l.Price < 0:
		return l, fault.Field("precio", "must not be negative")
	}
	if l.Name == "" {
		l.Name = l.Code
	}
	var parts []string
	list, _ := m["variations"].([]any)
	for _, e := range list {
		if o, ok := e.(map[string]any); ok {
			parts = append(parts, fmt.Sprintf("%v: %v", o["name"], o["value"]))
		}
	}
	l.Variations = strings.Join(parts, ", ")
	return l, nil
}

type cancelIn struct {
	Number wire.Text `json:"nrofactura" required:"true" nonempty:"true" doc:"Purchase order number"`
}

func cancelInvoice(c *web.Call, in cancelIn) (answer[transactionOut], error) {
	id, err := loyalty.Cancel(c.Tx, c.Actor.Source, in.Number.S)
	return transaction(id), err
}

type entryOut struct {
	ID          string     `json:"id"`
	Points      wire.Dec   `json:"points"`
	Action      wire.TextN `json:"action_id"`
	Concept     string     `json:"concept_id"`
	Description wire.TextN `json:"description"`
	Created     wire.Stamp `json:"created"`
}

type transactionsIn struct {
	UserApp wire.Text `json:"userapp_id" alias:"uid" required:"true" nonempty:"true" doc:"The user's id in the app: a userapp_id, a uid or an e-mail address"`
}

const maxTransactions = 10_000

func transactions(c *web.Call, in transactionsIn) (answer[[]entryOut], error) {
	m, err := loyalty.ByRef(c.Tx, c.Actor.Source, in.UserApp.S)
	if err != nil {
		return answer[[]entryOut]{}, err
	}
	s, err := org.LoadSettings(c.Tx)
	if err != nil {
		return answer[[]entryOut]{}, err
	}
	list, err := points.List(c.Tx, m.ID, 0, maxTransactions)
	out := make([]entryOut, len(list))
	for i, e := range list {
		out[i] = entryOut{ID: itoa(e.ID), Points: wire.Dec(e.Signed()), Concept: e.Concept, Description: wire.TextN(e.Description),
			Created: wire.Stamp{T: e.EffectiveAt, Zone: s.Zone()}}
		if e.Concept == "" { // the tills' own
			out[i].Concept = loyalty.OnPurchase
		}
	}
	return yes(out), err
}

type salePointsOut struct {
	Points wire.Number `json:"contest_sale_points"`
}

func salePoints(c *web.Call, _ web.None) (answer[salePointsOut], error) {
	rate, err := loyalty.PointsPerUnit(c.Tx, c.Actor.Source)
	return yes(salePointsOut{wire.Number(rate)}), err
}
