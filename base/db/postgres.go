package db

import (
	"context"
	"database/sql"
	"strconv"
	"strings"
	"sync"
)

// pgEngine runs statements on PostgreSQL: on a transaction, or on a
// connection where each statement is one.
type pgEngine struct {
	x interface {
		ExecContext(context.Context, string, ...any) (sql.Result, error)
		QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	}
}

func (e pgEngine) exec(ctx context.Context, query string, args []any) (int64, error) {
	res, err := e.x.ExecContext(ctx, numbered(query), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (e pgEngine) script(ctx context.Context, query string) error {
	_, err := e.x.ExecContext(ctx, query)
	return err
}

func (e pgEngine) each(ctx context.Context, fn func(Row) error, query string, args []any) error {
	rows, err := e.x.QueryContext(ctx, numbered(query), args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return rowFault{err}
		}
	}
	return rows.Err()
}

// numbered turns "?" into "$1", "$2". Literals hold no "?".
func numbered(query string) string {
	if s, ok := rewritten.Load(query); ok {
		return s.(string)
	}
	var b strings.Builder
	b.Grow(len(query) + 32)
	n := 0
	for i := 0; i < len(query); i++ {
		if query[i] == '?' {
			n++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
			continue
		}
		b.WriteByte(query[i])
	}
	if n <= cachedArgs {
		rewritten.Store(query, b.String())
	}
	return b.String()
}

// rewritten remembers statements; the program has a bounded number of texts
// with few arguments.
var rewritten sync.Map
