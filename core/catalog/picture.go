package catalog

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// Picture is what a product looks like.
type Picture struct {
	Kind string // "image/png"
	Data []byte
}

// MaxPicture is how many bytes a picture may have.
const MaxPicture = 5 << 20

// pictureKinds are the pictures that are taken, by their first bytes. Those
// that can hold scripts are not among them.
var pictureKinds = []struct{ head, kind, extension string }{{"\xff\xd8\xff", "image/jpeg", ".jpg"}, {"\x89PNG\r\n\x1a\n", "image/png", ".png"},
	{"GIF87a", "image/gif", ".gif"}, {"GIF89a", "image/gif", ".gif"}, {"RIFF", "image/webp", ".webp"}}

// ReadPicture says what kind of picture data is, whatever its sender calls
// it; what is none is an Invalid fault about the field image.
func ReadPicture(data []byte) (Picture, error) {
	if len(data) > MaxPicture {
		return Picture{}, fault.Field("image", "must not be larger than %d bytes", MaxPicture)
	}
	text := string(data[:min(len(data), 12)])
	for _, k := range pictureKinds {
		if strings.HasPrefix(text, k.head) && (k.head != "RIFF" || strings.HasSuffix(text, "WEBP")) {
			return Picture{k.kind, data}, nil
		}
	}
	return Picture{}, fault.Field("image", "must be an image (jpeg, png, gif, webp)")
}

// name is the picture's file name: a hash of its content.
func (p Picture) name() (hash, file string) {
	sum := sha256.Sum256(p.Data)
	hash = hex.EncodeToString(sum[:16])
	for _, k := range pictureKinds {
		if k.kind == p.Kind {
			return hash, hash + k.extension
		}
	}
	return hash, hash
}

// SetPicture gives a product its picture, in place of the one it had. Its
// Image is then the picture's file name and its ImageURL empty: the address is
// the business of who shows it.
func SetPicture(tx *db.Tx, p Product, pic Picture) (Product, error) {
	hash, file := pic.name()
	p.Image, p.ImageURL = file, ""
	err := tx.Insert("product_picture", "org_id, product_id, hash, kind, data, created_at",
		[][]any{{tx.Org, p.ID, hash, pic.Kind, base64.StdEncoding.EncodeToString(pic.Data), tx.Now}},
		"ON CONFLICT (org_id, product_id) DO UPDATE SET hash = excluded.hash, kind = excluded.kind, data = excluded.data, created_at = excluded.created_at")
	if err != nil {
		return p, err
	}
	_, err = tx.Exec(`UPDATE product SET image = ?, image_url = NULL WHERE org_id = ? AND id = ?`, p.Image, tx.Org, p.ID)
	return p, err
}

// PictureOf returns a product's picture; file is its Image.
func PictureOf(tx *db.Tx, product int64, file string) (Picture, error) {
	hash, _, _ := strings.Cut(file, ".")
	p, err := db.One(tx, func(r db.Row, p *Picture) error {
		var text string
		if err := r.Scan(&p.Kind, &text); err != nil {
			return err
		}
		var err error
		p.Data, err = base64.StdEncoding.DecodeString(text)
		return err
	}, `SELECT kind, data FROM product_picture WHERE org_id = ? AND product_id = ? AND hash = ?`, tx.Org, product, hash)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("image")
	}
	return p, err
}
