package demo

import (
	"strconv"

	"storehouse/core/org"
)

func (b *business) credentials(cred *Credentials) error {
	tx := b.tx
	_, token, err := org.CreateToken(tx, b.owner, "demo", 0)
	if err != nil {
		return err
	}
	cred.Maker = Maker{token, b.config.OrgUUID(tx.Org)}
	for _, c := range []struct {
		to      *Pos
		dialect string
	}{{&cred.Pos, org.Documented}, {&cred.PosUpstream, org.Upstream}} {
		client, plain, err := org.CreateClient(tx, "Demo till ("+c.dialect+")", c.dialect, b.owner)
		if err != nil {
			return err
		}
		*c.to = Pos{strconv.FormatInt(client.ID, 10), plain, "mara", b.password}
	}
	return b.channels(cred)
}

func (b *business) channels(cred *Credentials) error {
	tx := b.tx
	reg, err := org.NewRegToken(tx)
	if err != nil {
		return err
	}
	change, err := org.NewChangeToken(tx)
	if err != nil {
		return err
	}
	user, key, err := org.CreatePortalUser(tx, org.PortalUser{Email: "webshop@kestrel.example", Name: "Kestrel webshop", IsActive: true}, b.hash)
	if err != nil {
		return err
	}
	cred.Shop = Shop{user.Email, b.password, reg, change, b.config.Webhook(key), user.WebhookSecret}
	if _, cred.Sync.Key, err = org.CreateFeedKey(tx, "Demo stock feed"); err != nil {
		return err
	}
	program, apikey, err := org.CreateProgram(tx, "Kestrel Club", "", "")
	if err != nil {
		return err
	}
	cred.Loyalty = Loyalty{program.ID, program.Username, apikey}
	return nil
}
