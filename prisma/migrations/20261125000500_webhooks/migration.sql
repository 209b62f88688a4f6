-- Webhooks, what is and was to be delivered to them, and how far the log has been turned into deliveries. Times are this database's own:
-- leases, retries and retention have nothing to do with market time. The same on every tier.

CREATE TYPE webhook_delivery_state AS ENUM ('PENDING', 'DELIVERED', 'DEAD');

CREATE TABLE webhook (
  id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  owner         text NOT NULL,
  url           text NOT NULL,
  secret        text NOT NULL, -- not a hash: every delivery is signed with it
  events        text[] NOT NULL CHECK (cardinality(events) > 0),
  symbols       text[] NOT NULL, -- none: every instrument
  intervals     text[] NOT NULL, -- none: every interval
  created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  created_epoch uuid NOT NULL,
  created_seq   bigint NOT NULL, -- it gets what is logged after this
  dropped       bigint NOT NULL DEFAULT 0 -- events that were not queued because too many waited
);
CREATE INDEX webhook_owner_idx ON webhook (owner);

CREATE TABLE webhook_delivery (
  id              uuid PRIMARY KEY,
  webhook_id      uuid NOT NULL,
  source          text NOT NULL, -- what of the log it tells: the same is told once
  event           text NOT NULL,
  body            text NOT NULL, -- byte for byte what is sent
  state           webhook_delivery_state NOT NULL DEFAULT 'PENDING',
  attempts        integer NOT NULL DEFAULT 0,
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at      timestamptz NOT NULL DEFAULT clock_timestamp() + interval '1 day',
  last_attempt_at timestamptz,
  last_status     integer,
  last_error      text,
  CONSTRAINT webhook_delivery_webhook_id_fkey FOREIGN KEY (webhook_id) REFERENCES webhook (id) ON UPDATE CASCADE ON DELETE CASCADE
);
CREATE UNIQUE INDEX webhook_delivery_webhook_id_source_key ON webhook_delivery (webhook_id, source);
CREATE INDEX webhook_delivery_webhook_id_state_next_attempt_at_idx ON webhook_delivery (webhook_id, state, next_attempt_at);
CREATE INDEX webhook_delivery_webhook_id_created_at_id_idx ON webhook_delivery (webhook_id, created_at, id);
CREATE INDEX webhook_delivery_created_at_idx ON webhook_delivery (created_at);

-- The one process that delivers, and how far it has read. `token` grows with every taking, so that a process that stood still is refused.
CREATE TABLE webhook_desk (
  is_only    boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  holder     text,
  token      bigint NOT NULL DEFAULT 0,
  expires_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  epoch      uuid,
  seq        bigint
);
INSERT INTO webhook_desk DEFAULT VALUES;

-- What was told last of values that are not in the log, such as the state of a feed.
CREATE TABLE webhook_told (
  topic text NOT NULL,
  key   text NOT NULL,
  value text NOT NULL,
  CONSTRAINT webhook_told_pkey PRIMARY KEY (topic, key)
);

INSERT INTO app_right (role, relation, rights) VALUES
  ('candlecast_gateway', 'webhook', 'SELECT, INSERT, UPDATE, DELETE'),
  ('candlecast_gateway', 'webhook_delivery', 'SELECT, INSERT, UPDATE, DELETE'),
  ('candlecast_gateway', 'webhook_desk', 'SELECT, UPDATE'),
  ('candlecast_gateway', 'webhook_told', 'SELECT, INSERT, UPDATE');
SELECT apply_rights();
