-- A file that a user attached to an order. path is the file's key in the
-- bucket, made by the program; name is only shown. entity_id has no foreign
-- key because entity_type says which table it is of.
-- TENANT
CREATE TABLE document (
	org_id      bigint NOT NULL,
	id          bigint NOT NULL,
	entity_type text   NOT NULL,
	entity_id   bigint NOT NULL,
	name        text   NOT NULL,
	mime_type   text   NOT NULL,
	size_bytes  bigint NOT NULL,
	path        text   NOT NULL,
	created_by  bigint,
	created_at  bigint NOT NULL,
	CONSTRAINT document_pk PRIMARY KEY (org_id, id),
	CONSTRAINT document_path_key UNIQUE (org_id, path),
	CONSTRAINT document_org_fk FOREIGN KEY (org_id) REFERENCES organization (id)
);
CREATE INDEX document_entity ON document (org_id, entity_type, entity_id, id);
