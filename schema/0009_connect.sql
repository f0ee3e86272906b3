-- What a web shop sent, as it came: one row a version of an order, however
-- often it was delivered. fingerprint is of the body, or of the delivery where
-- the body says nothing (a deletion). state is received, applied, ignored or
-- held, with the reason.
-- TENANT
CREATE TABLE shop_delivery (
	org_id      bigint NOT NULL,
	id          bigint NOT NULL,
	source_id   bigint NOT NULL,
	order_id    bigint NOT NULL,
	topic       text   NOT NULL,
	fingerprint text   NOT NULL,
	version     bigint NOT NULL,
	version_key text   NOT NULL,
	body        text   NOT NULL,
	repeats     bigint NOT NULL,
	state       text   NOT NULL,
	reason      text   NOT NULL,
	received_at bigint NOT NULL,
	settled_at  bigint,
	CONSTRAINT shop_delivery_pk PRIMARY KEY (org_id, id),
	CONSTRAINT shop_delivery_once UNIQUE (org_id, source_id, order_id, topic, fingerprint),
	CONSTRAINT shop_delivery_source_fk FOREIGN KEY (source_id) REFERENCES portal_user (id)
);
CREATE INDEX shop_delivery_list ON shop_delivery (org_id, source_id, id);
CREATE INDEX shop_delivery_open ON shop_delivery (org_id, state, id) WHERE state IN ('received', 'held');

-- What has been made of a shop's order. currency is set while an order in
-- another one than the books' waits for its rate. version counts the changes that were
-- applied; pushed is the last that Zoho has. lease is until when somebody is
-- pushing, progress what of a version has been pushed so far.
-- TENANT
CREATE TABLE shop_order (
	org_id      bigint   NOT NULL,
	source_id   bigint   NOT NULL,
	order_id    bigint   NOT NULL,
	sale_id     bigint,
	party_id    bigint,
	delivery_id bigint,
	is_gone     smallint NOT NULL,
	is_short    smallint NOT NULL,
	unmatched   bigint   NOT NULL,
	currency    text,
	version     bigint   NOT NULL,
	pushed      bigint   NOT NULL,
	lease       bigint,
	progress    text,
	updated_at  bigint   NOT NULL,
	CONSTRAINT shop_order_pk PRIMARY KEY (org_id, source_id, order_id),
	CONSTRAINT shop_order_source_fk FOREIGN KEY (source_id) REFERENCES portal_user (id),
	CONSTRAINT shop_order_party_fk FOREIGN KEY (org_id, party_id) REFERENCES party (org_id, id)
);
CREATE INDEX shop_order_unmatched ON shop_order (org_id, order_id) WHERE unmatched > 0;
CREATE INDEX shop_order_short ON shop_order (org_id, order_id) WHERE is_short = 1;
CREATE INDEX shop_order_foreign ON shop_order (org_id, currency, order_id) WHERE currency IS NOT NULL;
CREATE INDEX shop_order_sale ON shop_order (org_id, sale_id);

-- What was made of ours at Zoho: system is crm or inventory, kind contact,
-- account, deal, product or order.
-- TENANT
CREATE TABLE zoho_link (
	org_id     bigint NOT NULL,
	source_id  bigint NOT NULL,
	system     text   NOT NULL,
	kind       text   NOT NULL,
	key        text   NOT NULL,
	remote_id  text   NOT NULL,
	updated_at bigint NOT NULL,
	CONSTRAINT zoho_link_pk PRIMARY KEY (org_id, source_id, system, kind, key),
	CONSTRAINT zoho_link_source_fk FOREIGN KEY (source_id) REFERENCES portal_user (id)
);

-- The ids by which a loyalty programme's client knows a customer; a customer
-- may have several.
-- TENANT
CREATE TABLE loyalty_uid (
	org_id     bigint NOT NULL,
	program_id bigint NOT NULL,
	uid_key    text   NOT NULL,
	uid        text   NOT NULL,
	party_id   bigint NOT NULL,
	created_at bigint NOT NULL,
	CONSTRAINT loyalty_uid_pk PRIMARY KEY (org_id, program_id, uid_key),
	CONSTRAINT loyalty_uid_program_fk FOREIGN KEY (program_id) REFERENCES loyalty_program (id),
	CONSTRAINT loyalty_uid_party_fk FOREIGN KEY (org_id, party_id) REFERENCES party (org_id, id)
);
CREATE INDEX loyalty_uid_party ON loyalty_uid (org_id, program_id, party_id, created_at);

