-- What following every signal would have done: one position at a time for each instrument and horizon, opened with the entry in the ledger and closed
-- with its outcome. Made of both, and no part of the ledger. docs/adr/0025-signals.md.
CREATE TABLE paper_trade (
  instrument_id integer NOT NULL,
  horizon       text NOT NULL,
  as_of         timestamptz NOT NULL,
  target_time   timestamptz NOT NULL,
  model_id      integer NOT NULL,
  side          smallint NOT NULL CHECK (side IN (-1, 1)),
  entry         numeric NOT NULL,
  cost_bps      double precision NOT NULL,
  closed_at     timestamptz,
  exit          numeric,
  void_reason   gap_reason,
  net_bps       double precision,
  CONSTRAINT paper_trade_pkey PRIMARY KEY (instrument_id, horizon, as_of)
);

INSERT INTO app_right (role, relation, rights) VALUES
  ('candlecast_forecaster', 'paper_trade', 'SELECT, INSERT, UPDATE'),
  ('candlecast_gateway', 'paper_trade', 'SELECT');
SELECT apply_rights();
