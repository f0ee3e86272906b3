-- Work orders and production orders: kind says which. state is kept by what
-- was received: see core/production.
-- TENANT
CREATE TABLE production_order (
	org_id        bigint NOT NULL,
	id            bigint NOT NULL,
	kind          text   NOT NULL,
	number        text   NOT NULL,
	state         text   NOT NULL,
	location_id   bigint NOT NULL,
	draft_at      bigint,
	entered_at    bigint,
	placed_at     bigint,
	production_at bigint,
	in_transit_at bigint,
	partial_at    bigint,
	received_at   bigint,
	completed_at  bigint,
	cancelled_at  bigint,
	expected_at   bigint,
	notes         text,
	created_by    bigint,
	created_at    bigint NOT NULL,
	updated_at    bigint NOT NULL,
	CONSTRAINT production_order_pk PRIMARY KEY (org_id, id),
	CONSTRAINT production_order_number UNIQUE (org_id, number),
	CONSTRAINT production_order_location_fk FOREIGN KEY (org_id, location_id) REFERENCES location (org_id, id)
);
CREATE INDEX production_order_list ON production_order (org_id, kind, id);
CREATE INDEX production_order_location ON production_order (org_id, location_id, kind);

-- received is the sum of the line's receipts; unit_cost what making one costs
-- beside its inputs.
-- TENANT
CREATE TABLE production_line (
	org_id     bigint NOT NULL,
	id         bigint NOT NULL,
	order_id   bigint NOT NULL,
	item_id    bigint NOT NULL,
	quantity   bigint NOT NULL,
	unit_cost  bigint,
	received   bigint NOT NULL,
	created_at bigint NOT NULL,
	CONSTRAINT production_line_pk PRIMARY KEY (org_id, id),
	CONSTRAINT production_line_order_fk FOREIGN KEY (org_id, order_id) REFERENCES production_order (org_id, id) ON DELETE CASCADE,
	CONSTRAINT production_line_item_fk FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id)
);
CREATE INDEX production_line_order ON production_line (org_id, order_id, id);
CREATE INDEX production_line_item ON production_line (org_id, item_id, id);

-- What goes into a line, as its bill of materials was when the order was
-- entered.
-- TENANT
CREATE TABLE production_input (
	org_id   bigint NOT NULL,
	id       bigint NOT NULL,
	order_id bigint NOT NULL,
	line_id  bigint NOT NULL,
	item_id  bigint NOT NULL,
	quantity bigint NOT NULL,
	consumed bigint NOT NULL,
	CONSTRAINT production_input_pk PRIMARY KEY (org_id, id),
	CONSTRAINT production_input_order_fk FOREIGN KEY (org_id, order_id) REFERENCES production_order (org_id, id) ON DELETE CASCADE,
	CONSTRAINT production_input_line_fk FOREIGN KEY (org_id, line_id) REFERENCES production_line (org_id, id) ON DELETE CASCADE,
	CONSTRAINT production_input_item_fk FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id)
);
CREATE INDEX production_input_order ON production_input (org_id, order_id, id);
CREATE INDEX production_input_line ON production_input (org_id, line_id, id);
CREATE INDEX production_input_item ON production_input (org_id, item_id, id);

-- TENANT
CREATE TABLE production_receipt (
	org_id      bigint NOT NULL,
	id          bigint NOT NULL,
	order_id    bigint NOT NULL,
	location_id bigint NOT NULL,
	received_at bigint NOT NULL,
	notes       text,
	created_by  bigint,
	created_at  bigint NOT NULL,
	updated_at  bigint NOT NULL,
	CONSTRAINT production_receipt_pk PRIMARY KEY (org_id, id),
	CONSTRAINT production_receipt_order_fk FOREIGN KEY (org_id, order_id) REFERENCES production_order (org_id, id) ON DELETE CASCADE,
	CONSTRAINT production_receipt_location_fk FOREIGN KEY (org_id, location_id) REFERENCES location (org_id, id)
);
CREATE INDEX production_receipt_order ON production_receipt (org_id, order_id, id);
CREATE INDEX production_receipt_location ON production_receipt (org_id, location_id);

-- cost is that of the whole quantity, as it was posted.
-- TENANT
CREATE TABLE production_receipt_line (
	org_id     bigint NOT NULL,
	id         bigint NOT NULL,
	receipt_id bigint NOT NULL,
	line_id    bigint NOT NULL,
	quantity   bigint NOT NULL,
	cost       bigint NOT NULL,
	lot        text,
	CONSTRAINT production_receipt_line_pk PRIMARY KEY (org_id, id),
	CONSTRAINT production_receipt_line_receipt_fk FOREIGN KEY (org_id, receipt_id) REFERENCES production_receipt (org_id, id) ON DELETE CASCADE,
	CONSTRAINT production_receipt_line_line_fk FOREIGN KEY (org_id, line_id) REFERENCES production_line (org_id, id) ON DELETE CASCADE
);
CREATE INDEX production_receipt_line_receipt ON production_receipt_line (org_id, receipt_id, id);
CREATE INDEX production_receipt_line_line ON production_receipt_line (org_id, line_id);

-- What went into a received line.
-- TENANT
CREATE TABLE production_receipt_input (
	org_id          bigint NOT NULL,
	id              bigint NOT NULL,
	receipt_id      bigint NOT NULL,
	receipt_line_id bigint NOT NULL,
	item_id         bigint NOT NULL,
	quantity        bigint NOT NULL,
	lot             text,
	CONSTRAINT production_receipt_input_pk PRIMARY KEY (org_id, id),
	CONSTRAINT production_receipt_input_receipt_fk FOREIGN KEY (org_id, receipt_id) REFERENCES production_receipt (org_id, id) ON DELETE CASCADE,
	CONSTRAINT production_receipt_input_line_fk FOREIGN KEY (org_id, receipt_line_id) REFERENCES production_receipt_line (org_id, id) ON DELETE CASCADE,
	CONSTRAINT production_receipt_input_item_fk FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id)
);
CREATE INDEX production_receipt_input_receipt ON production_receipt_input (org_id, receipt_id, id);
CREATE INDEX production_receipt_input_line ON production_receipt_input (org_id, receipt_line_id);
CREATE INDEX production_receipt_input_item ON production_receipt_input (org_id, item_id);
