package search

import "strings"

// A packed row is text, so that the database can search it, and short, because
// all of them are read: how many bytes follow, the id, how many marks there
// are up to the last that is not 0, these, the length of Key in bytes, Key and
// Also. A number is as many characters from '0' to 'o' as it needs, five bits
// in each, the lowest first; a sixth bit says that there is another. The
// lowest bit of all is the sign.

func pack(r Row) string {
	key, also := cut(r.Key), cut(r.Also)
	last := len(r.Marks)
	for last > 0 && r.Marks[last-1] == 0 {
		last--
	}
	b := appendNumber(appendNumber(nil, r.ID), int64(last))
	for _, m := range r.Marks[:last] {
		b = appendNumber(b, m)
	}
	b = appendNumber(b, int64(len(key)))
	b = append(append(b, key...), also...)
	return string(append(appendNumber(nil, int64(len(b))), b...))
}

func appendNumber(b []byte, n int64) []byte {
	u := uint64(n)<<1 ^ uint64(n>>63)
	for u >= 32 {
		b = append(b, '0'+byte(u&31|32))
		u >>= 5
	}
	return append(b, '0'+byte(u))
}

// number reads a number that begins at a place, and returns where the next
// begins: beyond the text when there is none.
func number(s string, at int) (n int64, next int) {
	var u uint64
	for shift := 0; at < len(s) && shift < 65; shift += 5 {
		c := s[at] - '0'
		if c > 63 {
			break
		}
		at++
		u |= uint64(c&31) << shift
		if c < 32 {
			return int64(u>>1) ^ -int64(u&1), at
		}
	}
	return 0, len(s) + 1
}

// each gives fn the rows of a body, as they are packed and taken apart. The
// row is the same one every time. What is no packed row ends the walk: Audit
// finds it.
func each(body string, fn func(raw string, r *Row)) {
	var r Row
	for body != "" {
		n, at := number(body, 0)
		if n < 0 || n > int64(len(body)-at) || !r.unpack(body[at:at+int(n)]) {
			return
		}
		end := at + int(n)
		fn(body[:end], &r)
		body = body[end:]
	}
}

func (r *Row) unpack(s string) bool {
	var id, count, n int64
	id, at := number(s, 0)
	count, at = number(s, at)
	if count < 0 || count > int64(len(r.Marks)) {
		return false
	}
	r.Marks = Marks{}
	for i := range count {
		r.Marks[i], at = number(s, at)
	}
	n, at = number(s, at)
	if n < 0 || n > int64(len(s)-at) {
		return false
	}
	r.ID, r.Key, r.Also = id, s[at:at+int(n)], s[at+int(n):]
	return true
}

// holds reports whether a text in lower case stands in the row.
func (r *Row) holds(text string) bool {
	return text == "" || strings.Contains(r.Key, text) || strings.Contains(r.Also, text)
}
