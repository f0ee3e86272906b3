package native

import (
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// Credentials of programs. What is secret is shown when it is made, once.
func init() {
	op := func(title string) web.Opt { return web.Title("Credentials", title) }
	routes = append(routes, []web.Route{
		web.Write("POST /v1/oauth-clients", org.Admin, createClient, web.Created, op("Make an OAuth client"),
			web.Doc("A program that may ask for tokens at /oauth/token. The dialect says how POST sell answers it: documented wraps the sells in data, upstream is a bare list.")),
		web.Read("GET /v1/oauth-clients", org.Admin, listClients, op("List OAuth clients")),
		web.Write("DELETE /v1/oauth-clients/{id}", org.Admin, revokeClient, op("Revoke an OAuth client"), web.Doc("Its tokens end with it.")),
		web.Write("POST /v1/feed-keys", org.Admin, createFeedKey, web.Created, op("Make a key of the stock feed")),
		web.Read("GET /v1/feed-keys", org.Admin, listFeedKeys, op("List keys of the stock feed")),
		web.Write("DELETE /v1/feed-keys/{id}", org.Admin, revokeFeedKey, op("Revoke a key of the stock feed")),
		web.Write("POST /v1/loyalty-programs", org.Admin, createProgram, web.Created, op("Make a loyalty programme"),
			web.Doc("Its id is the app_id in its addresses. A username and an apikey that clients have already may be kept.")),
		web.Read("GET /v1/loyalty-programs", org.Admin, listPrograms, op("List loyalty programmes")),
		web.Write("DELETE /v1/loyalty-programs/{id}", org.Admin, revokeProgram, op("Revoke a loyalty programme's access")),
		web.Write("POST /v1/shop-tokens/registration", org.Admin, newRegToken, web.Created, op("Make the token that lets shops register"),
			web.Doc("It takes the place of the one before.")),
		web.Write("POST /v1/shop-tokens/change", org.Admin, newChangeToken, web.Created, op("Make the token that lets shops change leads"),
			web.Doc("It takes the place of the one before.")),
	})
}

type pathID struct {
	ID int64 `path:"id" required:"true" minimum:"1"`
}

type revokedOut struct {
	Revoked int64 `json:"revokedId"`
}

type listOut[T any] struct {
	Data []T `json:"data"`
}

func mapped[A, B any](list []A, fn func(A) B, err error) (listOut[B], error) {
	out := listOut[B]{Data: []B{}}
	for _, a := range list {
		out.Data = append(out.Data, fn(a))
	}
	return out, err
}

type clientOut struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Dialect   string    `json:"dialect" enum:"documented,upstream"`
	User      wire.IntN `json:"userId" doc:"On whose behalf it acts with its own credentials."`
	CreatedAt wire.ISO  `json:"createdAt"`
	RevokedAt wire.ISO  `json:"revokedAt"`
	Secret    string    `json:"secret,omitempty" doc:"Shown once, when it is made."`
}

func clientOf(c org.Client) clientOut {
	return clientOut{ID: c.ID, Name: c.Name, Dialect: c.Dialect, User: wire.IntN(c.User), CreatedAt: wire.ISO(c.CreatedAt), RevokedAt: wire.ISO(c.RevokedAt)}
}

type newClient struct {
	Name    string `json:"name" required:"true" minLength:"1" maxLength:"255"`
	Dialect string `json:"dialect" enum:"documented,upstream" doc:"documented unless told"`
	User    int64  `json:"userId" minimum:"0" doc:"A member on whose behalf it acts with its own credentials."`
}

func createClient(c *web.Call, in newClient) (clientOut, error) {
	if in.Dialect == "" {
		in.Dialect = org.Documented
	}
	if in.User != 0 {
		m, err := org.GetMember(c.Tx, in.User)
		if err != nil {
			return clientOut{}, err
		}
		if m.Role > c.Actor.Role {
			return clientOut{}, fault.New(fault.Forbidden, "a program cannot act for somebody of a higher role than yours")
		}
	}
	made, key, err := org.CreateClient(c.Tx, in.Name, in.Dialect, in.User)
	out := clientOf(made)
	out.Secret = key
	return out, err
}

