package stock

import (
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

// known narrows entries to those that happened until effective and were
// recorded until recorded; a zero time is no limit.
func known(w *db.Where, effective, recorded time.Time) {
	w.AddIf(!effective.IsZero(), "effective_at <= ?", effective)
	w.AddIf(!recorded.IsZero(), "recorded_at <= ?", recorded)
}

// AsOf folds the entries of an item at a location that happened until
// effective and were known at recorded; a zero time is no limit, and with two
// of them the answer is the balance. Backdated entries count from their event
// date, at the cost that they were posted with. LastCost is not known.
func AsOf(tx *db.Tx, item, location int64, effective, recorded time.Time) (Balance, error) {
	b := Balance{Item: item, Location: location}
	var w db.Where
	known(&w, effective, recorded)
	limits := ""
	if cond := w.SQL(); cond != "" {
		limits = " AND " + cond[len(" WHERE "):]
	}
	args := append([]any{tx.Org, item, location}, w.Args...)
	sums := db.Sum("quantity") + ", " + db.Sum("settles") + ", " + db.Sum("value")
	var f tally
	err := tx.Each(func(r db.Row) error {
		var destination, out int64 // 0 or 1
		var ev Event
		var quantity, settles, value dec.Sum
		if err := r.Scan(&destination, &b.Kind, &ev, &out, &quantity.Whole, &quantity.Rest, &settles.Whole, &settles.Rest, &value.Whole, &value.Rest); err != nil {
			return err
		}
		ef, _ := effectOf(ev, out == 1)
		if destination == 1 {
			f.add(ef.destination, quantity, value)
			return nil
		}
		f.add(ef.quantity, quantity, value)
		f.add(ef.settled, settles, dec.Sum{})
		return nil
	}, `SELECT 0 AS destination, kind, event, CASE WHEN to_location_id IS NULL THEN 0 ELSE 1 END AS goes_out, `+sums+`
		FROM stock_entry WHERE org_id = ? AND item_id = ? AND location_id = ?`+limits+` GROUP BY kind, event, goes_out
		UNION ALL
		SELECT 1, kind, event, 1, `+sums+`
		FROM stock_entry WHERE org_id = ? AND item_id = ? AND to_location_id = ?`+limits+` GROUP BY kind, event`, append(args, args...)...)
	if err == nil && f.balance(&b) != nil {
		err = errTooBig
	}
	return b, err
}

var errTooBig = fault.New(fault.Invalid, "the balance is too big")

// tally is a balance that is being added up: its figures may be larger on
// their way than in the end.
type tally struct {
	onHand, onOrder, inTransit, demand, allocated, value, transitValue dec.Sum
}

// add adds a change of a quantity, with the value that goes with it.
func (f *tally) add(ch change, n, value dec.Sum) {
	for _, x := range []struct {
		to   *dec.Sum
		sign int8
		n    dec.Sum
	}{{&f.onHand, ch.onHand, n}, {&f.onOrder, ch.onOrder, n}, {&f.inTransit, ch.inTransit, n}, {&f.demand, ch.demand, n},
		{&f.allocated, ch.allocated, n}, {&f.value, ch.onHand, value}, {&f.transitValue, ch.inTransit, value}} {
		*x.to = x.to.Plus(x.n.Times(int64(x.sign)))
	}
}

// addBalance adds the figures of a balance.
func (f *tally) addBalance(b Balance) {
	for _, x := range []struct {
		to *dec.Sum
		d  dec.D
	}{{&f.onHand, b.OnHand}, {&f.onOrder, b.OnOrder}, {&f.inTransit, b.InTransit}, {&f.demand, b.Demand}, {&f.allocated, b.Allocated},
		{&f.value, b.Value}, {&f.transitValue, b.TransitValue}} {
		*x.to = x.to.Plus(dec.SumOf(x.d))
	}
}

// balance stores the figures. What does not fit is an error.
func (f *tally) balance(b *Balance) (err error) {
	for _, x := range []struct {
		sum dec.Sum
		to  *dec.D
	}{{f.onHand, &b.OnHand}, {f.onOrder, &b.OnOrder}, {f.inTransit, &b.InTransit}, {f.demand, &b.Demand}, {f.allocated, &b.Allocated},
		{f.value, &b.Value}, {f.transitValue, &b.TransitValue}} {
		d, e := x.sum.D()
		if *x.to = d; e != nil {
			err = e
		}
	}
	return err
}

// sum is a number of like entries added up.
type sum struct {
	event                    Event
	destination, out         int64 // 0 or 1
	quantity, settles, value dec.D
}

func (s sum) addTo(c *dec.Calc, b *Balance) {
	ef, _ := effectOf(s.event, s.out == 1)
	ch, settled := ef.quantity, ef.settled
	if s.destination == 1 {
		ch, settled = ef.destination, change{}
	}
	b.add(c, ch, s.quantity)
	b.add(c, settled, s.settles)
	b.Value = c.Add(b.Value, times(ch.onHand, s.value))
	b.TransitValue = c.Add(b.TransitValue, times(ch.inTransit, s.value))
}

// Part is an entry and what it adds to a balance.
type Part struct {
	Entry
	Adds Balance // its quantities and values; Item and Location are the balance's
}

// Explain gives fn the entries that add up to a balance, in the order of
// their event dates, each with its document, and returns their sum: what AsOf
// returns. fn must run no statement.
func Explain(tx *db.Tx, item, location int64, effective, recorded time.Time, fn func(Part) error) (Balance, error) {
	total := Balance{Item: item, Location: location}
	var w db.Where
	w.Add("org_id = ? AND item_id = ?", tx.Org, item)
	w.Add("(location_id = ? OR to_location_id = ?)", location, location)
	known(&w, effective, recorded)
	var c dec.Calc
	var f tally
	err := tx.Each(func(r db.Row) error {
		p := Part{Adds: Balance{Item: item, Location: location}}
		if err := scanEntry(r, &p.Entry); err != nil {
			return err
		}
		s := sum{event: p.Event, quantity: p.Quantity, settles: p.Settles, value: p.Value}
		if p.ToLocation != 0 {
			s.out = 1
		}
		if p.ToLocation == location {
			s.destination = 1
		}
		p.Adds.Kind, total.Kind = p.Kind, p.Kind
		s.addTo(&c, &p.Adds)
		f.addBalance(p.Adds)
		if c.Err() != nil {
			return c.Err()
		}
		return fn(p)
	}, `SELECT `+entryCols+` FROM stock_entry`+w.SQL()+` ORDER BY effective_at, recorded_at, id`, w.Args...)
	if err == nil && f.balance(&total) != nil {
		err = errTooBig
	}
	return total, err
}

// Net is what the entries of a document's line add up to.
type Net struct {
	Doc   Doc
	Line  int64
	Total Balance // quantities and values by Item and Location; OnHand below zero went out
}

// Open returns what each line of documents has moved at each location and
// what it still promises (OnOrder, Demand, Allocated); entries of other
// documents that keep its promises are included. Lines come in the order of
// their first entry.
func Open(tx *db.Tx, docs ...Doc) ([]Net, error) {
	list, err := OfDoc(tx, docs...)
	if err != nil {
		return nil, err
	}
	type place struct {
		doc                  Doc
		line, item, location int64
	}
	index := map[place]int{}
	out := []Net{}
	var c dec.Calc
	for _, e := range list {
		s := sum{event: e.Event, quantity: e.Quantity, settles: e.Settles, value: e.Value}
		sides := []int64{e.Location}
		if e.ToLocation != 0 {
			s.out = 1
			sides = append(sides, e.ToLocation)
		}
		for side, location := range sides {
			at := place{e.promiseOf(), e.Line, e.Item, location}
			i, ok := index[at]
			if !ok {
				i = len(out)
				index[at] = i
				out = append(out, Net{Doc: at.doc, Line: at.line, Total: Balance{Item: at.item, Location: location, Kind: e.Kind}})
			}
			s.destination = int64(side)
			s.addTo(&c, &out[i].Total)
		}
	}
	return out, c.Err()
}
