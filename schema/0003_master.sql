-- Short lists: types, segments, brokers, channels, brands, categories, groups.
-- kind says which list a row belongs to; the columns after updated_at have a
-- meaning for some kinds only (see core/lookup).
-- TENANT
CREATE TABLE lookup (
	org_id               bigint   NOT NULL,
	id                   bigint   NOT NULL,
	kind                 text     NOT NULL,
	name                 text     NOT NULL,
	name_key             text     NOT NULL,
	sort_order           bigint   NOT NULL,
	is_active            smallint NOT NULL,
	parent_id            bigint,
	code                 text,
	description          text,
	slug                 text,
	external_id          text,
	created_by           bigint,
	created_at           bigint   NOT NULL,
	updated_at           bigint   NOT NULL,
	amount               bigint,
	calculation          text,
	price_group_id       bigint,
	enable_custom_fields smallint NOT NULL DEFAULT 0,
	CONSTRAINT lookup_pk PRIMARY KEY (org_id, id),
	CONSTRAINT lookup_parent_fk FOREIGN KEY (org_id, parent_id) REFERENCES lookup (org_id, id),
	CONSTRAINT lookup_price_group_fk FOREIGN KEY (org_id, price_group_id) REFERENCES lookup (org_id, id)
);
CREATE UNIQUE INDEX lookup_name ON lookup (org_id, kind, name_key, COALESCE(parent_id, 0));
CREATE INDEX lookup_order ON lookup (org_id, kind, sort_order, id);
CREATE INDEX lookup_parent ON lookup (org_id, parent_id);
CREATE INDEX lookup_external ON lookup (org_id, kind, external_id);
CREATE INDEX lookup_price_group ON lookup (org_id, price_group_id);

-- The price group that a type of service uses at a location.
-- TENANT
CREATE TABLE service_price_group (
	org_id         bigint NOT NULL,
	service_id     bigint NOT NULL,
	location_id    bigint NOT NULL,
	price_group_id bigint,
	CONSTRAINT service_price_group_pk PRIMARY KEY (org_id, service_id, location_id),
	CONSTRAINT service_price_group_service_fk FOREIGN KEY (org_id, service_id) REFERENCES lookup (org_id, id) ON DELETE CASCADE,
	CONSTRAINT service_price_group_location_fk FOREIGN KEY (org_id, location_id) REFERENCES location (org_id, id) ON DELETE CASCADE,
	CONSTRAINT service_price_group_group_fk FOREIGN KEY (org_id, price_group_id) REFERENCES lookup (org_id, id)
);
CREATE INDEX service_price_group_location ON service_price_group (org_id, location_id);
CREATE INDEX service_price_group_group ON service_price_group (org_id, price_group_id);

