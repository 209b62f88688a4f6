-- How a gap was filled, what audits found, and which dump files were imported. The same on every tier.

CREATE TYPE gap_resolution AS ENUM ('FETCHED', 'IMPORTED');
ALTER TABLE gap ADD COLUMN resolution gap_resolution;
UPDATE gap SET resolution = 'FETCHED' WHERE resolved_at IS NOT NULL;
ALTER TABLE gap ADD CONSTRAINT gap_resolution_check CHECK ((resolution IS NULL) = (resolved_at IS NULL));

-- One row a window of a series, replaced by the next audit of it. Minutes: stored, excused by a recorded gap, missing without a record.
CREATE TABLE audit_window (
  instrument_id integer NOT NULL,
  from_time     timestamptz NOT NULL,
  to_time       timestamptz NOT NULL CHECK (to_time > from_time),
  audited_at    timestamptz NOT NULL,
  expected      integer NOT NULL,
  present       integer NOT NULL,
  excused       integer NOT NULL,
  missing       integer NOT NULL,
  off_grid      integer NOT NULL,
  CONSTRAINT audit_window_pkey PRIMARY KEY (instrument_id, from_time),
  CONSTRAINT audit_window_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instrument (id) ON UPDATE CASCADE ON DELETE RESTRICT
);

-- Files get revised under the same name: the checksum is part of the key, so that a revision is imported again and both are known.
CREATE TABLE imported_file (
  instrument_id integer NOT NULL,
  name          text NOT NULL,
  sha256        text NOT NULL,
  is_verified   boolean NOT NULL,
  imported_at   timestamptz NOT NULL,
  rows          integer NOT NULL,
  inserted      integer NOT NULL,
  corrected     integer NOT NULL,
  completed     integer NOT NULL,
  unchanged     integer NOT NULL,
  off_grid      integer NOT NULL,
  refused       integer NOT NULL,
  refusals      jsonb NOT NULL,
  CONSTRAINT imported_file_pkey PRIMARY KEY (instrument_id, name, sha256),
  CONSTRAINT imported_file_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instrument (id) ON UPDATE CASCADE ON DELETE RESTRICT
);

-- Brings the roll-ups of one series over a range up to date, level by level, in sets: what candle_touch() does bucket by bucket. In the
-- transaction that wrote the minutes. No work on tsl, where candle_refresh() follows the commit.
DO $do$
DECLARE
  level candle_level;
  body text := '';
  columns constant text := 'open, high, low, close, base_volume, quote_volume, trade_count, taker_buy_base_volume,
    taker_buy_quote_volume, first_trade_id, last_trade_id, revision, known_at';
BEGIN
  IF storage_tier() = 'tsl' THEN
    CREATE FUNCTION candle_fold(p_id integer, p_from timestamptz, p_to timestamptz) RETURNS void LANGUAGE sql AS 'SELECT';
    RETURN;
  END IF;
  FOR level IN SELECT * FROM candle_level ORDER BY n LOOP
    body := body || format($q$
      INSERT INTO candle_%1$s_mat (instrument_id, open_time, %5$s)
      SELECT c.instrument_id, date_bin(%3$L, c.open_time, timestamptz '2000-01-03 00:00+00'),
        (array_agg(c.open ORDER BY c.open_time))[1], max(c.high), min(c.low), (array_agg(c.close ORDER BY c.open_time))[count(*)],
        sum(c.base_volume),
        CASE WHEN count(c.quote_volume) = count(*) THEN sum(c.quote_volume) END,
        CASE WHEN count(c.trade_count) = count(*) THEN sum(c.trade_count)::bigint END,
        CASE WHEN count(c.taker_buy_base_volume) = count(*) THEN sum(c.taker_buy_base_volume) END,
        CASE WHEN count(c.taker_buy_quote_volume) = count(*) THEN sum(c.taker_buy_quote_volume) END,
        CASE WHEN count(c.first_trade_id) = count(*)
             THEN coalesce(min(CASE WHEN c.first_trade_id >= 0 THEN c.first_trade_id END), -1) END,
        CASE WHEN count(c.last_trade_id) = count(*)
             THEN coalesce(max(CASE WHEN c.last_trade_id >= 0 THEN c.last_trade_id END), -1) END,
        sum(c.revision)::integer, max(c.known_at)
      FROM candle_%2$s c
      WHERE c.instrument_id = p_id
        AND c.open_time >= date_bin(%3$L, p_from, timestamptz '2000-01-03 00:00+00')
        AND c.open_time < date_bin(%3$L, p_to - interval '1 microsecond', timestamptz '2000-01-03 00:00+00') + interval %3$L
      GROUP BY 1, 2 ORDER BY 1, 2
      ON CONFLICT (instrument_id, open_time) DO UPDATE SET (%5$s) = ROW (%4$s); $q$,
      level.name, level.source, level.width, 'excluded.' || array_to_string(string_to_array(regexp_replace(columns, '\s', '', 'g'), ','), ', excluded.'), columns);
  END LOOP;
  EXECUTE format('CREATE FUNCTION candle_fold(p_id integer, p_from timestamptz, p_to timestamptz) RETURNS void LANGUAGE plpgsql AS %L',
    'BEGIN IF p_to <= p_from THEN RETURN; END IF;' || body || 'END');
END $do$;
