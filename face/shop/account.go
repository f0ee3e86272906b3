package shop

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/secret"
	"storehouse/core/connect"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

type loginIn struct {
	Email    wire.Text `json:"email" required:"true" nonempty:"true"`
	Password wire.Text `json:"password" required:"true" nonempty:"true"`
}

type loginOut struct {
	Status int64  `json:"Status"`
	Token  string `json:"token"`
}

// login checks a password and signs a token. Tokens do not expire: they are
// put into a shop's settings once.
func (f *face) login(c *web.Call, in loginIn) (out loginOut, err error) {
	ctx := c.R.Context()
	account := "shop " + strings.ToLower(strings.TrimSpace(in.Email.S))
	if err := f.Guard.Guess(c, account); err != nil {
		return out, err
	}
	var user org.PortalUser
	err = c.DB.View(ctx, 0, func(tx *db.Tx) error {
		user, err = org.PortalByEmail(tx, in.Email.S)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		f.Guard.Failed(c, account)
		return out, fault.New(fault.Unauthorized, "Email does not exist.")
	}
	if err != nil {
		return out, err
	}
	ok, err := f.Passwords.Check(ctx, in.Password.S, user.PasswordHash())
	if err != nil {
		return out, err
	}
	if !ok {
		f.Guard.Failed(c, account)
		return out, fault.New(fault.Unauthorized, "Email or password is wrong.")
	}
	err = c.DB.View(ctx, user.Org, func(tx *db.Tx) error {
		out.Token, err = org.PortalToken(tx, user, 0)
		return err
	})
	return out, err
}

type registerIn struct {
	RegToken        wire.Text `json:"reg_token" doc:"token to match with the organization's"`
	Name            wire.Text `json:"name" maxLength:"255"`
	Email           wire.Text `json:"email" maxLength:"254"`
	Password        wire.Text `json:"password" maxLength:"1024"`
	Settings        any       `json:"settings" doc:"An object or its JSON text: zoho_inventory_key, zoho_inventory_organization_id, zoho_crm_client_id, zoho_crm_secret, zoho_crm_grant_token, zoho_crm_email, zoho_crm_redirect_uri; credentials of Inventory, of CRM or of both"`
	CreatePotential wire.Bool `json:"create_potential"`
	CreateAccount   wire.Bool `json:"create_account"`
	CreateProducts  wire.Bool `json:"create_products"`
	SendErrors      wire.Bool `json:"send_errors"`
	Fields          any       `json:"extraFieldsMapping" doc:"An object or its JSON text"`
}

type registerOut struct {
	UserID        int64  `json:"user_id"`
	Status        int64  `json:"Status"`
	Msg           string `json:"Msg"`
	WebhookPath   string `json:"webhook_path" doc:"The user's own address for WooCommerce's webhooks; it is shown once"`
	WebhookSecret string `json:"webhook_secret" doc:"The secret to give WooCommerce with it"`
}

// missed lists the required fields that are not there, in the reference's
// order.
func (in registerIn) missed() []fault.Flaw {
	var list []fault.Flaw
	for _, f := range []struct {
		name string
		ok   bool
	}{{"reg_token", in.RegToken.S != ""}, {"name", strings.TrimSpace(in.Name.S) != ""}, {"email", strings.TrimSpace(in.Email.S) != ""},
		{"password", in.Password.S != ""}, {"settings", in.Settings != nil && in.Settings != ""}} {
		if !f.ok {
			list = append(list, fault.Flaw{Field: f.name, Msg: "is required"})
		}
	}
	return list
}

// register makes a shop's user. Zoho is asked between two transactions; a
// grant token is good once, so what can be refused before is.
func (f *face) register(c *web.Call, in registerIn) (out registerOut, err error) {
	ctx := c.R.Context()
	if m := in.missed(); len(m) > 0 {
		return out, &fault.Error{Kind: fault.Invalid, Msg: missedFields, Fields: m}
	}
	orgID, err := f.orgOf(c, in.RegToken.S, "reg", f.RegToken, org.AuthReg)
	if fault.Is(err, fault.Unauthorized) {
		return out, fault.New(fault.Unauthorized, "Not valid reg_token")
	}
	if err != nil {
		return out, err
	}
	user := org.PortalUser{Name: strings.TrimSpace(in.Name.S), CreatePotential: in.CreatePotential.V, CreateAccount: in.CreateAccount.V,
		CreateProducts: in.CreateProducts.V, SendErrors: in.SendErrors.V}
	if user.Email, err = org.CleanEmail(in.Email.S); err != nil {
		return out, err
	}
	if user.ExtraFieldsMapping, err = jsonText(in.Fields); err != nil {
		return out, fault.Field("extraFieldsMapping", "is not valid JSON")
	}
	if _, err := connect.ParseFields(user.ExtraFieldsMapping); err != nil {
		return out, err
	}
	if err := f.free(ctx, c, user.Email); err != nil {
		return out, err
	}
	if user.Settings, err = f.checkZoho(ctx, user.Email, in.Settings); err != nil {
		return out, err
	}
	return f.create(ctx, c, orgID, user, in.Password.S)
}

func (f *face) create(ctx context.Context, c *web.Call, orgID int64, user org.PortalUser, password string) (registerOut, error) {
	out := registerOut{Msg: "user created"}
	hash, err := f.Passwords.Hash(ctx, password)
	if err != nil {
		return out, err
	}
	err = c.DB.Update(ctx, orgID, func(tx *db.Tx) error {
		made, key, err := org.CreatePortalUser(tx, user, hash)
		out.UserID, out.WebhookPath, out.WebhookSecret = made.ID, HookPath+key, made.WebhookSecret
		return err
	})
	if fault.Is(err, fault.Conflict) {
		err = errDuplicate
	}
	return out, err
}

var errDuplicate = fault.New(fault.Conflict, "Duplicated user")

func (f *face) free(ctx context.Context, c *web.Call, email string) error {
	err := c.DB.View(ctx, 0, func(tx *db.Tx) error {
		_, err := org.PortalByEmail(tx, email)
		return err
	})
	switch {
	case fault.Is(err, fault.NotFound):
		return nil
	case err == nil:
		return errDuplicate
	}
	return err
}

// checkZoho tries the credentials and returns what is kept of them.
func (f *face) checkZoho(ctx context.Context, email string, settings any) (string, error) {
	text, err := jsonText(settings)
	if err != nil {
		return "", connect.ErrTooLittle
	}
	g, err := connect.ParseGrant(text)
	if err != nil {
		return "", connect.ErrTooLittle
	}
	kept, err := f.Hub.Check(ctx, g, email)
	if errors.Is(err, connect.ErrNoKey) {
		slog.ErrorContext(ctx, "a shop cannot register", "err", err)
		return "", fault.New(fault.Forbidden, serverError)
	}
	if err != nil {
		slog.WarnContext(ctx, "Zoho refused a registration", "err", err)
	}
	return kept, err
}

// jsonText spells a field that is JSON as its text, whether it came as text or
// as an object. null and "" are "".
func jsonText(v any) (string, error) {
	switch x := v.(type) {
	case nil:
		return "", nil
	case string:
		if s := strings.TrimSpace(x); s != "" && !json.Valid([]byte(s)) {
			return "", fault.New(fault.Invalid, "a field is not valid JSON")
		}
		return strings.TrimSpace(x), nil
	}
	b, err := json.Marshal(v)
	return string(b), err
}

// orgOf returns the organization that a token of a kind is good for: one of
// the organization's own, which names it, or the program's.
func (f *face) orgOf(c *web.Call, token, kind, setting string, check func(*db.Tx, string) (org.Actor, error)) (id int64, err error) {
	if err := f.Guard.Guess(c, "shop "+kind); err != nil {
		return 0, err
	}
	if setting != "" && secret.Equal(token, setting) {
		err = c.DB.View(c.R.Context(), 0, func(tx *db.Tx) error {
			list, err := org.List(tx)
			if err == nil && len(list) == 0 {
				err = web.Unauthorized
			}
			if err == nil {
				id = list[0].ID
			}
			return err
		})
		return id, err
	}
	if id = org.TokenOrg(token); id == 0 {
		f.Guard.Failed(c, "shop "+kind)
		return 0, web.Unauthorized
	}
	_, err = c.Authenticate(id, func(tx *db.Tx) (org.Actor, error) { return check(tx, token) })
	if err != nil {
		f.Guard.Failed(c, "shop "+kind)
	}
	return id, err
}
