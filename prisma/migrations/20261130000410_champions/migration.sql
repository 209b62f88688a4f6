-- Who forecasts a horizon, since when, and why: docs/adr/0026-registry.md. Nothing is changed or removed. The same on every tier.

CREATE TYPE champion_reason AS ENUM ('INSTALLED', 'PROMOTED', 'ROLLED_BACK', 'EXPIRED');

CREATE TABLE champion_change (
  id          serial PRIMARY KEY,
  venue       text NOT NULL,
  horizon     text NOT NULL,
  name        text NOT NULL, -- the newest version of it serves
  model_id    integer NOT NULL, -- its newest version then
  former_name text,
  reason      champion_reason NOT NULL,
  at          timestamptz NOT NULL, -- by the venue's clock
  decided_by  text NOT NULL,
  figures     jsonb NOT NULL, -- the numbers that decided, by name
  CONSTRAINT champion_change_model_id_fkey FOREIGN KEY (model_id) REFERENCES model (id) ON UPDATE CASCADE ON DELETE RESTRICT
);
CREATE INDEX champion_change_venue_horizon_id_idx ON champion_change (venue, horizon, id);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON champion_change FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON champion_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

INSERT INTO app_right (role, relation, rights) VALUES
  ('candlecast_forecaster', 'champion_change', 'SELECT, INSERT'),
  ('candlecast_gateway', 'champion_change', 'SELECT');
SELECT apply_rights();
