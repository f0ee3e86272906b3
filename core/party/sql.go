package party

import (
	"slices"

	"storehouse/base/db"
)

const cols = `id, number, is_customer, is_vendor, is_lead, is_default, is_active, name, business_name, prefix, first_name, middle_name, last_name, email, mobile, landline, alternate,
	tax_number, pay_term_number, pay_term_type, term, credit_limit, opening_balance, address, address2, city, state, country, zip, shipping_address, dob, position,
	customer_group_id, source_id, life_stage_id, custom_field1, custom_field2, custom_field3, custom_field4, custom_field5, custom_field6, custom_field7, custom_field8, custom_field9, custom_field10,
	customer_type_id, segment_id, broker_id, broker_fee_percent, parent_id, qbo_id, notes, converted_by, converted_on, created_by, created_at, updated_at`

const keyCols = `, name_key, business_key, email_key, mobile_key, landline_key, alternate_key`

// updateSQL sets every column but the id, in the order of values.
const updateSQL = `UPDATE party SET number = ?, is_customer = ?, is_vendor = ?, is_lead = ?, is_default = ?, is_active = ?, name = ?, business_name = ?, prefix = ?, first_name = ?,
	middle_name = ?, last_name = ?, email = ?, mobile = ?, landline = ?, alternate = ?, tax_number = ?, pay_term_number = ?, pay_term_type = ?, term = ?,
	credit_limit = ?, opening_balance = ?, address = ?, address2 = ?, city = ?, state = ?, country = ?, zip = ?, shipping_address = ?, dob = ?, position =
	?, customer_group_id = ?, source_id = ?, life_stage_id = ?, custom_field1 = ?, custom_field2 = ?, custom_field3 = ?, custom_field4 = ?, custom_field5
	= ?, custom_field6 = ?, custom_field7 = ?, custom_field8 = ?, custom_field9 = ?, custom_field10 = ?, customer_type_id = ?, segment_id = ?, broker_id =
	?, broker_fee_percent = ?, parent_id = ?, qbo_id = ?, notes = ?, converted_by = ?, converted_on = ?, created_by = ?, created_at = ?, updated_at = ?,
	name_key = ?, business_key = ?, email_key = ?, mobile_key = ?, landline_key = ?, alternate_key = ?
	WHERE org_id = ? AND id = ?`

func scan(r db.Row, p *Party) error {
	c := &p.Custom
	return r.Scan(&p.ID, &p.Number, db.B(&p.IsCustomer), db.B(&p.IsVendor), db.B(&p.IsLead), db.B(&p.IsDefault), db.B(&p.IsActive), &p.Name, db.S(&p.BusinessName),
		db.S(&p.Prefix), db.S(&p.FirstName), db.S(&p.MiddleName), db.S(&p.LastName), db.S(&p.Email), db.S(&p.Mobile), db.S(&p.Landline), db.S(&p.Alternate),
		db.S(&p.TaxNumber), db.I(&p.PayTermNumber), db.S(&p.PayTermType), db.S(&p.Term), db.DN(&p.CreditLimit), &p.OpeningBalance,
		db.S(&p.Address), db.S(&p.Address2), db.S(&p.City), db.S(&p.State), db.S(&p.Country), db.S(&p.Zip), db.S(&p.ShippingAddress), db.S(&p.DOB), db.S(&p.Position),
		db.I(&p.CustomerGroup), db.I(&p.Source), db.I(&p.LifeStage),
		db.S(&c[0]), db.S(&c[1]), db.S(&c[2]), db.S(&c[3]), db.S(&c[4]), db.S(&c[5]), db.S(&c[6]), db.S(&c[7]), db.S(&c[8]), db.S(&c[9]),
		db.I(&p.Type), db.I(&p.Segment), db.I(&p.Broker), db.DN(&p.BrokerFee), db.I(&p.Parent), db.S(&p.QboID), db.S(&p.Notes),
		db.I(&p.ConvertedBy), db.T(&p.ConvertedOn), db.I(&p.CreatedBy), db.T(&p.CreatedAt), db.T(&p.UpdatedAt))
}

