-- Until when the attempts to connect to a venue's streams are given out, by the address under which the exchange sees them. It outlives the
-- processes: one that is started again and again has no more attempts than one that stays.
CREATE TABLE ingest_turn (
  venue       text NOT NULL,
  address     text NOT NULL,
  taken_until timestamptz NOT NULL,
  CONSTRAINT ingest_turn_pkey PRIMARY KEY (venue, address)
);

INSERT INTO app_right (role, relation, rights) VALUES
  ('candlecast_ingest', 'ingest_turn', 'SELECT, INSERT, UPDATE'), ('candlecast_gateway', 'ingest_turn', 'SELECT');
