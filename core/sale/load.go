package sale

import (
	"slices"
	"strings"
	"sync"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/lookup"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/core/stock"
)

// POSChannel is the order channel of sells made at the till.
const POSChannel = "POS"

// world is what has to be known to make sales, read in one statement.
type world struct {
	settings  org.Settings // without what sales do not ask
	locations map[int64]place
	parties   map[int64]buyer
	walkIn    int64
	taxes     map[int64]dec.D
	lookups   map[int64]named
	channels  map[string]int64 // by lookup.Key of the name
	registers map[int64]int64  // the actor's open register, by location
	members   map[int64]bool   // of the organization, by user
	tables    map[int64]bool   // in the dining room
	numbers   map[string]taken
	services  map[[2]int64]int64 // price group by type of service and location
	given     map[string]bool    // the numbers that callers brought

	pointMonths int64 // how long points last; 0 is for ever
}

type place struct {
	oversell, prefix string
	priceGroup       int64
}

type buyer struct {
	customer, vendor, walkIn bool
	group                    int64

	// What its customer group pays where a line says no price: the prices of a
	// price group, or the items' own and so many per cent on them.
	priceGroup int64
	percent    dec.D
}

type named struct {
	kind        lookup.Kind
	calculation string // of a type of service: how it charges for packing
	packing     dec.D  // and how much
	active      bool
}

// taken is a sale that has a number already.
type taken struct {
	id, location, party, by int64
	total                   dec.D
}

// asked are the ids and names that sales mention.
type asked struct {
	locations, parties, taxes, lookups []int64
	members, tables, services          []int64
	channels, numbers                  []string
	walkIn                             bool
}

func (a *asked) add(h Head, lines []DraftLine) {
	put := func(list *[]int64, ids ...int64) {
		for _, id := range ids {
			if id != 0 && !slices.Contains(*list, id) {
				*list = append(*list, id)
			}
		}
	}
	put(&a.locations, h.Location, h.FulfillmentLocation)
	put(&a.parties, h.Party)
	put(&a.taxes, h.Tax)
	put(&a.lookups, h.Channel, h.Broker, h.ServiceType, h.PriceGroup)
	put(&a.members, h.Waiter, h.CommissionAgent)
	for _, l := range lines {
		put(&a.members, l.Staff)
	}
	put(&a.tables, h.Table)
	put(&a.services, h.ServiceType)
	a.walkIn = a.walkIn || h.Party == 0
	if n := lookup.Key(channelName(h)); n != "" && !slices.Contains(a.channels, n) {
		a.channels = append(a.channels, n)
	}
	if h.Number != "" {
		a.numbers = append(a.numbers, h.Number)
	}
}

// accounts adds where payments are kept.
func (a *asked) accounts(payments []money.Payment) {
	for _, p := range payments {
		if p.Account != 0 && !slices.Contains(a.lookups, p.Account) {
			a.lookups = append(a.lookups, p.Account)
		}
	}
}

// channelName returns the channel that a sale names, or its origin's own.
func channelName(h Head) string {
	switch {
	case h.Channel != 0:
		return ""
	case h.ChannelName != "":
		return h.ChannelName
	case h.Origin == POS:
		return POSChannel
	case h.Origin == Shop:
		return "WooCommerce"
	case h.Origin == Loyalty:
		return "Loyalty"
	}
	return ""
}

const (
	ofGroup = `SELECT g.`
	groupOf = ` FROM lookup g WHERE g.org_id = party.org_id AND g.id = party.customer_group_id`
)