// values returns the party's columns in the order of cols and keyCols.
func (p Party) values() []any {
	v := []any{p.ID, p.Number, p.IsCustomer, p.IsVendor, p.IsLead, p.IsDefault, p.IsActive, p.Name, db.Null(p.BusinessName),
		db.Null(p.Prefix), db.Null(p.FirstName), db.Null(p.MiddleName), db.Null(p.LastName), db.Null(p.Email), db.Null(p.Mobile), db.Null(p.Landline), db.Null(p.Alternate),
		db.Null(p.TaxNumber), db.Null(p.PayTermNumber), db.Null(p.PayTermType), db.Null(p.Term), p.CreditLimit, p.OpeningBalance,
		db.Null(p.Address), db.Null(p.Address2), db.Null(p.City), db.Null(p.State), db.Null(p.Country), db.Null(p.Zip), db.Null(p.ShippingAddress), db.Null(p.DOB), db.Null(p.Position),
		db.Null(p.CustomerGroup), db.Null(p.Source), db.Null(p.LifeStage)}
	for _, c := range p.Custom {
		v = append(v, db.Null(c))
	}
	return append(v, db.Null(p.Type), db.Null(p.Segment), db.Null(p.Broker), p.BrokerFee, db.Null(p.Parent), db.Null(p.QboID), db.Null(p.Notes),
		db.Null(p.ConvertedBy), p.ConvertedOn, db.Null(p.CreatedBy), p.CreatedAt, p.UpdatedAt,
		key(p.Name), key(p.BusinessName), db.Null(emailKey(p.Email)), db.Null(digits(p.Mobile)), db.Null(digits(p.Landline)), db.Null(digits(p.Alternate)))
}

func insert(tx *db.Tx, list []Party) error {
	rows := make([][]any, len(list))
	for i, p := range list {
		rows[i] = append([]any{tx.Org}, p.values()...)
	}
	return tx.Insert("party", "org_id, "+cols+keyCols, rows)
}

func update(tx *db.Tx, p Party) (int64, error) {
	return tx.Exec(updateSQL, append(p.values()[1:], tx.Org, p.ID)...)
}

// GetMany returns parties by id, in the order of their ids; the unknown are
// left out.
func GetMany(tx *db.Tx, ids []int64) ([]Party, error) {
	out := []Party{}
	for part := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(ids))), 1000) {
		list, err := db.All(tx, scan, `SELECT `+cols+` FROM party WHERE org_id = ? AND id IN (`+db.Marks(len(part))+`) ORDER BY id`, append([]any{tx.Org}, db.Args(part)...)...)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, loadUsers(tx, out)
}

// loadUsers fills in whom parties are assigned to.
func loadUsers(tx *db.Tx, list []Party) error {
	at := make(map[int64]int, len(list))
	ids := make([]int64, len(list))
	for i := range list {
		at[list[i].ID], ids[i] = i, list[i].ID
	}
	for part := range slices.Chunk(ids, 1000) {
		err := tx.Each(func(r db.Row) error {
			var party, user int64
			if err := r.Scan(&party, &user); err != nil {
				return err
			}
			p := &list[at[party]]
			p.AssignedTo = append(p.AssignedTo, user)
			return nil
		}, `SELECT party_id, user_id FROM party_user WHERE org_id = ? AND party_id IN (`+db.Marks(len(part))+`) ORDER BY party_id, user_id`, append([]any{tx.Org}, db.Args(part)...)...)
		if err != nil {
			return err
		}
	}
	return nil
}

func saveUsers(tx *db.Tx, list []Party) error {
	var rows [][]any
	for _, p := range list {
		for _, u := range slices.Compact(slices.Sorted(slices.Values(p.AssignedTo))) {
			rows = append(rows, []any{tx.Org, p.ID, u})
		}
	}
	return tx.Insert("party_user", "org_id, party_id, user_id", rows)
}
