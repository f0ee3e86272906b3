-- SHARED
CREATE TABLE id_block (
	series text   NOT NULL,
	next   bigint NOT NULL,
	CONSTRAINT id_block_pk PRIMARY KEY (series)
);

-- TENANT
CREATE TABLE counter (
	org_id bigint NOT NULL,
	series text   NOT NULL,
	last   bigint NOT NULL,
	CONSTRAINT counter_pk PRIMARY KEY (org_id, series)
);

-- TENANT
CREATE TABLE idempotency (
	org_id     bigint   NOT NULL,
	face       text     NOT NULL,
	key        text     NOT NULL,
	user_id    bigint   NOT NULL,
	body_hash  text     NOT NULL,
	status     bigint   NOT NULL,
	answer     text     NOT NULL,
	created_at bigint   NOT NULL,
	CONSTRAINT idempotency_pk PRIMARY KEY (org_id, face, user_id, key)
);
