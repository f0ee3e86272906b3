package maker

import (
	"testing"

	"storehouse/base/fault"
	"storehouse/face/web"
)

// A cursor that no page of balances ends with is refused, not read as the
// beginning.
func TestPlaceCursor(t *testing.T) {
	for _, bad := range []string{"x", web.Cursor("7"), web.Cursor("7", "x"), web.Cursor("x", "7"), web.Cursor("0", "7"), web.Cursor("7", "-1"),
		web.Cursor("9223372036854775808", "7")} {
		if _, _, err := parsePlaceCursor(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if item, location, err := parsePlaceCursor(web.Cursor("7", "3")); item != 7 || location != 3 || err != nil {
		t.Errorf("7, 3: %d, %d, %v", item, location, err)
	}
	if item, location, err := parsePlaceCursor(""); item != 0 || location != 0 || err != nil {
		t.Errorf("the beginning: %d, %d, %v", item, location, err)
	}
}
