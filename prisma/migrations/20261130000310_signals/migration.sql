-- What a forecast meant for somebody who trades, fixed with it: the action, the rule it follows from, and the costs that it reckons with. Null for
-- entries from before. docs/adr/0025-signals.md.
ALTER TABLE forecast ADD COLUMN signal text;
ALTER TABLE forecast ADD COLUMN signal_rule smallint;
ALTER TABLE forecast ADD COLUMN fee_bps double precision;
ALTER TABLE forecast ADD COLUMN spread_bps double precision;
ALTER TABLE forecast ADD COLUMN spread_at timestamptz;
ALTER TABLE forecast ADD CONSTRAINT forecast_signal CHECK (num_nonnulls(signal, signal_rule, fee_bps, spread_bps) IN (0, 4));
