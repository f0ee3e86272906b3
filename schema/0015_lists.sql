-- The ledger's lists go by the event's date: of a kind, an item, a location
-- (transfers to it too) or an event. The index of an item holds what its list
-- may also be narrowed by.
DROP INDEX stock_entry_item;
DROP INDEX stock_entry_kind;
DROP INDEX stock_entry_transit;
CREATE INDEX stock_entry_item ON stock_entry (org_id, item_id, effective_at, id, location_id, event);
CREATE INDEX stock_entry_kind ON stock_entry (org_id, kind, effective_at, id);
CREATE INDEX stock_entry_event ON stock_entry (org_id, kind, event, effective_at, id);
CREATE INDEX stock_entry_location ON stock_entry (org_id, kind, location_id, event, effective_at, id);
CREATE INDEX stock_entry_to ON stock_entry (org_id, kind, to_location_id, effective_at, id) WHERE to_location_id IS NOT NULL;
CREATE INDEX stock_entry_transit ON stock_entry (org_id, item_id, to_location_id, effective_at, id) WHERE to_location_id IS NOT NULL;

-- A product that is offered at every active location has no rows in
-- product_location.
ALTER TABLE product ADD COLUMN everywhere smallint NOT NULL DEFAULT 0;

-- What lists are searched for, packed: the rows of a list whose ids have the
-- same rest, one after another (core/search).
-- TENANT
CREATE TABLE search_block (
	org_id bigint NOT NULL,
	list   text   NOT NULL,
	block  bigint NOT NULL,
	body   text   NOT NULL,
	CONSTRAINT search_block_pk PRIMARY KEY (org_id, list, block)
);
