-- Purchase orders. state is kept by what was received: see core/supply.
-- TENANT
CREATE TABLE purchase (
	org_id         bigint NOT NULL,
	id             bigint NOT NULL,
	number         text   NOT NULL,
	vendor_id      bigint NOT NULL,
	target         text   NOT NULL,
	state          text   NOT NULL,
	location_id    bigint,
	planning_at    bigint,
	placed_at      bigint,
	ship_date      bigint,
	in_transit_at  bigint,
	partial_at     bigint,
	expected_at    bigint,
	received_at    bigint,
	paid_at        bigint,
	cancelled_at   bigint,
	shipping_costs bigint NOT NULL,
	setup_costs    bigint NOT NULL,
	other_costs    bigint NOT NULL,
	notes          text,
	created_by     bigint,
	created_at     bigint NOT NULL,
	updated_at     bigint NOT NULL,
	CONSTRAINT purchase_pk PRIMARY KEY (org_id, id),
	CONSTRAINT purchase_number UNIQUE (org_id, number),
	CONSTRAINT purchase_vendor_fk FOREIGN KEY (org_id, vendor_id) REFERENCES party (org_id, id),
	CONSTRAINT purchase_location_fk FOREIGN KEY (org_id, location_id) REFERENCES location (org_id, id)
);
CREATE INDEX purchase_vendor ON purchase (org_id, vendor_id, id);
CREATE INDEX purchase_location ON purchase (org_id, location_id, id);

-- received is the sum of the line's receipts.
-- TENANT
CREATE TABLE purchase_line (
	org_id      bigint NOT NULL,
	id          bigint NOT NULL,
	purchase_id bigint NOT NULL,
	item_id     bigint NOT NULL,
	quantity    bigint NOT NULL,
	unit_cost   bigint NOT NULL,
	received    bigint NOT NULL,
	created_at  bigint NOT NULL,
	CONSTRAINT purchase_line_pk PRIMARY KEY (org_id, id),
	CONSTRAINT purchase_line_purchase_fk FOREIGN KEY (org_id, purchase_id) REFERENCES purchase (org_id, id) ON DELETE CASCADE,
	CONSTRAINT purchase_line_item_fk FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id)
);
CREATE INDEX purchase_line_purchase ON purchase_line (org_id, purchase_id, id);
CREATE INDEX purchase_line_item ON purchase_line (org_id, item_id, id);

-- TENANT
CREATE TABLE purchase_receipt (
	org_id      bigint NOT NULL,
	id          bigint NOT NULL,
	purchase_id bigint NOT NULL,
	location_id bigint NOT NULL,
	received_at bigint NOT NULL,
	notes       text,
	created_by  bigint,
	created_at  bigint NOT NULL,
	updated_at  bigint NOT NULL,
	CONSTRAINT purchase_receipt_pk PRIMARY KEY (org_id, id),
	CONSTRAINT purchase_receipt_purchase_fk FOREIGN KEY (org_id, purchase_id) REFERENCES purchase (org_id, id) ON DELETE CASCADE,
	CONSTRAINT purchase_receipt_location_fk FOREIGN KEY (org_id, location_id) REFERENCES location (org_id, id)
);
CREATE INDEX purchase_receipt_purchase ON purchase_receipt (org_id, purchase_id, id);
CREATE INDEX purchase_receipt_location ON purchase_receipt (org_id, location_id);

-- cost is the landed cost of the whole quantity, as it was posted.
-- TENANT
CREATE TABLE purchase_receipt_line (
	org_id     bigint NOT NULL,
	id         bigint NOT NULL,
	receipt_id bigint NOT NULL,
	line_id    bigint NOT NULL,
	quantity   bigint NOT NULL,
	cost       bigint NOT NULL,
	lot        text,
	expires_at bigint,
	CONSTRAINT purchase_receipt_line_pk PRIMARY KEY (org_id, id),
	CONSTRAINT purchase_receipt_line_receipt_fk FOREIGN KEY (org_id, receipt_id) REFERENCES purchase_receipt (org_id, id) ON DELETE CASCADE,
	CONSTRAINT purchase_receipt_line_line_fk FOREIGN KEY (org_id, line_id) REFERENCES purchase_line (org_id, id) ON DELETE CASCADE
);
CREATE INDEX purchase_receipt_line_receipt ON purchase_receipt_line (org_id, receipt_id, id);
CREATE INDEX purchase_receipt_line_line ON purchase_receipt_line (org_id, line_id);
