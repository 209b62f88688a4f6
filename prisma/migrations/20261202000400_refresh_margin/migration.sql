-- A bucket is materialised half an hour after its end, whatever its width. With a width of its own as the margin a day stood unmaterialised for a
-- day and a week for a week, and at a week's end two days of each pair were added up from hours. The margin is for minutes that come a little
-- late; what comes later is refreshed by its writer either way.
DO $do$ BEGIN
  IF storage_tier() <> 'tsl' THEN RETURN; END IF;

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
          date_bin(level.width, live_edge - interval '30 minutes', timestamptz '2000-01-03 00:00+00')));
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
