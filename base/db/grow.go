package db

import "sync"

// growth is how many rows tables have got since PostgreSQL last looked at
// them, as far as this process knows.
type growth struct {
	mu     sync.Mutex
	tables map[string]*grown
}

// grown is a table's: known is how many rows PostgreSQL knew of, -1 as long as
// nobody has asked.
type grown struct{ known, since int64 }

// fewRows is from how many new rows on a table is worth a thought.
const fewRows = 1000

// add counts rows that a table gets, and reports whether there have come so
// many lately that what PostgreSQL knows of it is worth nothing; ask is true
// where nobody has asked what it knows.
func (g *growth) add(table string, rows int64) (many, ask bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.tables[table]
	if t == nil {
		if g.tables == nil {
			g.tables = map[string]*grown{}
		}
		t = &grown{known: -1}
		g.tables[table] = t
	}
	t.since += rows
	return t.since >= max(fewRows, 2*t.known), t.known < 0
}

func (g *growth) set(table string, known int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tables[table].known = known
}

// looked notes that PostgreSQL knows all rows now.
func (g *growth) looked(table string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.tables[table]
	t.known, t.since = t.known+t.since, 0
}

// grew has PostgreSQL look again at a table that has grown to a multiple.
//
// It keeps the plans of its own checks of references, a connection, and makes
// them anew only when a table has been analysed; it does so by itself, but only
// a minute later. A check that was planned when a table had a dozen rows, and
// walks all of an organization's, makes an import of 10,000 rows take half a
// minute instead of two seconds.
func (t *Tx) grew(table string, rows int64) error {
	if t.d.pg == nil {
		return nil
	}
	g := &t.d.growth
	many, ask := g.add(table, rows)
	if !many {
		return nil
	}
	if ask {
		known, err := One(t, Value[int64], `SELECT CAST(GREATEST(reltuples, 0) AS bigint) FROM pg_class WHERE oid = to_regclass(?)`, table)
		if err != nil {
			return err
		}
		g.set(table, known)
		if many, _ = g.add(table, 0); !many {
			return nil
		}
	}
	if _, err := t.Exec(`ANALYZE (SKIP_LOCKED) ` + table); err != nil { // who looks already need not wait for another
		return err
	}
	g.looked(table)
	return nil
}
