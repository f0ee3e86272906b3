package maker

import (
	"testing"

	"storehouse/base/fault"
)

func TestEveryFaultHasACode(t *testing.T) {
	for _, k := range fault.Kinds {
		if codes[k].status == 0 || codes[k].code == "" {
			t.Errorf("fault kind %d has no code", k)
		}
	}
}
