package db

import "strings"

// Where collects the conditions of a query.
type Where struct {
	parts []string
	Args  []any
}

// Add adds a condition.
func (w *Where) Add(cond string, args ...any) {
	w.parts = append(w.parts, cond)
	w.Args = append(w.Args, args...)
}

// AddIf adds a condition if ok.
func (w *Where) AddIf(ok bool, cond string, args ...any) {
	if ok {
		w.Add(cond, args...)
	}
}

// Join adds the conditions of another.
func (w *Where) Join(other *Where) {
	w.parts = append(w.parts, other.parts...)
	w.Args = append(w.Args, other.Args...)
}

// In adds "column IN (…)" for a list that narrows; an empty list does not.
func In[V any](w *Where, column string, list []V) {
	if len(list) > 0 {
		w.Add(column+" IN ("+Marks(len(list))+")", Args(list)...)
	}
}

// SQL returns " WHERE a AND b".
func (w *Where) SQL() string {
	if len(w.parts) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.parts, " AND ")
}

// And returns " AND a AND b", to follow "WHERE org_id = ?".
func (w *Where) And() string {
	if len(w.parts) == 0 {
		return ""
	}
	return " AND " + strings.Join(w.parts, " AND ")
}