-- A customer who belongs to a programme; password_hash is null until they
-- have registered.
-- TENANT
CREATE TABLE loyalty_member (
	org_id        bigint NOT NULL,
	program_id    bigint NOT NULL,
	party_id      bigint NOT NULL,
	password_hash text,
	remote_ip     text,
	registered_at bigint,
	created_at    bigint NOT NULL,
	CONSTRAINT loyalty_member_pk PRIMARY KEY (org_id, program_id, party_id),
	CONSTRAINT loyalty_member_program_fk FOREIGN KEY (program_id) REFERENCES loyalty_program (id),
	CONSTRAINT loyalty_member_party_fk FOREIGN KEY (org_id, party_id) REFERENCES party (org_id, id)
);

-- A purchase that was reported, once an invoice number. entry_id is the
-- points entry that the first answer named, cancel_id the one of cancelling.
-- TENANT
CREATE TABLE loyalty_purchase (
	org_id       bigint NOT NULL,
	program_id   bigint NOT NULL,
	number       text   NOT NULL,
	id           bigint NOT NULL,
	party_id     bigint,
	points       bigint NOT NULL,
	entry_id     bigint NOT NULL,
	sale_id      bigint,
	detail       text   NOT NULL,
	branch       text   NOT NULL,
	bought_at    bigint NOT NULL,
	cancelled_at bigint,
	cancel_id    bigint,
	created_at   bigint NOT NULL,
	CONSTRAINT loyalty_purchase_pk PRIMARY KEY (org_id, program_id, number),
	CONSTRAINT loyalty_purchase_id UNIQUE (org_id, id),
	CONSTRAINT loyalty_purchase_program_fk FOREIGN KEY (program_id) REFERENCES loyalty_program (id),
	CONSTRAINT loyalty_purchase_party_fk FOREIGN KEY (org_id, party_id) REFERENCES party (org_id, id)
);
CREATE INDEX loyalty_purchase_party ON loyalty_purchase (org_id, party_id, id);

-- A coupon's life: issued, delivered, used or expired.
-- TENANT
CREATE TABLE loyalty_coupon (
	org_id       bigint NOT NULL,
	id           bigint NOT NULL,
	program_id   bigint NOT NULL,
	party_id     bigint,
	code         text   NOT NULL,
	title        text   NOT NULL,
	state        text   NOT NULL,
	issued_at    bigint NOT NULL,
	delivered_at bigint,
	used_at      bigint,
	expires_at   bigint,
	CONSTRAINT loyalty_coupon_pk PRIMARY KEY (org_id, id),
	CONSTRAINT loyalty_coupon_code UNIQUE (org_id, program_id, code),
	CONSTRAINT loyalty_coupon_program_fk FOREIGN KEY (program_id) REFERENCES loyalty_program (id),
	CONSTRAINT loyalty_coupon_party_fk FOREIGN KEY (org_id, party_id) REFERENCES party (org_id, id)
);
CREATE INDEX loyalty_coupon_list ON loyalty_coupon (org_id, program_id, id);
CREATE INDEX loyalty_coupon_due ON loyalty_coupon (org_id, expires_at) WHERE state IN ('issued', 'delivered');

-- How a programme works beyond its credentials: the outside check of a
-- registration, and what happens when it does not answer.
-- TENANT
CREATE TABLE loyalty_setting (
	org_id             bigint NOT NULL,
	program_id         bigint NOT NULL,
	registration_url   text   NOT NULL,
	registration_wait  bigint NOT NULL,
	on_silence         text   NOT NULL,
	points_per_unit    bigint,
	updated_at         bigint NOT NULL,
	CONSTRAINT loyalty_setting_pk PRIMARY KEY (org_id, program_id),
	CONSTRAINT loyalty_setting_program_fk FOREIGN KEY (program_id) REFERENCES loyalty_program (id)
);
