package connect

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/job"
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/core/party"
)

// LeadStatuses are the statuses that a lead may be given from outside.
var LeadStatuses = []string{"Duplicated", "Converted", "FTD", "Not Relevant"}

// SetLeadStatus moves a lead in the books and sees to it that Zoho hears of
// it. The status becomes its life stage; one who is converted, or has made a
// first deposit (FTD), is a customer from then on. The same again changes
// nothing.
func SetLeadStatus(tx *db.Tx, id int64, status string) error {
	i := slices.IndexFunc(LeadStatuses, func(s string) bool { return strings.EqualFold(s, strings.TrimSpace(status)) })
	if i < 0 {
		return fault.Field("Status", "must be one of %s", strings.Join(LeadStatuses, "; "))
	}
	status = LeadStatuses[i]
	p, err := party.Lock(tx, id)
	if err == nil && !p.IsLead && p.LifeStage == 0 {
		err = fault.Missing("lead")
	}
	if fault.Is(err, fault.NotFound) {
		return fault.Missing("lead")
	}
	if err != nil {
		return err
	}
	stage, err := lookup.Ensure(tx, lookup.LifeStage, status)
	if err != nil {
		return err
	}
	customer := status == "Converted" || status == "FTD"
	if p.LifeStage == stage.ID && (!customer || p.IsCustomer) {
		return nil
	}
	p.LifeStage = stage.ID
	if customer && !p.IsCustomer {
		p.IsCustomer, p.IsLead, p.ConvertedOn, p.ConvertedBy = true, false, tx.Now, tx.Actor
	}
	if _, err := party.Update(tx, p); err != nil {
		return err
	}
	users, err := db.All(tx, db.Value[int64], `SELECT id FROM portal_user WHERE org_id = ? AND is_active = 1 ORDER BY id`, tx.Org)
	for _, u := range users {
		if _, err := job.Add(tx, job.Job{Kind: LeadKind, Args: LeadArgs(u, id, status)}); err != nil {
			return err
		}
	}
	return err
}

// pushLead does a LeadKind job: it sets the status of the lead with the same
// e-mail address or phone in the shop's Zoho CRM. One that Zoho does not know
// is none of its business.
func (h *Hub) pushLead(ctx context.Context, j job.Job) error {
	parts := strings.SplitN(j.Args, "/", 3)
	if len(parts) != 3 {
		return job.Fatal(fmt.Errorf("job arguments %q are not source/lead/status", j.Args))
	}
	source, e1 := strconv.ParseInt(parts[0], 10, 64)
	id, e2 := strconv.ParseInt(parts[1], 10, 64)
	if e1 != nil || e2 != nil {
		return job.Fatal(fmt.Errorf("job arguments %q are not source/lead/status", j.Args))
	}
	var user org.PortalUser
	var p party.Party
	err := h.DB.View(ctx, j.Org, func(tx *db.Tx) (err error) {
		if user, err = org.GetPortalUser(tx, source); err != nil {
			return err
		}
		p, err = party.Get(tx, id)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return nil // deleted since
	}
	if err != nil {
		return err
	}
	g, err := h.grant(user)
	if err != nil || !g.HasCRM() {
		return err
	}
	search := contactSearch(&Order{Billing: Address{Email: text(p.Email), Phone: text(p.Mobile)}})
	if search == nil {
		return nil
	}
	remote, err := h.Zoho.crmSearch(ctx, g, "Leads", search)
	if err != nil || remote == "" {
		return verdict(err)
	}
	_, err = h.Zoho.crmWrite(ctx, g, "PUT", "Leads/"+remote, record{"data": []record{{"Lead_Status": parts[2]}}})
	return verdict(err)
}
