-- Every sale, whoever made it: sells at the till, sales orders, shop orders and
-- loyalty purchases. status is how the till sees it (final, draft),
-- order_status how the order book does; both are kept at every write.
-- stage says how far its stock is posted: 0 not, 1 demanded, 2 allocated,
-- 3 consumed. paid is the sum of its payments less what was given back.
-- recur_made counts the invoices that a recurring sale has made, recur_last_at
-- is the date of the last, or when it was taken up again.
-- TENANT
CREATE TABLE sale (
	org_id                  bigint   NOT NULL,
	id                      bigint   NOT NULL,
	origin                  text     NOT NULL,
	status                  text     NOT NULL,
	sub_status              text,
	is_suspend              smallint NOT NULL,
	order_status            text     NOT NULL,
	fulfillment_status      text     NOT NULL,
	stage                   smallint NOT NULL,
	payment_status          text     NOT NULL,
	number                  text     NOT NULL,
	channel_id              bigint,
	location_id             bigint   NOT NULL,
	fulfillment_location_id bigint,
	party_id                bigint   NOT NULL,
	customer_group_id       bigint,
	price_group_id          bigint,
	source                  text,
	external_source         text,
	external_id             text,
	external_version        bigint,
	woocommerce_order_id    bigint,
	currency                text,
	exchange_rate           bigint   NOT NULL,
	sold_at                 bigint   NOT NULL,
	due_at                  bigint,
	pay_term_number         bigint,
	pay_term_type           text,
	total_before_tax        bigint   NOT NULL,
	discount_type           text     NOT NULL,
	discount_amount         bigint   NOT NULL,
	coupons                 text,
	tax_id                  bigint,
	tax_amount              bigint   NOT NULL,
	shipping_charges        bigint   NOT NULL,
	service_type_id         bigint,
	packing_charge          bigint   NOT NULL,
	packing_charge_type     text,
	fees                    bigint   NOT NULL,
	round_off_amount        bigint   NOT NULL,
	rp_redeemed             bigint   NOT NULL,
	rp_redeemed_amount      bigint   NOT NULL,
	rp_earned               bigint   NOT NULL,
	final_total             bigint   NOT NULL,
	paid                    bigint   NOT NULL,
	auto_payment_id         bigint,
	shipping_details        text,
	shipping_address        text,
	shipping_status         text,
	delivered_to            text,
	order_addresses         text,
	sale_note               text,
	staff_note              text,
	commission_agent_id     bigint,
	table_id                bigint,
	waiter_id               bigint,
	kitchen_status          text,
	custom_field1           text,
	custom_field2           text,
	custom_field3           text,
	custom_field4           text,
	custom_field5           text,
	custom_field6           text,
	is_direct               smallint NOT NULL,
	from_api                smallint NOT NULL,
	is_recurring            smallint NOT NULL,
	recur_interval          bigint,
	recur_interval_type     text,
	recur_repetitions       bigint,
	recur_stopped_at        bigint,
	recur_parent_id         bigint,
	recur_made              bigint,
	recur_last_at           bigint,
	subscription_no         text,
	subscription_repeat_on  bigint,
	invoice_token           text,
	broker_id               bigint,
	broker_fee_percent      bigint,
	broker_fees             bigint   NOT NULL,
	fulfillment_costs       bigint   NOT NULL,
	freight_costs           bigint   NOT NULL,
	promo_costs             bigint   NOT NULL,
	other_costs             bigint   NOT NULL,
	mabd                    text,
	notes                   text,
	qbo_id                  text,
	placed_at               bigint,
	received_at             bigint,
	entered_at              bigint,
	shipped_at              bigint,
	invoiced_at             bigint,
	paid_at                 bigint,
	rejected_at             bigint,
	disputed_at             bigint,
	completed_at            bigint,
	created_by              bigint,
	created_at              bigint   NOT NULL,
	updated_at              bigint   NOT NULL,
	CONSTRAINT sale_pk PRIMARY KEY (org_id, id),
	CONSTRAINT sale_number UNIQUE (org_id, number),
	CONSTRAINT sale_location_fk FOREIGN KEY (org_id, location_id) REFERENCES location (org_id, id),
	CONSTRAINT sale_fulfillment_fk FOREIGN KEY (org_id, fulfillment_location_id) REFERENCES location (org_id, id),
	CONSTRAINT sale_party_fk FOREIGN KEY (org_id, party_id) REFERENCES party (org_id, id),
	CONSTRAINT sale_channel_fk FOREIGN KEY (org_id, channel_id) REFERENCES lookup (org_id, id),
	CONSTRAINT sale_broker_fk FOREIGN KEY (org_id, broker_id) REFERENCES lookup (org_id, id),
	CONSTRAINT sale_service_type_fk FOREIGN KEY (org_id, service_type_id) REFERENCES lookup (org_id, id)
);
CREATE UNIQUE INDEX sale_external ON sale (org_id, external_source, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX sale_sold ON sale (org_id, sold_at, id);
CREATE INDEX sale_party ON sale (org_id, party_id, sold_at, id);
CREATE INDEX sale_location ON sale (org_id, location_id, id);
CREATE INDEX sale_fulfillment ON sale (org_id, fulfillment_location_id, id) WHERE fulfillment_location_id IS NOT NULL;
CREATE INDEX sale_channel ON sale (org_id, channel_id, id);
CREATE INDEX sale_broker ON sale (org_id, broker_id, id) WHERE broker_id IS NOT NULL;
CREATE INDEX sale_service_type ON sale (org_id, service_type_id, id) WHERE service_type_id IS NOT NULL;
CREATE INDEX sale_due ON sale (org_id, party_id, sold_at, id) WHERE payment_status IN ('due', 'partial');
CREATE INDEX sale_open ON sale (org_id, id) WHERE payment_status IN ('due', 'partial');
CREATE INDEX sale_draft ON sale (org_id, id) WHERE status = 'draft';
CREATE INDEX sale_suspended ON sale (org_id, id) WHERE is_suspend = 1;
CREATE INDEX sale_recurring ON sale (org_id, id) WHERE is_recurring = 1;
CREATE INDEX sale_recur_parent ON sale (org_id, recur_parent_id, id) WHERE recur_parent_id IS NOT NULL;
CREATE INDEX sale_shipping ON sale (org_id, shipping_status, id) WHERE shipping_status IS NOT NULL;
CREATE INDEX sale_source ON sale (org_id, source, id) WHERE source IS NOT NULL;
CREATE INDEX sale_woo ON sale (org_id, woocommerce_order_id, id) WHERE woocommerce_order_id IS NOT NULL;
CREATE INDEX sale_waiter ON sale (org_id, waiter_id, id) WHERE waiter_id IS NOT NULL;
CREATE INDEX sale_creator ON sale (org_id, created_by, id) WHERE created_by IS NOT NULL;

-- A line, in the unit that stock is kept in. Modifiers and the parts of a
-- combo are lines below their parent's. item_id is null for a shop's line
-- whose SKU is not known yet; sku and name say what the shop called it.
-- multiplier is how many stock units one sold unit has. amount is the line's
-- money with tax. allocated is what entering the order promised.
-- TENANT
CREATE TABLE sale_line (
	org_id              bigint   NOT NULL,
	id                  bigint   NOT NULL,
	sale_id             bigint   NOT NULL,
	parent_id           bigint,
	children_type       text,
	product_id          bigint,
	item_id             bigint,
	stocked             smallint NOT NULL,
	sku                 text,
	name                text,
	quantity            bigint   NOT NULL,
	quantity_returned   bigint   NOT NULL,
	allocated           bigint   NOT NULL,
	sub_unit_id         bigint,
	multiplier          bigint   NOT NULL,
	price_before        bigint   NOT NULL,
	discount_type       text,
	discount_amount     bigint   NOT NULL,
	discount_id         bigint,
	unit_price          bigint   NOT NULL,
	tax_id              bigint,
	item_tax            bigint   NOT NULL,
	unit_price_inc_tax  bigint   NOT NULL,
	amount              bigint   NOT NULL,
	lot                 text,
	note                text,
	staff_id            bigint,
	kitchen_status      text,
	woocommerce_line_id bigint,
	created_at          bigint   NOT NULL,
	updated_at          bigint   NOT NULL,
	CONSTRAINT sale_line_pk PRIMARY KEY (org_id, id),
	CONSTRAINT sale_line_sale_fk FOREIGN KEY (org_id, sale_id) REFERENCES sale (org_id, id) ON DELETE CASCADE,
	CONSTRAINT sale_line_item_fk FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id)
);
CREATE INDEX sale_line_sale ON sale_line (org_id, sale_id, id);
CREATE INDEX sale_line_item ON sale_line (org_id, item_id, id);
CREATE INDEX sale_line_unmatched ON sale_line (org_id, sku, id) WHERE item_id IS NULL;

