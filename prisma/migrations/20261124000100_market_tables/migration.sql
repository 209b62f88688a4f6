-- Trades, the book's top, series from outside and the scores of forecasts. Bulk tables: no foreign keys, for a check per row
-- would slow their writers, who take the ids from rows of instrument and model.

CREATE TYPE taker_side AS ENUM ('BUY', 'SELL');

-- Trades of one taker order at one price, as the exchange aggregates them.
CREATE TABLE agg_trade (
  instrument_id  integer NOT NULL,
  agg_trade_id   bigint NOT NULL,
  trade_time     timestamptz NOT NULL,
  price          numeric NOT NULL,
  size           numeric NOT NULL,
  first_trade_id bigint NOT NULL,
  last_trade_id  bigint NOT NULL,
  taker_side     taker_side NOT NULL,
  CONSTRAINT agg_trade_pkey PRIMARY KEY (instrument_id, trade_time, agg_trade_id)
);

-- The best bid and ask, one sample a second.
CREATE TABLE top_of_book (
  instrument_id integer NOT NULL,
  at            timestamptz NOT NULL,
  bid_price     numeric NOT NULL,
  bid_size      numeric NOT NULL,
  ask_price     numeric NOT NULL,
  ask_size      numeric NOT NULL,
  update_id     bigint NOT NULL,
  CONSTRAINT top_of_book_pkey PRIMARY KEY (instrument_id, at)
);

-- Values from elsewhere; known_at is when they could first be known, so that the past can be asked as it was.
CREATE TABLE external_series (
  key        text NOT NULL,
  event_time timestamptz NOT NULL,
  known_at   timestamptz NOT NULL,
  value      numeric NOT NULL,
  CONSTRAINT external_series_pkey PRIMARY KEY (key, event_time, known_at)
);

-- What came of a forecast; its key is the forecast's. A void one has a reason instead of an actual price.
CREATE TABLE forecast_score (
  instrument_id integer NOT NULL,
  horizon       text NOT NULL,
  as_of         timestamptz NOT NULL,
  model_id      integer NOT NULL,
  scored_at     timestamptz NOT NULL,
  target_time   timestamptz NOT NULL,
  actual        numeric,
  void_reason   gap_reason,
  crps          double precision,
  CONSTRAINT forecast_score_pkey PRIMARY KEY (instrument_id, horizon, as_of, model_id),
  CONSTRAINT forecast_score_outcome CHECK (num_nonnulls(actual, void_reason) = 1)
);

DO $$ BEGIN
  IF storage_tier() = 'plain' THEN RETURN; END IF;
  PERFORM create_hypertable('agg_trade', 'trade_time', chunk_time_interval => interval '1 day', create_default_indexes => false);
  PERFORM create_hypertable('top_of_book', 'at', chunk_time_interval => interval '1 day', create_default_indexes => false);
  PERFORM create_hypertable('external_series', 'event_time', chunk_time_interval => interval '30 days', create_default_indexes => false);
  PERFORM create_hypertable('forecast_score', 'as_of', chunk_time_interval => interval '7 days', create_default_indexes => false);
END $$;