-- Customers, vendors and leads: one row, several roles. The *_key columns are
-- what finding goes by: names and e-mails in lower case, phones as digits.
-- TENANT
CREATE TABLE party (
	org_id             bigint   NOT NULL,
	id                 bigint   NOT NULL,
	number             text     NOT NULL,
	is_customer        smallint NOT NULL,
	is_vendor          smallint NOT NULL,
	is_lead            smallint NOT NULL,
	is_default         smallint NOT NULL,
	is_active          smallint NOT NULL,
	name               text     NOT NULL,
	name_key           text     NOT NULL,
	business_name      text,
	business_key       text     NOT NULL,
	prefix             text,
	first_name         text,
	middle_name        text,
	last_name          text,
	email              text,
	email_key          text,
	mobile             text,
	mobile_key         text,
	landline           text,
	landline_key       text,
	alternate          text,
	alternate_key      text,
	tax_number         text,
	pay_term_number    bigint,
	pay_term_type      text,
	term               text,
	credit_limit       bigint,
	opening_balance    bigint   NOT NULL,
	address            text,
	address2           text,
	city               text,
	state              text,
	country            text,
	zip                text,
	shipping_address   text,
	dob                text,
	position           text,
	customer_group_id  bigint,
	source_id          bigint,
	life_stage_id      bigint,
	custom_field1      text,
	custom_field2      text,
	custom_field3      text,
	custom_field4      text,
	custom_field5      text,
	custom_field6      text,
	custom_field7      text,
	custom_field8      text,
	custom_field9      text,
	custom_field10     text,
	customer_type_id   bigint,
	segment_id         bigint,
	broker_id          bigint,
	broker_fee_percent bigint,
	parent_id          bigint,
	qbo_id             text,
	notes              text,
	converted_by       bigint,
	converted_on       bigint,
	created_by         bigint,
	created_at         bigint   NOT NULL,
	updated_at         bigint   NOT NULL,
	CONSTRAINT party_pk PRIMARY KEY (org_id, id),
	CONSTRAINT party_number UNIQUE (org_id, number),
	CONSTRAINT party_customer_group_fk FOREIGN KEY (org_id, customer_group_id) REFERENCES lookup (org_id, id),
	CONSTRAINT party_source_fk FOREIGN KEY (org_id, source_id) REFERENCES lookup (org_id, id),
	CONSTRAINT party_life_stage_fk FOREIGN KEY (org_id, life_stage_id) REFERENCES lookup (org_id, id),
	CONSTRAINT party_type_fk FOREIGN KEY (org_id, customer_type_id) REFERENCES lookup (org_id, id),
	CONSTRAINT party_segment_fk FOREIGN KEY (org_id, segment_id) REFERENCES lookup (org_id, id),
	CONSTRAINT party_broker_fk FOREIGN KEY (org_id, broker_id) REFERENCES lookup (org_id, id),
	CONSTRAINT party_parent_fk FOREIGN KEY (org_id, parent_id) REFERENCES party (org_id, id)
);
CREATE UNIQUE INDEX party_default ON party (org_id) WHERE is_default = 1;
CREATE INDEX party_name ON party (org_id, name_key, id);
CREATE INDEX party_customer ON party (org_id, is_customer, name_key, id);
CREATE INDEX party_vendor ON party (org_id, is_vendor, name_key, id);
CREATE INDEX party_lead ON party (org_id, is_lead, name_key, id);
CREATE INDEX party_business ON party (org_id, business_key, id);
CREATE INDEX party_email ON party (org_id, email_key);
CREATE INDEX party_mobile ON party (org_id, mobile_key);
CREATE INDEX party_landline ON party (org_id, landline_key);
CREATE INDEX party_alternate ON party (org_id, alternate_key);
CREATE INDEX party_customer_group ON party (org_id, customer_group_id);
CREATE INDEX party_source ON party (org_id, source_id);
CREATE INDEX party_life_stage ON party (org_id, life_stage_id);
CREATE INDEX party_type ON party (org_id, customer_type_id, is_customer, name_key, id);
CREATE INDEX party_segment ON party (org_id, segment_id, is_customer, name_key, id);
CREATE INDEX party_broker ON party (org_id, broker_id, is_customer, name_key, id);
CREATE INDEX party_parent ON party (org_id, parent_id, is_customer, name_key, id);
CREATE INDEX party_customer_off ON party (org_id, is_customer, name_key, id) WHERE is_active = 0;
CREATE INDEX party_vendor_off ON party (org_id, is_vendor, name_key, id) WHERE is_active = 0;

-- The users that a lead or customer is assigned to.
-- TENANT
CREATE TABLE party_user (
	org_id   bigint NOT NULL,
	party_id bigint NOT NULL,
	user_id  bigint NOT NULL,
	CONSTRAINT party_user_pk PRIMARY KEY (org_id, party_id, user_id),
	CONSTRAINT party_user_party_fk FOREIGN KEY (org_id, party_id) REFERENCES party (org_id, id) ON DELETE CASCADE
);
CREATE INDEX party_user_user ON party_user (org_id, user_id, party_id);

-- TENANT
CREATE TABLE unit (
	org_id          bigint   NOT NULL,
	id              bigint   NOT NULL,
	name            text     NOT NULL,
	name_key        text     NOT NULL,
	short_name      text     NOT NULL,
	allow_decimal   smallint NOT NULL,
	base_id         bigint,
	base_multiplier bigint,
	created_by      bigint,
	created_at      bigint   NOT NULL,
	updated_at      bigint   NOT NULL,
	CONSTRAINT unit_pk PRIMARY KEY (org_id, id),
	CONSTRAINT unit_name UNIQUE (org_id, name_key),
	CONSTRAINT unit_base_fk FOREIGN KEY (org_id, base_id) REFERENCES unit (org_id, id)
);
CREATE INDEX unit_base ON unit (org_id, base_id);

