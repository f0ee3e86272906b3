-- Floors of a restaurant and the tables on them. A table that is gone keeps
-- its row, because sales name it.
-- TENANT
CREATE TABLE floor (
	org_id     bigint   NOT NULL,
	id         bigint   NOT NULL,
	floor_no   bigint   NOT NULL,
	help       text,
	is_active  smallint NOT NULL,
	created_at bigint   NOT NULL,
	updated_at bigint   NOT NULL,
	CONSTRAINT floor_pk PRIMARY KEY (org_id, id)
);
CREATE INDEX floor_list ON floor (org_id, floor_no, id);

-- TENANT
CREATE TABLE dining_table (
	org_id       bigint   NOT NULL,
	id           bigint   NOT NULL,
	location_id  bigint   NOT NULL,
	floor_id     bigint,
	name         text     NOT NULL,
	description  text,
	capacity     bigint,
	position     text,
	shape        text,
	is_available smallint NOT NULL,
	is_booked    smallint NOT NULL,
	is_occupied  smallint NOT NULL,
	created_by   bigint,
	created_at   bigint   NOT NULL,
	updated_at   bigint   NOT NULL,
	deleted_at   bigint,
	CONSTRAINT dining_table_pk PRIMARY KEY (org_id, id),
	CONSTRAINT dining_table_location_fk FOREIGN KEY (org_id, location_id) REFERENCES location (org_id, id),
	CONSTRAINT dining_table_floor_fk FOREIGN KEY (org_id, floor_id) REFERENCES floor (org_id, id)
);
CREATE INDEX dining_table_location ON dining_table (org_id, location_id, id);
CREATE INDEX dining_table_floor ON dining_table (org_id, floor_id, id);

-- Appointments with customers and leads. additional_info is a JSON text that
-- the client gave.
-- TENANT
CREATE TABLE followup (
	org_id          bigint   NOT NULL,
	id              bigint   NOT NULL,
	party_id        bigint   NOT NULL,
	title           text     NOT NULL,
	status          text,
	starts_at       bigint   NOT NULL,
	ends_at         bigint   NOT NULL,
	description     text,
	kind            text     NOT NULL,
	notify          smallint NOT NULL,
	notify_sms      smallint NOT NULL,
	notify_mail     smallint NOT NULL,
	notify_before   bigint,
	notify_type     text     NOT NULL,
	category_id     bigint,
	additional_info text,
	created_by      bigint,
	created_at      bigint   NOT NULL,
	updated_at      bigint   NOT NULL,
	CONSTRAINT followup_pk PRIMARY KEY (org_id, id),
	CONSTRAINT followup_party_fk FOREIGN KEY (org_id, party_id) REFERENCES party (org_id, id),
	CONSTRAINT followup_category_fk FOREIGN KEY (org_id, category_id) REFERENCES lookup (org_id, id)
);
CREATE INDEX followup_time ON followup (org_id, starts_at, id);
CREATE INDEX followup_party ON followup (org_id, party_id, starts_at, id);
CREATE INDEX followup_category ON followup (org_id, category_id);

-- TENANT
CREATE TABLE followup_user (
	org_id      bigint NOT NULL,
	followup_id bigint NOT NULL,
	user_id     bigint NOT NULL,
	CONSTRAINT followup_user_pk PRIMARY KEY (org_id, followup_id, user_id),
	CONSTRAINT followup_user_followup_fk FOREIGN KEY (org_id, followup_id) REFERENCES followup (org_id, id) ON DELETE CASCADE,
	CONSTRAINT followup_user_user_fk FOREIGN KEY (user_id) REFERENCES user_account (id)
);
CREATE INDEX followup_user_user ON followup_user (org_id, user_id, followup_id);

