package maker

import (
	"bufio"
	"errors"
	"io"
	"strconv"
	"time"

	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/stock"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// filter reads what the two lists of a store are narrowed by.
func (s store[Out]) filter(c *web.Call, item, location wire.Ref) (itemID, locationID int64, err error) {
	if itemID, err = itemRef(c, s.field, s.kind, item); err != nil {
		return 0, 0, err
	}
	locationID, err = locationRef(c, "locationId", location)
	return itemID, locationID, err
}

// ledgerIn is what the ledger's list takes beside its item and event type.
type ledgerIn struct {
	paging
	LocationID wire.Ref `query:"locationId"`
	Ref        string   `query:"ref"`
	From       moment   `query:"dateFrom" doc:"Of the event, included."`
	To         moment   `query:"dateTo" doc:"Of the event, included; a date is taken to its end."`
}

func (s store[Out]) ledger(c *web.Call, item wire.Ref, event string, in ledgerIn) (page[Out], error) {
	f := stock.EntryFilter{Kind: s.kind, Event: stock.Event(event), Ref: in.Ref, Limit: in.limit() + 1}
	var err error
	if f.Item, f.Location, err = s.filter(c, item, in.LocationID); err != nil {
		return page[Out]{}, err
	}
	if f.After, err = parseIDCursor(in.Cursor); err != nil {
		return page[Out]{}, err
	}
	f.From = in.From.or(time.Time{})
	if in.To.Set {
		f.To = in.To.T.Add(time.Microsecond)
		if in.To.Day {
			f.To = in.To.T.AddDate(0, 0, 1)
		}
	}
	rows, err := stock.Entries(c.Tx, f)
	return paged(in.paging, rows, func(e stock.Entry) Out { return s.entry(c, e) }, func(e stock.Entry) string { return idCursor(e.ID) }), err
}

// idCursor spells the cursor of a list in the order of its ids.
func idCursor(id int64) string { return web.Cursor(strconv.FormatInt(id, 10)) }

func parseIDCursor(s string) (int64, error) {
	p, err := web.ParseCursor(s, 1)
	if err != nil || p == nil {
		return 0, err
	}
	id, err := strconv.ParseInt(p[0], 10, 64)
	if err != nil || id < 1 {
		return 0, errCursor
	}
	return id, nil
}

// parsePlaceCursor reads the cursor of a list in the order of items and
// locations; "" gives zeros.
func parsePlaceCursor(s string) (item, location int64, err error) {
	p, err := web.ParseCursor(s, 2)
	if err != nil || p == nil {
		return 0, 0, err
	}
	item, e1 := strconv.ParseInt(p[0], 10, 64)
	location, e2 := strconv.ParseInt(p[1], 10, 64)
	if e1 != nil || e2 != nil || item < 1 || location < 1 {
		return 0, 0, errCursor
	}
	return item, location, nil
}

var errCursor = fault.Field("cursor", "is not one that this server gave")

func (s store[Out]) show(c *web.Call, in pathID) (Out, error) {
	var none Out
	id, err := in.of(wire.KindEntry, "ledger entry")
	if err != nil {
		return none, err
	}
	e, err := stock.GetEntry(c.Tx, id)
	if err == nil && e.Kind != s.kind || fault.Is(err, fault.NotFound) {
		return none, fault.Missing("ledger entry")
	}
	return s.entry(c, e), err
}

type balance struct {
	LocationID wire.UUID `json:"locationId"`
	OnHand     wire.Dec  `json:"onHand"`
	OnOrder    wire.Dec  `json:"onOrder"`
	InTransit  wire.Dec  `json:"inTransit"`
	Demand     wire.Dec  `json:"demand"`
	Allocated  wire.Dec  `json:"allocated"`
	Available  wire.Dec  `json:"available"`
	UnitCost   wire.Dec  `json:"unitCost"`
}

// summaryIn is what a summary takes beside its item.
type summaryIn struct {
	LocationID wire.Ref `query:"locationId"`
	Cursor     string   `query:"cursor" doc:"Where the page begins: nextCursor of the page before."`
	Limit      int64    `query:"limit" minimum:"1" maximum:"500" doc:"Without it all rows are streamed."`
}

var errEnough = errors.New("enough")

// summary streams the balances, by item and location.
func (s store[Out]) summary(c *web.Call, of wire.Ref, in summaryIn) (web.Stream, error) {
	f := stock.Filter{Kind: s.kind}
	item, location, err := s.filter(c, of, in.LocationID)
	if err != nil {
		return web.Stream{}, err
	}
	if item != 0 {
		f.Items = []int64{item}
	}
	if location != 0 {
		f.Locations = []int64{location}
	}
	if f.AfterItem, f.AfterLocation, err = parsePlaceCursor(in.Cursor); err != nil {
		return web.Stream{}, err
	}
	if in.Limit > 0 {
		f.Limit = in.Limit + 1
	}
	return web.Stream{Write: func(out io.Writer) error {
		w := bufio.NewWriterSize(out, 64<<10)
		var row []byte
		var last stock.Balance
		n, next := int64(0), "null"
		sep := `{"data":[`
		err := stock.EachBalance(c.Tx, f, func(b stock.Balance) error {
			if in.Limit > 0 && n == in.Limit {
				next = strconv.Quote(c.Seal(web.Cursor(strconv.FormatInt(last.Item, 10), strconv.FormatInt(last.Location, 10))))
				return errEnough
			}
			n, last = n+1, b
			row = s.balance(append(row[:0], sep...), b)
			sep = ","
			_, err := w.Write(row)
			return err
		})
		if err != nil && !errors.Is(err, errEnough) {
			return err
		}
		if n == 0 {
			_, _ = io.WriteString(w, sep)
		}
		_, _ = io.WriteString(w, `],"nextCursor":`+next+`}`)
		return w.Flush()
	}}, nil
}

// balance appends a row, as skuBalance and materialBalance say it: there may
// be very many.
func (s store[Out]) balance(row []byte, b stock.Balance) []byte {
	row = append(append(append(row, `{"`...), s.field...), `":"`...)
	row = append(row, wire.UUID{Kind: wire.KindItem, ID: b.Item}.String()...)
	row = append(append(row, `","locationId":"`...), wire.UUID{Kind: wire.KindLocation, ID: b.Location}.String()...)
	for _, f := range []struct {
		name string
		d    dec.D
	}{{"onHand", b.OnHand}, {"onOrder", b.OnOrder}, {"inTransit", b.InTransit}, {"demand", b.Demand}, {"allocated", b.Allocated},
		{"available", b.Available()}, {"unitCost", b.UnitCost()}} {
		row = append(append(append(append(row, `","`...), f.name...), `":"`...), f.d.String()...)
	}
	return append(row, `"}`...)
}
