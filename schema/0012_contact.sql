-- People at customers and vendors.
-- TENANT
CREATE TABLE person (
	org_id       bigint   NOT NULL,
	id           bigint   NOT NULL,
	display_name text     NOT NULL,
	name_key     text     NOT NULL,
	first_name   text     NOT NULL,
	last_name    text,
	title        text,
	notes        text,
	is_active    smallint NOT NULL,
	created_by   bigint,
	created_at   bigint   NOT NULL,
	updated_at   bigint   NOT NULL,
	CONSTRAINT person_pk PRIMARY KEY (org_id, id),
	CONSTRAINT person_org_fk FOREIGN KEY (org_id) REFERENCES organization (id)
);
CREATE INDEX person_name ON person (org_id, name_key, id);

-- How to reach a person; value_key is what finding goes by.
-- TENANT
CREATE TABLE person_method (
	org_id     bigint   NOT NULL,
	id         bigint   NOT NULL,
	person_id  bigint   NOT NULL,
	type       text     NOT NULL,
	value      text     NOT NULL,
	value_key  text     NOT NULL,
	label      text,
	is_primary smallint NOT NULL,
	is_active  smallint NOT NULL,
	created_at bigint   NOT NULL,
	updated_at bigint   NOT NULL,
	CONSTRAINT person_method_pk PRIMARY KEY (org_id, id),
	CONSTRAINT person_method_person_fk FOREIGN KEY (org_id, person_id) REFERENCES person (org_id, id) ON DELETE CASCADE
);
CREATE INDEX person_method_person ON person_method (org_id, person_id, id);
CREATE INDEX person_method_value ON person_method (org_id, value_key, id);

-- What a person is to a customer or vendor.
-- TENANT
CREATE TABLE person_link (
	org_id     bigint   NOT NULL,
	id         bigint   NOT NULL,
	person_id  bigint   NOT NULL,
	party_role text     NOT NULL,
	party_id   bigint   NOT NULL,
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
CREATE INDEX person_link_party ON person_link (org_id, party_id, party_role, id);
