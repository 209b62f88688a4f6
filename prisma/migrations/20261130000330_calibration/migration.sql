-- By how much the spread of a model's quantiles is to be scaled for an instrument and horizon, measured day by day on what has matured; and the
-- quantiles that follow, fixed with the forecast and scored beside the raw ones. docs/forecasts.md.
CREATE TABLE calibration (
  instrument_id integer NOT NULL,
  horizon       text NOT NULL,
  model_name    text NOT NULL,
  made_at       timestamptz NOT NULL,
  forecasts     integer NOT NULL,
  days          integer NOT NULL,
  scales        double precision[] NOT NULL,
  CONSTRAINT calibration_pkey PRIMARY KEY (instrument_id, horizon, model_name, made_at)
);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON calibration FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON calibration FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE forecast ADD COLUMN calibrated_log_returns double precision[];
ALTER TABLE forecast ADD COLUMN calibrated_prices numeric[];
ALTER TABLE forecast ADD COLUMN calibration_at timestamptz;
ALTER TABLE forecast ADD CONSTRAINT forecast_calibrated CHECK (num_nonnulls(calibrated_log_returns, calibrated_prices, calibration_at) IN (0, 3));

ALTER TABLE forecast_score ADD COLUMN crps_calibrated double precision;
ALTER TABLE forecast_score ADD COLUMN band_calibrated smallint;

INSERT INTO app_right (role, relation, rights) VALUES ('candlecast_forecaster', 'calibration', 'SELECT, INSERT');
SELECT apply_rights();
