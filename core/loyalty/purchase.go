package loyalty

import (
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/doc"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/core/points"
	"storehouse/core/sale"
)

// Concepts of points entries, as clients of the original know them.
const (
	ByHand     = "3"
	OnPurchase = "6"
)

// docType is the document type of a purchase's points entries.
const docType = "loyalty_purchase"

// Line is one line of a reported purchase.
type Line struct {
	Code, Name string
	Quantity   dec.D
	Price      dec.D  // of one unit
	Variations string // "Color: Red, Talle: XS"
}

// Purchase is what a client reports. Points below zero take some away.
type Purchase struct {
	UID    string
	Number string // of the invoice; one purchase a programme
	Points dec.D
	Lines  []Line
	Detail string // the lines as they were sent
	Branch string // name of a location; "" is the default one
	At     time.Time
}

// branch finds the location of a branch's name; the null of a client's
// language is none.
func branch(tx *db.Tx, name string) (int64, string, error) {
	name = strings.TrimSpace(name)
	if name == "" || strings.EqualFold(name, "null") {
		return 0, "", nil
	}
	list, err := org.ListLocations(tx)
	if err != nil {
		return 0, "", err
	}
	for _, l := range list {
		if strings.EqualFold(l.Name, name) || strings.EqualFold(l.Code, name) {
			return l.ID, l.Name, nil
		}
	}
	return 0, "", fault.New(fault.NotFound, "Branch not found")
}

// Give adds points to a member, or takes them away, and returns the entry's
// id. Taking more than there are is a Conflict.
func Give(tx *db.Tx, m Member, p dec.D, concept, description, branchName string) (int64, error) {
	if p == 0 {
		return 0, fault.Field("points", "must not be zero")
	}
	_, name, err := branch(tx, branchName)
	if err != nil {
		return 0, err
	}
	if concept == "" {
		concept = ByHand
	}
	list, err := points.Post(tx, points.Entry{Party: m.ID, Event: points.Give, Points: p, Concept: concept, Description: description, Branch: name})
	if err != nil {
		return 0, err
	}
	return list[0].ID, nil
}

// Buy records a purchase and gives its points, and returns the points entry's
// id. An invoice number that is known is the purchase of then: its first
// answer is given again and nothing else is done.
func Buy(tx *db.Tx, program int64, p Purchase) (int64, error) {
	if p.Number = strings.TrimSpace(p.Number); p.Number == "" || len(p.Number) > 191 {
		return 0, fault.Field("nrofactura", "must have 1 to 191 characters")
	}
	id, err := tx.NextID("loyalty_purchase")
	if err != nil {
		return 0, err
	}
	// The number is taken first: a second caller waits here for the first.
	n, err := tx.Exec(`INSERT INTO loyalty_purchase (org_id, program_id, number, id, points, entry_id, detail, branch, bought_at, created_at)
		VALUES (?, ?, ?, ?, ?, 0, ?, '', ?, ?) ON CONFLICT DO NOTHING`, tx.Org, program, p.Number, id, p.Points, p.Detail, p.when(tx.Now), tx.Now)
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return db.One(tx, db.Value[int64], `SELECT entry_id FROM loyalty_purchase WHERE org_id = ? AND program_id = ? AND number = ?`, tx.Org, program, p.Number)
	}
	m, err := ByUID(tx, program, p.UID)
	if err != nil {
		return 0, err
	}
	location, name, err := branch(tx, p.Branch)
	if err != nil {
		return 0, err
	}
	saleID, err := p.sell(tx, program, m.ID, location)
	if err != nil {
		return 0, err
	}
	entry, err := p.earn(tx, m.ID, id, name)
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(`UPDATE loyalty_purchase SET party_id = ?, entry_id = ?, sale_id = ?, branch = ? WHERE org_id = ? AND program_id = ? AND number = ?`,
		m.ID, entry, db.Null(saleID), name, tx.Org, program, p.Number)
	return entry, err
}

func (p Purchase) when(now time.Time) time.Time {
	if p.At.IsZero() {
		return now
	}
	return p.At
}

// earn posts the points. A purchase without any still has a transaction, with
// a number of its own.
func (p Purchase) earn(tx *db.Tx, customer, id int64, branch string) (int64, error) {
	if p.Points == 0 {
		return tx.NextID("points_entry")
	}
	list, err := points.Post(tx, points.Entry{Party: customer, Event: points.Give, Points: p.Points, Doc: points.Doc{Type: docType, ID: id},
		Concept: OnPurchase, Description: p.Number, Branch: branch, EffectiveAt: p.At})
	if err != nil {
		return 0, err
	}
	return list[0].ID, nil
}

