-- The points ledger. Rows are only ever added; points is more than zero and
-- the event gives its sign.
-- TENANT
CREATE TABLE points_entry (
	org_id       bigint NOT NULL,
	id           bigint NOT NULL,
	party_id     bigint NOT NULL,
	event        text   NOT NULL,
	points       bigint NOT NULL,
	doc_type     text   NOT NULL,
	doc_id       bigint NOT NULL,
	concept      text   NOT NULL,
	description  text   NOT NULL,
	branch       text   NOT NULL,
	expires_at   bigint,
	reverses_id  bigint,
	effective_at bigint NOT NULL,
	recorded_at  bigint NOT NULL,
	user_id      bigint NOT NULL,
	CONSTRAINT points_entry_pk PRIMARY KEY (org_id, id)
);
CREATE INDEX points_entry_party ON points_entry (org_id, party_id, id);
CREATE INDEX points_entry_doc ON points_entry (org_id, doc_type, doc_id, id);
CREATE INDEX points_entry_reverses ON points_entry (org_id, reverses_id) WHERE reverses_id IS NOT NULL;
CREATE INDEX points_entry_expiry ON points_entry (org_id, expires_at, party_id) WHERE expires_at IS NOT NULL;

-- The fold of the points entries, a row a customer.
-- TENANT
CREATE TABLE points_balance (
	org_id   bigint NOT NULL,
	party_id bigint NOT NULL,
	balance  bigint NOT NULL,
	earned   bigint NOT NULL,
	used     bigint NOT NULL,
	expired  bigint NOT NULL,
	CONSTRAINT points_balance_pk PRIMARY KEY (org_id, party_id),
	CONSTRAINT points_balance_party_fk FOREIGN KEY (org_id, party_id) REFERENCES party (org_id, id)
);
CREATE INDEX points_balance_top ON points_balance (org_id, balance, party_id);