// load reads the settings and everything that is asked for.
func load(tx *db.Tx, a asked) (*world, error) {
	w := &world{locations: map[int64]place{}, parties: map[int64]buyer{}, taxes: map[int64]dec.D{}, lookups: map[int64]named{},
		channels: map[string]int64{}, registers: map[int64]int64{}, members: map[int64]bool{}, tables: map[int64]bool{},
		numbers: map[string]taken{}, services: map[[2]int64]int64{}, given: map[string]bool{}}
	for _, n := range a.numbers {
		w.given[n] = true
	}
	var q strings.Builder
	q.Grow(3000)
	// The first arm gives the columns their types.
	q.WriteString(`SELECT 's' AS k, CAST(0 AS bigint) AS id, time_zone AS t1, oversell AS t2, prefixes AS t3, CAST(currency_places AS bigint) AS n1,
		COALESCE(default_location_id, 0) AS n2, CAST(loyalty_moves_stock AS bigint) AS n3, CAST(points_enabled AS bigint) AS n4, points_amount_per_point AS n5,
		points_min_order AS n6, points_max_per_order AS n7, points_redeem_value AS n8, points_redeem_min_order AS n9, points_redeem_min AS n10,
		points_redeem_max AS n11, CASE points_expiry_unit WHEN 'year' THEN 12 ELSE 1 END * points_expiry_period AS n12 FROM org_settings WHERE org_id = ?`)
	args := append(make([]any, 0, 32), tx.Org)
	arm := func(sql string, list []any) {
		q.WriteString(" UNION ALL SELECT ")
		q.WriteString(sql)
		args = append(append(args, tx.Org), list...)
	}
	const none = `, 0, 0, 0, 0, 0, 0, 0, 0`
	ids := func(list []int64, sql string) {
		if len(list) > 0 {
			arm(sql+` WHERE org_id = ? AND id IN (`+db.Marks(len(list))+`)`, db.Args(list))
		}
	}
	// A sale without a location is at the default one, whose row is needed too.
	arm(`'l', id, oversell, invoice_prefix, '', COALESCE(price_group_id, 0), 0, 0, 0`+none+` FROM location WHERE org_id = ? AND (id IN (`+
		db.Marks(len(a.locations))+`) OR id = (SELECT default_location_id FROM org_settings WHERE org_id = ?))`, append(db.Args(a.locations), tx.Org))
	const party = `'p', id, COALESCE((` + ofGroup + `calculation` + groupOf + `), ''), '', '', is_customer, is_default, COALESCE(customer_group_id, 0), is_vendor,
		COALESCE((` + ofGroup + `amount` + groupOf + `), 0), COALESCE((` + ofGroup + `price_group_id` + groupOf + `), 0), 0, 0, 0, 0, 0, 0 FROM party`
	ids(a.parties, party)
	if a.walkIn {
		arm(party+` WHERE org_id = ? AND is_default = 1`, nil)
	}
	ids(a.taxes, `'t', id, '', '', '', amount, 0, 0, 0`+none+` FROM tax`)
	ids(a.lookups, `'k', id, kind, name, calculation, is_active, COALESCE(amount, 0), 0, 0`+none+` FROM lookup`)
	if len(a.services) > 0 {
		arm(`'g', service_id, '', '', '', location_id, COALESCE(price_group_id, 0), 0, 0`+none+` FROM service_price_group WHERE org_id = ? AND service_id IN (`+
			db.Marks(len(a.services))+`)`, db.Args(a.services))
	}
	ids(a.tables, `'d', id, '', '', '', 0, 0, 0, 0`+none+` FROM dining_table`)
	if len(a.members) > 0 {
		arm(`'m', user_id, '', '', '', 0, 0, 0, 0`+none+` FROM member WHERE org_id = ? AND user_id IN (`+db.Marks(len(a.members))+`)`, db.Args(a.members))
	}
	if len(a.channels) > 0 {
		arm(`'c', id, kind, name_key, '', is_active, 0, 0, 0`+none+` FROM lookup WHERE org_id = ? AND kind = ? AND name_key IN (`+db.Marks(len(a.channels))+`)`,
			append([]any{string(lookup.OrderChannel)}, db.Args(a.channels)...))
	}
	if tx.Actor != 0 && len(a.locations) > 0 {
		arm(`'r', id, '', '', '', location_id, 0, 0, 0`+none+` FROM cash_register WHERE org_id = ? AND user_id = ? AND is_open = 1 AND location_id IN (`+
			db.Marks(len(a.locations))+`)`, append([]any{tx.Actor}, db.Args(a.locations)...))
	}
	if len(a.numbers) > 0 {
		arm(`'n', id, number, '', '', location_id, party_id, final_total, COALESCE(created_by, 0)`+none+` FROM sale WHERE org_id = ? AND number IN (`+
			db.Marks(len(a.numbers))+`)`, db.Args(a.numbers))
	}
	found := false
	var row worldRow
	dest := row.dest()
	err := tx.Each(func(r db.Row) error {
		if err := r.Scan(dest...); err != nil {
			return err
		}
		found = found || row.k == "s"
		w.read(&row)
		return nil
	}, q.String(), args...)
	if err == nil && !found {
		err = fault.Missing("organization")
	}
	if err == nil {
		err = w.hold(tx)
	}
	return w, err
}

