-- What keeps a database in shape over years: roll-ups from scratch, retention, and on TimescaleDB's full edition refresh and compression.

-- Roll-ups ---------------------------------------------------------------------------------------------------------

-- The minutes of [from, to) as one candle that opens at from; no row without minutes. Equal to what the roll-ups hold. Whoever calls it for
-- many rows of a query says between which times all of them lie: the plan then leaves out the other chunks.
CREATE FUNCTION candle_of_minutes(p_id integer, p_from timestamptz, p_to timestamptz,
                                  p_low timestamptz DEFAULT '-infinity', p_high timestamptz DEFAULT 'infinity')
RETURNS SETOF candle_1m LANGUAGE sql STABLE AS $$
  SELECT p_id, p_from, (array_agg(c.open ORDER BY c.open_time))[1], max(c.high), min(c.low), (array_agg(c.close ORDER BY c.open_time))[count(*)],
    sum(c.base_volume),
    CASE WHEN count(c.quote_volume) = count(*) THEN sum(c.quote_volume) END,
    CASE WHEN count(c.trade_count) = count(*) THEN sum(c.trade_count)::bigint END,
    CASE WHEN count(c.taker_buy_base_volume) = count(*) THEN sum(c.taker_buy_base_volume) END,
    CASE WHEN count(c.taker_buy_quote_volume) = count(*) THEN sum(c.taker_buy_quote_volume) END,
    CASE WHEN count(c.first_trade_id) = count(*) THEN coalesce(min(CASE WHEN c.first_trade_id >= 0 THEN c.first_trade_id END), -1) END,
    CASE WHEN count(c.last_trade_id) = count(*) THEN coalesce(max(CASE WHEN c.last_trade_id >= 0 THEN c.last_trade_id END), -1) END,
    sum(c.revision)::integer, max(c.known_at)
  FROM candle_1m c
  WHERE c.instrument_id = p_id AND c.open_time >= p_from AND c.open_time < p_to AND c.open_time >= p_low AND c.open_time < p_high
  HAVING count(*) > 0
$$;

-- rollups_hide(from): whether a minute written at or after from may stay out of sight in a roll-up until candle_refresh. Never on tiers
-- whose roll-ups are written with their minutes; a continuous aggregate shows what it materialised, and is read in real time above that.
DO $do$ BEGIN
  IF storage_tier() <> 'tsl' THEN
    CREATE FUNCTION rollups_hide(p_from timestamptz) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
    RETURN;
  END IF;

  CREATE FUNCTION rollups_hide(p_from timestamptz) RETURNS boolean LANGUAGE plpgsql STABLE AS $fn$
  BEGIN
    RETURN p_from < (SELECT max(_timescaledb_functions.to_timestamp(_timescaledb_functions.cagg_watermark(a.mat_hypertable_id)))
                     FROM _timescaledb_catalog.continuous_agg a);
  END $fn$;

  -- As before, and: a level is materialised neither to a venue's present nor to a watermark just beyond the range; what lies below the
  -- level's own watermark is hidden already, so that is always refreshed, also where a series grows.
  CREATE OR REPLACE PROCEDURE candle_refresh(p_from timestamptz, p_to timestamptz) LANGUAGE plpgsql AS $fn$
  DECLARE
    level record;
    lower_bound timestamptz;
    upper_bound timestamptz;
    -- Materialising a bucket that still grows would hide its later minutes. Buckets grow at the watermarks and at the venues' present;
    -- the last bucket of the range may reach a week beyond it.
    live_edge timestamptz := (
      SELECT coalesce(min(e.edge), 'infinity') FROM (
        SELECT watermark AS edge FROM instrument WHERE state IN ('LIVE', 'BACKFILLING')
        UNION ALL SELECT venue_now(venue) FROM venue_clock) e
      WHERE e.edge >= p_from - interval '7 days' AND e.edge < p_to + interval '7 days');
    has_options boolean := EXISTS (SELECT FROM pg_proc WHERE proname = 'refresh_continuous_aggregate' AND 'options' = ANY (proargnames));
  BEGIN
    FOR level IN
      SELECT l.name, l.width, _timescaledb_functions.to_timestamp(_timescaledb_functions.cagg_watermark(a.mat_hypertable_id)) AS materialised
      FROM candle_level l JOIN _timescaledb_catalog.continuous_agg a ON a.user_view_name = 'candle_' || l.name
      ORDER BY l.n
    LOOP
      lower_bound := date_bin(level.width, p_from, timestamptz '2000-01-03 00:00+00');
      upper_bound := date_bin(level.width, p_to - interval '1 microsecond', timestamptz '2000-01-03 00:00+00') + level.width;
      IF live_edge < 'infinity' THEN
        upper_bound := least(upper_bound, greatest(level.materialised,
          date_bin(level.width, live_edge - greatest(level.width, interval '30 minutes'), timestamptz '2000-01-03 00:00+00')));
      END IF;
      CONTINUE WHEN upper_bound <= lower_bound;
      IF has_options THEN -- 2.28 and later: the default of 10 buckets a batch is five times slower over long ranges
        CALL refresh_continuous_aggregate(format('candle_%s', level.name)::regclass, lower_bound, upper_bound,
                                          options => '{"buckets_per_batch": 2016}');
      ELSE
        CALL refresh_continuous_aggregate(format('candle_%s', level.name)::regclass, lower_bound, upper_bound);
      END IF;
    END LOOP;
  END $fn$;
