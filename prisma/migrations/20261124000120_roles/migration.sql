-- Who may do what: one role for each app, with the least rights. Roles belong to the whole server; an owner that may not make them goes
-- on without (the apps then connect as the owner), or an administrator makes them, see docs/storage.md, and calls apply_rights().

CREATE TABLE app_right (
  role     text NOT NULL CHECK (role IN ('candlecast_ingest', 'candlecast_forecaster', 'candlecast_gateway')),
  relation text NOT NULL,
  rights   text NOT NULL CHECK (rights ~ '^(SELECT|INSERT|UPDATE|DELETE|USAGE)(, (SELECT|INSERT|UPDATE|DELETE))*$'),
  CONSTRAINT app_right_pkey PRIMARY KEY (role, relation)
);

INSERT INTO app_right (role, relation, rights)
SELECT 'candlecast_ingest', relation, 'SELECT, INSERT, UPDATE'
FROM unnest(ARRAY['venue_clock', 'instrument', 'candle_1m', 'agg_trade', 'top_of_book', 'external_series', 'audit_window', 'imported_file']) relation
UNION ALL SELECT 'candlecast_ingest', 'candle_' || name || '_mat', 'SELECT, INSERT, UPDATE' FROM candle_level
UNION ALL SELECT 'candlecast_ingest', relation, 'SELECT, INSERT, UPDATE, DELETE'
FROM unnest(ARRAY['gap', 'ingest_member', 'ingest_duty', 'ingest_lease']) relation
UNION ALL VALUES
  ('candlecast_ingest', 'ingest_lease_seq', 'USAGE'),
  ('candlecast_ingest', 'tracking_request', 'SELECT, INSERT, UPDATE'),
  ('candlecast_ingest', 'event_log', 'SELECT, INSERT'),
  ('candlecast_ingest', 'event_log_head', 'SELECT, UPDATE'),
  ('candlecast_ingest', 'retention', 'SELECT'),
  ('candlecast_ingest', 'venue_newest', 'SELECT'),
  ('candlecast_forecaster', 'model', 'SELECT, INSERT, UPDATE'),
  ('candlecast_forecaster', 'forecast', 'SELECT, INSERT'),
  ('candlecast_forecaster', 'forecast_input', 'SELECT, INSERT'),
  ('candlecast_forecaster', 'forecast_score', 'SELECT, INSERT, UPDATE'),
  ('candlecast_forecaster', 'event_log', 'SELECT, INSERT'),
  ('candlecast_forecaster', 'event_log_head', 'SELECT, UPDATE'),
  ('candlecast_gateway', 'tracking_request', 'SELECT, INSERT')
UNION ALL SELECT 'candlecast_forecaster', relation, 'SELECT'
FROM unnest(ARRAY['venue_clock', 'instrument', 'gap', 'candle_1m', 'agg_trade', 'top_of_book', 'external_series']) relation
UNION ALL SELECT 'candlecast_gateway', relation, 'SELECT'
FROM unnest(ARRAY['venue_clock', 'instrument', 'gap', 'candle_1m', 'agg_trade', 'top_of_book', 'external_series', 'audit_window',
                  'imported_file', 'event_log', 'event_log_head', 'model', 'forecast', 'forecast_input', 'forecast_score',
                  'ingest_member', 'ingest_duty', 'ingest_lease']) relation
UNION ALL SELECT role, relation, 'SELECT'
FROM unnest(ARRAY['candlecast_ingest', 'candlecast_forecaster', 'candlecast_gateway']) role,
  (SELECT 'candle_' || name AS relation FROM candle_level UNION ALL SELECT 'candle_level') relations;

-- Gives the roles that exist the rights in app_right, and no other, on the tables that exist. Called by the migration runner after
-- every migration; run it after `prisma migrate deploy` and after making roles by hand.
CREATE FUNCTION apply_rights() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  known_role text;
  entry record;
BEGIN
  FOR known_role IN SELECT DISTINCT role FROM app_right WHERE to_regrole(role) IS NOT NULL ORDER BY role LOOP
    FOR entry IN
      SELECT a.relation, a.rights, c.oid, c.relkind FROM app_right a JOIN pg_class c ON c.oid = to_regclass(a.relation)
      WHERE a.role = known_role ORDER BY a.relation
    LOOP
      EXECUTE format('REVOKE ALL ON %s %I FROM %I', CASE entry.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, entry.relation, known_role);
      EXECUTE format('GRANT %s ON %s %I TO %I', entry.rights, CASE entry.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, entry.relation, known_role);
    END LOOP;
    -- Whoever inserts draws the numbers of serial columns.
    FOR entry IN
      SELECT s.oid::regclass AS sequence FROM app_right a
      JOIN pg_depend d ON d.refobjid = to_regclass(a.relation) AND d.deptype = 'a' AND d.classid = 'pg_class'::regclass
      JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
      WHERE a.role = known_role AND a.rights LIKE '%INSERT%'
    LOOP
      EXECUTE format('GRANT USAGE ON SEQUENCE %s TO %I', entry.sequence, known_role);
    END LOOP;
  END LOOP;
END $$;

-- candlecast_maintenance acts as the owner without being able to become it: refresh, compression and retention of ingest, which takes
-- this role on for them alone. Login and password are given by whoever runs the server.
DO $$
DECLARE
  statement text;
BEGIN
  FOREACH statement IN ARRAY ARRAY[
    'CREATE ROLE candlecast_ingest NOLOGIN',
    'CREATE ROLE candlecast_forecaster NOLOGIN',
    'CREATE ROLE candlecast_gateway NOLOGIN',
    'CREATE ROLE candlecast_maintenance NOLOGIN',
    'ALTER ROLE candlecast_ingest SET statement_timeout = ''30s''',
    'ALTER ROLE candlecast_forecaster SET statement_timeout = ''30s''',
    'ALTER ROLE candlecast_gateway SET statement_timeout = ''5s''',
    'GRANT candlecast_maintenance TO candlecast_ingest WITH INHERIT FALSE, SET TRUE',
    format('GRANT %I TO candlecast_maintenance WITH INHERIT TRUE, SET FALSE', current_user)]
  LOOP
    BEGIN
      EXECUTE statement;
    EXCEPTION
      WHEN duplicate_object OR unique_violation THEN NULL; -- made for another database of this server
      WHEN insufficient_privilege OR undefined_object OR invalid_grant_operation THEN
        RAISE NOTICE 'not done: % (%)', statement, SQLERRM;
    END;
  END LOOP;
END $$;

SELECT apply_rights();
