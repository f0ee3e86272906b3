package shop

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/connect"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

type orderIn struct {
	Token wire.Text `json:"token" doc:"users jwt token"`
	JSON  any       `json:"json" required:"true" doc:"json from woo commerce with data: the order, as an object or as its JSON text"`
}

// take stores an order that came in the connector's own form. It is read
// before the transaction opens.
func take(topic string) func(*web.Call, orderIn) (any, error) {
	return func(c *web.Call, in orderIn) (any, error) {
		text, err := jsonText(in.JSON)
		if err != nil {
			return nil, fault.Field("json", "is not valid JSON")
		}
		a, err := connect.Read(topic, []byte(text), "")
		if err != nil {
			return nil, err
		}
		return c.Commit(func(c *web.Call) (any, error) { return verdict{Status: true}, a.Take(c.Tx, c.Actor.Source) })
	}
}

type hookIn struct {
	Key string `path:"key"`
}

// webhook takes what WooCommerce itself sends. The signature is over the
// bytes as they came, so nothing is parsed before it is checked.
func (f *face) webhook(c *web.Call, in hookIn) (verdict, error) {
	body, err := c.Body()
	if err != nil {
		return verdict{}, err
	}
	var user org.PortalUser
	actor, err := c.Authenticate(org.TokenOrg(in.Key), func(tx *db.Tx) (a org.Actor, err error) {
		a, user, err = org.AuthWebhook(tx, in.Key)
		return a, err
	})
	if err != nil {
		return verdict{}, err
	}
	signature := c.R.Header.Get("X-WC-Webhook-Signature")
	if signature == "" && isPing(body) {
		return verdict{Status: true}, nil
	}
	if !signed(body, user.WebhookSecret, signature) {
		return verdict{}, fault.New(fault.Unauthorized, "the signature is not right")
	}
	topic := c.R.Header.Get("X-WC-Webhook-Topic")
	if topic == "" {
		topic = c.R.Header.Get("X-WC-Webhook-Resource") + "." + c.R.Header.Get("X-WC-Webhook-Event")
	}
	if !strings.HasPrefix(topic, "order.") {
		return verdict{}, fault.New(fault.Invalid, "the topic must be order.created, order.updated, order.deleted or order.restored")
	}
	a, err := connect.Read(topic, body, c.R.Header.Get("X-WC-Webhook-Delivery-ID"))
	if err != nil {
		return verdict{}, err
	}
	err = c.DB.Update(c.R.Context(), actor.Org, func(tx *db.Tx) error { return a.Take(tx, user.ID) })
	return verdict{Status: err == nil}, err
}

// isPing recognizes what WooCommerce posts when a webhook is saved.
func isPing(body []byte) bool {
	q, err := url.ParseQuery(string(bytes.TrimSpace(body)))
	if err != nil || len(q) != 1 {
		return false
	}
	id := q.Get("webhook_id")
	return id != "" && strings.Trim(id, "0123456789") == ""
}

func signed(body []byte, secret, signature string) bool {
	given, err := base64.StdEncoding.DecodeString(strings.TrimSpace(signature))
	if err != nil || secret == "" {
		return false
	}
	m := hmac.New(sha256.New, []byte(secret))
	m.Write(body)
	return hmac.Equal(m.Sum(nil), given)
}

type leadIn struct {
	Token  wire.Text `json:"change_token" required:"true" nonempty:"true"`
	ID     wire.Int  `json:"id" required:"true" minimum:"1"`
	Status wire.Text `json:"Status" alias:"status" required:"true" enum:"Duplicated,Converted,FTD,Not Relevant" doc:"Duplicated; Converted; FTD; Not Relevant"`
}

type leadOut struct {
	Status int64  `json:"Status"`
	Msg    string `json:"Msg"`
}

func (f *face) changeLead(c *web.Call, in leadIn) (leadOut, error) {
	orgID, err := f.orgOf(c, in.Token.S, "change", f.ChangeToken, org.AuthChange)
	if fault.Is(err, fault.Unauthorized) {
		return leadOut{}, fault.New(fault.Unauthorized, "Not valid change_token")
	}
	if err != nil {
		return leadOut{}, err
	}
	err = c.DB.Update(c.R.Context(), orgID, func(tx *db.Tx) error { return connect.SetLeadStatus(tx, in.ID.N, in.Status.S) })
	return leadOut{Msg: "status changed"}, err
}
