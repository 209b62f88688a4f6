-- Alerts, what they have fired, and how far the log has been looked at for them. Moments of the market (`at`, `expires_at`, `last_fired_at`) are
-- the venue's; leases and retention are this database's own time. The same on every tier.

CREATE TYPE alert_state AS ENUM ('ACTIVE', 'DONE', 'EXPIRED');

CREATE TABLE alert (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  owner         text NOT NULL,
  symbol        text NOT NULL, -- VENUE:SYMBOL
  kind          text NOT NULL,
  rule          jsonb NOT NULL, -- what its kind asks for
  note          text,
  once          boolean NOT NULL,
  cooldown_ms   bigint NOT NULL CHECK (cooldown_ms >= 0),
  expires_at    timestamptz,
  state         alert_state NOT NULL DEFAULT 'ACTIVE',
  memory        jsonb, -- on which side of its level it was seen last, and whether it may fire
  fired_count   integer NOT NULL DEFAULT 0,
  last_fired_at timestamptz,
  created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  created_epoch uuid NOT NULL,
  created_seq   bigint NOT NULL, -- it looks at what is logged after this
  ended_at      timestamptz -- when it was no longer ACTIVE
);
CREATE INDEX alert_owner_idx ON alert (owner);
CREATE INDEX alert_state_ended_at_idx ON alert (state, ended_at);

CREATE TABLE alert_firing (
  id         uuid PRIMARY KEY,
  alert_id   uuid NOT NULL,
  source     text NOT NULL, -- what of the log fired it: the same fires once
  at         timestamptz NOT NULL,
  crossed    text NOT NULL CHECK (crossed IN ('UP', 'DOWN')),
  value      text NOT NULL, -- decimals as they were compared, digit by digit
  level      text NOT NULL,
  reason     text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT alert_firing_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES alert (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE UNIQUE INDEX alert_firing_alert_id_source_key ON alert_firing (alert_id, source);
CREATE INDEX alert_firing_alert_id_created_at_id_idx ON alert_firing (alert_id, created_at, id);
CREATE INDEX alert_firing_created_at_idx ON alert_firing (created_at);

-- The one process that evaluates, and how far it has read; see webhook_desk. `changes` grows with every alert that is made or removed.
CREATE TABLE alert_desk (
  is_only    boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  holder     text,
  token      bigint NOT NULL DEFAULT 0,
  expires_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  epoch      uuid,
  seq        bigint,
  changes    bigint NOT NULL DEFAULT 0
);
INSERT INTO alert_desk DEFAULT VALUES;

-- Returns an owner with those it replaced and those that replaced it: an API key and its rotations, or the owner alone.
CREATE FUNCTION owner_family(p_owner text) RETURNS text[] LANGUAGE sql STABLE AS $$
  WITH RECURSIVE later AS (
    SELECT k.id, k.replaced_by FROM api_key k WHERE k.id = CASE WHEN p_owner LIKE 'key:%' THEN substr(p_owner, 5)::uuid END
    UNION
    SELECT k.id, k.replaced_by FROM api_key k JOIN later l ON k.id = l.replaced_by
  ), family AS (
    SELECT id FROM later
    UNION
    SELECT k.id FROM api_key k JOIN family f ON k.replaced_by = f.id
  )
  SELECT coalesce((SELECT array_agg('key:' || id ORDER BY id) FROM family), ARRAY[p_owner])
$$;

-- Firings are events of the log.
UPDATE app_right SET rights = 'SELECT, INSERT' WHERE role = 'candlecast_gateway' AND relation = 'event_log';
UPDATE app_right SET rights = 'SELECT, UPDATE' WHERE role = 'candlecast_gateway' AND relation = 'event_log_head';
INSERT INTO app_right (role, relation, rights) VALUES
  ('candlecast_gateway', 'alert', 'SELECT, INSERT, UPDATE, DELETE'),
  ('candlecast_gateway', 'alert_firing', 'SELECT, INSERT, DELETE'),
  ('candlecast_gateway', 'alert_desk', 'SELECT, UPDATE');
SELECT apply_rights();