-- Taxes; a group's amount is the sum of its parts.
-- TENANT
CREATE TABLE tax (
	org_id     bigint   NOT NULL,
	id         bigint   NOT NULL,
	name       text     NOT NULL,
	name_key   text     NOT NULL,
	amount     bigint   NOT NULL,
	is_group   smallint NOT NULL,
	for_group  smallint NOT NULL,
	created_by bigint,
	created_at bigint   NOT NULL,
	updated_at bigint   NOT NULL,
	CONSTRAINT tax_pk PRIMARY KEY (org_id, id),
	CONSTRAINT tax_name UNIQUE (org_id, name_key)
);

-- TENANT
CREATE TABLE tax_part (
	org_id  bigint NOT NULL,
	tax_id  bigint NOT NULL,
	part_id bigint NOT NULL,
	CONSTRAINT tax_part_pk PRIMARY KEY (org_id, tax_id, part_id),
	CONSTRAINT tax_part_tax_fk FOREIGN KEY (org_id, tax_id) REFERENCES tax (org_id, id) ON DELETE CASCADE,
	CONSTRAINT tax_part_part_fk FOREIGN KEY (org_id, part_id) REFERENCES tax (org_id, id)
);
CREATE INDEX tax_part_part ON tax_part (org_id, part_id);

-- TENANT
CREATE TABLE variation_template (
	org_id     bigint NOT NULL,
	id         bigint NOT NULL,
	name       text   NOT NULL,
	name_key   text   NOT NULL,
	created_at bigint NOT NULL,
	updated_at bigint NOT NULL,
	CONSTRAINT variation_template_pk PRIMARY KEY (org_id, id),
	CONSTRAINT variation_template_name UNIQUE (org_id, name_key)
);

-- TENANT
CREATE TABLE variation_value (
	org_id      bigint NOT NULL,
	id          bigint NOT NULL,
	template_id bigint NOT NULL,
	name        text   NOT NULL,
	name_key    text   NOT NULL,
	created_at  bigint NOT NULL,
	updated_at  bigint NOT NULL,
	CONSTRAINT variation_value_pk PRIMARY KEY (org_id, id),
	CONSTRAINT variation_value_name UNIQUE (org_id, template_id, name_key),
	CONSTRAINT variation_value_template_fk FOREIGN KEY (org_id, template_id) REFERENCES variation_template (org_id, id)
);

-- What is sold under one name: single, variable, combo, or a modifier set.
-- Its items hold code and prices.
-- TENANT
CREATE TABLE product (
	org_id             bigint   NOT NULL,
	id                 bigint   NOT NULL,
	type               text     NOT NULL,
	code               text     NOT NULL,
	name               text     NOT NULL,
	name_key           text     NOT NULL,
	unit_id            bigint,
	second_unit_id     bigint,
	sub_units          text,
	brand_id           bigint,
	category_id        bigint,
	sub_category_id    bigint,
	tax_id             bigint,
	tax_type           text     NOT NULL,
	enable_stock       smallint NOT NULL,
	alert_quantity     bigint,
	barcode_type       text     NOT NULL,
	expiry_period      bigint,
	expiry_period_type text,
	enable_sr_no       smallint NOT NULL,
	weight             text,
	custom_field1      text,
	custom_field2      text,
	custom_field3      text,
	custom_field4      text,
	image              text,
	image_url          text,
	thumbnail_url      text,
	url                text,
	description        text,
	warranty_id        bigint,
	is_inactive        smallint NOT NULL,
	not_for_selling    smallint NOT NULL,
	kds_stations       text,
	menus              text,
	woo_id             bigint,
	woo_disable_sync   smallint NOT NULL,
	created_by         bigint,
	created_at         bigint   NOT NULL,
	updated_at         bigint   NOT NULL,
	CONSTRAINT product_pk PRIMARY KEY (org_id, id),
	CONSTRAINT product_code UNIQUE (org_id, code),
	CONSTRAINT product_unit_fk FOREIGN KEY (org_id, unit_id) REFERENCES unit (org_id, id),
	CONSTRAINT product_second_unit_fk FOREIGN KEY (org_id, second_unit_id) REFERENCES unit (org_id, id),
	CONSTRAINT product_brand_fk FOREIGN KEY (org_id, brand_id) REFERENCES lookup (org_id, id),
	CONSTRAINT product_category_fk FOREIGN KEY (org_id, category_id) REFERENCES lookup (org_id, id),
	CONSTRAINT product_sub_category_fk FOREIGN KEY (org_id, sub_category_id) REFERENCES lookup (org_id, id),
	CONSTRAINT product_tax_fk FOREIGN KEY (org_id, tax_id) REFERENCES tax (org_id, id),
	CONSTRAINT product_warranty_fk FOREIGN KEY (org_id, warranty_id) REFERENCES lookup (org_id, id)
);
CREATE INDEX product_name ON product (org_id, name_key, id);
CREATE INDEX product_newest ON product (org_id, created_at, id);
CREATE INDEX product_unit ON product (org_id, unit_id);
CREATE INDEX product_second_unit ON product (org_id, second_unit_id);
CREATE INDEX product_brand ON product (org_id, brand_id);
CREATE INDEX product_category ON product (org_id, category_id);
CREATE INDEX product_sub_category ON product (org_id, sub_category_id);
CREATE INDEX product_tax ON product (org_id, tax_id);
CREATE INDEX product_warranty ON product (org_id, warranty_id);
CREATE INDEX product_woo ON product (org_id, woo_id);

