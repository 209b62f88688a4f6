-- One migration for every storage tier, chosen inside; it runs in one transaction as the owner of the database.
--   plain   any PostgreSQL: roll-ups are tables kept by candle_touch()
--   apache  TimescaleDB as Debian packages it: the same, on hypertables
--   tsl     TimescaleDB full edition: roll-ups are hierarchical continuous aggregates
-- All tiers have the same relations with the same columns and give the same results.

-- CREATE EXTENSION ends the connection when the server has not preloaded the library, so that is tested first.
DO $$ BEGIN
  IF current_setting('timescaledb.disable_load', true) IS NOT NULL
     AND EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb') THEN
    CREATE EXTENSION IF NOT EXISTS timescaledb;
  END IF;
END $$;

CREATE FUNCTION storage_tier() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'timescaledb') THEN 'plain'
              WHEN current_setting('timescaledb.license', true) = 'timescale' THEN 'tsl'
              ELSE 'apache' END
$$;

-- Milliseconds since 1970. Stable, not immutable: only so can the planner put it in line.
CREATE FUNCTION epoch_ms(t timestamptz) RETURNS bigint LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT (date_part('epoch', t) * 1000)::bigint
$$;

-- Venues and instruments ------------------------------------------------------------------------------------------

CREATE TABLE venue_clock (
  venue       text PRIMARY KEY,
  wall_time   timestamptz NOT NULL,
  anchor_time timestamptz NOT NULL,
  speed       double precision NOT NULL CHECK (speed >= 0),
  saved_at    timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The venue's time: whole milliseconds, null for a venue without a clock. Seconds, not intervals, are multiplied: a "day"
-- of an interval is not always 24 hours long.
CREATE FUNCTION venue_now(p_venue text) RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT date_trunc('milliseconds', anchor_time + make_interval(secs => date_part('epoch', clock_timestamp() - wall_time) * speed))
  FROM venue_clock WHERE venue = p_venue
$$;

CREATE TYPE series_state AS ENUM ('REQUESTED', 'BACKFILLING', 'LIVE', 'PAUSED', 'DELISTED', 'FAILED');

CREATE TABLE instrument (
  id              serial PRIMARY KEY,
  venue           text NOT NULL,
  symbol          text NOT NULL,
  base_asset      text NOT NULL,
  quote_asset     text NOT NULL,
  tick_size       numeric,
  step_size       numeric,
  state           series_state NOT NULL DEFAULT 'REQUESTED',
  state_reason    text,
  first_open_time timestamptz,
  watermark       timestamptz,
  live_since      timestamptz
);
CREATE UNIQUE INDEX instrument_venue_symbol_key ON instrument (venue, symbol);

CREATE TYPE gap_reason AS ENUM
  ('BEFORE_LISTING', 'DELISTED', 'EXCHANGE_OUTAGE', 'CONFIRMED_EMPTY', 'SOURCE_INCOMPLETE', 'FETCH_FAILED', 'PENDING');

CREATE TABLE gap (
  id              serial PRIMARY KEY,
  instrument_id   integer NOT NULL,
  from_time       timestamptz NOT NULL,
  to_time         timestamptz NOT NULL CHECK (to_time > from_time),
  reason          gap_reason NOT NULL,
  first_seen_at   timestamptz NOT NULL,
  attempts        integer NOT NULL DEFAULT 1,
  last_attempt_at timestamptz NOT NULL,
  resolved_at     timestamptz,
  CONSTRAINT gap_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instrument (id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX gap_instrument_id_from_time_idx ON gap (instrument_id, from_time);

-- Candles ---------------------------------------------------------------------------------------------------------

-- No foreign key: the writer takes the ids from locked rows of instrument, and a check per row would slow bulk loads.
CREATE TABLE candle_1m (
  instrument_id          integer NOT NULL,
  open_time              timestamptz NOT NULL,
  open                   numeric NOT NULL,
  high                   numeric NOT NULL,
  low                    numeric NOT NULL,
  close                  numeric NOT NULL,
  base_volume            numeric NOT NULL,
  quote_volume           numeric,
  trade_count            bigint,
  taker_buy_base_volume  numeric,
  taker_buy_quote_volume numeric,
  first_trade_id         bigint,
  last_trade_id          bigint,
  revision               integer NOT NULL DEFAULT 0,
  known_at               timestamptz NOT NULL,
  CONSTRAINT candle_1m_pkey PRIMARY KEY (instrument_id, open_time)
);

-- The roll-up ladder: each level is built from the next finer one, so the order of n is the order of every refresh.
CREATE TABLE candle_level (
  n      integer PRIMARY KEY,
  name   text NOT NULL,
  source text NOT NULL,
  width  interval NOT NULL
);
CREATE UNIQUE INDEX candle_level_name_key ON candle_level (name);
INSERT INTO candle_level (n, name, source, width) VALUES
  (1, '3m', '1m', '3 minutes'), (2, '5m', '1m', '5 minutes'), (3, '15m', '5m', '15 minutes'), (4, '30m', '15m', '30 minutes'),
  (5, '1h', '30m', '1 hour'), (6, '2h', '1h', '2 hours'), (7, '4h', '2h', '4 hours'), (8, '6h', '2h', '6 hours'),
  (9, '12h', '6h', '12 hours'), (10, '1d', '12h', '1 day'), (11, '1w', '1d', '7 days');

-- Roll-up relations candle_3m .. candle_1w.
DO $do$
DECLARE
  tier text := storage_tier();
  level candle_level;
  -- A sum, count or trade id is null where any part's is; minutes without a trade carry the trade id -1, which is no id.
  folded_values constant text := $q$
    max(c.high) AS high, min(c.low) AS low, %s AS close,
    sum(c.base_volume) AS base_volume,
    CASE WHEN count(c.quote_volume) = count(*) THEN sum(c.quote_volume) END AS quote_volume,
    CASE WHEN count(c.trade_count) = count(*) THEN sum(c.trade_count)::bigint END AS trade_count,
    CASE WHEN count(c.taker_buy_base_volume) = count(*) THEN sum(c.taker_buy_base_volume) END AS taker_buy_base_volume,
    CASE WHEN count(c.taker_buy_quote_volume) = count(*) THEN sum(c.taker_buy_quote_volume) END AS taker_buy_quote_volume,
    CASE WHEN count(c.first_trade_id) = count(*)
         THEN coalesce(min(CASE WHEN c.first_trade_id >= 0 THEN c.first_trade_id END), -1) END AS first_trade_id,
    CASE WHEN count(c.last_trade_id) = count(*)
         THEN coalesce(max(CASE WHEN c.last_trade_id >= 0 THEN c.last_trade_id END), -1) END AS last_trade_id,
    sum(c.revision)::integer AS revision, max(c.known_at) AS known_at $q$;
  fold constant text := '(array_agg(c.open ORDER BY c.open_time))[1] AS open,'
    || format(folded_values, '(array_agg(c.close ORDER BY c.open_time))[count(*)]');
  fold_timescale constant text := 'first(c.open, c.open_time) AS open,' || format(folded_values, 'last(c.close, c.open_time)');
  bucket constant text := $q$date_bin(%L, %s, timestamptz '2000-01-03 00:00+00')$q$;
  upsert constant text := $q$
    ON CONFLICT (instrument_id, open_time) DO UPDATE SET
      open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close, base_volume = excluded.base_volume,
      quote_volume = excluded.quote_volume, trade_count = excluded.trade_count,
      taker_buy_base_volume = excluded.taker_buy_base_volume, taker_buy_quote_volume = excluded.taker_buy_quote_volume,
      first_trade_id = excluded.first_trade_id, last_trade_id = excluded.last_trade_id,
      revision = excluded.revision, known_at = excluded.known_at; $q$;
  touch text := '';
  refresh text := '';
BEGIN
  IF tier <> 'plain' THEN
    PERFORM create_hypertable('candle_1m', 'open_time', chunk_time_interval => interval '7 days', create_default_indexes => false);
  END IF;

  FOR level IN SELECT * FROM candle_level ORDER BY n LOOP
    IF tier = 'tsl' THEN
      EXECUTE format($q$
        CREATE MATERIALIZED VIEW candle_%s WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
        SELECT c.instrument_id, time_bucket(%L::interval, c.open_time) AS open_time, %s
        FROM candle_%s c GROUP BY 1, 2 WITH NO DATA $q$, level.name, level.width, fold_timescale, level.source);
    ELSE
      EXECUTE format('CREATE TABLE candle_%s_mat (LIKE candle_1m INCLUDING ALL)', level.name);
      EXECUTE format('CREATE VIEW candle_%1$s AS SELECT * FROM candle_%1$s_mat', level.name);
      touch := touch || format($q$
        INSERT INTO candle_%s_mat
        SELECT t.instrument_id, t.open_time, f.*
        FROM (SELECT DISTINCT u.id AS instrument_id, %s AS open_time FROM unnest(p_ids, p_times) u (id, at) ORDER BY 1, 2) t
        CROSS JOIN LATERAL (
          SELECT %s FROM candle_%s c
          WHERE c.instrument_id = t.instrument_id AND c.open_time >= t.open_time AND c.open_time < t.open_time + interval %L
          HAVING count(*) > 0) f %s $q$,
        level.name, format(bucket, level.width, 'u.at'), fold, level.source, level.width, upsert);
      refresh := refresh || format($q$
        lower_bound := %1$s;
        upper_bound := %2$s;
        DELETE FROM candle_%3$s_mat m WHERE m.open_time >= lower_bound AND m.open_time < upper_bound AND NOT EXISTS (
          SELECT FROM candle_%4$s c
          WHERE c.instrument_id = m.instrument_id AND c.open_time >= m.open_time AND c.open_time < m.open_time + interval %5$L);
        INSERT INTO candle_%3$s_mat
        SELECT c.instrument_id, %6$s, %7$s FROM candle_%4$s c
        WHERE c.open_time >= lower_bound AND c.open_time < upper_bound GROUP BY 1, 2 ORDER BY 1, 2 %8$s $q$,
        format(bucket, level.width, 'p_from'), format(bucket, level.width, $q$p_to - interval '1 microsecond'$q$) || format(' + interval %L', level.width),
        level.name, level.source, level.width, format(bucket, level.width, 'c.open_time'), fold, upsert);
    END IF;
  END LOOP;

  IF tier = 'tsl' THEN
    ALTER TABLE candle_1m SET (timescaledb.compress, timescaledb.compress_segmentby = 'instrument_id', timescaledb.compress_orderby = 'open_time');
    CREATE FUNCTION candle_touch(p_ids integer[], p_times timestamptz[]) RETURNS void LANGUAGE sql AS 'SELECT';
  ELSE
    -- Static statements, one a level: PostgreSQL keeps their plans for the session.
    EXECUTE format($q$
      CREATE FUNCTION candle_touch(p_ids integer[], p_times timestamptz[]) RETURNS void LANGUAGE plpgsql AS %L $q$,
      'BEGIN' || touch || 'END');
    EXECUTE format($q$
      CREATE PROCEDURE candle_refresh(p_from timestamptz, p_to timestamptz) LANGUAGE plpgsql AS %L $q$, $q$
      DECLARE lower_bound timestamptz; upper_bound timestamptz;
      BEGIN
        IF p_to <= p_from THEN RETURN; END IF;
        PERFORM FROM instrument ORDER BY id FOR NO KEY UPDATE; -- as every candle writer does, so none works on these buckets now
      $q$ || refresh || 'END');
  END IF;
END $do$;

-- candle_touch(ids, times): in the transaction that wrote these 1m rows, brings every bucket that holds them up to date.
--   No work on tsl, where continuous aggregates are read in real time.
-- CALL candle_refresh(from, to): at top level after bulk changes, deletes and backfills; makes every roll-up of the range
--   equal to its minutes. Needed on tsl after any change below what has been materialised; otherwise a repair.
DO $do$ BEGIN
  IF storage_tier() <> 'tsl' THEN RETURN; END IF;
  CREATE PROCEDURE candle_refresh(p_from timestamptz, p_to timestamptz) LANGUAGE plpgsql AS $fn$
  DECLARE
    level candle_level;
    lower_bound timestamptz;
    upper_bound timestamptz;
    -- Materialising a bucket that still grows would hide its later minutes. Growing buckets are those at the watermarks.
    live_edge timestamptz := (SELECT coalesce(min(watermark), 'infinity') FROM instrument
                              WHERE state IN ('LIVE', 'BACKFILLING') AND watermark >= p_from - interval '7 days' AND watermark < p_to);
    has_options boolean := EXISTS (SELECT FROM pg_proc WHERE proname = 'refresh_continuous_aggregate' AND 'options' = ANY (proargnames));
  BEGIN
    FOR level IN SELECT * FROM candle_level ORDER BY n LOOP
      lower_bound := date_bin(level.width, p_from, timestamptz '2000-01-03 00:00+00');
      upper_bound := date_bin(level.width, p_to - interval '1 microsecond', timestamptz '2000-01-03 00:00+00') + level.width;
      IF live_edge < 'infinity' THEN
        upper_bound := least(upper_bound,
          date_bin(level.width, live_edge - greatest(level.width, interval '30 minutes'), timestamptz '2000-01-03 00:00+00'));
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

-- The durable log -------------------------------------------------------------------------------------------------

CREATE TABLE event_log (
  epoch   uuid NOT NULL,
  seq     bigint NOT NULL,
  at      timestamptz NOT NULL,
  topic   text NOT NULL,
  key     text NOT NULL,
  payload json NOT NULL, -- not jsonb: written and read as text, never searched
  CONSTRAINT event_log_pkey PRIMARY KEY (epoch, seq)
);
-- A reader of one series pays for what it missed, not for what everybody missed.
CREATE INDEX event_log_key_seq_idx ON event_log (key, seq);

CREATE TABLE event_log_head (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  epoch   uuid NOT NULL,
  seq     bigint NOT NULL
);
INSERT INTO event_log_head (epoch, seq) VALUES (gen_random_uuid(), 0);

-- Appends events and returns the last seq. Must be the last statement before commit: the lock on the head row makes the
-- order of seq the order of commits, and a rollback takes its numbers back.
CREATE FUNCTION event_append(p_at timestamptz, p_topics text[], p_keys text[], p_payloads json[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  head event_log_head;
  added integer := coalesce(cardinality(p_topics), 0);
BEGIN
  IF added = 0 THEN RETURN NULL; END IF;
  UPDATE event_log_head SET seq = seq + added RETURNING * INTO head;
  INSERT INTO event_log (epoch, seq, at, topic, key, payload)
  SELECT head.epoch, head.seq - added + e.n, p_at, e.topic, e.key, e.payload
  FROM unnest(p_topics, p_keys, p_payloads) WITH ORDINALITY e (topic, key, payload, n);
  PERFORM pg_notify('candlecast_log', head.seq::text);
  RETURN head.seq;
END $$;

-- Models and the ledger of forecasts ------------------------------------------------------------------------------

CREATE TYPE model_kind AS ENUM ('BASELINE', 'LSTM');
CREATE TYPE forecast_timing AS ENUM ('ON_TIME', 'LATE');

CREATE TABLE model (
  id              serial PRIMARY KEY,
  name            text NOT NULL,
  version         text NOT NULL,
  kind            model_kind NOT NULL,
  sha256          text,
  artifact_path   text,
  trained_from    timestamptz,
  trained_through timestamptz,
  feature_schema  integer NOT NULL,
  card            jsonb NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE UNIQUE INDEX model_name_version_key ON model (name, version);

CREATE TABLE forecast_input (
  instrument_id integer NOT NULL,
  model_id      integer NOT NULL,
  as_of         timestamptz NOT NULL,
  input         bytea NOT NULL,
  sha256        text NOT NULL,
  CONSTRAINT forecast_input_pkey PRIMARY KEY (instrument_id, model_id, as_of),
  CONSTRAINT forecast_input_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instrument (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  CONSTRAINT forecast_input_model_id_fkey FOREIGN KEY (model_id) REFERENCES model (id) ON UPDATE CASCADE ON DELETE RESTRICT
);

-- Both arrays follow the fixed quantile levels, upwards. The key's order serves "the newest of an instrument and horizon".
CREATE TABLE forecast (
  id            uuid NOT NULL DEFAULT gen_random_uuid(),
  instrument_id integer NOT NULL,
  model_id      integer NOT NULL,
  horizon       text NOT NULL,
  as_of         timestamptz NOT NULL,
  target_time   timestamptz NOT NULL,
  issued_at     timestamptz NOT NULL,
  timing        forecast_timing NOT NULL,
  ref_price     numeric NOT NULL,
  p_up          double precision NOT NULL CHECK (p_up BETWEEN 0 AND 1),
  log_returns   double precision[] NOT NULL,
  prices        numeric[] NOT NULL CHECK (cardinality(prices) = cardinality(log_returns)),
  input_hash    text NOT NULL,
  CONSTRAINT forecast_pkey PRIMARY KEY (instrument_id, horizon, as_of, model_id),
  CONSTRAINT forecast_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instrument (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  CONSTRAINT forecast_model_id_fkey FOREIGN KEY (model_id) REFERENCES model (id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX forecast_id_idx ON forecast (id); -- not unique: a hypertable's unique indexes hold its time column

DO $$ BEGIN
  IF storage_tier() = 'plain' THEN RETURN; END IF;
  PERFORM create_hypertable('event_log', 'seq', chunk_time_interval => 1000000, create_default_indexes => false);
  PERFORM create_hypertable('forecast_input', 'as_of', chunk_time_interval => interval '7 days', create_default_indexes => false);
  PERFORM create_hypertable('forecast', 'as_of', chunk_time_interval => interval '7 days', create_default_indexes => false);
END $$;
