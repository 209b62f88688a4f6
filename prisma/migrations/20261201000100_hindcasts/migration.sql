-- Hindcasts: what a model would have said at a moment of the past, made after the fact. Not the ledger, never scored: docs/adr/0028-hindcasts.md.
-- The same on every tier.

CREATE TABLE hindcast_model (
  id              serial PRIMARY KEY,
  instrument_id   integer NOT NULL,
  name            text NOT NULL,
  trained_from    timestamptz NOT NULL,
  trained_through timestamptz NOT NULL, -- it has seen no candle that closed later
  data_hash       text NOT NULL, -- SHA-256 of all that it was trained on
  feature_schema  integer NOT NULL, -- version of the features
  horizons        text[] NOT NULL, -- shortest first
  code_version    text NOT NULL,
  made_at         timestamptz NOT NULL, -- by the venue's clock
  CONSTRAINT hindcast_model_instrument_id_fkey FOREIGN KEY (instrument_id) REFERENCES instrument (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  CONSTRAINT hindcast_model_order CHECK (trained_from < trained_through)
);
CREATE UNIQUE INDEX hindcast_model_instrument_id_name_trained_through_data_hash_key ON hindcast_model (instrument_id, name, trained_through, data_hash);
CREATE UNIQUE INDEX hindcast_model_id_instrument_id_trained_through_key ON hindcast_model (id, instrument_id, trained_through);

-- One row a moment: what is said of the model's first horizons, as many as were due. No look-ahead: the model's training ended before, and the
-- foreign key keeps the row's word for it.
CREATE TABLE hindcast (
  instrument_id   integer NOT NULL,
  as_of           timestamptz NOT NULL,
  model_id        integer NOT NULL,
  trained_through timestamptz NOT NULL,
  ref_price       numeric NOT NULL,
  p_up            real[] NOT NULL, -- by horizon
  log_returns     real[] NOT NULL, -- nine quantiles of each horizon
  CONSTRAINT hindcast_pkey PRIMARY KEY (instrument_id, as_of),
  CONSTRAINT hindcast_model_id_fkey FOREIGN KEY (model_id, instrument_id, trained_through)
    REFERENCES hindcast_model (id, instrument_id, trained_through) ON UPDATE RESTRICT ON DELETE RESTRICT,
  CONSTRAINT hindcast_no_look_ahead CHECK (trained_through < as_of),
  CONSTRAINT hindcast_shape CHECK (cardinality(p_up) > 0 AND cardinality(log_returns) = 9 * cardinality(p_up))
);

-- How far each model has walked on each grid of moments, so that a walk goes on where it was.
CREATE TABLE hindcast_walk (
  model_id     integer NOT NULL,
  grid         text NOT NULL,
  walked_until timestamptz NOT NULL,
  CONSTRAINT hindcast_walk_pkey PRIMARY KEY (model_id, grid),
  CONSTRAINT hindcast_walk_model_id_fkey FOREIGN KEY (model_id) REFERENCES hindcast_model (id) ON UPDATE CASCADE ON DELETE RESTRICT
);

CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % refused: hindcasts stay as they were made', lower(TG_OP), TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

DO $$
DECLARE relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['hindcast', 'hindcast_model'] LOOP
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_rewriting()', relation);
    EXECUTE format('CREATE TRIGGER append_only_whole BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting()', relation);
  END LOOP;
END $$;

INSERT INTO app_right (role, relation, rights) VALUES
  ('candlecast_forecaster', 'hindcast', 'SELECT, INSERT'),
  ('candlecast_forecaster', 'hindcast_model', 'SELECT, INSERT'),
  ('candlecast_forecaster', 'hindcast_walk', 'SELECT, INSERT, UPDATE'),
  ('candlecast_gateway', 'hindcast', 'SELECT'),
  ('candlecast_gateway', 'hindcast_model', 'SELECT');
SELECT apply_rights();