-- A product's axis of variation, such as "Waist Size"; one DUMMY where there
-- is none.
-- TENANT
CREATE TABLE product_variation (
	org_id      bigint   NOT NULL,
	id          bigint   NOT NULL,
	product_id  bigint   NOT NULL,
	template_id bigint,
	name        text     NOT NULL,
	is_dummy    smallint NOT NULL,
	created_at  bigint   NOT NULL,
	updated_at  bigint   NOT NULL,
	CONSTRAINT product_variation_pk PRIMARY KEY (org_id, id),
	CONSTRAINT product_variation_product_fk FOREIGN KEY (org_id, product_id) REFERENCES product (org_id, id) ON DELETE CASCADE,
	CONSTRAINT product_variation_template_fk FOREIGN KEY (org_id, template_id) REFERENCES variation_template (org_id, id)
);
CREATE INDEX product_variation_product ON product_variation (org_id, product_id, id);
CREATE INDEX product_variation_template ON product_variation (org_id, template_id);

-- What is stocked and sold: a SKU, which is a variation of a product, or a
-- material, which belongs to no product.
-- TENANT
CREATE TABLE item (
	org_id                 bigint   NOT NULL,
	id                     bigint   NOT NULL,
	kind                   text     NOT NULL,
	code                   text     NOT NULL,
	name                   text     NOT NULL,
	name_key               text     NOT NULL,
	product_id             bigint,
	product_variation_id   bigint,
	variation_name         text,
	variation_value_id     bigint,
	type_id                bigint,
	items_per_unit         bigint   NOT NULL,
	oz_per_item            bigint,
	qbo_id                 text,
	notes                  text,
	is_active              smallint NOT NULL,
	purchase_price         bigint   NOT NULL,
	purchase_price_inc_tax bigint   NOT NULL,
	profit_percent         bigint   NOT NULL,
	sell_price             bigint   NOT NULL,
	sell_price_inc_tax     bigint   NOT NULL,
	woo_id                 bigint,
	created_by             bigint,
	created_at             bigint   NOT NULL,
	updated_at             bigint   NOT NULL,
	CONSTRAINT item_pk PRIMARY KEY (org_id, id),
	CONSTRAINT item_code UNIQUE (org_id, kind, code),
	CONSTRAINT item_product_fk FOREIGN KEY (org_id, product_id) REFERENCES product (org_id, id) ON DELETE CASCADE,
	CONSTRAINT item_variation_fk FOREIGN KEY (org_id, product_variation_id) REFERENCES product_variation (org_id, id) ON DELETE CASCADE,
	CONSTRAINT item_value_fk FOREIGN KEY (org_id, variation_value_id) REFERENCES variation_value (org_id, id),
	CONSTRAINT item_type_fk FOREIGN KEY (org_id, type_id) REFERENCES lookup (org_id, id)
);
CREATE INDEX item_name ON item (org_id, kind, name_key, id);
CREATE INDEX item_product ON item (org_id, product_id, id);
CREATE INDEX item_variation ON item (org_id, product_variation_id);
CREATE INDEX item_value ON item (org_id, variation_value_id);
CREATE INDEX item_type ON item (org_id, type_id, kind, name_key, id);
CREATE INDEX item_off ON item (org_id, kind, name_key, id) WHERE is_active = 0;
CREATE INDEX item_woo ON item (org_id, woo_id);

