-- What names the state of a stretch of history, so that copies of it may be kept for ever: how often it has changed after it was closed. The same on every
-- tier; 0.2 % of the size of the minutes.

-- A row for each block of eight hours (the chunk of 1m, of which the chunks of all intervals are made) that has changed behind the growing end of its series.
-- Written by the transaction that makes the change, under the lock of the series.
CREATE TABLE candle_change (
  instrument_id integer NOT NULL,
  block_time    timestamptz NOT NULL,
  changes       bigint NOT NULL,
  CONSTRAINT candle_change_pkey PRIMARY KEY (instrument_id, block_time)
);

-- rollups_stale(level, from, to): stretches in which a roll-up may not show every committed minute until it is refreshed, both ends included. None on tiers
-- whose roll-ups are written with their minutes.
DO $do$ BEGIN
  IF storage_tier() <> 'tsl' THEN
    CREATE FUNCTION rollups_stale(p_level text, p_from timestamptz, p_to timestamptz)
    RETURNS TABLE (first_time timestamptz, last_time timestamptz) LANGUAGE sql IMMUTABLE AS 'SELECT NULL::timestamptz, NULL::timestamptz WHERE false';
    RETURN;
  END IF;

  -- A level is read in real time above its watermark. Below, it is what its last refresh made of the next finer level, which may itself have been old: a
  -- change of any of them that a refresh has still to take is noted in the catalogue, and a level that reaches further than a finer one hides what lies between.
  CREATE FUNCTION rollups_stale(p_level text, p_from timestamptz, p_to timestamptz)
  RETURNS TABLE (first_time timestamptz, last_time timestamptz) LANGUAGE plpgsql STABLE AS $fn$
  DECLARE
    low bigint := _timescaledb_functions.time_to_internal(p_from);
    high bigint := _timescaledb_functions.time_to_internal(p_to);
    -- Releases that refresh in batches note here what a batch has still to write.
    has_ranges boolean := to_regclass('_timescaledb_catalog.continuous_aggs_materialization_ranges') IS NOT NULL;
    made record;
    top bigint;
  BEGIN
    FOR made IN
      WITH RECURSIVE chain AS (
        SELECT l.n, l.name, l.source FROM candle_level l WHERE l.name = p_level
        UNION ALL SELECT l.n, l.name, l.source FROM chain c JOIN candle_level l ON l.name = c.source
      )
      SELECT a.mat_hypertable_id AS id, a.raw_hypertable_id AS source_id, _timescaledb_functions.cagg_watermark(a.mat_hypertable_id) AS watermark
      FROM chain c JOIN _timescaledb_catalog.continuous_agg a ON a.user_view_name = 'candle_' || c.name ORDER BY c.n DESC
    LOOP
      top := coalesce(top, made.watermark); -- the level itself comes first
      IF made.watermark < top AND made.watermark <= high AND top > low THEN
        first_time := _timescaledb_functions.to_timestamp(greatest(made.watermark, low));
        last_time := _timescaledb_functions.to_timestamp(least(top, high));
        RETURN NEXT;
      END IF;
      RETURN QUERY
        SELECT _timescaledb_functions.to_timestamp(greatest(r.lowest, low)), _timescaledb_functions.to_timestamp(least(r.greatest, high, made.watermark - 1))
        FROM (
          SELECT i.lowest_modified_value AS lowest, i.greatest_modified_value AS greatest
          FROM _timescaledb_catalog.continuous_aggs_hypertable_invalidation_log i WHERE i.hypertable_id = made.source_id
          UNION ALL
          SELECT i.lowest_modified_value, i.greatest_modified_value
          FROM _timescaledb_catalog.continuous_aggs_materialization_invalidation_log i WHERE i.materialization_id = made.id) r
        WHERE r.lowest <= high AND r.greatest >= low AND greatest(r.lowest, low) < made.watermark;
      IF has_ranges THEN
        RETURN QUERY
          SELECT _timescaledb_functions.to_timestamp(greatest(i.lowest_modified_value, low)),
            _timescaledb_functions.to_timestamp(least(i.greatest_modified_value, high))
          FROM _timescaledb_catalog.continuous_aggs_materialization_ranges i
          WHERE i.materialization_id = made.id AND i.lowest_modified_value <= high AND i.greatest_modified_value >= low;
      END IF;
    END LOOP;
  END $fn$;
END $do$;

INSERT INTO app_right (role, relation, rights) VALUES
  ('candlecast_ingest', 'candle_change', 'SELECT, INSERT, UPDATE'),
  ('candlecast_gateway', 'candle_change', 'SELECT');
SELECT apply_rights();
