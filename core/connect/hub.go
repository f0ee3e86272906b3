package connect

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/job"
	"storehouse/core/org"
)

// Hub is the program's door to other people's systems.
type Hub struct {
	DB   *db.DB
	Box  *Box // nil: no credentials of others are kept
	Zoho *Zoho
	Mail *Mailer
	SMS  *Texter      // nil: short messages wait
	HTTP *http.Client // for outside checks; nil is a plain one
	// Demo lets shops register without a secret key; their credentials are
	// then stored as they are.
	Demo bool
}

// Handle has a runner do the hub's jobs.
func (h *Hub) Handle(r *job.Runner) {
	r.HandleTx(ApplyKind, apply)
	r.Handle(PushKind, h.push)
	r.Handle(LeadKind, h.pushLead)
	if h.Mail != nil { // without a mail server the jobs wait, to be seen
		r.Handle(MailKind, h.sendMail)
	}
	if h.SMS != nil {
		r.Handle(SMSKind, h.SMS.sendSMS)
	}
	r.Every(MatchKind, 5*time.Minute, h.match)
	r.Every(SweepKind, time.Hour, h.sweep)
}

// Shop is what a shop's owner asks for at registration, besides their name.
type Shop struct {
	Settings           string // JSON of Grant, as the reference has it
	CreatePotential    bool
	CreateAccount      bool
	CreateProducts     bool
	SendErrors         bool
	ExtraFieldsMapping string
}

// ErrTooLittle is the fault of settings that name neither of Zoho's systems
// completely.
var ErrTooLittle = fault.New(fault.Invalid, "not enought api data provided")

// ErrZoho is the fault of credentials that Zoho refuses; its cause is in Err.
func ErrZoho(err error) error {
	return &fault.Error{Kind: fault.Conflict, Msg: "Zoho errors", Err: err}
}

// ParseGrant reads the settings of a registration.
func ParseGrant(settings string) (Grant, error) {
	var raw map[string]any
	if err := json.Unmarshal([]byte(settings), &raw); err != nil {
		return Grant{}, fault.Field("settings", "must be a JSON object")
	}
	var g Grant
	for name, to := range map[string]*string{"zoho_inventory_key": &g.InventoryKey, "zoho_inventory_organization_id": &g.InventoryOrg,
		"zoho_crm_client_id": &g.ClientID, "zoho_crm_secret": &g.Secret, "zoho_crm_grant_token": &g.GrantToken, "zoho_crm_email": &g.Email,
		"zoho_crm_redirect_uri": &g.RedirectURI, "zoho_dc": &g.DC} {
		switch v := raw[name].(type) {
		case string:
			*to = v
		case float64:
			b, _ := json.Marshal(v)
			*to = string(b)
		}
	}
	crm := g.ClientID != "" && g.Secret != "" && g.GrantToken != ""
	inventory := g.InventoryOrg != "" && (g.InventoryKey != "" || crm)
	if !crm && !inventory {
		return g, ErrTooLittle
	}
	if !crm {
		g.ClientID, g.Secret, g.GrantToken = "", "", ""
	}
	if !inventory {
		g.InventoryOrg, g.InventoryKey = "", ""
	}
	return g, nil
}

// Check asks Zoho whether the credentials of a registration are good, and
// returns what is to be kept of them, sealed.
func (h *Hub) Check(ctx context.Context, g Grant, label string) (string, error) {
	if h.Box == nil && !h.Demo {
		return "", ErrNoKey
	}
	if g.GrantToken != "" {
		var err error
		if g, err = h.Zoho.Exchange(ctx, g); err != nil {
			return "", ErrZoho(err)
		}
	}
	if g.HasInventory() {
		if err := h.Zoho.CheckInventory(ctx, g); err != nil {
			return "", ErrZoho(err)
		}
	}
	return h.seal(g, label)
}

func (h *Hub) seal(g Grant, label string) (string, error) {
	b, err := json.Marshal(g)
	if err != nil {
		return "", err
	}
	if h.Box == nil {
		return string(b), nil
	}
	return h.Box.Seal(label, string(b))
}

// grant opens a shop user's credentials. A user without any has an empty one.
func (h *Hub) grant(p org.PortalUser) (Grant, error) {
	var g Grant
	text := p.Settings
	if text == "" || text == "{}" {
		return g, nil
	}
	if text[0] != '{' {
		var err error
		if text, err = h.Box.Open(p.Email, text); err != nil {
			return g, err
		}
	}
	return g, json.Unmarshal([]byte(text), &g)
}

// verdict turns an error of Zoho's into what the job runner should make of
// it.
func verdict(err error) error {
	e, ok := errors.AsType[*ZohoError](err)
	switch {
	case err == nil:
		return nil
	case !ok:
		return err
	case e.Wait > 0:
		return job.Later(e.Wait, err)
	case e.Temporary() || e.Status == http.StatusUnauthorized:
		return err
	}
	return job.Fatal(err)
}

func warn(ctx context.Context, msg string, err error, args ...any) {
	slog.WarnContext(ctx, msg, append(args, "err", err)...)
}

// Services says which other systems tx's organization is connected with.
func Services(tx *db.Tx) (map[string]bool, error) {
	on := map[string]bool{"woocommerce": false, "zoho": false}
	err := tx.Each(func(r db.Row) error {
		var settings string
		err := r.Scan(&settings)
		on["woocommerce"] = true
		on["zoho"] = on["zoho"] || (settings != "" && settings != "{}")
		return err
	}, `SELECT settings FROM portal_user WHERE org_id = ? AND is_active = 1`, tx.Org)
	return on, err
}
