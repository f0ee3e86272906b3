-- A payment as the tills send it. sale_id, return_id or doc_type and doc_id
-- say what it pays; a payment without any is an advance or an opening balance.
-- TENANT
CREATE TABLE payment (
	org_id                  bigint   NOT NULL,
	id                      bigint   NOT NULL,
	sale_id                 bigint,
	return_id               bigint,
	doc_type                text     NOT NULL,
	doc_id                  bigint   NOT NULL,
	party_id                bigint,
	parent_id               bigint,
	account_id              bigint,
	register_id             bigint,
	amount                  bigint   NOT NULL,
	is_return               smallint NOT NULL,
	is_advance              smallint NOT NULL,
	method                  text     NOT NULL,
	transaction_no          text     NOT NULL,
	card_transaction_number text     NOT NULL,
	card_number             text     NOT NULL,
	card_type               text     NOT NULL,
	card_holder_name        text     NOT NULL,
	card_month              text     NOT NULL,
	card_year               text     NOT NULL,
	cheque_number           text     NOT NULL,
	bank_account_number     text     NOT NULL,
	ref_no                  text     NOT NULL,
	note                    text     NOT NULL,
	document                text     NOT NULL,
	paid_on                 bigint   NOT NULL,
	created_by              bigint   NOT NULL,
	created_at              bigint   NOT NULL,
	updated_at              bigint   NOT NULL,
	CONSTRAINT payment_pk PRIMARY KEY (org_id, id),
	CONSTRAINT payment_party_fk FOREIGN KEY (org_id, party_id) REFERENCES party (org_id, id)
);
CREATE INDEX payment_sale ON payment (org_id, sale_id, id) WHERE sale_id IS NOT NULL;
CREATE INDEX payment_return ON payment (org_id, return_id, id) WHERE return_id IS NOT NULL;
CREATE INDEX payment_doc ON payment (org_id, doc_type, doc_id, id) WHERE doc_id <> 0;
CREATE INDEX payment_party ON payment (org_id, party_id, paid_on, id) WHERE party_id IS NOT NULL;
CREATE INDEX payment_parent ON payment (org_id, parent_id, id) WHERE parent_id IS NOT NULL;

-- The money ledger. Rows are only ever added. An account is a party or a cash
-- register; amount is what the event is about, its sign and bucket follow from
-- the event.
-- TENANT
CREATE TABLE money_entry (
	org_id       bigint NOT NULL,
	id           bigint NOT NULL,
	account_kind text   NOT NULL,
	account_id   bigint NOT NULL,
	event        text   NOT NULL,
	method       text   NOT NULL,
	amount       bigint NOT NULL,
	doc_type     text   NOT NULL,
	doc_id       bigint NOT NULL,
	payment_id   bigint,
	reverses_id  bigint,
	note         text   NOT NULL,
	effective_at bigint NOT NULL,
	recorded_at  bigint NOT NULL,
	user_id      bigint NOT NULL,
	CONSTRAINT money_entry_pk PRIMARY KEY (org_id, id)
);
CREATE INDEX money_entry_account ON money_entry (org_id, account_kind, account_id, id);
CREATE INDEX money_entry_doc ON money_entry (org_id, doc_type, doc_id, id);
CREATE INDEX money_entry_payment ON money_entry (org_id, payment_id) WHERE payment_id IS NOT NULL;
CREATE UNIQUE INDEX money_entry_reverses ON money_entry (org_id, reverses_id) WHERE reverses_id IS NOT NULL;

-- The fold of the money entries: one row an account and bucket ("paid",
-- "advance"; of a register also the method).
-- TENANT
CREATE TABLE money_balance (
	org_id       bigint NOT NULL,
	account_kind text   NOT NULL,
	account_id   bigint NOT NULL,
	bucket       text   NOT NULL,
	method       text   NOT NULL,
	balance      bigint NOT NULL,
	party_id     bigint,
	CONSTRAINT money_balance_pk PRIMARY KEY (org_id, account_kind, account_id, bucket, method),
	CONSTRAINT money_balance_party_fk FOREIGN KEY (org_id, party_id) REFERENCES party (org_id, id)
);
CREATE INDEX money_balance_party ON money_balance (org_id, party_id) WHERE party_id IS NOT NULL;

-- TENANT
CREATE TABLE cash_register (
	org_id           bigint   NOT NULL,
	id               bigint   NOT NULL,
	location_id      bigint   NOT NULL,
	user_id          bigint   NOT NULL,
	is_open          smallint NOT NULL,
	opened_at        bigint   NOT NULL,
	closed_at        bigint,
	closing_amount   bigint   NOT NULL,
	total_card_slips bigint   NOT NULL,
	total_cheques    bigint   NOT NULL,
	closing_note     text     NOT NULL,
	created_at       bigint   NOT NULL,
	updated_at       bigint   NOT NULL,
	CONSTRAINT cash_register_pk PRIMARY KEY (org_id, id),
	CONSTRAINT cash_register_location_fk FOREIGN KEY (org_id, location_id) REFERENCES location (org_id, id)
);
CREATE INDEX cash_register_user ON cash_register (org_id, user_id, is_open, id);
CREATE INDEX cash_register_location ON cash_register (org_id, location_id, id);
