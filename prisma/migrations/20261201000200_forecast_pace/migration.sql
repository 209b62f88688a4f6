-- How often an instrument is forecast, since when: docs/adr/0029-models-of-bars-live.md. Before its first row: at every close that is due. Nothing is
-- changed or removed, so that what was due in the past stays what it was. The same on every tier.

CREATE TABLE forecast_pace (
  instrument_id integer NOT NULL,
  at            timestamptz NOT NULL, -- by the venue's clock
  is_hourly     boolean NOT NULL, -- all horizons on the hour
  CONSTRAINT forecast_pace_pkey PRIMARY KEY (instrument_id, at),
  CONSTRAINT forecast_pace_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instrument (id) ON UPDATE CASCADE ON DELETE RESTRICT
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON forecast_pace FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON forecast_pace FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

INSERT INTO app_right (role, relation, rights) VALUES
  ('candlecast_forecaster', 'forecast_pace', 'SELECT, INSERT'),
  ('candlecast_gateway', 'forecast_pace', 'SELECT');
SELECT apply_rights();
