-- run_at is when a waiting job is due, and when the lease of a running one
-- ends: either way the instant from which a worker may take it.
-- LOCAL
CREATE TABLE job (
	id          bigint NOT NULL,
	org_id      bigint NOT NULL,
	kind        text   NOT NULL,
	args        text   NOT NULL,
	state       text   NOT NULL,
	unique_key  text,
	run_at      bigint NOT NULL,
	tries       bigint NOT NULL,
	max_tries   bigint NOT NULL,
	worker      text,
	last_error  text,
	created_at  bigint NOT NULL,
	finished_at bigint,
	CONSTRAINT job_pk PRIMARY KEY (id)
);
CREATE INDEX job_due ON job (kind, run_at, id) WHERE state IN ('waiting', 'running');
CREATE UNIQUE INDEX job_unique ON job (org_id, kind, unique_key) WHERE unique_key IS NOT NULL AND state IN ('waiting', 'running');
CREATE INDEX job_list ON job (org_id, id);
CREATE INDEX job_state ON job (state, kind, id);

-- LOCAL
CREATE TABLE job_run (
	job_id      bigint NOT NULL,
	try         bigint NOT NULL,
	worker      text   NOT NULL,
	started_at  bigint NOT NULL,
	finished_at bigint,
	error       text,
	CONSTRAINT job_run_pk PRIMARY KEY (job_id, try),
	CONSTRAINT job_run_job_fk FOREIGN KEY (job_id) REFERENCES job (id) ON DELETE CASCADE
);

-- LOCAL
CREATE TABLE job_schedule (
	name    text   NOT NULL,
	next_at bigint NOT NULL,
	CONSTRAINT job_schedule_pk PRIMARY KEY (name)
);