// sell puts the purchase into the order book. A sale that has its number
// already, made at the till, is the same purchase; without lines there is
// nothing to put there.
func (p Purchase) sell(tx *db.Tx, program, customer, location int64) (int64, error) {
	known, err := db.One(tx, db.Value[int64], `SELECT id FROM sale WHERE org_id = ? AND number = ?`, tx.Org, p.Number)
	if err == nil || !fault.Is(err, fault.NotFound) {
		return known, err
	}
	if len(p.Lines) == 0 {
		return 0, nil
	}
	codes := make([]string, len(p.Lines))
	for i, l := range p.Lines {
		codes[i] = l.Code
	}
	items, err := catalog.ByCodes(tx, catalog.SKU, codes)
	if err != nil {
		return 0, err
	}
	var calc dec.Calc
	var total dec.D
	in := sale.New{Head: sale.Head{Origin: sale.Loyalty, Status: sale.Final, Number: p.Number, Location: location, Party: customer, Source: "loyalty",
		ExternalSource: "loyalty:" + text(program), ExternalID: p.Number, SoldAt: p.At}}
	for _, l := range p.Lines {
		d := sale.DraftLine{LineHead: sale.LineHead{SKU: l.Code, Name: l.Name, Quantity: l.Quantity, Note: l.Variations}, Price: &l.Price, TaxGiven: new(dec.D)}
		if i, ok := items[l.Code]; ok {
			d.Item, d.SKU = i.ID, ""
		} else if d.SKU == "" {
			d.SKU = l.Name
		}
		in.Lines = append(in.Lines, d)
		total = calc.Add(total, calc.Mul(calc.Round(l.Price, 4), l.Quantity))
	}
	if total, err = calc.Round(total, 4), calc.Err(); err != nil {
		return 0, fault.Field("factura", "is worth too much")
	}
	settings, err := org.LoadSettings(tx)
	if err != nil {
		return 0, err
	}
	if total, err = settings.Money(total); err != nil {
		return 0, err
	}
	in.GivenTotal = &total
	in.Payments = []money.Payment{{Amount: total, Method: "other", Note: "Loyalty purchase", PaidOn: p.At}}
	list, err := sale.Create(tx, in)
	if err != nil {
		return 0, fault.Under("factura", err)
	}
	return list[0].ID, nil
}

// Cancel takes back a purchase: the points that it gave, whatever a rule would
// give today, and the sale that it made. It returns the id of the entry that
// took them back; a purchase that is cancelled already answers the same again.
func Cancel(tx *db.Tx, program int64, number string) (int64, error) {
	var id, entry, cancel, saleID int64
	var cancelled time.Time
	_, err := db.One(tx, func(r db.Row, _ *struct{}) error {
		return r.Scan(&id, &entry, db.I(&cancel), db.I(&saleID), db.T(&cancelled))
	}, `SELECT id, entry_id, cancel_id, sale_id, cancelled_at FROM loyalty_purchase WHERE org_id = ? AND program_id = ? AND number = ?`+tx.ForUpdate(),
		tx.Org, program, strings.TrimSpace(number))
	if fault.Is(err, fault.NotFound) {
		return 0, fault.New(fault.NotFound, "Invoice not found")
	}
	if err != nil || !cancelled.IsZero() {
		return cancel, err
	}
	list, err := points.Reverse(tx, points.Doc{Type: docType, ID: id})
	if err != nil {
		return 0, err
	}
	if len(list) > 0 {
		cancel = list[0].ID
	} else if cancel, err = tx.NextID("points_entry"); err != nil {
		return 0, err
	}
	if saleID != 0 {
		if err := unsell(tx, program, saleID); err != nil {
			return 0, err
		}
	}
	_, err = tx.Exec(`UPDATE loyalty_purchase SET cancelled_at = ?, cancel_id = ?, sale_id = NULL WHERE org_id = ? AND program_id = ? AND number = ?`,
		tx.Now, cancel, tx.Org, program, strings.TrimSpace(number))
	return cancel, err
}

// unsell removes the sale that a purchase made, with its documents; one made at the till stays the
// till's to cancel.
func unsell(tx *db.Tx, program, id int64) error {
	s, err := sale.Get(tx, id)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if s.Origin != sale.Loyalty || s.ExternalSource != "loyalty:"+text(program) {
		return nil
	}
	if err := sale.Delete(tx, id); err != nil {
		return err
	}
	return doc.DeleteOf(tx, doc.OfSalesOrder, id)
}
