-- TimescaleDB's full edition: what is materialised of a level, and where that may not be what its minutes are. With both a week is made anew
-- from days, hours and a few minutes: 1,600 weeks that end at one moment are 16 million minutes.

DO $do$
DECLARE
  level candle_level;
  materialised text;
BEGIN
  IF storage_tier() <> 'tsl' THEN RETURN; END IF;

  -- candle_1h_materialised(id, from, to), candle_1d_materialised(…): rows as the last refresh left them, nothing in real time.
  FOR level IN SELECT * FROM candle_level WHERE name IN ('1h', '1d') LOOP
    SELECT format('%I.%I', h.schema_name, h.table_name) INTO STRICT materialised
    FROM _timescaledb_catalog.continuous_agg a JOIN _timescaledb_catalog.hypertable h ON h.id = a.mat_hypertable_id
    WHERE a.user_view_name = 'candle_' || level.name;
    EXECUTE format($q$
      CREATE FUNCTION candle_%s_materialised(p_id integer, p_from timestamptz, p_to timestamptz) RETURNS SETOF candle_1m LANGUAGE sql STABLE AS $fn$
        SELECT c.instrument_id, c.open_time, c.open, c.high, c.low, c.close, c.base_volume, c.quote_volume, c.trade_count,
          c.taker_buy_base_volume, c.taker_buy_quote_volume, c.first_trade_id, c.last_trade_id, c.revision, c.known_at
        FROM %s c WHERE c.instrument_id = p_id AND c.open_time >= p_from AND c.open_time < p_to
      $fn$ $q$, level.name, materialised);
  END LOOP;

  -- rollup_unsettled(from, to): the moments between which what is materialised of a level may not equal its committed minutes, both ends
  -- included: a level down to the minutes has a change that its refresh has still to take, or has not been materialised there at all.
  -- A refresh removes the record of a change in the transaction that writes the rows.
  CREATE FUNCTION rollup_unsettled(p_from timestamptz, p_to timestamptz)
  RETURNS TABLE (level text, first_time timestamptz, last_time timestamptz) LANGUAGE plpgsql STABLE AS $fn$
  DECLARE
    low bigint := _timescaledb_functions.time_to_internal(p_from);
    high bigint := _timescaledb_functions.time_to_internal(p_to);
    -- Releases that refresh in batches note here what a batch has still to write.
    has_ranges boolean := to_regclass('_timescaledb_catalog.continuous_aggs_materialization_ranges') IS NOT NULL;
    made record;
  BEGIN
    FOR made IN
      WITH RECURSIVE chain AS (
        SELECT l.name AS level, l.name AS part, l.source FROM candle_level l WHERE l.name IN ('1h', '1d')
        UNION ALL SELECT c.level, l.name, l.source FROM chain c JOIN candle_level l ON l.name = c.source
      )
      SELECT c.level, a.mat_hypertable_id AS id, a.raw_hypertable_id AS source_id,
        _timescaledb_functions.cagg_watermark(a.mat_hypertable_id) AS watermark
      FROM chain c JOIN _timescaledb_catalog.continuous_agg a ON a.user_view_name = 'candle_' || c.part
    LOOP
      level := made.level;
      IF made.watermark <= high THEN
        first_time := _timescaledb_functions.to_timestamp(greatest(made.watermark, low));
        last_time := p_to;
        RETURN NEXT;
      END IF;
      RETURN QUERY
        SELECT made.level, _timescaledb_functions.to_timestamp(greatest(r.lowest, low)), _timescaledb_functions.to_timestamp(least(r.greatest, high))
        FROM (
          SELECT i.lowest_modified_value AS lowest, i.greatest_modified_value AS greatest
          FROM _timescaledb_catalog.continuous_aggs_hypertable_invalidation_log i WHERE i.hypertable_id = made.source_id
          UNION ALL
          SELECT i.lowest_modified_value, i.greatest_modified_value
          FROM _timescaledb_catalog.continuous_aggs_materialization_invalidation_log i WHERE i.materialization_id = made.id) r
        WHERE r.lowest <= high AND r.greatest >= low;
      IF has_ranges THEN
        RETURN QUERY
          SELECT made.level, _timescaledb_functions.to_timestamp(greatest(i.lowest_modified_value, low)),
            _timescaledb_functions.to_timestamp(least(i.greatest_modified_value, high))
          FROM _timescaledb_catalog.continuous_aggs_materialization_ranges i
          WHERE i.materialization_id = made.id AND i.lowest_modified_value <= high AND i.greatest_modified_value >= low;
      END IF;
    END LOOP;
  END $fn$;
END $do$;