END $do$;

-- Policies of the full edition: safety nets that need no process of ours. They know this machine's time alone, so their windows end
-- well before a bucket that grows in it, and chunks are compressed by their age, not by that of their data.
DO $do$
DECLARE level candle_level;
BEGIN
  IF storage_tier() <> 'tsl' THEN RETURN; END IF;
  FOR level IN SELECT * FROM candle_level ORDER BY n LOOP
    PERFORM add_continuous_aggregate_policy(format('candle_%s', level.name)::regclass,
      start_offset => interval '30 days', end_offset => greatest(level.width, interval '30 minutes'),
      schedule_interval => least(greatest(level.width, interval '5 minutes'), interval '1 hour'));
  END LOOP;
  PERFORM add_compression_policy('candle_1m', compress_created_before => interval '7 days');
END $do$;

-- CALL candle_compress(before): at top level; compresses the minutes in chunks that end at or before that. No work without a columnstore.
CREATE PROCEDURE candle_compress(p_before timestamptz) LANGUAGE plpgsql AS $$
DECLARE chunk regclass;
BEGIN
  IF storage_tier() <> 'tsl' THEN RETURN; END IF;
  FOR chunk IN SELECT show_chunks('candle_1m', older_than => p_before) LOOP
    PERFORM compress_chunk(chunk, if_not_compressed => true);
    COMMIT;
  END LOOP;
END $$;

-- Retention --------------------------------------------------------------------------------------------------------

-- How long bulk data is kept. What is not here is kept for ever: candles, gaps, models, forecasts and their scores.
CREATE TABLE retention (
  relation text PRIMARY KEY CHECK (relation IN ('agg_trade', 'top_of_book', 'event_log')),
  keep     interval CHECK (keep >= interval '1 hour') -- null: for ever
);
INSERT INTO retention (relation, keep) VALUES ('agg_trade', '7 days'), ('top_of_book', '30 days'), ('event_log', '7 days');

-- The newest minute of each venue: what retention and compression are measured from, never the clock of this machine.
CREATE VIEW venue_newest AS SELECT venue, max(watermark) AS newest FROM instrument WHERE watermark IS NOT NULL GROUP BY venue;

-- Removes rows of a hypertable or table by (instrument, time) that lie before keep, counted back from their venue's newest minute.
CREATE PROCEDURE retain_series(p_relation text, p_column text, p_keep interval) LANGUAGE plpgsql AS $$
DECLARE
  past record;
  chunk record;
  removed bigint;
  is_shared boolean;
BEGIN
  IF storage_tier() <> 'plain' THEN
    -- Whole chunks, where no venue has anything in it that it still keeps.
    FOR chunk IN
      SELECT c.range_start, c.range_end FROM timescaledb_information.chunks c
      WHERE c.hypertable_name = p_relation AND c.range_end <= (SELECT max(newest) - p_keep FROM venue_newest) ORDER BY c.range_start
    LOOP
      EXECUTE format($q$
        SELECT EXISTS (
          SELECT FROM instrument i LEFT JOIN venue_newest v USING (venue)
          WHERE (v.newest IS NULL OR v.newest - $3 < $2)
            AND EXISTS (SELECT FROM %I r WHERE r.instrument_id = i.id AND r.%I >= $1 AND r.%2$I < $2)) $q$, p_relation, p_column)
      INTO is_shared USING chunk.range_start, chunk.range_end, p_keep;
      IF NOT is_shared THEN PERFORM drop_chunks(p_relation::regclass, older_than => chunk.range_end, newer_than => chunk.range_start); END IF;
      COMMIT;
    END LOOP;
  END IF;
  FOR past IN SELECT i.id, v.newest - p_keep AS before FROM instrument i JOIN venue_newest v USING (venue) ORDER BY i.id LOOP
    LOOP
      EXECUTE format($q$
        DELETE FROM %1$I WHERE instrument_id = $1 AND %2$I < $2 AND %2$I <= (
          SELECT max(b.t) FROM (SELECT %2$I AS t FROM %1$I WHERE instrument_id = $1 AND %2$I < $2 ORDER BY %2$I LIMIT 50000) b) $q$,
        p_relation, p_column) USING past.id, past.before;
      GET DIAGNOSTICS removed = ROW_COUNT;
      EXIT WHEN removed = 0;
      COMMIT;
    END LOOP;
  END LOOP;
