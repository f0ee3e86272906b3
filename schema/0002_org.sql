-- SHARED
CREATE TABLE organization (
	id            bigint NOT NULL,
	name          text   NOT NULL,
	slug          text   NOT NULL,
	legal_name    text,
	address       text,
	city          text,
	state         text,
	country       text,
	zip_code      text,
	logo_url      text,
	contact_email text,
	contact_phone text,
	created_at    bigint NOT NULL,
	updated_at    bigint NOT NULL,
	CONSTRAINT organization_pk PRIMARY KEY (id),
	CONSTRAINT organization_slug_key UNIQUE (slug)
);

-- email is lower case; a deleted user keeps the row, because documents name
-- it, and nothing else.
-- SHARED
CREATE TABLE user_account (
	id            bigint   NOT NULL,
	firebase_uid  text,
	email         text,
	display_name  text,
	password_hash text,
	is_active     smallint NOT NULL,
	last_login_at bigint,
	created_at    bigint   NOT NULL,
	updated_at    bigint   NOT NULL,
	CONSTRAINT user_account_pk PRIMARY KEY (id),
	CONSTRAINT user_account_firebase_key UNIQUE (firebase_uid),
	CONSTRAINT user_account_email_key UNIQUE (email)
);

-- Which organizations a user belongs to, so that no shard is searched for it.
-- SHARED
CREATE TABLE user_organization (
	user_id bigint NOT NULL,
	org_id  bigint NOT NULL,
	CONSTRAINT user_organization_pk PRIMARY KEY (user_id, org_id),
	CONSTRAINT user_organization_user_fk FOREIGN KEY (user_id) REFERENCES user_account (id),
	CONSTRAINT user_organization_org_fk FOREIGN KEY (org_id) REFERENCES organization (id)
);
CREATE INDEX user_organization_org ON user_organization (org_id, user_id);

-- TENANT
CREATE TABLE location (
	org_id                   bigint   NOT NULL,
	id                       bigint   NOT NULL,
	code                     text,
	name                     text     NOT NULL,
	sort_order               bigint   NOT NULL,
	address                  text,
	city                     text,
	state                    text,
	country                  text,
	zip_code                 text,
	notes                    text,
	is_active                smallint NOT NULL,
	oversell                 text,
	landmark                 text,
	mobile                   text,
	alternate_number         text,
	email                    text,
	website                  text,
	invoice_prefix           text,
	price_group_id           bigint,
	default_payment_accounts text,
	custom_field1            text,
	custom_field2            text,
	custom_field3            text,
	custom_field4            text,
	created_at               bigint   NOT NULL,
	updated_at               bigint   NOT NULL,
	CONSTRAINT location_pk PRIMARY KEY (org_id, id),
	CONSTRAINT location_code_key UNIQUE (org_id, code),
	CONSTRAINT location_org_fk FOREIGN KEY (org_id) REFERENCES organization (id)
);
CREATE INDEX location_list ON location (org_id, sort_order, name, id);

-- TENANT
CREATE TABLE org_settings (
	org_id                  bigint   NOT NULL,
	currency                text     NOT NULL,
	currency_symbol         text     NOT NULL,
	currency_places         bigint   NOT NULL,
	quantity_places         bigint   NOT NULL,
	thousand_separator      text     NOT NULL,
	decimal_separator       text     NOT NULL,
	time_zone               text     NOT NULL,
	date_format             text     NOT NULL,
	time_format             bigint   NOT NULL,
	fiscal_year_month       bigint   NOT NULL,
	accounting_method       text     NOT NULL,
	oversell                text     NOT NULL,
	default_location_id     bigint,
	default_tax_id          bigint,
	default_profit_percent  bigint   NOT NULL,
	default_discount        bigint   NOT NULL,
	tax_label1              text,
	tax_number1             text,
	tax_label2              text,
	tax_number2             text,
	sku_prefix              text     NOT NULL,
	prefixes                text     NOT NULL,
	exchange_rates          text     NOT NULL,
	enabled_modules         text     NOT NULL,
	over_receipt_percent    bigint   NOT NULL,
	loyalty_moves_stock     smallint NOT NULL,
	points_enabled          smallint NOT NULL,
	points_name             text     NOT NULL,
	points_amount_per_point bigint   NOT NULL,
	points_min_order        bigint   NOT NULL,
	points_max_per_order    bigint   NOT NULL,
	points_redeem_value     bigint   NOT NULL,
	points_redeem_min_order bigint   NOT NULL,
	points_redeem_min       bigint   NOT NULL,
	points_redeem_max       bigint   NOT NULL,
	points_expiry_period    bigint   NOT NULL,
	points_expiry_unit      text     NOT NULL,
	updated_at              bigint   NOT NULL,
	CONSTRAINT org_settings_pk PRIMARY KEY (org_id),
	CONSTRAINT org_settings_org_fk FOREIGN KEY (org_id) REFERENCES organization (id),
	CONSTRAINT org_settings_location_fk FOREIGN KEY (org_id, default_location_id) REFERENCES location (org_id, id)
);

