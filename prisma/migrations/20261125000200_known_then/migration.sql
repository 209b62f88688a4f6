-- What was known at a time of the past: the values that corrections have replaced, and the lines of the gap ledger that later ones have
-- replaced. The same on every tier; both are small, for corrections and gaps are few.

-- A version of a minute that is no longer the present one, under its revision. Written by the transaction that replaces it.
CREATE TABLE candle_revision (
  LIKE candle_1m,
  CONSTRAINT candle_revision_pkey PRIMARY KEY (instrument_id, open_time, revision)
);

CREATE FUNCTION candle_1m_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO candle_revision SELECT OLD.* ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
-- Inserts and completed columns pass it by: only a correction raises the revision.
CREATE TRIGGER candle_1m_keep_version AFTER UPDATE ON candle_1m FOR EACH ROW
  WHEN (OLD.revision < NEW.revision) EXECUTE FUNCTION candle_1m_keep_version();

-- The minutes of [from, to) as they were known at p_at, as far as they had ended by then. A live minute is there in the newest version known
-- by then, or not at all; one that was fetched as history was never known live and counts by event time, in its present version.
CREATE FUNCTION candle_1m_known(p_id integer, p_from timestamptz, p_to timestamptz, p_at timestamptz)
RETURNS SETOF candle_1m LANGUAGE sql STABLE AS $$
  SELECT c.* FROM candle_1m c
  WHERE c.instrument_id = p_id AND c.open_time >= p_from AND c.open_time < p_to
    AND c.open_time < date_bin('1 minute', p_at, timestamptz '2000-01-03 00:00+00')
    AND (c.known_at <= p_at OR NOT EXISTS (SELECT FROM instrument i WHERE i.id = p_id AND i.live_since <= c.open_time))
  UNION ALL
  SELECT r.* FROM candle_1m c
  CROSS JOIN LATERAL (
    SELECT * FROM candle_revision v
    WHERE v.instrument_id = c.instrument_id AND v.open_time = c.open_time AND v.known_at <= p_at
    ORDER BY v.revision DESC LIMIT 1) r
  WHERE c.instrument_id = p_id AND c.open_time >= p_from AND c.open_time < p_to AND c.revision > 0 AND c.known_at > p_at
    AND c.open_time < date_bin('1 minute', p_at, timestamptz '2000-01-03 00:00+00')
    AND EXISTS (SELECT FROM instrument i WHERE i.id = p_id AND i.live_since <= c.open_time)
$$;

-- Those minutes as one candle that opens at from, with how many they are; no row without minutes. Adds up as candle_of_minutes() does.
CREATE FUNCTION candle_known(p_id integer, p_from timestamptz, p_to timestamptz, p_at timestamptz,
  OUT open numeric, OUT high numeric, OUT low numeric, OUT close numeric, OUT base_volume numeric, OUT quote_volume numeric,
  OUT trade_count bigint, OUT taker_buy_base_volume numeric, OUT taker_buy_quote_volume numeric, OUT first_trade_id bigint,
  OUT last_trade_id bigint, OUT revision integer, OUT known_at timestamptz, OUT minutes bigint)
RETURNS SETOF record LANGUAGE sql STABLE AS $$
  SELECT (array_agg(c.open ORDER BY c.open_time))[1], max(c.high), min(c.low), (array_agg(c.close ORDER BY c.open_time))[count(*)],
    sum(c.base_volume),
    CASE WHEN count(c.quote_volume) = count(*) THEN sum(c.quote_volume) END,
    CASE WHEN count(c.trade_count) = count(*) THEN sum(c.trade_count)::bigint END,
    CASE WHEN count(c.taker_buy_base_volume) = count(*) THEN sum(c.taker_buy_base_volume) END,
    CASE WHEN count(c.taker_buy_quote_volume) = count(*) THEN sum(c.taker_buy_quote_volume) END,
    CASE WHEN count(c.first_trade_id) = count(*) THEN coalesce(min(CASE WHEN c.first_trade_id >= 0 THEN c.first_trade_id END), -1) END,
    CASE WHEN count(c.last_trade_id) = count(*) THEN coalesce(max(CASE WHEN c.last_trade_id >= 0 THEN c.last_trade_id END), -1) END,
    sum(c.revision)::integer, max(c.known_at), count(*)
  FROM candle_1m_known(p_id, p_from, p_to, p_at) c
  HAVING count(*) > 0
$$;

-- When a line of the ledger was written as it stands; null for lines older than this column, which stand since their last attempt.
ALTER TABLE gap ADD COLUMN recorded_at timestamptz;

-- A line that another one has replaced, or whose range was cut. It stood from recorded_at until replaced_at.
CREATE TABLE gap_past (
  id              integer NOT NULL,
  instrument_id   integer NOT NULL,
  from_time       timestamptz NOT NULL,
  to_time         timestamptz NOT NULL,
  reason          gap_reason NOT NULL,
  first_seen_at   timestamptz NOT NULL,
  recorded_at     timestamptz NOT NULL,
  replaced_at     timestamptz NOT NULL,
  CONSTRAINT gap_past_pkey PRIMARY KEY (id)
);
CREATE INDEX gap_past_instrument_id_from_time_idx ON gap_past (instrument_id, from_time);

INSERT INTO app_right (role, relation, rights) VALUES
  ('candlecast_ingest', 'candle_revision', 'SELECT, INSERT'),
  ('candlecast_ingest', 'gap_past', 'SELECT, INSERT'),
  ('candlecast_forecaster', 'candle_revision', 'SELECT'),
  ('candlecast_gateway', 'candle_revision', 'SELECT'),
  ('candlecast_gateway', 'gap_past', 'SELECT');
SELECT apply_rights();
