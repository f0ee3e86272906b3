package program

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/secret"
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/core/party"
)

// Setup is what a new organization starts with.
type Setup struct {
	Name, Slug  string // Slug is made of Name when it is empty
	Email       string // of the owner, unique in the store
	DisplayName string
	Username    string // under which the owner signs in at the pos face
	Password    string // "" is made
	Location    string // name of the first location
	Currency    string // ISO 4217; "" is the default
	TimeZone    string
}

// Owner is a new organization with its owner's credentials, which are shown
// once and not kept.
type Owner struct {
	Org, User, Location int64
	Name, Slug          string
	Username, Password  string
	Token               string // personal API token
	ClientID            int64
	ClientSecret        string
}

// SetUp makes an organization, its owner and a first location, with all that
// a till needs to begin: a walk-in customer, a unit, a program for tokens.
func SetUp(ctx context.Context, d *db.DB, pw *secret.Passwords, s Setup) (Owner, error) {
	out := Owner{Name: s.Name, Slug: s.Slug, Username: s.Username, Password: s.Password}
	if out.Slug == "" {
		out.Slug = slug(s.Name)
	}
	if out.Password == "" {
		out.Password = secret.Random()[:20]
	}
	if len(out.Password) < 8 {
		return out, fault.Field("password", "must have at least 8 characters")
	}
	hash, err := pw.Hash(ctx, out.Password)
	if err != nil {
		return out, err
	}
	err = d.Update(ctx, 0, func(tx *db.Tx) error { return s.write(tx, hash, &out) })
	return out, err
}

func (s Setup) write(tx *db.Tx, hash string, out *Owner) error {
	for _, series := range []string{"user_account", "organization", "member", "location", "party", "unit", "api_token", "oauth_client"} {
		if err := tx.Reserve(series); err != nil { // before any id is taken, so that none is skipped
			return err
		}
	}
	u, err := org.CreateUser(tx, org.User{Email: s.Email, DisplayName: s.DisplayName}, hash)
	if err != nil {
		return err
	}
	o, _, err := org.Create(tx, org.Organization{Name: s.Name, Slug: out.Slug, ContactEmail: u.Email}, u.ID)
	if err != nil {
		return err
	}
	first, last, _ := strings.Cut(s.DisplayName, " ")
	profile := org.Profile{Username: s.Username, FirstName: first, LastName: last, UserType: "user", Language: "en", Status: "active", AllowLogin: true, AllLocations: true}
	if err := org.SetProfile(tx, u.ID, profile, true); err != nil {
		return err
	}
	if err := s.settings(tx); err != nil {
		return err
	}
	l, err := org.CreateLocation(tx, org.Location{Name: s.Location, Code: "BL0001"})
	if err != nil {
		return err
	}
	if _, err := tx.Number("location"); err != nil {
		return err
	}
	if _, err := party.EnsureDefault(tx); err != nil {
		return err
	}
	if _, err := catalog.DefaultUnit(tx); err != nil {
		return err
	}
	_, token, err := org.CreateToken(tx, u.ID, "first token", 0)
	if err != nil {
		return err
	}
	c, key, err := org.CreateClient(tx, "Till", org.Documented, u.ID)
	out.Org, out.User, out.Location, out.Token, out.ClientID, out.ClientSecret = o.ID, u.ID, l.ID, token, c.ID, key
	return err
}

func (s Setup) settings(tx *db.Tx) error {
	set, err := org.LoadSettings(tx)
	if err != nil {
		return err
	}
	if s.Currency != "" {
		set.Currency = strings.ToUpper(s.Currency)
		if set.Currency != "USD" {
			set.CurrencySymbol = set.Currency
		}
	}
	if s.TimeZone != "" {
		set.TimeZone = s.TimeZone
	}
	return org.SaveSettings(tx, set)
}

// slug makes "acme-foods-ltd" of "Acme Foods, Ltd.".
func slug(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') })
	s := strings.Join(words, "-")
	if len(s) < 2 {
		return "org-" + s + strconv.Itoa(len(name))
	}
	return s[:min(len(s), 100)]
}

// Empty reports whether the store has no organization yet.
func Empty(ctx context.Context, d *db.DB) (empty bool, err error) {
	err = d.View(ctx, 0, func(tx *db.Tx) error {
		list, err := org.List(tx)
		empty = len(list) == 0
		return err
	})
	if err != nil {
		return false, fmt.Errorf("look for organizations: %w", err)
	}
	return empty, nil
}
