package bench

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the bare PostgreSQL driver
	_ "modernc.org/sqlite"             // the bare SQLite driver
)

// A copyOf is one insert of the bare run: the rows of a table that a sell of
// the program wrote, to be written again under new ids.
type copyOf struct {
	query string
	rows  [][]any
	id    int         // the column of the row's own id, −1 for none
	doc   int         // the column of the sale's id, −1 for none
	fresh map[int]any // columns that must be unique: a text made from the new id
}

// bareRate writes the rows of the program's last sell again and again through
// the bare driver, with prepared statements and nothing else: on SQLite in
// grouped commits, on PostgreSQL one transaction each. It works on a copy of
// the database that the program has just filled.
func bareRate(ctx context.Context, c Config, n int) (Figures, error) {
	if c.URL != "" {
		return barePostgres(ctx, c, n)
	}
	return bareSQLite(ctx, c, n)
}

func bareSQLite(ctx context.Context, c Config, n int) (Figures, error) {
	path := filepath.Join(c.Dir, "bare.db")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		b, err := os.ReadFile(filepath.Join(c.Dir, "storehouse.db"+suffix))
		if err != nil {
			os.Remove(path + suffix)
			continue
		}
		if err := os.WriteFile(path+suffix, b, 0o600); err != nil {
			return Figures{}, err
		}
	}
	d, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(wal)&_pragma=foreign_keys(1)&_pragma=synchronous(full)&_pragma=cache_size(-32000)&_txlock=immediate")
	if err != nil {
		return Figures{}, err
	}
	defer d.Close()
	d.SetMaxOpenConns(1)
	copies, err := lastSell(ctx, d, false)
	if err != nil {
		return Figures{}, err
	}
	type task struct {
		id   int64
		done chan error
	}
	queue := make(chan task, 256)
	go func() {
		stmts := prepare(d, copies)
		for t := range queue {
			group := []task{t}
			tx, err := d.Begin()
			if err == nil {
				err = writeRows(tx, stmts, copies, t.id)
			}
			for len(group) < 64 && err == nil {
				select {
				case t := <-queue:
					group = append(group, t)
					err = writeRows(tx, stmts, copies, t.id)
					continue
				default:
				}
				break
			}
			if err == nil {
				err = tx.Commit()
			}
			for _, t := range group {
				t.done <- err
			}
		}
	}()
	defer close(queue)
	return drive(ctx, n, c.Duration, func(id int64) error {
		t := task{id, make(chan error, 1)}
		queue <- t
		return <-t.done
	})
}

func barePostgres(ctx context.Context, c Config, n int) (Figures, error) {
	u, err := url.Parse(c.URL)
	if err != nil {
		return Figures{}, err
	}
	from := strings.TrimPrefix(u.Path, "/")
	name := from + "_bare"
	maintenance := *u
	maintenance.Path = "/postgres"
	admin, err := sql.Open("pgx", maintenance.String())
	if err != nil {
		return Figures{}, err
	}
	defer admin.Close()
	if _, err := admin.ExecContext(ctx, `DROP DATABASE IF EXISTS `+name); err != nil {
		return Figures{}, err
	}
	if _, err := admin.ExecContext(ctx, `CREATE DATABASE `+name+` TEMPLATE `+from); err != nil {
		return Figures{}, err
	}
	defer admin.Exec(`DROP DATABASE IF EXISTS ` + name + ` WITH (FORCE)`)
	u.Path = "/" + name
	d, err := sql.Open("pgx", u.String())
	if err != nil {
		return Figures{}, err
	}
	defer d.Close()
	d.SetMaxOpenConns(min(n, 16))
	d.SetMaxIdleConns(16)
	copies, err := lastSell(ctx, d, true)
	if err != nil {
		return Figures{}, err
	}
	return drive(ctx, n, c.Duration, func(id int64) error {
		tx, err := d.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if err := writeRows(tx, nil, copies, id); err != nil {
			return err
		}
		return tx.Commit()
	})
}

func drive(ctx context.Context, n int, d time.Duration, write func(int64) error) (Figures, error) {
	var mu sync.Mutex
	var times []time.Duration
	var failed error
	serial := time.Now().UnixMilli() * 1000
	begin := time.Now()
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			for time.Since(begin) < d && ctx.Err() == nil {
				mu.Lock()
				serial++
				id := serial
				mu.Unlock()
				t := time.Now()
				err := write(id)
				mu.Lock()
				if err != nil {
					failed = err
				}
				times = append(times, time.Since(t))
				mu.Unlock()
				if err != nil {
					return
				}
			}
		})
	}
	wg.Wait()
	return summary(n, times, time.Since(begin)), failed
}