-- Calls that phones report; the same call reported again is the same row.
-- TENANT
CREATE TABLE call_log (
	org_id        bigint NOT NULL,
	id            bigint NOT NULL,
	call_type     text   NOT NULL,
	mobile_number text   NOT NULL,
	mobile_name   text,
	starts_at     bigint NOT NULL,
	ends_at       bigint NOT NULL,
	seconds       bigint NOT NULL,
	party_id      bigint,
	user_id       bigint,
	created_by    bigint,
	created_at    bigint NOT NULL,
	CONSTRAINT call_log_pk PRIMARY KEY (org_id, id),
	CONSTRAINT call_log_call UNIQUE (org_id, call_type, mobile_number, starts_at),
	CONSTRAINT call_log_party_fk FOREIGN KEY (org_id, party_id) REFERENCES party (org_id, id)
);
CREATE INDEX call_log_party ON call_log (org_id, party_id, starts_at);

-- Visits of the field force.
-- TENANT
CREATE TABLE visit (
	org_id          bigint NOT NULL,
	id              bigint NOT NULL,
	number          text   NOT NULL,
	party_id        bigint,
	visit_to        text,
	visit_address   text,
	assigned_to     bigint NOT NULL,
	status          text   NOT NULL,
	visit_on        bigint,
	visit_for       text,
	visited_on      bigint,
	visited_address text,
	latitude        text,
	longitude       text,
	reason          text,
	comments        text,
	meet_with       text,
	meet_with2      text,
	meet_with3      text,
	mobile          text,
	mobile2         text,
	mobile3         text,
	designation     text,
	designation2    text,
	designation3    text,
	has_photo       smallint NOT NULL,
	created_by      bigint,
	created_at      bigint NOT NULL,
	updated_at      bigint NOT NULL,
	CONSTRAINT visit_pk PRIMARY KEY (org_id, id),
	CONSTRAINT visit_number UNIQUE (org_id, number),
	CONSTRAINT visit_party_fk FOREIGN KEY (org_id, party_id) REFERENCES party (org_id, id),
	CONSTRAINT visit_user_fk FOREIGN KEY (assigned_to) REFERENCES user_account (id)
);
CREATE INDEX visit_time ON visit (org_id, COALESCE(visit_on, 0), id);
CREATE INDEX visit_party ON visit (org_id, party_id, id);
CREATE INDEX visit_user ON visit (org_id, assigned_to, visit_on, id);

-- A visit's picture, as base64.
-- TENANT
CREATE TABLE visit_photo (
	org_id   bigint NOT NULL,
	visit_id bigint NOT NULL,
	kind     text   NOT NULL,
	data     text   NOT NULL,
	CONSTRAINT visit_photo_pk PRIMARY KEY (org_id, visit_id),
	CONSTRAINT visit_photo_visit_fk FOREIGN KEY (org_id, visit_id) REFERENCES visit (org_id, id) ON DELETE CASCADE
);

-- Shifts; times of day are "09:00:00" in the organization's zone, days_off
-- the weekdays without work ("0,6": Sunday and Saturday).
-- TENANT
CREATE TABLE shift (
	org_id       bigint NOT NULL,
	id           bigint NOT NULL,
	name         text   NOT NULL,
	kind         text   NOT NULL,
	start_time   text,
	end_time     text,
	days_off     text   NOT NULL,
	grace_before bigint NOT NULL,
	grace_after  bigint NOT NULL,
	created_at   bigint NOT NULL,
	updated_at   bigint NOT NULL,
	CONSTRAINT shift_pk PRIMARY KEY (org_id, id)
);

-- Who works in a shift, from and until which date (both included).
-- TENANT
CREATE TABLE shift_user (
	org_id     bigint NOT NULL,
	shift_id   bigint NOT NULL,
	user_id    bigint NOT NULL,
	start_date text,
	end_date   text,
	CONSTRAINT shift_user_pk PRIMARY KEY (org_id, shift_id, user_id),
	CONSTRAINT shift_user_shift_fk FOREIGN KEY (org_id, shift_id) REFERENCES shift (org_id, id) ON DELETE CASCADE,
	CONSTRAINT shift_user_user_fk FOREIGN KEY (user_id) REFERENCES user_account (id)
);
CREATE INDEX shift_user_user ON shift_user (org_id, user_id);

