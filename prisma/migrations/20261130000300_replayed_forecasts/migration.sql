-- What became known within a span of time is found by when it became known, however much there is before and after.

-- When the version stopped being the present one: the known_at of the one that replaced it.
ALTER TABLE candle_revision ADD COLUMN replaced_at timestamptz;
UPDATE candle_revision r SET replaced_at = coalesce(
  (SELECT n.known_at FROM candle_revision n
   WHERE n.instrument_id = r.instrument_id AND n.open_time = r.open_time AND n.revision > r.revision ORDER BY n.revision LIMIT 1),
  (SELECT c.known_at FROM candle_1m c WHERE c.instrument_id = r.instrument_id AND c.open_time = r.open_time),
  r.known_at);
ALTER TABLE candle_revision ALTER COLUMN replaced_at SET NOT NULL;
CREATE INDEX candle_revision_instrument_id_known_at_idx ON candle_revision (instrument_id, known_at);
CREATE INDEX candle_revision_instrument_id_replaced_at_idx ON candle_revision (instrument_id, replaced_at);

CREATE OR REPLACE FUNCTION candle_1m_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO candle_revision SELECT OLD.*, NEW.known_at ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

-- As before; the columns of a version are named, for it has one more than a minute.
CREATE OR REPLACE FUNCTION candle_1m_known(p_id integer, p_from timestamptz, p_to timestamptz, p_at timestamptz)
RETURNS SETOF candle_1m LANGUAGE sql STABLE AS $$
  SELECT c.* FROM candle_1m c
  WHERE c.instrument_id = p_id AND c.open_time >= p_from AND c.open_time < p_to
    AND c.open_time < date_bin('1 minute', p_at, timestamptz '2000-01-03 00:00+00')
    AND (c.known_at <= p_at OR NOT EXISTS (SELECT FROM instrument i WHERE i.id = p_id AND i.live_since <= c.open_time))
  UNION ALL
  SELECT r.* FROM candle_1m c
  CROSS JOIN LATERAL (
    SELECT v.instrument_id, v.open_time, v.open, v.high, v.low, v.close, v.base_volume, v.quote_volume, v.trade_count, v.taker_buy_base_volume,
      v.taker_buy_quote_volume, v.first_trade_id, v.last_trade_id, v.revision, v.known_at
    FROM candle_revision v
    WHERE v.instrument_id = c.instrument_id AND v.open_time = c.open_time AND v.known_at <= p_at
    ORDER BY v.revision DESC LIMIT 1) r
  WHERE c.instrument_id = p_id AND c.open_time >= p_from AND c.open_time < p_to AND c.revision > 0 AND c.known_at > p_at
    AND c.open_time < date_bin('1 minute', p_at, timestamptz '2000-01-03 00:00+00')
    AND EXISTS (SELECT FROM instrument i WHERE i.id = p_id AND i.live_since <= c.open_time)
$$;

-- Forecasts in the order in which they were issued, outcomes in the order in which they were scored.
CREATE INDEX forecast_instrument_id_issued_at_idx ON forecast (instrument_id, issued_at);
CREATE INDEX forecast_score_instrument_id_scored_at_idx ON forecast_score (instrument_id, scored_at);
