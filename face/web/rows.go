package web

import (
	"errors"
	"reflect"
	"strconv"

	"storehouse/base/fault"
	"storehouse/face/wire"
)

// Rows is the input of a bulk import: every row is bound by itself, so that
// one at fault does not stop the others.
type Rows[T any] struct {
	List []RowOf[T]
}

// RowOf is a row, or what is wrong with it.
type RowOf[T any] struct {
	Row T
	Err error // an Invalid fault that names the row's own fields
}

// SetWire implements wire.Setter.
func (r *Rows[T]) SetWire(v any) error {
	list, ok := v.([]any)
	if !ok {
		return errors.New("must be an array")
	}
	r.List = make([]RowOf[T], len(list))
	for i, raw := range list {
		m, ok := raw.(map[string]any)
		if !ok {
			r.List[i].Err = fault.New(fault.Invalid, "must be an object")
			continue
		}
		if r.List[i].Err = checkTree(m, 2); r.List[i].Err != nil {
			continue
		}
		b := binder{}
		b.object(reflect.ValueOf(&r.List[i].Row).Elem(), "", m, false)
		r.List[i].Err = fault.Flaws(b.flaws)
	}
	return nil
}

// Given reports whether there are rows.
func (r Rows[T]) Given() bool { return r.List != nil }

// rowType is the type of a row, for the documents.
func (Rows[T]) rowType() reflect.Type { return reflect.TypeFor[T]() }

type rower interface{ rowType() reflect.Type }

// Limit refuses more rows than max.
func (r Rows[T]) Limit(field string, max int) error {
	if len(r.List) > max {
		return fault.Field(field, "must have at most %s items", strconv.Itoa(max))
	}
	return nil
}

var _ wire.Setter = (*Rows[wire.Num])(nil)