// hold sees to it that buyers of two roles stay buyers: see party.Hold. All
// others stay with their row.
func (w *world) hold(tx *db.Tx) error {
	var ids []int64
	for id, b := range w.parties {
		if b.customer && b.vendor && tx.Postgres() {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if err := party.Hold(tx, ids...); err != nil {
		return err
	}
	list, err := party.GetMany(tx, ids)
	for _, p := range list {
		b := w.parties[p.ID]
		b.customer = p.IsCustomer
		w.parties[p.ID] = b
	}
	return err
}

// worldRow is one row of load's statement: what it is about, and its figures.
type worldRow struct {
	k, t1, t2, t3 string
	id            int64
	n             [12]int64
}

func (r *worldRow) dest() []any {
	dest := []any{&r.k, &r.id, db.S(&r.t1), db.S(&r.t2), db.S(&r.t3)}
	for i := range r.n {
		dest = append(dest, &r.n[i])
	}
	return dest
}

// read takes in one row of load's statement.
func (w *world) read(r *worldRow) {
	k, id, t1, t2, t3, n := r.k, r.id, r.t1, r.t2, r.t3, &r.n
	switch k {
	case "s":
		s := &w.settings
		s.TimeZone, s.Oversell, s.Prefixes = t1, t2, prefixes(t3)
		s.CurrencyPlaces, s.DefaultLocation, s.LoyaltyMovesStock = n[0], n[1], n[2] != 0
		s.Points = org.PointsRule{Enabled: n[3] != 0, AmountPerPoint: dec.D(n[4]), MinOrder: dec.D(n[5]), MaxPerOrder: dec.D(n[6]),
			RedeemValue: dec.D(n[7]), RedeemMinOrder: dec.D(n[8]), RedeemMin: dec.D(n[9]), RedeemMax: dec.D(n[10])}
		w.pointMonths = n[11]
	case "l":
		w.locations[id] = place{oversell: t1, prefix: t2, priceGroup: n[0]}
	case "p":
		b := buyer{customer: n[0] != 0, walkIn: n[1] != 0, group: n[2], vendor: n[3] != 0}
		switch t1 {
		case "selling_price_group":
			b.priceGroup = n[5]
		case "percentage":
			b.percent = dec.D(n[4])
		}
		w.parties[id] = b
		if n[1] != 0 {
			w.walkIn = id
		}
	case "t":
		w.taxes[id] = dec.D(n[0])
	case "k", "c":
		w.lookups[id] = named{kind: lookup.Kind(t1), calculation: t3, packing: dec.D(n[1]), active: n[0] != 0}
		if k == "c" {
			w.channels[t2] = id
		}
	case "g":
		w.services[[2]int64{id, n[0]}] = n[1]
	case "d":
		w.tables[id] = true
	case "m":
		w.members[id] = true
	case "r":
		w.registers[n[0]] = id
	case "n":
		w.numbers[t1] = taken{id: id, location: n[0], party: n[1], total: dec.D(n[2]), by: n[3]}
	}
}

// keep lets a stored sale stay with what it points at, though it may be gone.
func (w *world) keep(h Head) {
	w.members[h.Waiter], w.members[h.CommissionAgent], w.tables[h.Table] = true, true, true
	if _, ok := w.lookups[h.PriceGroup]; !ok {
		w.lookups[h.PriceGroup] = named{kind: lookup.PriceGroup}
	}
}

// priceGroup returns the group whose prices lines without a price have: the
// sale's own, that of its type of service at the location, its customer's or
// its location's.
func (w *world) priceGroup(h Head) int64 {
	if h.PriceGroup != 0 {
		return h.PriceGroup
	}
	if g := w.services[[2]int64{h.ServiceType, h.Location}]; g != 0 {
		return g
	}
	if g := w.parties[h.Party].priceGroup; g != 0 {
		return g
	}
	return w.locations[h.Location].priceGroup
}

// policy returns where stock may go below zero.
func (w *world) policy() stock.Policy {
	p := stock.Policy{Allow: w.settings.Oversell == org.Allow}
	for id, l := range w.locations {
		if l.oversell != "" {
			if p.AllowAt == nil {
				p.AllowAt = map[int64]bool{}
			}
			p.AllowAt[id] = l.oversell == org.Allow
		}
	}
	return p
}

// prefixes reads the texts before numbers as core/org stores them.
func prefixes(text string) map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(text) {
		if series, prefix, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "="); ok {
			m[series] = prefix
		}
	}
	return m
}

var zones sync.Map // time zones by name: reading one opens a file

func zone(s org.Settings) *time.Location {
	if z, ok := zones.Load(s.TimeZone); ok {
		return z.(*time.Location)
	}
	z := s.Zone()
	zones.Store(s.TimeZone, z)
	return z
}
