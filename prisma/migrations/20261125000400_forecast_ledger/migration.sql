-- The ledger of forecasts becomes a chain of hashes, one a venue, that nothing may change: docs/adr/0020-forecast-ledger.md.

ALTER TABLE forecast ADD COLUMN reference_model_id integer;
ALTER TABLE forecast ADD COLUMN reference_sigma double precision;
ALTER TABLE forecast ADD COLUMN code_version text;
ALTER TABLE forecast ADD COLUMN ledger_seq bigint;
ALTER TABLE forecast ADD COLUMN prev_hash bytea;
ALTER TABLE forecast ADD COLUMN hash bytea;

-- One row for each transaction that appended: where the chain stood after it. The newest of a venue is its head.
CREATE TABLE ledger_head (
  venue text NOT NULL,
  seq   bigint NOT NULL,
  hash  bytea NOT NULL,
  at    timestamptz NOT NULL,
  CONSTRAINT ledger_head_pkey PRIMARY KEY (venue, seq)
);
CREATE INDEX ledger_head_venue_at_idx ON ledger_head (venue, at);

-- What was there before is chained in the order in which it was issued. The text of an entry is that of toLedgerText() in domain.
DO $$
DECLARE
  entry record;
  current_venue text;
  last_seq bigint;
  last_hash bytea;
  last_at timestamptz;
  this_hash bytea;
BEGIN
  CREATE TEMPORARY TABLE chained (instrument_id integer, horizon text, as_of timestamptz, model_id integer, seq bigint, prev bytea, hash bytea)
  ON COMMIT DROP;
  FOR entry IN
    SELECT i.venue, f.instrument_id, f.horizon, f.as_of, f.model_id, f.issued_at, concat_ws(E'\n',
      'id ' || f.id, 'symbol ' || i.venue || ':' || i.symbol, 'model ' || m.name, 'version ' || m.version, 'sha256 ' || m.sha256,
      'features ' || m.feature_schema, 'trained-from ' || epoch_ms(m.trained_from), 'trained-through ' || epoch_ms(m.trained_through),
      'horizon ' || f.horizon, 'as-of ' || epoch_ms(f.as_of), 'target ' || epoch_ms(f.target_time), 'issued ' || epoch_ms(f.issued_at),
      'timing ' || f.timing, 'ref-price ' || f.ref_price, 'p-up ' || encode(float8send(f.p_up), 'hex'),
      'log-returns ' || (SELECT string_agg(encode(float8send(u.x), 'hex'), ',' ORDER BY u.n) FROM unnest(f.log_returns) WITH ORDINALITY u (x, n)),
      'prices ' || array_to_string(f.prices, ','), 'input ' || f.input_hash) AS body
    FROM forecast f JOIN instrument i ON i.id = f.instrument_id JOIN model m ON m.id = f.model_id
    ORDER BY i.venue, f.issued_at, f.as_of, f.instrument_id, f.model_id, f.horizon
  LOOP
    IF entry.venue IS DISTINCT FROM current_venue THEN
      IF last_seq > 0 THEN INSERT INTO ledger_head VALUES (current_venue, last_seq, last_hash, last_at); END IF;
      current_venue := entry.venue;
      last_seq := 0;
      last_hash := decode(repeat('00', 32), 'hex');
    END IF;
    last_seq := last_seq + 1;
    this_hash := sha256(convert_to(
      'candlecast-ledger-1' || E'\nprev ' || encode(last_hash, 'hex') || E'\nseq ' || last_seq || E'\n' || entry.body, 'UTF8'));
    INSERT INTO chained VALUES (entry.instrument_id, entry.horizon, entry.as_of, entry.model_id, last_seq, last_hash, this_hash);
    last_hash := this_hash;
    last_at := entry.issued_at;
  END LOOP;
  IF last_seq > 0 THEN INSERT INTO ledger_head VALUES (current_venue, last_seq, last_hash, last_at); END IF;
  UPDATE forecast f SET ledger_seq = c.seq, prev_hash = c.prev, hash = c.hash
  FROM chained c WHERE (f.instrument_id, f.horizon, f.as_of, f.model_id) = (c.instrument_id, c.horizon, c.as_of, c.model_id);
END $$;

ALTER TABLE forecast ALTER COLUMN ledger_seq SET NOT NULL;
ALTER TABLE forecast ALTER COLUMN prev_hash SET NOT NULL;
ALTER TABLE forecast ALTER COLUMN hash SET NOT NULL;
CREATE INDEX forecast_ledger_seq_idx ON forecast (ledger_seq); -- not unique: every venue counts, and a hypertable's unique indexes hold its time column

-- Whoever may insert cannot change or remove; rights say so, and this says so to the owner, too.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % refused: the ledger is append-only', lower(TG_OP), TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['forecast', 'forecast_input', 'ledger_head'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', relation);
    EXECUTE format('CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', relation);
  END LOOP;
END $$;

INSERT INTO app_right (role, relation, rights) VALUES
  ('candlecast_forecaster', 'ledger_head', 'SELECT, INSERT'),
  ('candlecast_gateway', 'ledger_head', 'SELECT');
SELECT apply_rights();
