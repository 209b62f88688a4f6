-- API keys, and what is left of each subject's quota. Both run on wall time, as this database tells it. The same on every tier.

CREATE TYPE api_scope AS ENUM ('READ', 'TRACK', 'NOTIFY', 'ADMIN');

-- Of a key only its beginning and its SHA-256 are here. `replaced_by` is the key that a rotation made; both work until `expires_at`.
CREATE TABLE api_key (
  id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  prefix       text NOT NULL CHECK (prefix ~ '^cc_live_[0-9A-Za-z]{8}$'),
  sha256       text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  scopes       api_scope[] NOT NULL CHECK (cardinality(scopes) > 0),
  created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at   timestamptz,
  last_used_at timestamptz,
  revoked_at   timestamptz,
  replaced_by  uuid,
  used_points  bigint NOT NULL DEFAULT 0,
  CONSTRAINT api_key_replaced_by_fkey FOREIGN KEY (replaced_by) REFERENCES api_key (id) ON UPDATE CASCADE ON DELETE SET NULL
);
CREATE UNIQUE INDEX api_key_prefix_key ON api_key (prefix);

-- One row a subject: how many points of the running window are taken. Every gateway process takes a slice at a time, never beyond the limit.
-- `granted` is what the last taking gave.
CREATE TABLE quota_bucket (
  subject      text PRIMARY KEY,
  window_start timestamptz NOT NULL,
  taken        integer NOT NULL,
  granted      integer NOT NULL
);
CREATE INDEX quota_bucket_window_start_idx ON quota_bucket (window_start);

INSERT INTO app_right (role, relation, rights) VALUES
  ('candlecast_gateway', 'api_key', 'SELECT, INSERT, UPDATE'),
  ('candlecast_gateway', 'quota_bucket', 'SELECT, INSERT, UPDATE, DELETE');