-- Secrets that the server itself needs in clear: it signs or verifies with them.
-- TENANT
CREATE TABLE org_secret (
	org_id     bigint NOT NULL,
	name       text   NOT NULL,
	value      text   NOT NULL,
	created_at bigint NOT NULL,
	CONSTRAINT org_secret_pk PRIMARY KEY (org_id, name),
	CONSTRAINT org_secret_org_fk FOREIGN KEY (org_id) REFERENCES organization (id)
);

-- A user of one organization. username signs in at the pos face; the personal
-- columns are what that organization knows of the person.
-- TENANT
CREATE TABLE member (
	org_id               bigint   NOT NULL,
	id                   bigint   NOT NULL,
	user_id              bigint   NOT NULL,
	role                 bigint   NOT NULL,
	is_active            smallint NOT NULL,
	joined_at            bigint   NOT NULL,
	last_active_at       bigint,
	username             text,
	surname              text,
	first_name           text,
	last_name            text,
	user_type            text     NOT NULL,
	language             text     NOT NULL,
	status               text     NOT NULL,
	allow_login          smallint NOT NULL,
	is_service_staff     smallint NOT NULL,
	is_commission_agent  smallint NOT NULL,
	commission_percent   bigint   NOT NULL,
	max_discount_percent bigint,
	all_locations        smallint NOT NULL,
	location_ids         text,
	selected_contacts    smallint NOT NULL,
	contact_ids          text,
	crm_contact_id       bigint,
	department_id        bigint,
	designation_id       bigint,
	contact_no           text,
	address              text,
	dob                  text,
	gender               text,
	marital_status       text,
	blood_group          text,
	contact_number       text,
	alt_number           text,
	family_number        text,
	fb_link              text,
	twitter_link         text,
	social_media1        text,
	social_media2        text,
	permanent_address    text,
	current_address      text,
	guardian_name        text,
	custom_field1        text,
	custom_field2        text,
	custom_field3        text,
	custom_field4        text,
	bank_details         text,
	id_proof_name        text,
	id_proof_number      text,
	created_at           bigint   NOT NULL,
	updated_at           bigint   NOT NULL,
	CONSTRAINT member_pk PRIMARY KEY (org_id, id),
	CONSTRAINT member_user_key UNIQUE (org_id, user_id),
	CONSTRAINT member_username_key UNIQUE (org_id, username),
	CONSTRAINT member_org_fk FOREIGN KEY (org_id) REFERENCES organization (id),
	CONSTRAINT member_user_fk FOREIGN KEY (user_id) REFERENCES user_account (id)
);

-- SHARED
CREATE TABLE invitation (
	id          bigint NOT NULL,
	org_id      bigint NOT NULL,
	invited_by  bigint NOT NULL,
	email       text   NOT NULL,
	role        bigint NOT NULL,
	token_hash  text   NOT NULL,
	expires_at  bigint NOT NULL,
	accepted_at bigint,
	declined_at bigint,
	revoked_at  bigint,
	created_at  bigint NOT NULL,
	CONSTRAINT invitation_pk PRIMARY KEY (id),
	CONSTRAINT invitation_token_key UNIQUE (token_hash),
	CONSTRAINT invitation_org_fk FOREIGN KEY (org_id) REFERENCES organization (id),
	CONSTRAINT invitation_user_fk FOREIGN KEY (invited_by) REFERENCES user_account (id)
);
CREATE INDEX invitation_list ON invitation (org_id, id);
CREATE INDEX invitation_email ON invitation (email, id);

-- Personal tokens: shp_<org>_<random>, of which only the hash is kept.
-- TENANT
CREATE TABLE api_token (
	org_id       bigint NOT NULL,
	id           bigint NOT NULL,
	user_id      bigint NOT NULL,
	name         text   NOT NULL,
	prefix       text   NOT NULL,
	token_hash   text   NOT NULL,
	expires_at   bigint,
	last_used_at bigint,
	revoked_at   bigint,
	created_at   bigint NOT NULL,
	CONSTRAINT api_token_pk PRIMARY KEY (org_id, id),
	CONSTRAINT api_token_hash_key UNIQUE (org_id, token_hash),
	CONSTRAINT api_token_org_fk FOREIGN KEY (org_id) REFERENCES organization (id),
	CONSTRAINT api_token_user_fk FOREIGN KEY (user_id) REFERENCES user_account (id)
);
CREATE INDEX api_token_list ON api_token (org_id, user_id, id);

