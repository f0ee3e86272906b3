-- A person whom the organization talks to. display_key is the display name in
-- lower case, the order of the list.
-- TENANT
CREATE TABLE person (
	org_id       bigint   NOT NULL,
	id           bigint   NOT NULL,
	first_name   text     NOT NULL,
	last_name    text,
	display_name text     NOT NULL,
	display_key  text     NOT NULL,
	title        text,
	notes        text,
	is_active    smallint NOT NULL,
	created_by   bigint,
	created_at   bigint   NOT NULL,
	updated_at   bigint   NOT NULL,
	CONSTRAINT person_pk PRIMARY KEY (org_id, id),
	CONSTRAINT person_org_fk FOREIGN KEY (org_id) REFERENCES organization (id)
);
CREATE INDEX person_order ON person (org_id, display_key, id);

-- How to reach a person: type is "email" or "phone". email_key is an active
-- e-mail in lower case, null for anything else: an address is one person's.
-- TENANT
CREATE TABLE person_method (
	org_id     bigint   NOT NULL,
	id         bigint   NOT NULL,
	person_id  bigint   NOT NULL,
	type       text     NOT NULL,
	value      text     NOT NULL,
	label      text,
	email_key  text,
	is_primary smallint NOT NULL,
	is_active  smallint NOT NULL,
	created_at bigint   NOT NULL,
	updated_at bigint   NOT NULL,
	CONSTRAINT person_method_pk PRIMARY KEY (org_id, id),
	CONSTRAINT person_method_email_key UNIQUE (org_id, email_key),
	CONSTRAINT person_method_person_fk FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id) ON DELETE CASCADE
);
CREATE INDEX person_method_person ON person_method (org_id, person_id, id);
CREATE UNIQUE INDEX person_method_primary ON person_method (org_id, person_id, type) WHERE is_primary = 1;

-- A person speaks for a party as its customer's or its vendor's side
-- (party_role). The link goes with either of the two.
-- TENANT
CREATE TABLE person_link (
	org_id     bigint   NOT NULL,
	id         bigint   NOT NULL,
	person_id  bigint   NOT NULL,
	party_id   bigint   NOT NULL,
	party_role text     NOT NULL,
	role       text,
	notes      text,
	is_primary smallint NOT NULL,
	is_active  smallint NOT NULL,
	created_at bigint   NOT NULL,
	updated_at bigint   NOT NULL,
	CONSTRAINT person_link_pk PRIMARY KEY (org_id, id),
	CONSTRAINT person_link_key UNIQUE (org_id, person_id, party_id, party_role),
	CONSTRAINT person_link_person_fk FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id) ON DELETE CASCADE,
	CONSTRAINT person_link_party_fk FOREIGN KEY (org_id, party_id) REFERENCES party (org_id, id) ON DELETE CASCADE
);
CREATE INDEX person_link_party ON person_link (org_id, party_id, party_role, person_id);
CREATE UNIQUE INDEX person_link_primary ON person_link (org_id, party_id, party_role) WHERE is_primary = 1;
