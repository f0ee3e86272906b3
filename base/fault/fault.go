// Package fault says why a request could not be carried out, in terms any
// face can translate into its own error envelope. Core code returns faults;
// each face has one table from Kind to its wire form and a test that the
// table is complete. Any error that is not a fault is Internal: it is logged
// and its text is withheld from the caller.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind classifies a fault.
type Kind int

// The kinds, a closed set.
const (
	Internal      Kind = iota // a bug or an outage; the message stays in the log
	Invalid                   // the input is wrong; Fields say where
	Unauthorized              // no credential, or a bad one
	Forbidden                 // a good credential that may not do this
	NotFound                  // no such row, or a row of another organization
	Conflict                  // already exists, or was changed meanwhile
	InUse                     // something refers to it; Details holds the counts
	Transition                // the document's state does not allow this step
	TooMany                   // slow down
	TooLarge                  // the body is over the limit
	Unprocessable             // an idempotency key came again with another body
)

// Kinds lists every kind, for the tables' completeness tests.
var Kinds = []Kind{Internal, Invalid, Unauthorized, Forbidden, NotFound, Conflict, InUse, Transition, TooMany, TooLarge, Unprocessable}

// A Flaw is one input field that is wrong.
type Flaw struct {
	Field string // path in the input's own names: "items.0.quantity"
	Msg   string // what is wrong with it: "must be more than zero"
}

// Error is a fault that a caller may be told about.
type Error struct {
	Kind    Kind
	Msg     string         // safe to show to the caller
	Fields  []Flaw         // the input fields at fault, if any
	Details map[string]any // more for the caller: counts, allowed states
	Err     error          // cause, for the log only
}

func (e *Error) Error() string {
	if e.Err != nil {
		return e.Msg + ": " + e.Err.Error()
	}
	return e.Msg
}

func (e *Error) Unwrap() error { return e.Err }

// Field returns the path of the first field at fault, or "".
func (e *Error) Field() string {
	if len(e.Fields) == 0 {
		return ""
	}
	return e.Fields[0].Field
}

// New returns a fault of a kind.
func New(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Msg: fmt.Sprintf(format, args...)}
}

// Field returns an Invalid fault about one input field.
func Field(name, format string, args ...any) *Error {
	msg := fmt.Sprintf(format, args...)
	return &Error{Kind: Invalid, Msg: strings.TrimSpace(name + " " + msg), Fields: []Flaw{{name, msg}}}
}

// Flaws returns one Invalid fault about several fields, or nil for none.
func Flaws(list []Flaw) error {
	if len(list) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Msg: strings.TrimSpace(list[0].Field + " " + list[0].Msg), Fields: list}
}

// Missing returns the NotFound fault of a kind of thing: "sale not found".
// What belongs to another organization is missing too.
func Missing(what string) *Error { return New(NotFound, "%s not found", what) }

// Used returns the InUse fault of a thing that others refer to, with how many
// of each kind do.
func Used(what string, counts map[string]int64) *Error {
	d := make(map[string]any, len(counts))
	for k, n := range counts {
		if n > 0 {
			d[k] = n
		}
	}
	return &Error{Kind: InUse, Msg: what + " is in use", Details: d}
}

// Step returns the Transition fault of a state that cannot follow another,
// naming the states that can.
func Step(from, to string, allowed []string) *Error {
	if allowed == nil {
		allowed = []string{}
	}
	return &Error{Kind: Transition, Msg: fmt.Sprintf("cannot go from %s to %s", from, to),
		Details: map[string]any{"from": from, "to": to, "allowed": allowed}}
}

// Under returns err with every field path put below prefix: "quantity"
// becomes "items.3.quantity". Errors other than faults pass unchanged.
func Under(prefix string, err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok || len(e.Fields) == 0 {
		return err
	}
	c := *e
	c.Fields = make([]Flaw, len(e.Fields))
	for i, f := range e.Fields {
		c.Fields[i] = Flaw{strings.Trim(prefix+"."+f.Field, "."), f.Msg}
	}
	c.Msg = c.Fields[0].Field + " " + c.Fields[0].Msg
	return &c
}

// Is reports whether err is a fault of kind k.
func Is(err error, k Kind) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Kind == k
}

// Of returns the fault in err's chain. Any other error is Internal, with a
// message that gives nothing away.
func Of(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Kind: Internal, Msg: "internal error", Err: err}
}