-- A program that asks for tokens at /oauth/token. Its id says nothing of the
-- organization, so it is looked up here. user_id is on whose behalf it acts
-- when it uses its own credentials.
-- SHARED
CREATE TABLE oauth_client (
	id          bigint NOT NULL,
	org_id      bigint NOT NULL,
	name        text   NOT NULL,
	secret_hash text   NOT NULL,
	dialect     text   NOT NULL,
	user_id     bigint,
	revoked_at  bigint,
	created_at  bigint NOT NULL,
	CONSTRAINT oauth_client_pk PRIMARY KEY (id),
	CONSTRAINT oauth_client_org_fk FOREIGN KEY (org_id) REFERENCES organization (id),
	CONSTRAINT oauth_client_user_fk FOREIGN KEY (user_id) REFERENCES user_account (id)
);
CREATE INDEX oauth_client_list ON oauth_client (org_id, id);

-- Tokens that programs got: sho_<org>_<random>, refreshed by shx_<org>_<random>.
-- TENANT
CREATE TABLE oauth_token (
	org_id             bigint NOT NULL,
	id                 bigint NOT NULL,
	client_id          bigint NOT NULL,
	user_id            bigint,
	access_hash        text   NOT NULL,
	access_expires_at  bigint NOT NULL,
	refresh_hash       text,
	refresh_expires_at bigint,
	revoked_at         bigint,
	created_at         bigint NOT NULL,
	CONSTRAINT oauth_token_pk PRIMARY KEY (org_id, id),
	CONSTRAINT oauth_token_access_key UNIQUE (org_id, access_hash),
	CONSTRAINT oauth_token_refresh_key UNIQUE (org_id, refresh_hash),
	CONSTRAINT oauth_token_client_fk FOREIGN KEY (client_id) REFERENCES oauth_client (id),
	CONSTRAINT oauth_token_user_fk FOREIGN KEY (user_id) REFERENCES user_account (id)
);
CREATE INDEX oauth_token_user ON oauth_token (org_id, user_id, id);
CREATE INDEX oauth_token_expiry ON oauth_token (org_id, access_expires_at);

-- A user of the shop face, who signs in by e-mail alone. settings is a
-- document of core/connect; webhook_secret signs the shop's own deliveries.
-- SHARED
CREATE TABLE portal_user (
	id                   bigint   NOT NULL,
	org_id               bigint   NOT NULL,
	email                text     NOT NULL,
	name                 text     NOT NULL,
	password_hash        text     NOT NULL,
	settings             text     NOT NULL,
	create_potential     smallint NOT NULL,
	create_account       smallint NOT NULL,
	create_products      smallint NOT NULL,
	send_errors          smallint NOT NULL,
	extra_fields_mapping text     NOT NULL,
	webhook_key_hash     text     NOT NULL,
	webhook_secret       text     NOT NULL,
	is_active            smallint NOT NULL,
	created_at           bigint   NOT NULL,
	updated_at           bigint   NOT NULL,
	CONSTRAINT portal_user_pk PRIMARY KEY (id),
	CONSTRAINT portal_user_email_key UNIQUE (email),
	CONSTRAINT portal_user_org_fk FOREIGN KEY (org_id) REFERENCES organization (id)
);
CREATE INDEX portal_user_list ON portal_user (org_id, id);
CREATE UNIQUE INDEX portal_user_webhook ON portal_user (org_id, webhook_key_hash);

-- The stock feed's keys: shf_<org>_<random>.
-- TENANT
CREATE TABLE feed_key (
	org_id       bigint NOT NULL,
	id           bigint NOT NULL,
	name         text   NOT NULL,
	prefix       text   NOT NULL,
	key_hash     text   NOT NULL,
	last_used_at bigint,
	revoked_at   bigint,
	created_at   bigint NOT NULL,
	CONSTRAINT feed_key_pk PRIMARY KEY (org_id, id),
	CONSTRAINT feed_key_hash_key UNIQUE (org_id, key_hash),
	CONSTRAINT feed_key_org_fk FOREIGN KEY (org_id) REFERENCES organization (id)
);

-- A loyalty programme; id is its app_id.
-- SHARED
CREATE TABLE loyalty_program (
	id          bigint NOT NULL,
	org_id      bigint NOT NULL,
	name        text   NOT NULL,
	username    text   NOT NULL,
	apikey_hash text   NOT NULL,
	revoked_at  bigint,
	created_at  bigint NOT NULL,
	updated_at  bigint NOT NULL,
	CONSTRAINT loyalty_program_pk PRIMARY KEY (id),
	CONSTRAINT loyalty_program_org_fk FOREIGN KEY (org_id) REFERENCES organization (id)
);
CREATE INDEX loyalty_program_list ON loyalty_program (org_id, id);
