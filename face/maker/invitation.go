package maker

import (
	"strings"

	"storehouse/base/fault"
	"storehouse/core/connect"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func invitationRoutes(f *face) []web.Route {
	op := func(title string) web.Opt { return web.Title("Platform", title) }
	const base = "/api/organizations/current/invitations"
	return []web.Route{
		web.Read("GET /api/invitations/pending", org.None, pendingInvitations, op("List my pending invitations"),
			web.Doc("Each bears a token by which the invited person, and nobody else, can accept it.")),
		web.Read("GET /api/invitations/by-token/{token}", org.Public, f.invitationByToken, op("Look up invitation by token (public)")),
		web.Write("POST /api/invitations/accept", org.None, acceptInvitation, op("Accept invitation")),
		web.Write("POST /api/invitations/decline", org.None, declineInvitation, op("Decline invitation")),
		web.Write("POST "+base, org.Admin, invite, web.Created, op("Send invitation")),
		web.Read("GET "+base, org.Admin, listInvitations, op("List organization invitations")),
		web.Write("POST "+base+"/{id}/resend", org.Admin, resendInvitation, op("Resend invitation")),
		web.Write("DELETE "+base+"/{id}", org.Admin, revokeInvitation, op("Revoke invitation")),
	}
}

type invitation struct {
	ID         wire.UUID  `json:"id"`
	OrgID      wire.UUID  `json:"orgId"`
	InvitedBy  wire.UUID  `json:"invitedBy"`
	Email      string     `json:"email"`
	Role       string     `json:"role" enum:"owner,admin,member,viewer"`
	Token      wire.TextN `json:"token" doc:"Shown to who sent the invitation, once, and to the invited person."`
	ExpiresAt  wire.ISO   `json:"expiresAt"`
	AcceptedAt wire.ISO   `json:"acceptedAt"`
	RevokedAt  wire.ISO   `json:"revokedAt" doc:"When it was revoked, or declined."`
	CreatedAt  wire.ISO   `json:"createdAt"`
}

func invitationOut(i org.Invitation, token string) invitation {
	closed := i.RevokedAt
	if closed.IsZero() {
		closed = i.DeclinedAt
	}
	return invitation{wire.UUID{Kind: wire.KindInvitation, ID: i.ID}, wire.UUID{Kind: wire.KindOrg, ID: i.Org}, userID(i.InvitedBy), i.Email,
		i.Role.String(), wire.TextN(token), wire.ISO(i.ExpiresAt), wire.ISO(i.AcceptedAt), wire.ISO(closed), wire.ISO(i.CreatedAt)}
}

// received is an invitation as the invited person sees it, who knows the
// organization by its name only.
type received struct {
	invitation
	OrgName string `json:"orgName"`
}

func receivedOut(i org.Invitation, token string) received {
	return received{invitationOut(i, token), i.OrgName}
}

// pendingInvitations shows each invitation's own id for its token: the real
// one is kept as a hash only, and who the invitation is for needs none. See
// acceptInvitation.
func pendingInvitations(c *web.Call, in paging) (page[received], error) {
	if !ownsEmail(c) {
		return page[received]{Data: []received{}}, nil
	}
	before, err := parseIDCursor(in.Cursor)
	if err != nil {
		return page[received]{}, err
	}
	all, err := org.PendingInvitations(c.Tx, c.Actor.Email)
	var rows []org.Invitation
	for _, i := range all {
		if before == 0 || i.ID < before {
			rows = append(rows, i)
		}
	}
	return paged(in, rows, func(i org.Invitation) received {
		return receivedOut(i, wire.UUID{Kind: wire.KindInvitation, ID: i.ID}.String())
	}, func(i org.Invitation) string { return idCursor(i.ID) }), err
}

// ownsEmail reports whether the caller's e-mail address is known to be
// theirs: anybody can sign up with the address of somebody who is invited.
func ownsEmail(c *web.Call) bool { return c.Actor.Email != "" && c.Actor.Verified }

type invitationToken struct {
	Token string `path:"token" required:"true"`
}

type foundInvitation struct {
	Invitation received `json:"invitation"`
}

func (f *face) invitationByToken(c *web.Call, in invitationToken) (foundInvitation, error) {
	if err := f.Guard.Guess(c, "invitation"); err != nil {
		return foundInvitation{}, err
	}
	i, err := org.InvitationByToken(c.Tx, in.Token)
	if fault.Is(err, fault.NotFound) {
		f.Guard.Failed(c, "invitation")
	}
	return foundInvitation{receivedOut(i, "")}, err
}

type acceptance struct {
	Token       string  `json:"token" required:"true" minLength:"1"`
	DisplayName *string `json:"displayName" maxLength:"255"`
}

func acceptInvitation(c *web.Call, in acceptance) (membership, error) {
	u, err := me(c, true)
	if err != nil {
		return membership{}, err
	}
	var m org.Membership
	var o int64
	err = within(c, c.Org, func() (err error) {
		var ref wire.Ref
		if ref.SetWire(in.Token) == nil && ownsEmail(c) { // as pendingInvitations shows it
			id, err := ref.Of(wire.KindInvitation, "invitation")
			if err != nil {
				return err
			}
			m, err = org.AcceptOwn(c.Tx, u, id, text(in.DisplayName))
			o = c.Org
			return err
		}
		m, err = org.Accept(c.Tx, u, in.Token, text(in.DisplayName))
		o = c.Org
		return err
	})
	return membershipOut(o, m), err
}

type refusal struct {
	Invitation wire.Ref `json:"invitationId" required:"true"`
}

type done struct {
	OK bool `json:"ok"`
}

func declineInvitation(c *web.Call, in refusal) (done, error) {
	u, err := me(c, true)
	if err != nil {
		return done{}, err
	}
	id, err := in.Invitation.Of(wire.KindInvitation, "invitation")
	if err == nil && !ownsEmail(c) {
		err = fault.Missing("invitation")
	}
	if err != nil {
		return done{}, missing("invitationId", err)
	}
	return done{true}, org.Decline(c.Tx, u, id)
}

type newInvitation struct {
	Email   string  `json:"email" required:"true" format:"email"`
	Role    string  `json:"role" required:"true" enum:"owner,admin,member,viewer"`
	Inviter *string `json:"inviterDisplayName" null:"never" maxLength:"255"`
}

func invite(c *web.Call, in newInvitation) (invitation, error) {
	i, token, err := org.Invite(c.Tx, c.Actor, in.Email, org.ParseRole(in.Role))
	if err != nil {
		return invitation{}, err
	}
	return invitationOut(i, token), tell(c, i, text(in.Inviter))
}

// tell sends the invitation by mail. The mail bears no token, since mail is
// kept in clear until it is sent: who it is for signs in with the address.
func tell(c *web.Call, i org.Invitation, inviter string) error {
	if inviter == "" {
		inviter = c.Actor.Name
	}
	line := strings.NewReplacer("\r", " ", "\n", " ")
	body := inviter + " invites you to join " + i.OrgName + " as " + i.Role.String() + ".\n\nSign in with this e-mail address to accept. The invitation is open until " +
		i.ExpiresAt.Format("2 January 2006") + ".\n"
	return connect.Send(c.Tx, connect.Message{To: []string{i.Email}, Subject: line.Replace("You are invited to join " + i.OrgName), Body: body}, "")
}

func listInvitations(c *web.Call, in paging) (page[invitation], error) {
	before, err := parseIDCursor(in.Cursor)
	if err != nil {
		return page[invitation]{}, err
	}
	rows, err := org.ListInvitations(c.Tx, before, in.limit()+1)
	return paged(in, rows, func(i org.Invitation) invitation { return invitationOut(i, "") },
		func(i org.Invitation) string { return idCursor(i.ID) }), err
}

type resending struct {
	pathID
	Inviter *string `json:"inviterDisplayName" null:"never" maxLength:"255"`
}

func resendInvitation(c *web.Call, in resending) (invitation, error) {
	id, err := in.of(wire.KindInvitation, "invitation")
	if err != nil {
		return invitation{}, err
	}
	i, token, err := org.Resend(c.Tx, id)
	if err != nil {
		return invitation{}, err
	}
	return invitationOut(i, token), tell(c, i, text(in.Inviter))
}

func revokeInvitation(c *web.Call, in pathID) (deleted, error) {
	id, err := in.of(wire.KindInvitation, "invitation")
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindInvitation, id), org.RevokeInvitation(c.Tx, id)
}