END $$;

-- The last place of the log that may go, 0 for none and null without a close. The log is cut at its front only, for its places have no holes; the front is
-- where a venue that still writes was keep ago, by that venue's own time: the most cautious of them, a venue that fell silent aside.
-- A venue's place is read from the 1m closes of the instrument that has been in the log the longest.
CREATE FUNCTION event_log_cut(p_keep interval) RETURNS bigint LANGUAGE sql STABLE AS $$
  WITH head AS (SELECT epoch FROM event_log_head),
  series AS (
    SELECT i.venue, i.venue || ':' || i.symbol || '@1m' AS key, first.seq AS first_seq, last.seq AS last_seq, last.at AS last_at
    FROM head CROSS JOIN instrument i
    CROSS JOIN LATERAL (SELECT l.seq FROM event_log l WHERE l.key = i.venue || ':' || i.symbol || '@1m' AND l.epoch = head.epoch
                        ORDER BY l.seq LIMIT 1) first
    CROSS JOIN LATERAL (SELECT l.seq, l.at FROM event_log l WHERE l.key = i.venue || ':' || i.symbol || '@1m' AND l.epoch = head.epoch
                        ORDER BY l.seq DESC LIMIT 1) last
  ),
  guide AS ( -- one instrument of each venue that was there an hour before the venue's newest close
    SELECT DISTINCT ON (s.venue) s.venue, s.key, n.last_seq, n.last_at
    FROM series s JOIN (SELECT venue, max(last_seq) AS last_seq, max(last_at) AS last_at FROM series GROUP BY venue) n USING (venue)
    WHERE s.last_at >= n.last_at - interval '1 hour'
    ORDER BY s.venue, s.first_seq
  ),
  cut AS ( -- the last close that is past; 0 when none is
    SELECT g.last_seq, coalesce((
      SELECT max(l.seq) FROM event_log l CROSS JOIN head
      WHERE l.key = g.key AND l.epoch = head.epoch AND l.at < g.last_at - p_keep), 0) AS seq
    FROM guide g
  )
  SELECT min(c.seq) FROM cut c WHERE c.last_seq >= (SELECT seq FROM cut ORDER BY last_seq DESC LIMIT 1)
$$;

-- Removes the front of the log before keep; epoch and head stay, so that a cursor from before it is known to have expired.
CREATE PROCEDURE retain_log(p_keep interval) LANGUAGE plpgsql AS $$
DECLARE
  current_epoch uuid := (SELECT epoch FROM event_log_head);
  last_past bigint := event_log_cut(p_keep);
  removed bigint;
BEGIN
  IF last_past > 0 AND storage_tier() <> 'plain' AND NOT EXISTS (SELECT FROM event_log WHERE epoch <> current_epoch) THEN
    PERFORM drop_chunks('event_log', older_than => last_past + 1);
    COMMIT;
  END IF;
  LOOP
    DELETE FROM event_log WHERE (epoch, seq) IN (
      SELECT l.epoch, l.seq FROM event_log l WHERE l.epoch = current_epoch AND l.seq <= last_past ORDER BY l.seq LIMIT 50000);
    GET DIAGNOSTICS removed = ROW_COUNT;
    EXIT WHEN removed = 0;
    COMMIT;
  END LOOP;
  DELETE FROM event_log WHERE epoch <> current_epoch; -- nobody can ask for them
END $$;

-- CALL retention_apply(): at top level; removes what is past. Waits for nobody and can be ended and begun again at any moment.
CREATE PROCEDURE retention_apply() LANGUAGE plpgsql AS $$
DECLARE rule retention;
BEGIN
  FOR rule IN SELECT * FROM retention WHERE keep IS NOT NULL ORDER BY relation LOOP
    CASE rule.relation
      WHEN 'agg_trade' THEN CALL retain_series('agg_trade', 'trade_time', rule.keep);
      WHEN 'top_of_book' THEN CALL retain_series('top_of_book', 'at', rule.keep);
      WHEN 'event_log' THEN CALL retain_log(rule.keep);
    END CASE;
    COMMIT;
  END LOOP;
END $$;