-- What a combo is made of, a unit of the combo.
-- TENANT
CREATE TABLE combo_item (
	org_id   bigint NOT NULL,
	combo_id bigint NOT NULL,
	line     bigint NOT NULL,
	item_id  bigint NOT NULL,
	unit_id  bigint,
	quantity bigint NOT NULL,
	CONSTRAINT combo_item_pk PRIMARY KEY (org_id, combo_id, line),
	CONSTRAINT combo_item_combo_fk FOREIGN KEY (org_id, combo_id) REFERENCES item (org_id, id) ON DELETE CASCADE,
	CONSTRAINT combo_item_item_fk FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id),
	CONSTRAINT combo_item_unit_fk FOREIGN KEY (org_id, unit_id) REFERENCES unit (org_id, id)
);
CREATE INDEX combo_item_item ON combo_item (org_id, item_id);
CREATE INDEX combo_item_unit ON combo_item (org_id, unit_id);

-- The price of an item in a selling price group.
-- TENANT
CREATE TABLE item_price (
	org_id         bigint NOT NULL,
	id             bigint NOT NULL,
	item_id        bigint NOT NULL,
	price_group_id bigint NOT NULL,
	price_inc_tax  bigint NOT NULL,
	created_at     bigint NOT NULL,
	updated_at     bigint NOT NULL,
	CONSTRAINT item_price_pk PRIMARY KEY (org_id, id),
	CONSTRAINT item_price_item UNIQUE (org_id, item_id, price_group_id),
	CONSTRAINT item_price_item_fk FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id) ON DELETE CASCADE,
	CONSTRAINT item_price_group_fk FOREIGN KEY (org_id, price_group_id) REFERENCES lookup (org_id, id)
);
CREATE INDEX item_price_group ON item_price (org_id, price_group_id);

-- TENANT
CREATE TABLE product_location (
	org_id      bigint NOT NULL,
	product_id  bigint NOT NULL,
	location_id bigint NOT NULL,
	CONSTRAINT product_location_pk PRIMARY KEY (org_id, product_id, location_id),
	CONSTRAINT product_location_product_fk FOREIGN KEY (org_id, product_id) REFERENCES product (org_id, id) ON DELETE CASCADE,
	CONSTRAINT product_location_location_fk FOREIGN KEY (org_id, location_id) REFERENCES location (org_id, id) ON DELETE CASCADE
);
CREATE INDEX product_location_location ON product_location (org_id, location_id, product_id);

-- The modifier sets that a product offers.
-- TENANT
CREATE TABLE product_modifier (
	org_id     bigint NOT NULL,
	product_id bigint NOT NULL,
	set_id     bigint NOT NULL,
	CONSTRAINT product_modifier_pk PRIMARY KEY (org_id, product_id, set_id),
	CONSTRAINT product_modifier_product_fk FOREIGN KEY (org_id, product_id) REFERENCES product (org_id, id) ON DELETE CASCADE,
	CONSTRAINT product_modifier_set_fk FOREIGN KEY (org_id, set_id) REFERENCES product (org_id, id)
);
CREATE INDEX product_modifier_set ON product_modifier (org_id, set_id);

-- The picture of a product, as base64; its hash is in its address.
-- TENANT
CREATE TABLE product_picture (
	org_id     bigint NOT NULL,
	product_id bigint NOT NULL,
	hash       text   NOT NULL,
	kind       text   NOT NULL,
	data       text   NOT NULL,
	created_at bigint NOT NULL,
	CONSTRAINT product_picture_pk PRIMARY KEY (org_id, product_id),
	CONSTRAINT product_picture_product_fk FOREIGN KEY (org_id, product_id) REFERENCES product (org_id, id) ON DELETE CASCADE
);

