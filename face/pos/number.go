package pos

import (
	"encoding/json"
	"errors"
	"strings"

	"storehouse/base/dec"
	"storehouse/face/wire"
)

// numIn enters as wire.Num does, and takes what floating-point arithmetic makes
// of prices too: tills send 36.300000000000004, and the reference's own
// examples have eight decimals. Beyond the sixth it is rounded; 30 decimals
// are refused.
type numIn struct{ wire.Num }

// SetWire implements wire.Setter.
func (n *numIn) SetWire(v any) error {
	err := n.Num.SetWire(v)
	if errors.Is(err, dec.ErrPlaces) {
		n.D, err = dec.ParseNear(numeral(v))
		n.Set = err == nil
	}
	return err
}

// numeral returns a number as it was written.
func numeral(v any) string {
	switch x := v.(type) {
	case json.Number:
		return x.String()
	case string:
		return strings.TrimSpace(x)
	}
	return ""
}

// degrees enters as numIn does and stays as it was written: phones send more
// decimals than a number has here, and the reference prints seven.
type degrees struct {
	numIn
	written string
}

// SetWire implements wire.Setter.
func (d *degrees) SetWire(v any) error {
	if err := d.numIn.SetWire(v); err != nil {
		return err
	}
	if d.Set {
		d.written = numeral(v)
	}
	return nil
}
