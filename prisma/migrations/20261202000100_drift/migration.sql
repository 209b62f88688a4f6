-- How the champion of each horizon stood, day by day: docs/forecasts.md, "Drift". Nothing is changed or removed. The same on every tier.

CREATE TABLE drift_check (
  venue              text NOT NULL,
  horizon            text NOT NULL,
  at                 timestamptz NOT NULL, -- the midnight, by the venue's clock, up to which it was looked at
  model_id           integer NOT NULL, -- the champion's newest version then
  loss_ratio         double precision, -- CRPS over the reference's
  coverage90         double precision,
  clipped_share      double precision, -- of scaled features, beyond four deviations
  gapped_instruments integer NOT NULL,
  alarms             text[] NOT NULL,
  CONSTRAINT drift_check_pkey PRIMARY KEY (venue, horizon, at),
  CONSTRAINT drift_check_model_id_fkey FOREIGN KEY (model_id) REFERENCES model (id) ON UPDATE CASCADE ON DELETE RESTRICT
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON drift_check FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON drift_check FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

INSERT INTO app_right (role, relation, rights) VALUES
  ('candlecast_forecaster', 'drift_check', 'SELECT, INSERT'),
  ('candlecast_gateway', 'drift_check', 'SELECT');
SELECT apply_rights();
