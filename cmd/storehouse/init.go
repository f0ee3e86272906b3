package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"storehouse/base/secret"
	"storehouse/cmd/program"
	"storehouse/face/wire"
)

type initCmd struct {
	Name        string `help:"Name of the organization." required:"" env:"-"`
	Email       string `help:"The owner's e-mail address." required:"" env:"-"`
	Slug        string `help:"Short name for addresses; made of the name unless told." env:"-"`
	DisplayName string `help:"The owner's name." default:"Owner" env:"-"`
	Username    string `help:"The name under which the owner signs in at the pos API." default:"admin" env:"-"`
	Password    bool   `name:"password-stdin" help:"Read the owner's password from standard input; otherwise one is made." env:"-"`
	Location    string `help:"Name of the first location." default:"Main" env:"-"`
	Currency    string `help:"ISO 4217 code." default:"USD" env:"-"`
	TimeZone    string `help:"IANA name." default:"UTC" env:"-"`
	Another     bool   `help:"Make one more organization in a store that has some." env:"-"`
	JSON        bool   `help:"Print the credentials as JSON." env:"-"`
}

type initOut struct {
	Organization int64  `json:"organization_id"`
	OrgID        string `json:"x_org_id"`
	Token        string `json:"token"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`
	Username     string `json:"username"`
	Password     string `json:"password"`
}

func (c initCmd) Run(e *env) error {
	d, err := e.open(e.ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	if _, err := program.Migrate(e.ctx, d); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	empty, err := program.Empty(e.ctx, d)
	if err != nil {
		return err
	}
	if !empty && !c.Another {
		return errors.New("the store has an organization already; --another makes one more")
	}
	s := program.Setup{Name: c.Name, Slug: c.Slug, Email: c.Email, DisplayName: c.DisplayName, Username: c.Username,
		Location: c.Location, Currency: c.Currency, TimeZone: c.TimeZone}
	if c.Password {
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		s.Password = strings.TrimRight(line, "\r\n")
		if s.Password == "" {
			return fmt.Errorf("no password on standard input: %w", err)
		}
	}
	o, err := program.SetUp(e.ctx, d, secret.NewPasswords(secret.Strong, 0), s)
	if err != nil {
		return err
	}
	out := initOut{Organization: o.Org, OrgID: wire.UUID{Kind: wire.KindOrg, ID: o.Org}.String(), Token: o.Token,
		ClientID: strconv.FormatInt(o.ClientID, 10), ClientSecret: o.ClientSecret, Username: o.Username, Password: o.Password}
	if c.JSON {
		enc := json.NewEncoder(e.out)
		enc.SetIndent("", "  ")
		return enc.Encode(out)
	}
	fmt.Fprintf(e.out, `Organization %q is ready. These credentials are not shown again:

maker API      Authorization: Bearer %s
               X-Org-Id: %s
pos API        POST /oauth/token
               client_id=%s
               client_secret=%s
               username=%s
               password=%s
`, c.Name, out.Token, out.OrgID, out.ClientID, out.ClientSecret, out.Username, out.Password)
	return nil
}
