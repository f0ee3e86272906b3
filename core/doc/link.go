package doc

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/secret"
)

// A signed link opens one document to whoever has it, without a token, until
// it expires. It names organization and document, and carries an HMAC with a
// key of the organization that this installation made for itself.

// LinkPath begins the path of signed links; the route that serves them is
// LinkPath + "{org}/{id}".
const LinkPath = "/files/"

// LinkTTL is how long a link of SignedURL works.
const LinkTTL = 15 * time.Minute

const linkSecret = "document_link"

// linkKey makes the key that signs links, if there is none.
func linkKey(tx *db.Tx) error {
	return tx.Insert("org_secret", "org_id, name, value, created_at", [][]any{{tx.Org, linkSecret, secret.Random(), tx.Now}}, "ON CONFLICT DO NOTHING")
}

// SignedURL returns a link to a document's content below base, the program's
// own address, that works from now for LinkTTL.
func SignedURL(tx *db.Tx, base string, v Document) (string, error) {
	key, err := db.One(tx, db.Value[string], `SELECT value FROM org_secret WHERE org_id = ? AND name = ?`, tx.Org, linkSecret)
	if err != nil {
		return "", fmt.Errorf("the key of signed links: %w", err)
	}
	expires := strconv.FormatInt(tx.Now.Add(LinkTTL).Unix(), 10)
	q := url.Values{"expires": {expires}, "signature": {sign(key, tx.Org, v.ID, expires)}}
	return fmt.Sprintf("%s%s%d/%d?%s", strings.TrimRight(base, "/"), LinkPath, tx.Org, v.ID, q.Encode()), nil
}

// Linked returns the document that a signed link opens; tx is of the
// organization the link names. A link that is expired, or was not made here
// just so, is Forbidden; one to a document that has been deleted is NotFound.
func Linked(tx *db.Tx, id int64, expires, signature string) (Document, error) {
	key, err := db.One(tx, db.Value[string], `SELECT value FROM org_secret WHERE org_id = ? AND name = ?`, tx.Org, linkSecret)
	if fault.Is(err, fault.NotFound) || err == nil && !secret.Equal(signature, sign(key, tx.Org, id, expires)) {
		return Document{}, fault.New(fault.Forbidden, "the link is not valid")
	}
	if err != nil {
		return Document{}, err
	}
	until, err := strconv.ParseInt(expires, 10, 64)
	if err != nil || !tx.Now.Before(time.Unix(until, 0)) {
		return Document{}, fault.New(fault.Forbidden, "the link has expired")
	}
	return Get(tx, id)
}

func sign(key string, orgID, id int64, expires string) string {
	m := hmac.New(sha256.New, []byte(key))
	fmt.Fprintf(m, "document\n%d\n%d\n%s", orgID, id, expires)
	return hex.EncodeToString(m.Sum(nil))
}
