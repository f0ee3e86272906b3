package pos

import (
	"net/http"
	"strconv"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/secret"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).oauthRoutes) }

func (f *face) oauthRoutes() []web.Route {
	return []web.Route{
		web.Plain("POST /oauth/token", org.Public, f.token, web.Title("Authentication", "Get a token"), web.FaultAs(tokenFault, web.Either[oauthError, errorBody]{}), web.MaxBody(64<<10), web.Output[tokenOut],
			web.Doc("Grants: password, refresh_token, client_credentials. The body may be form-encoded, multipart or JSON; fields that it does not need are ignored.")),
	}
}

// tokenIn is what clients send; client_id is a number for some and a text for
// others.
type tokenIn struct {
	Grant        wire.Text `json:"grant_type" doc:"password, refresh_token or client_credentials"`
	ClientID     wire.Text `json:"client_id"`
	ClientSecret wire.Text `json:"client_secret"`
	Username     wire.Text `json:"username" doc:"The user's name; an e-mail address is not taken for one."`
	Password     wire.Text `json:"password"`
	Refresh      wire.Text `json:"refresh_token"`
}

type tokenOut struct {
	Type    string `json:"token_type"`
	Expires int64  `json:"expires_in"`
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token,omitempty"`
}

// oauthError is spelled as Laravel Passport does. A bad password is 401, not
// the 400 of newer versions: the vendor's app handles 200 and 401 only
// (real-clients.md §1.1).
type oauthError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
	Hint        string `json:"hint,omitempty"`
	Message     string `json:"message"`
}

func refuse(status int, code, text, hint string) web.Reply {
	return web.Reply{Status: status, Body: oauthError{code, text, hint, text}}
}

var (
	badClient  = refuse(http.StatusUnauthorized, "invalid_client", "Client authentication failed", "")
	badUser    = refuse(http.StatusUnauthorized, "invalid_grant", "The user credentials were incorrect.", "")
	badRefresh = refuse(http.StatusUnauthorized, "invalid_grant", "The refresh token is invalid.", "Token has been revoked, or has expired")
	badGrant   = refuse(http.StatusBadRequest, "unsupported_grant_type", "The authorization grant type is not supported by the authorization server.",
		"Check that all required parameters have been provided")
	tooMany = refuse(http.StatusTooManyRequests, "too_many_attempts", "Too Many Attempts.", "")
)

// tokenFault spells a body that cannot be read as OAuth does: apps show the
// text in "error".
func tokenFault(f *fault.Error) web.Answer {
	if f.Kind != fault.Invalid {
		return envelope(f)
	}
	r := refuse(http.StatusBadRequest, "invalid_request", sentence(f), "")
	return web.Answer{Status: r.Status, Body: r.Body}
}

func missing(parameter string) web.Reply {
	return refuse(http.StatusBadRequest, "invalid_request",
		"The request is missing a required parameter, includes an invalid parameter value, includes a parameter more than once, or is otherwise malformed.",
		"Check the `"+parameter+"` parameter")
}

// token is /oauth/token. It hashes a password, so it opens its transactions
// itself and holds none meanwhile.
func (f *face) token(c *web.Call, in tokenIn) (web.Reply, error) {
	switch in.Grant.S {
	case "password", "refresh_token", "client_credentials":
	default:
		return badGrant, nil
	}
	id, key, ok := c.R.BasicAuth() // RFC 6749 lets the client's pair come so
	if !ok {
		id, key = in.ClientID.S, in.ClientSecret.S
	}
	if id == "" {
		return missing("client_id"), nil
	}
	if f.Guard.Guess(c, "client "+id) != nil {
		return tooMany, nil
	}
	client, err := f.client(c, id, key)
	if err != nil {
		return web.Reply{}, err
	}
	if client.ID == 0 {
		f.Guard.Failed(c, "client "+id)
		return badClient, nil
	}
	switch in.Grant.S {
	case "password":
		return f.passwordGrant(c, client, in)
	case "refresh_token":
		return f.refreshGrant(c, client, in.Refresh.S)
	}
	return f.grant(c, client, func(tx *db.Tx) (org.Grant, error) { return org.Issue(tx, client, 0) })
}

// client finds and checks the program; one that is unknown or has a wrong
// secret has no ID. Ids are compared as texts: "05" is not 5.
func (f *face) client(c *web.Call, id, key string) (client org.Client, err error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil || strconv.FormatInt(n, 10) != id {
		return org.Client{}, nil
	}
	err = c.DB.View(c.R.Context(), 0, func(tx *db.Tx) error {
		client, err = org.ClientByID(tx, n)
		return err
	})
	if fault.Is(err, fault.NotFound) || err == nil && !secret.Equal(client.SecretHash, secret.Hash(key)) {
		return org.Client{}, nil
	}
	return client, err
}

func (f *face) passwordGrant(c *web.Call, client org.Client, in tokenIn) (web.Reply, error) {
	if in.Username.S == "" {
		return missing("username"), nil
	}
	if in.Password.S == "" {
		return missing("password"), nil
	}
	account := "user " + strconv.FormatInt(client.Org, 10) + " " + in.Username.S
	if f.Guard.Guess(c, account) != nil {
		return tooMany, nil
	}
	var login org.Login
	err := c.DB.View(c.R.Context(), client.Org, func(tx *db.Tx) (err error) {
		login, err = org.LoginByUsername(tx, in.Username.S)
		return err
	})
	if err != nil {
		return web.Reply{}, err
	}
	ok, err := f.Passwords.Check(c.R.Context(), in.Password.S, login.PasswordHash)
	if err != nil {
		return web.Reply{}, err
	}
	if !ok {
		f.Guard.Failed(c, account)
		return badUser, nil
	}
	return f.grant(c, client, func(tx *db.Tx) (org.Grant, error) { return org.Issue(tx, client, login.User) })
}

func (f *face) refreshGrant(c *web.Call, client org.Client, token string) (web.Reply, error) {
	if token == "" {
		return missing("refresh_token"), nil
	}
	out, err := f.grant(c, client, func(tx *db.Tx) (org.Grant, error) { return org.Refresh(tx, client, token) })
	if fault.Is(err, fault.Unauthorized) {
		return badRefresh, nil
	}
	return out, err
}

func (f *face) grant(c *web.Call, client org.Client, make func(*db.Tx) (org.Grant, error)) (web.Reply, error) {
	var g org.Grant
	err := c.DB.Update(c.R.Context(), client.Org, func(tx *db.Tx) (err error) {
		g, err = make(tx)
		return err
	})
	if err != nil {
		return web.Reply{}, err
	}
	return web.Reply{Status: http.StatusOK, Body: tokenOut{"Bearer", int64(g.Expires.Seconds()), g.Access, g.Refresh}}, nil
}