-- The timeline of an order.
-- TENANT
CREATE TABLE sale_note (
	org_id       bigint NOT NULL,
	id           bigint NOT NULL,
	sale_id      bigint NOT NULL,
	order_status text   NOT NULL,
	note         text   NOT NULL,
	created_by   bigint,
	created_at   bigint NOT NULL,
	CONSTRAINT sale_note_pk PRIMARY KEY (org_id, id),
	CONSTRAINT sale_note_sale_fk FOREIGN KEY (org_id, sale_id) REFERENCES sale (org_id, id) ON DELETE CASCADE
);
CREATE INDEX sale_note_sale ON sale_note (org_id, sale_id, id);

-- What came back of a sale: one document a sale. Its ids are of the same
-- series as the sales', because the till sees one list of transactions.
-- TENANT
CREATE TABLE sale_return (
	org_id           bigint NOT NULL,
	id               bigint NOT NULL,
	sale_id          bigint NOT NULL,
	number           text   NOT NULL,
	location_id      bigint NOT NULL,
	party_id         bigint NOT NULL,
	returned_at      bigint NOT NULL,
	total_before_tax bigint NOT NULL,
	discount_type    text   NOT NULL,
	discount_amount  bigint NOT NULL,
	tax_id           bigint,
	tax_amount       bigint NOT NULL,
	final_total      bigint NOT NULL,
	paid             bigint NOT NULL,
	payment_status   text   NOT NULL,
	points           bigint NOT NULL,
	created_by       bigint,
	created_at       bigint NOT NULL,
	updated_at       bigint NOT NULL,
	CONSTRAINT sale_return_pk PRIMARY KEY (org_id, id),
	CONSTRAINT sale_return_sale UNIQUE (org_id, sale_id),
	CONSTRAINT sale_return_number UNIQUE (org_id, number),
	CONSTRAINT sale_return_sale_fk FOREIGN KEY (org_id, sale_id) REFERENCES sale (org_id, id),
	CONSTRAINT sale_return_location_fk FOREIGN KEY (org_id, location_id) REFERENCES location (org_id, id),
	CONSTRAINT sale_return_party_fk FOREIGN KEY (org_id, party_id) REFERENCES party (org_id, id)
);
CREATE INDEX sale_return_party ON sale_return (org_id, party_id, returned_at, id);
CREATE INDEX sale_return_location ON sale_return (org_id, location_id, id);
CREATE INDEX sale_return_at ON sale_return (org_id, returned_at, id);

-- TENANT
CREATE TABLE sale_return_line (
	org_id             bigint NOT NULL,
	return_id          bigint NOT NULL,
	line_id            bigint NOT NULL,
	quantity           bigint NOT NULL,
	unit_price_inc_tax bigint NOT NULL,
	CONSTRAINT sale_return_line_pk PRIMARY KEY (org_id, return_id, line_id),
	CONSTRAINT sale_return_line_return_fk FOREIGN KEY (org_id, return_id) REFERENCES sale_return (org_id, id) ON DELETE CASCADE,
	CONSTRAINT sale_return_line_line_fk FOREIGN KEY (org_id, line_id) REFERENCES sale_line (org_id, id) ON DELETE CASCADE
);
CREATE INDEX sale_return_line_line ON sale_return_line (org_id, line_id);
