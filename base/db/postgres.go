package db

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// pgEngine runs statements on PostgreSQL: on a transaction, or on a
// connection where each statement is one.
type pgEngine struct {
	x interface {
		Exec(context.Context, string, ...any) (pgconn.CommandTag, error)
		Query(context.Context, string, ...any) (pgx.Rows, error)
	}
}

func (e pgEngine) exec(ctx context.Context, query string, args []any) (int64, error) {
	tag, err := e.x.Exec(ctx, numbered(query), args...)
	return tag.RowsAffected(), err
}

func (e pgEngine) script(ctx context.Context, query string) error {
	_, err := e.x.Exec(ctx, query)
	return err
}

func (e pgEngine) each(ctx context.Context, fn func(Row) error, query string, args []any) error {
	rows, err := e.x.Query(ctx, numbered(query), args...)
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
