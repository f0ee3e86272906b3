package wire

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"storehouse/base/dec"
	"storehouse/base/fault"
)

func out(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestSpellings(t *testing.T) {
	at := time.Date(2018, 4, 10, 13, 23, 21, 500_000_000, time.UTC)
	half := dec.Must("12.5")
	for _, c := range []struct {
		v    any
		want string
	}{
		{Dec4(dec.Int(770)), `"770.0000"`}, {Dec4(dec.Must("453.125")), `"453.1250"`}, {Dec4N{}, `null`}, {Dec4N{&half}, `"12.5000"`},
		{Dec(half), `"12.5"`}, {DecN{}, `null`}, {Number(half), `12.5`}, {Number(dec.Int(10)), `10`},
		{Bit(true), `1`}, {Bit(false), `0`}, {TextN(""), `null`}, {TextN("a<b"), `"a<b"`}, {IntN(0), `null`}, {IntN(7), `7`},
		{Stamp{T: at}, `"2018-04-10 13:23:21"`}, {Stamp{T: at, Zone: time.FixedZone("", -7*3600)}, `"2018-04-10 06:23:21"`}, {Stamp{}, `null`},
		{ISO(at), `"2018-04-10T13:23:21.5Z"`}, {ISO{}, `null`}, {Raw(""), `null`}, {Raw(`{"a":1}`), `{"a":1}`}, {UUID{}, `null`},
	} {
		b, err := JSON(c.v)
		if err != nil || string(b) != c.want {
			t.Errorf("%#v: %s, %v; want %s", c.v, b, err, c.want)
		}
	}
}

func TestLenientInputs(t *testing.T) {
	n := func(s string) json.Number { return json.Number(s) }
	for _, c := range []struct {
		in   any
		want string // "" is a refusal, "-" is not given
	}{{n("2"), "2"}, {n("2.0"), "2"}, {"437.5000", "437.5"}, {" 3 ", "3"}, {"", "-"}, {"null", "-"}, {nil, "-"}, {true, ""}, {"abc", ""}, {n("1e400"), ""},
		{"0.1234567", ""}, {[]any{}, ""}, {"NaN", ""}, {"1,5", ""}} {
		var v Num
		err := v.SetWire(c.in)
		got := "-"
		if err != nil {
			got = ""
		} else if v.Set {
			got = v.D.String()
		}
		if got != c.want {
			t.Errorf("Num %#v: %q, want %q", c.in, got, c.want)
		}
	}
	for _, c := range []struct {
		in   any
		want int64
		ok   bool
	}{{n("2"), 2, true}, {n("2.0"), 2, true}, {"17.0", 17, true}, {"48", 48, true}, {n("2.5"), 0, false}, {"x", 0, false}, {n("99999999999999999999"), 0, false}} {
		var v Int
		if err := v.SetWire(c.in); (err == nil) != c.ok || v.N != c.want {
			t.Errorf("Int %#v: %d, %v", c.in, v.N, err)
		}
	}
	for _, c := range []struct {
		in  any
		v   bool
		set bool
		ok  bool
	}{{true, true, true, true}, {n("0"), false, true, true}, {"1", true, true, true}, {"false", false, true, true}, {nil, false, false, true}, {"", false, false, true}, {"maybe", false, false, false}, {n("2"), false, false, false}} {
		var v Bool
		if err := v.SetWire(c.in); (err == nil) != c.ok || v.V != c.v || v.Set != c.set {
			t.Errorf("Bool %#v: %+v, %v", c.in, v, err)
		}
	}
}

func TestUUIDsCarryKindAndID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		u := UUID{Kind(rapid.Uint16Range(1, math.MaxUint16).Draw(t, "kind")), rapid.Int64Range(1, 1<<53).Draw(t, "id")}
		s := u.String()
		if s[14] != '8' || s[19] != '8' {
			t.Fatalf("%s is not of version 8", s)
		}
		back, err := ParseUUID(s)
		if err != nil || back != u {
			t.Fatalf("%v came back as %v, %v", u, back, err)
		}
	})
	if u, err := ParseUUID("0190163d-8694-739b-aea5-966c26f8ad91"); err != nil || u.ID != 0 {
		t.Errorf("a stranger's UUID: %v, %v", u, err)
	}
	if _, err := ParseUUID("not-a-uuid"); err == nil {
		t.Error("a malformed UUID passed")
	}
	var r Ref
	if err := r.SetWire(UUID{KindSale, 5}.String()); err != nil {
		t.Fatal(err)
	}
	if id, err := r.Of(KindSale, "sale"); id != 5 || err != nil {
		t.Errorf("%d %v", id, err)
	}
	if _, err := r.Of(KindItem, "item"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a UUID of another kind: %v, want not found", err)
	}
}

// FuzzScalars feeds every lenient input any JSON value: nothing panics, and
// what is accepted comes back as valid JSON.
func FuzzScalars(f *testing.F) {
	for _, s := range []string{`1`, `"2.0"`, `null`, `true`, `1e400`, `"abc"`, `[1]`, `{"a":1}`, `"2c4e70a6-000e-8000-8000-00000000011c"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var v any
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber()
		if d.Decode(&v) != nil {
			return
		}
		var n Num
		if n.SetWire(v) == nil && n.Set && !json.Valid([]byte(out(t, Number(n.D)))) {
			t.Errorf("Num %s → %s", text, out(t, Number(n.D)))
		}
		for _, s := range []Setter{new(Int), new(Bool), new(Text), new(Ref)} {
			_ = s.SetWire(v)
		}
	})
}
