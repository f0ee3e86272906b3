-- The goods ledger. Rows are only ever added. kind is the item's ("sku" or
-- "material"). to_location_id marks a transfer going out. value is the total
-- cost moved. The document is the one that posted the entry; of_type and of_id
-- name another document whose promise it keeps (a receipt's order).
-- TENANT
CREATE TABLE stock_entry (
	org_id         bigint NOT NULL,
	id             bigint NOT NULL,
	kind           text   NOT NULL,
	item_id        bigint NOT NULL,
	location_id    bigint NOT NULL,
	to_location_id bigint,
	event          text   NOT NULL,
	quantity       bigint NOT NULL,
	settles        bigint NOT NULL,
	value          bigint NOT NULL,
	lot            text   NOT NULL,
	expires_at     bigint,
	ref            text   NOT NULL,
	notes          text   NOT NULL,
	doc_type       text   NOT NULL,
	doc_id         bigint NOT NULL,
	doc_line       bigint NOT NULL,
	of_type        text,
	of_id          bigint,
	reverses_id    bigint,
	completes_id   bigint,
	effective_at   bigint NOT NULL,
	recorded_at    bigint NOT NULL,
	user_id        bigint NOT NULL,
	CONSTRAINT stock_entry_pk PRIMARY KEY (org_id, id)
);
CREATE INDEX stock_entry_item ON stock_entry (org_id, item_id, recorded_at, id, location_id);
CREATE INDEX stock_entry_kind ON stock_entry (org_id, kind, recorded_at, id);
CREATE INDEX stock_entry_doc ON stock_entry (org_id, doc_type, doc_id, id);
CREATE INDEX stock_entry_of ON stock_entry (org_id, of_type, of_id, id) WHERE of_id IS NOT NULL;
CREATE INDEX stock_entry_reverses ON stock_entry (org_id, reverses_id) WHERE reverses_id IS NOT NULL;
CREATE INDEX stock_entry_completes ON stock_entry (org_id, completes_id) WHERE completes_id IS NOT NULL;
CREATE INDEX stock_entry_transit ON stock_entry (org_id, item_id, to_location_id, recorded_at, id) WHERE to_location_id IS NOT NULL;
CREATE INDEX stock_entry_ref ON stock_entry (org_id, ref, id) WHERE ref <> '';
CREATE INDEX stock_entry_lot ON stock_entry (org_id, lot, item_id, id) WHERE lot <> '';

-- The fold of the entries: lot '' is the whole item at a location; a row with
-- a lot holds what of that whole has the lot. value and transit_value are the
-- whole's alone.
-- TENANT
CREATE TABLE stock_balance (
	org_id        bigint NOT NULL,
	item_id       bigint NOT NULL,
	location_id   bigint NOT NULL,
	lot           text   NOT NULL,
	kind          text   NOT NULL,
	on_hand       bigint NOT NULL,
	on_order      bigint NOT NULL,
	in_transit    bigint NOT NULL,
	demand        bigint NOT NULL,
	allocated     bigint NOT NULL,
	value         bigint NOT NULL,
	transit_value bigint NOT NULL,
	last_cost     bigint NOT NULL,
	expires_at    bigint,
	CONSTRAINT stock_balance_pk PRIMARY KEY (org_id, item_id, location_id, lot),
	CONSTRAINT stock_balance_item_fk FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id),
	CONSTRAINT stock_balance_location_fk FOREIGN KEY (org_id, location_id) REFERENCES location (org_id, id)
);
CREATE INDEX stock_balance_location ON stock_balance (org_id, location_id, item_id);
CREATE INDEX stock_balance_kind ON stock_balance (org_id, kind, item_id, location_id);
