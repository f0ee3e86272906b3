package program

import (
	"context"

	"storehouse/base/db"
	"storehouse/core/connect"
	"storehouse/core/crm"
	"storehouse/core/staff"
)

// remind has the runner remind users of follow-ups, by mail and short message,
// and give new passwords to those who forgot theirs. Without a mail server
// passwords stay as they are: a new one would reach nobody.
func (p *Program) remind(c Config) {
	p.Jobs.Handle(crm.ReminderKind, crm.Reminder(p.DB,
		func(tx *db.Tx, to, subject, text, key string) error {
			return connect.Send(tx, connect.Message{To: []string{to}, Subject: subject, Body: text}, key)
		},
		func(tx *db.Tx, to, _, text, key string) error { return connect.SendSMS(tx, to, text, key) }))
	if m := c.Hub.Mail; m != nil {
		p.Jobs.Handle(staff.PasswordKind, staff.NewPassword(p.DB, c.Passwords, func(ctx context.Context, to, subject, text, id string) error {
			return m.Deliver(ctx, connect.Message{To: []string{to}, Subject: subject, Body: text}, id)
		}))
	}
}
