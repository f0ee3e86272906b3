package wire

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"
	"time"

	"storehouse/base/dec"
)

type inner struct {
	A string `json:"a"`
	B *Dec4  `json:"b"`
}

type node struct {
	Name string  `json:"name"`
	Next *node   `json:"next,omitempty"`
	Kids []node  `json:"kids"`
	None []int64 `json:"none,omitempty"`
}

type hides struct {
	inner
	A int `json:"a"` // hides inner's
}

type everything struct {
	inner
	ID     int64              `json:"id"`
	Plain  string             // its own name
	Skip   string             `json:"-"`
	hidden int                // unexported: never written
	Empty  string             `json:"empty,omitempty"`
	Zero   int                `json:"zero,omitempty"`
	Full   []string           `json:"full,omitempty"`
	Nil    []string           `json:"nil"`
	Bytes  []byte             `json:"bytes"`
	Float  float64            `json:"float"`
	Map    map[string]any     `json:"map"`
	Texts  map[string]TextN   `json:"texts"`
	Any    any                `json:"any"`
	Ptr    *string            `json:"ptr"`
	Raw    Raw                `json:"raw"`
	Msg    json.RawMessage    `json:"msg"`
	Num    json.Number        `json:"num"`
	Time   time.Time          `json:"time"`
	Stamp  Stamp              `json:"stamp"`
	ISO    ISO                `json:"iso"`
	Dec    Dec                `json:"dec"`
	DecN   DecN               `json:"decn"`
	Dec4N  Dec4N              `json:"dec4n"`
	Number Number             `json:"number"`
	Bit    Bit                `json:"bit"`
	IntN   IntN               `json:"intn"`
	Array  [2]inner           `json:"array"`
	Node   node               `json:"node"`
	Hides  hides              `json:"hides"`
	Quoted int64              `json:"quoted,string"`
	Lists  [][]TextN          `json:"lists"`
	Anons  struct{ X, Y int } `json:"anons"`
}

// plainJSON is what the encoder must write.
func plainJSON(t *testing.T, v any) (string, error) {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return string(bytes.TrimRight(b.Bytes(), "\n")), err
}

func TestAppendWritesWhatEncodingJSONWrites(t *testing.T) {
	d, text := dec.Must("-12.3450"), "a \"quoted\" <b> \\ \u2028 \x00 é"
	four := Dec4(d)
	at := time.Date(2026, 3, 4, 5, 6, 7, 8000, time.UTC)
	full := everything{hidden: 1, inner: inner{text, &four}, ID: -7, Plain: text, Skip: "x", Zero: 1, Full: []string{"", text}, Bytes: []byte("hi"), Float: 1e21,
		Map: map[string]any{"b": 1, "a": []any{nil, true, "x"}}, Texts: map[string]TextN{"z": "", "y": "1"}, Any: inner{}, Ptr: &text, Raw: `{ "a" : 1 }`,
		Msg: json.RawMessage(`[1, 2]`), Num: "12.50", Time: at, Stamp: Stamp{T: at, Zone: time.FixedZone("x", 3600)}, ISO: ISO(at), Dec: Dec(d), DecN: DecN{&d},
		Dec4N: Dec4N{&d}, Number: Number(d), Bit: true, IntN: 5, Node: node{Name: "top", Next: &node{Kids: []node{{}, {Name: "x"}}}}, Hides: hides{inner{A: "in"}, 3},
		Quoted: 9, Lists: [][]TextN{nil, {}, {"", "a"}}}
	for name, v := range map[string]any{"nothing": everything{}, "all": full, "at": &full, "list": []any{full, nil, 1, "x", inner{}}, "nil": nil, "nil pointer": (*inner)(nil),
		"number": 1.5, "text": text, "map": map[string]any{"x": full}, "bad text": "\xff\xfe", "empty struct": struct{}{}, "dialect": Number(dec.D(math.MinInt64)),
		"small": Dec4(-1), "minus": Number(-1), "least": Dec4(math.MinInt64)} {
		want, err := plainJSON(t, v)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Append([]byte("x"), v)
		if err != nil || string(got) != "x"+want {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, got[1:], want)
		}
	}
	if _, err := Append(nil, map[string]any{"f": func() {}}); err == nil {
		t.Error("a function was written")
	}
}

func FuzzAppendText(f *testing.F) {
	for _, s := range []string{"", "abc", "\u2029", "\"", "\xed\xa0\x80", "日本", "\x7f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, _ := plainJSON(t, s)
		if got := appendText(nil, s); string(got) != want {
			t.Errorf("%q: %s, want %s", s, got, want)
		}
	})
}