-- Pictures of an item; the file itself is kept by core/doc or elsewhere.
-- TENANT
CREATE TABLE item_media (
	org_id       bigint NOT NULL,
	id           bigint NOT NULL,
	item_id      bigint NOT NULL,
	file_name    text   NOT NULL,
	display_name text   NOT NULL,
	description  text,
	url          text,
	uploaded_by  bigint,
	created_at   bigint NOT NULL,
	updated_at   bigint NOT NULL,
	CONSTRAINT item_media_pk PRIMARY KEY (org_id, id),
	CONSTRAINT item_media_item_fk FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id) ON DELETE CASCADE
);
CREATE INDEX item_media_item ON item_media (org_id, item_id, id);

-- Price reductions for a time, for all products or for some.
-- TENANT
CREATE TABLE discount (
	org_id           bigint   NOT NULL,
	id               bigint   NOT NULL,
	name             text     NOT NULL,
	brand_id         bigint,
	category_id      bigint,
	location_id      bigint,
	price_group_id   bigint,
	priority         bigint,
	discount_type    text     NOT NULL,
	amount           bigint   NOT NULL,
	starts_at        bigint,
	ends_at          bigint,
	is_active        smallint NOT NULL,
	in_customer_group smallint NOT NULL,
	created_at       bigint   NOT NULL,
	updated_at       bigint   NOT NULL,
	CONSTRAINT discount_pk PRIMARY KEY (org_id, id),
	CONSTRAINT discount_brand_fk FOREIGN KEY (org_id, brand_id) REFERENCES lookup (org_id, id),
	CONSTRAINT discount_category_fk FOREIGN KEY (org_id, category_id) REFERENCES lookup (org_id, id),
	CONSTRAINT discount_location_fk FOREIGN KEY (org_id, location_id) REFERENCES location (org_id, id),
	CONSTRAINT discount_price_group_fk FOREIGN KEY (org_id, price_group_id) REFERENCES lookup (org_id, id)
);
CREATE INDEX discount_brand ON discount (org_id, brand_id);
CREATE INDEX discount_category ON discount (org_id, category_id);
CREATE INDEX discount_location ON discount (org_id, location_id);
CREATE INDEX discount_price_group ON discount (org_id, price_group_id);

-- The items that a discount is limited to.
-- TENANT
CREATE TABLE discount_item (
	org_id      bigint NOT NULL,
	discount_id bigint NOT NULL,
	item_id     bigint NOT NULL,
	CONSTRAINT discount_item_pk PRIMARY KEY (org_id, discount_id, item_id),
	CONSTRAINT discount_item_discount_fk FOREIGN KEY (org_id, discount_id) REFERENCES discount (org_id, id) ON DELETE CASCADE,
	CONSTRAINT discount_item_item_fk FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id) ON DELETE CASCADE
);
CREATE INDEX discount_item_item ON discount_item (org_id, item_id);

-- Bills of materials: what one unit of an item is made of.
-- TENANT
CREATE TABLE bom (
	org_id     bigint NOT NULL,
	item_id    bigint NOT NULL,
	created_at bigint NOT NULL,
	updated_at bigint NOT NULL,
	CONSTRAINT bom_pk PRIMARY KEY (org_id, item_id),
	CONSTRAINT bom_item_fk FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id) ON DELETE CASCADE
);

-- TENANT
CREATE TABLE bom_line (
	org_id    bigint NOT NULL,
	output_id bigint NOT NULL,
	line      bigint NOT NULL,
	item_id   bigint NOT NULL,
	quantity  bigint NOT NULL,
	CONSTRAINT bom_line_pk PRIMARY KEY (org_id, output_id, line),
	CONSTRAINT bom_line_item UNIQUE (org_id, output_id, item_id),
	CONSTRAINT bom_line_output_fk FOREIGN KEY (org_id, output_id) REFERENCES bom (org_id, item_id) ON DELETE CASCADE,
	CONSTRAINT bom_line_item_fk FOREIGN KEY (org_id, item_id) REFERENCES item (org_id, id)
);
CREATE INDEX bom_line_input ON bom_line (org_id, item_id);
