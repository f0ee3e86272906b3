package wire

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"hash/fnv"
	"strings"

	"storehouse/base/fault"
)

// Kind says which table a UUID's integer belongs to. The numbers are on the
// wire: they never change.
type Kind uint16

// The kinds.
const (
	KindOrg              Kind = 1
	KindUser             Kind = 2
	KindMember           Kind = 3
	KindInvitation       Kind = 4
	KindToken            Kind = 5
	KindLocation         Kind = 6
	KindLookup           Kind = 7 // types, segments, brokers, channels
	KindParty            Kind = 8 // customers and vendors
	KindItem             Kind = 9 // SKUs and materials
	KindPerson           Kind = 10
	KindMethod           Kind = 11
	KindLink             Kind = 12
	KindEntry            Kind = 13 // stock ledger
	KindSale             Kind = 14
	KindSaleLine         Kind = 15
	KindSaleNote         Kind = 16
	KindPurchase         Kind = 17
	KindPurchaseLine     Kind = 18
	KindPurchaseReceipt  Kind = 19
	KindPurchaseRecLine  Kind = 20
	KindWork             Kind = 21
	KindWorkLine         Kind = 22
	KindWorkInput        Kind = 23
	KindWorkReceipt      Kind = 24
	KindWorkRecLine      Kind = 25
	KindProduction       Kind = 26
	KindProductionLine   Kind = 27
	KindProductionInput  Kind = 28
	KindProdReceipt      Kind = 29
	KindProdReceiptLine  Kind = 30
	KindDocument         Kind = 31
	KindReceiptInput     Kind = 32
	KindProdReceiptInput Kind = 33
)

// UUID is an entity's kind and integer, spelled as an RFC 9562 version 8
// UUID: there is no second key and no look-up. The first four bytes mix the
// other two, so that neighbours look different and a mistyped id is seen to
// be none. ID 0 leaves as null.
type UUID struct {
	Kind Kind
	ID   int64
}

func mix(k Kind, id int64) uint32 {
	var b [10]byte
	binary.BigEndian.PutUint16(b[:], uint16(k))
	binary.BigEndian.PutUint64(b[2:], uint64(id))
	h := fnv.New32a()
	h.Write(b[:])
	return h.Sum32()
}

// String spells the UUID in lower case.
func (u UUID) String() string {
	var b [16]byte
	binary.BigEndian.PutUint32(b[0:], mix(u.Kind, u.ID))
	binary.BigEndian.PutUint16(b[4:], uint16(u.Kind))
	b[6], b[8] = 0x80, 0x80
	b[9] = byte(u.ID >> 48)
	for i := range 6 {
		b[10+i] = byte(u.ID >> (8 * (5 - i)))
	}
	var out [36]byte
	hex.Encode(out[0:8], b[0:4])
	hex.Encode(out[9:13], b[4:6])
	hex.Encode(out[14:18], b[6:8])
	hex.Encode(out[19:23], b[8:10])
	hex.Encode(out[24:36], b[10:16])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}

// ErrUUID completes the sentence "field …".
var ErrUUID = errors.New("must be a UUID")

// ParseUUID reads a UUID of ours in any case. A well-formed UUID that is not
// ours has ID 0; a malformed one is ErrUUID.
func ParseUUID(s string) (UUID, error) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return UUID{}, ErrUUID
	}
	var b [16]byte
	if _, err := hex.Decode(b[:], []byte(strings.ReplaceAll(s, "-", ""))); err != nil {
		return UUID{}, ErrUUID
	}
	u := UUID{Kind: Kind(binary.BigEndian.Uint16(b[4:]))}
	id := int64(b[9])
	for i := range 6 {
		id = id<<8 | int64(b[10+i])
	}
	if b[6] != 0x80 || b[7] != 0 || b[8] != 0x80 || binary.BigEndian.Uint32(b[:]) != mix(u.Kind, id) {
		return UUID{}, nil
	}
	u.ID = id
	return u, nil
}

// MarshalJSON implements json.Marshaler.
func (u UUID) MarshalJSON() ([]byte, error) { return u.AppendJSON(nil), nil }

// Schema implements Schemer.
func (UUID) Schema() map[string]any {
	return Obj{"type": []any{"string", "null"}, "format": "uuid"}
}

// Ref enters as a UUID; null is as if it were not there.
type Ref struct {
	u   UUID
	Set bool
}

// SetWire implements Setter.
func (r *Ref) SetWire(v any) error {
	switch x := v.(type) {
	case nil:
		return nil
	case string:
		u, err := ParseUUID(x)
		if err != nil {
			return err
		}
		r.u, r.Set = u, true
		return nil
	}
	return ErrUUID
}

// Of returns the integer of a UUID of the wanted kind; any other UUID gives
// the NotFound fault of what ("customer not found"). Without a UUID it
// returns 0.
func (r Ref) Of(k Kind, what string) (int64, error) {
	if !r.Set {
		return 0, nil
	}
	if r.u.Kind != k || r.u.ID == 0 {
		return 0, fault.Missing(what)
	}
	return r.u.ID, nil
}

// Given reports whether there was a UUID.
func (r Ref) Given() bool { return r.Set }

// Schema implements Schemer.
func (Ref) Schema() map[string]any {
	return Obj{"type": []any{"string", "null"}, "format": "uuid"}
}