// lastSell reads the rows of the last sell, table by table. The balances are
// written as the program writes them: an upsert of the same rows.
func lastSell(ctx context.Context, d *sql.DB, pg bool) ([]copyOf, error) {
	var org, sale int64
	if err := d.QueryRowContext(ctx, `SELECT org_id, id FROM sale WHERE origin = 'pos' AND status = 'final' ORDER BY id DESC LIMIT 1`).Scan(&org, &sale); err != nil {
		return nil, err
	}
	var list []copyOf
	for _, t := range []struct {
		table, where, id, doc string
		fresh                 []string
		upsert                string
	}{
		{"counter", "series IN (SELECT series FROM counter WHERE org_id = " + strconv.FormatInt(org, 10) + " ORDER BY last DESC LIMIT 2)", "", "", nil, "(org_id, series) DO UPDATE SET last = excluded.last"},
		{"sale", "id = %d", "id", "", []string{"number", "invoice_token"}, ""},
		{"sale_line", "sale_id = %d", "id", "sale_id", nil, ""},
		{"stock_entry", "doc_type = 'sale' AND doc_id = %d", "id", "doc_id", nil, ""},
		{"stock_balance", "item_id IN (SELECT item_id FROM sale_line WHERE sale_id = %d) AND on_hand > 1000000", "", "", nil,
			"(org_id, item_id, location_id, lot) DO UPDATE SET on_hand = excluded.on_hand, value = excluded.value"},
		{"payment", "sale_id = %d", "id", "sale_id", nil, ""},
		{"money_entry", "doc_type = 'sale' AND doc_id = %d", "id", "doc_id", nil, ""},
		{"money_balance", "account_id IN (SELECT account_id FROM money_entry WHERE doc_type = 'sale' AND doc_id = %d)", "", "", nil,
			"(org_id, account_kind, account_id, bucket, method) DO UPDATE SET balance = excluded.balance"},
	} {
		where := t.where
		if strings.Contains(where, "%d") {
			where = fmt.Sprintf(where, sale)
		}
		c, err := copyRows(ctx, d, t.table, fmt.Sprintf("org_id = %d AND %s", org, where), t.id, t.doc, t.fresh, t.upsert, pg)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", t.table, err)
		}
		if len(c.rows) > 0 {
			list = append(list, c)
		}
	}
	return list, nil
}

func copyRows(ctx context.Context, d *sql.DB, table, where, id, doc string, fresh []string, upsert string, pg bool) (copyOf, error) {
	c := copyOf{id: -1, doc: -1, fresh: map[int]any{}}
	rows, err := d.QueryContext(ctx, `SELECT * FROM `+table+` WHERE `+where+` LIMIT 20`)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return c, err
	}
	for i, name := range cols {
		switch name {
		case id:
			c.id = i
		case doc:
			c.doc = i
		}
		for _, f := range fresh {
			if f == name {
				c.fresh[i] = nil
			}
		}
	}
	for rows.Next() {
		vals, ptrs := make([]any, len(cols)), make([]any, len(cols))
		for i := range vals {
			ptrs[i] = &vals[i]
		}
		if err := rows.Scan(ptrs...); err != nil {
			return c, err
		}
		c.rows = append(c.rows, vals)
	}
	n := 0
	tuples := make([]string, len(c.rows))
	for i := range tuples {
		marks := make([]string, len(cols))
		for j := range marks {
			n++
			marks[j] = "?"
			if pg {
				marks[j] = "$" + strconv.Itoa(n)
			}
		}
		tuples[i] = "(" + strings.Join(marks, ", ") + ")"
	}
	c.query = `INSERT INTO ` + table + ` (` + strings.Join(cols, ", ") + `) VALUES ` + strings.Join(tuples, ", ")
	if upsert != "" {
		c.query += ` ON CONFLICT ` + upsert
	}
	return c, rows.Err()
}

func prepare(d *sql.DB, copies []copyOf) []*sql.Stmt {
	var list []*sql.Stmt
	for _, c := range copies {
		st, err := d.Prepare(c.query)
		if err != nil {
			return nil // the plain text will tell
		}
		list = append(list, st)
	}
	return list
}

func writeRows(tx *sql.Tx, stmts []*sql.Stmt, copies []copyOf, id int64) error {
	for i, c := range copies {
		args := make([]any, 0, len(c.rows)*16)
		for k, row := range c.rows {
			for j, v := range row {
				switch {
				case j == c.id && c.doc < 0:
					v = id * 16
				case j == c.id:
					v = id*16 + int64(k)
				case j == c.doc:
					v = id * 16
				}
				if _, ok := c.fresh[j]; ok && v != nil {
					v = "B" + strconv.FormatInt(id, 36)
				}
				args = append(args, v)
			}
		}
		var err error
		if stmts != nil {
			_, err = tx.Stmt(stmts[i]).Exec(args...)
		} else {
			_, err = tx.Exec(c.query, args...)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
