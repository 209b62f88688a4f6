-- What came of forecasts: scores that nothing may change, the list of what is yet to be scored, and sums by day for the track record.

ALTER TABLE forecast_score ADD COLUMN is_reference boolean;
ALTER TABLE forecast_score ADD COLUMN log_return double precision;
ALTER TABLE forecast_score ADD COLUMN hit boolean;
ALTER TABLE forecast_score ADD COLUMN band smallint;
ALTER TABLE forecast_score ADD COLUMN abs_err numeric;
ALTER TABLE forecast_score ADD COLUMN abs_err_naive numeric;
ALTER TABLE forecast_score ADD COLUMN crps_reference double precision;
ALTER TABLE forecast_score ADD COLUMN brier double precision;
ALTER TABLE forecast_score ADD COLUMN scorer integer;

-- A forecast is here from its issue until it is scored, so that a restart forgets none.
CREATE TABLE forecast_due (
  target_time   timestamptz NOT NULL,
  instrument_id integer NOT NULL,
  horizon       text NOT NULL,
  model_id      integer NOT NULL,
  as_of         timestamptz NOT NULL,
  CONSTRAINT forecast_due_pkey PRIMARY KEY (target_time, instrument_id, horizon, model_id)
);
INSERT INTO forecast_due (target_time, instrument_id, horizon, model_id, as_of)
SELECT f.target_time, f.instrument_id, f.horizon, f.model_id, f.as_of FROM forecast f
WHERE NOT EXISTS (
  SELECT FROM forecast_score s
  WHERE (s.instrument_id, s.horizon, s.as_of, s.model_id) = (f.instrument_id, f.horizon, f.as_of, f.model_id));

-- Sums of the scores by the UTC day of the venue's clock on which they were made. Errors are fractions of the reference price; crps and
-- crps_reference are over the same forecasts, those that have both. Regular ones were due at their asOf; a model's first ones may not be.
CREATE TABLE track_day (
  instrument_id  integer NOT NULL,
  model_id       integer NOT NULL,
  horizon        text NOT NULL,
  day            date NOT NULL,
  first_as_of    timestamptz NOT NULL,
  last_as_of     timestamptz NOT NULL,
  regular        integer NOT NULL,
  resolved       integer NOT NULL,
  late           integer NOT NULL,
  void           integer NOT NULL,
  calls          integer NOT NULL,
  hits           integer NOT NULL,
  banded         integer NOT NULL,
  in_50          integer NOT NULL,
  in_80          integer NOT NULL,
  in_90          integer NOT NULL,
  in_95          integer NOT NULL,
  compared       integer NOT NULL,
  crps           double precision NOT NULL,
  crps_reference double precision NOT NULL,
  abs_err        double precision NOT NULL,
  abs_err_naive  double precision NOT NULL,
  brier          double precision NOT NULL,
  CONSTRAINT track_day_pkey PRIMARY KEY (instrument_id, model_id, horizon, day)
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON forecast_score FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON forecast_score FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

UPDATE app_right SET rights = 'SELECT, INSERT' WHERE role = 'candlecast_forecaster' AND relation = 'forecast_score';
INSERT INTO app_right (role, relation, rights) VALUES
  ('candlecast_forecaster', 'forecast_due', 'SELECT, INSERT, DELETE'),
  ('candlecast_forecaster', 'track_day', 'SELECT, INSERT, UPDATE'),
  ('candlecast_gateway', 'forecast_due', 'SELECT'),
  ('candlecast_gateway', 'track_day', 'SELECT');
SELECT apply_rights();