-- Times of work. in_at and out_at are the server's; what the client says it
-- was is kept beside them. Nobody is in twice.
-- TENANT
CREATE TABLE attendance (
	org_id        bigint NOT NULL,
	id            bigint NOT NULL,
	user_id       bigint NOT NULL,
	in_at         bigint NOT NULL,
	in_claimed    bigint,
	in_note       text,
	in_latitude   text,
	in_longitude  text,
	out_at        bigint,
	out_claimed   bigint,
	out_note      text,
	out_latitude  text,
	out_longitude text,
	ip_address    text,
	shift_id      bigint,
	created_at    bigint NOT NULL,
	updated_at    bigint NOT NULL,
	CONSTRAINT attendance_pk PRIMARY KEY (org_id, id),
	CONSTRAINT attendance_user_fk FOREIGN KEY (user_id) REFERENCES user_account (id),
	CONSTRAINT attendance_shift_fk FOREIGN KEY (org_id, shift_id) REFERENCES shift (org_id, id)
);
CREATE UNIQUE INDEX attendance_open ON attendance (org_id, user_id) WHERE out_at IS NULL;
CREATE INDEX attendance_user ON attendance (org_id, user_id, in_at, id);

-- Days without work, both dates included; without a location they are of all.
-- TENANT
CREATE TABLE holiday (
	org_id      bigint NOT NULL,
	id          bigint NOT NULL,
	name        text   NOT NULL,
	start_date  text   NOT NULL,
	end_date    text   NOT NULL,
	location_id bigint,
	note        text,
	created_at  bigint NOT NULL,
	updated_at  bigint NOT NULL,
	CONSTRAINT holiday_pk PRIMARY KEY (org_id, id),
	CONSTRAINT holiday_location_fk FOREIGN KEY (org_id, location_id) REFERENCES location (org_id, id)
);
CREATE INDEX holiday_time ON holiday (org_id, start_date, id);

-- What the organization spends beside purchases, and what of it came back.
-- TENANT
CREATE TABLE expense (
	org_id           bigint   NOT NULL,
	id               bigint   NOT NULL,
	ref_no           text     NOT NULL,
	location_id      bigint   NOT NULL,
	is_refund        smallint NOT NULL,
	category_id      bigint,
	sub_category_id  bigint,
	party_id         bigint,
	spent_for        bigint,
	spent_at         bigint   NOT NULL,
	total_before_tax bigint   NOT NULL,
	tax_id           bigint,
	tax_amount       bigint   NOT NULL,
	final_total      bigint   NOT NULL,
	paid             bigint   NOT NULL,
	notes            text,
	created_by       bigint,
	created_at       bigint   NOT NULL,
	updated_at       bigint   NOT NULL,
	CONSTRAINT expense_pk PRIMARY KEY (org_id, id),
	CONSTRAINT expense_ref_no UNIQUE (org_id, ref_no),
	CONSTRAINT expense_location_fk FOREIGN KEY (org_id, location_id) REFERENCES location (org_id, id),
	CONSTRAINT expense_category_fk FOREIGN KEY (org_id, category_id) REFERENCES lookup (org_id, id),
	CONSTRAINT expense_sub_category_fk FOREIGN KEY (org_id, sub_category_id) REFERENCES lookup (org_id, id),
	CONSTRAINT expense_party_fk FOREIGN KEY (org_id, party_id) REFERENCES party (org_id, id),
	CONSTRAINT expense_tax_fk FOREIGN KEY (org_id, tax_id) REFERENCES tax (org_id, id)
);
CREATE INDEX expense_time ON expense (org_id, is_refund, spent_at, id);
CREATE INDEX expense_location ON expense (org_id, location_id, spent_at);
CREATE INDEX expense_category ON expense (org_id, category_id);
CREATE INDEX expense_sub_category ON expense (org_id, sub_category_id);
CREATE INDEX expense_party ON expense (org_id, party_id);
CREATE INDEX expense_tax ON expense (org_id, tax_id);