func listClients(c *web.Call, _ web.None) (listOut[clientOut], error) {
	list, err := org.ListClients(c.Tx)
	return mapped(list, clientOf, err)
}

func revokeClient(c *web.Call, in pathID) (revokedOut, error) {
	return revokedOut{in.ID}, org.RevokeClient(c.Tx, in.ID)
}

type keyOut struct {
	ID         int64    `json:"id"`
	Name       string   `json:"name"`
	Prefix     string   `json:"prefix"`
	LastUsedAt wire.ISO `json:"lastUsedAt"`
	RevokedAt  wire.ISO `json:"revokedAt"`
	CreatedAt  wire.ISO `json:"createdAt"`
	Key        string   `json:"key,omitempty" doc:"Shown once, when it is made."`
}

func keyOf(k org.FeedKey) keyOut {
	return keyOut{ID: k.ID, Name: k.Name, Prefix: k.Prefix, LastUsedAt: wire.ISO(k.LastUsedAt), RevokedAt: wire.ISO(k.RevokedAt), CreatedAt: wire.ISO(k.CreatedAt)}
}

type newKey struct {
	Name string `json:"name" required:"true" minLength:"1" maxLength:"255"`
}

func createFeedKey(c *web.Call, in newKey) (keyOut, error) {
	k, plain, err := org.CreateFeedKey(c.Tx, in.Name)
	out := keyOf(k)
	out.Key = plain
	return out, err
}

func listFeedKeys(c *web.Call, _ web.None) (listOut[keyOut], error) {
	list, err := org.ListFeedKeys(c.Tx)
	return mapped(list, keyOf, err)
}

func revokeFeedKey(c *web.Call, in pathID) (revokedOut, error) {
	return revokedOut{in.ID}, org.RevokeFeedKey(c.Tx, in.ID)
}

type programOut struct {
	ID        int64    `json:"appId"`
	Name      string   `json:"name"`
	Username  string   `json:"username"`
	CreatedAt wire.ISO `json:"createdAt"`
	RevokedAt wire.ISO `json:"revokedAt"`
	Key       string   `json:"apikey,omitempty" doc:"Shown once, when it is made."`
}

func programOf(p org.Program) programOut {
	return programOut{ID: p.ID, Name: p.Name, Username: p.Username, CreatedAt: wire.ISO(p.CreatedAt), RevokedAt: wire.ISO(p.RevokedAt)}
}

type newProgram struct {
	Name     string `json:"name" required:"true" minLength:"1" maxLength:"255"`
	Username string `json:"username" maxLength:"255" doc:"The app_id unless told."`
	Key      string `json:"apikey" maxLength:"255" doc:"At least 16 characters; made unless told."`
}

func createProgram(c *web.Call, in newProgram) (programOut, error) {
	p, key, err := org.CreateProgram(c.Tx, in.Name, in.Username, in.Key)
	out := programOf(p)
	out.Key = key
	return out, err
}

func listPrograms(c *web.Call, _ web.None) (listOut[programOut], error) {
	list, err := org.ListPrograms(c.Tx)
	return mapped(list, programOf, err)
}

func revokeProgram(c *web.Call, in pathID) (revokedOut, error) {
	return revokedOut{in.ID}, org.RevokeProgram(c.Tx, in.ID)
}

type shopToken struct {
	Token     string   `json:"token" doc:"Shown this once."`
	CreatedAt wire.ISO `json:"createdAt"`
}

func newRegToken(c *web.Call, _ web.None) (shopToken, error) {
	plain, err := org.NewRegToken(c.Tx)
	return shopToken{plain, wire.ISO(c.Now)}, err
}

func newChangeToken(c *web.Call, _ web.None) (shopToken, error) {
	plain, err := org.NewChangeToken(c.Tx)
	return shopToken{plain, wire.ISO(c.Now)}, err
}
