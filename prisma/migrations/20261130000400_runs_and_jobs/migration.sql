-- Work of the forecasters that is done once by whoever takes it, and what each training was: docs/adr/0026-registry.md. The same on every tier.

CREATE TYPE job_state AS ENUM ('WAITING', 'RUNNING', 'DONE', 'FAILED');
CREATE TYPE job_cadence AS ENUM ('DAILY', 'WEEKLY', 'MONTHLY');
CREATE TYPE run_state AS ENUM ('RUNNING', 'DONE', 'FAILED', 'ABANDONED');

-- When work is due, and when it began and ended last, is of the venue's clock; leases and waits between tries are of this database's own.
CREATE TABLE job (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  venue           text NOT NULL,
  kind            text NOT NULL,
  key             text NOT NULL, -- tells apart what is done of one kind: a fold, a trial, a model
  payload         jsonb NOT NULL DEFAULT '{}',
  cadence         job_cadence, -- NULL: once
  state           job_state NOT NULL DEFAULT 'WAITING',
  due_at          timestamptz NOT NULL,
  attempts        integer NOT NULL DEFAULT 0, -- since it became due
  retry_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
  holder          text,
  token           bigint NOT NULL DEFAULT 0, -- grows with every taking, so that a process that stood still is refused
  lease_until     timestamptz NOT NULL DEFAULT clock_timestamp(),
  last_started_at timestamptz,
  last_ended_at   timestamptz,
  last_failure    text -- a code; NULL after a success
);
CREATE UNIQUE INDEX job_venue_kind_key_key ON job (venue, kind, key);
CREATE INDEX job_venue_state_due_at_idx ON job (venue, state, due_at);

CREATE TABLE run (
  id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  venue        text NOT NULL,
  name         text NOT NULL,
  parameters   jsonb NOT NULL,
  seed         bigint NOT NULL,
  data_hash    text NOT NULL,
  code_version text NOT NULL,
  job_id       uuid,
  state        run_state NOT NULL DEFAULT 'RUNNING',
  metrics      jsonb NOT NULL DEFAULT '{}', -- final ones, by name
  failure      text, -- a code
  model_id     integer,
  started_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  ended_at     timestamptz,
  CONSTRAINT run_job_id_fkey FOREIGN KEY (job_id) REFERENCES job (id) ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT run_model_id_fkey FOREIGN KEY (model_id) REFERENCES model (id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX run_started_at_id_idx ON run (started_at, id);
CREATE INDEX run_job_id_state_idx ON run (job_id, state);

CREATE TABLE run_epoch (
  run_id  uuid NOT NULL,
  epoch   integer NOT NULL, -- 0: before the first
  metrics jsonb NOT NULL,
  CONSTRAINT run_epoch_pkey PRIMARY KEY (run_id, epoch),
  CONSTRAINT run_epoch_run_id_fkey FOREIGN KEY (run_id) REFERENCES run (id) ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE run_artifact (
  run_id     uuid NOT NULL,
  name       text NOT NULL,
  path       text NOT NULL, -- within the store of artifacts
  sha256     text NOT NULL,
  size_bytes integer NOT NULL,
  CONSTRAINT run_artifact_pkey PRIMARY KEY (run_id, name),
  CONSTRAINT run_artifact_run_id_fkey FOREIGN KEY (run_id) REFERENCES run (id) ON UPDATE CASCADE ON DELETE CASCADE
);

INSERT INTO app_right (role, relation, rights) VALUES
  ('candlecast_forecaster', 'job', 'SELECT, INSERT, UPDATE'),
  ('candlecast_forecaster', 'run', 'SELECT, INSERT, UPDATE'),
  ('candlecast_forecaster', 'run_epoch', 'SELECT, INSERT'),
  ('candlecast_forecaster', 'run_artifact', 'SELECT, INSERT'),
  ('candlecast_gateway', 'job', 'SELECT'),
  ('candlecast_gateway', 'run', 'SELECT'),
  ('candlecast_gateway', 'run_epoch', 'SELECT'),
  ('candlecast_gateway', 'run_artifact', 'SELECT');
SELECT apply_rights();
