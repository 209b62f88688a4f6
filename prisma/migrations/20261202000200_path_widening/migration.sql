-- By how much a model's bands are widened for whole paths of an instrument to stay inside, measured day by day on paths that were over:
-- docs/forecasts.md. Nothing is changed or removed. The same on every tier.

CREATE TABLE path_widening (
  instrument_id integer NOT NULL,
  model_name    text NOT NULL,
  made_at       timestamptz NOT NULL,
  paths         integer NOT NULL,
  factors       double precision[] NOT NULL, -- by 80 and 90 %, of the half width of the 95 % band
  CONSTRAINT path_widening_pkey PRIMARY KEY (instrument_id, model_name, made_at),
  CONSTRAINT path_widening_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instrument (id) ON UPDATE CASCADE ON DELETE RESTRICT
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON path_widening FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON path_widening FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

INSERT INTO app_right (role, relation, rights) VALUES
  ('candlecast_forecaster', 'path_widening', 'SELECT, INSERT'),
  ('candlecast_gateway', 'path_widening', 'SELECT');
SELECT apply_rights();
