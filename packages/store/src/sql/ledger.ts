// pg, not Prisma: the chain rests on one lock, on the venue's clock read under it, and on exact text.
import { type EpochMs, type Forecast, GENESIS_HASH, type LedgerHead, splitInstrumentId, toIso, type Venue } from '@candlecast/domain';
import { type ForecastRow, type NewForecastRow, SELECT_FORECAST, toForecast } from './forecasts.ts';
import type { Session } from './session.ts';

type Reader = Pick<Session, 'run'>;

const LOCK = { name: 'ledger-lock', text: `select pg_advisory_xact_lock(hashtextextended('candlecast ledger ' || $1, 0))` };

const FIND_END = {
  name: 'ledger-find-end',
  text: `
    select venue_now($1) as now, h.seq, encode(h.hash, 'hex') as hash, h.at
    from (select) one left join lateral (select * from ledger_head where venue = $1 order by seq desc limit 1) h on true`,
};

/** The end of a ledger that nobody else can append to until the transaction ends. */
export interface LedgerEnd extends LedgerHead {
  /** The venue's time, read under the lock: never earlier than that of an entry before, as long as the venue's clock runs forward. */
  readonly now: EpochMs;
}

/** Waits for the right to append to a venue's ledger and returns its end. Whoever locks several does so in the order of their names. */
export async function lockLedger(session: Session, venue: Venue): Promise<LedgerEnd | undefined> {
  await session.run(LOCK, [venue]);
  const [row] = await session.run<{ now: EpochMs | null; seq: number | null; hash: string | null; at: EpochMs | null }>(FIND_END, [venue]);
  if (!row || row.now === null) return undefined;
  return { venue, now: row.now, seq: row.seq ?? 0, hash: row.hash ?? GENESIS_HASH, at: row.at };
}

const FIND_NEW = {
  name: 'ledger-find-new',
  text: `
    select min(k.n)::integer as n, gen_random_uuid() as id
    from unnest($1::integer[], $2::integer[], $3::text[], $4::timestamptz[], $5::text[])
      with ordinality as k (instrument_id, model_id, horizon, as_of, input_hash, n)
    join forecast_input s on s.instrument_id = k.instrument_id and s.model_id = k.model_id and s.as_of = k.as_of and s.sha256 = k.input_hash
    where not exists (
      select from forecast f
      where (f.instrument_id, f.horizon, f.as_of, f.model_id) = (k.instrument_id, k.horizon, k.as_of, k.model_id))
    group by k.instrument_id, k.horizon, k.as_of, k.model_id
    order by 1`,
};

/**
 * Returns those of `rows` that the ledger does not have yet, in their order, each with a new id. One whose input is not the stored one is
 * left out: the ledger already has what was said then.
 */
export async function findNewRows<Row extends NewForecastRow>(
  session: Session,
  rows: readonly Row[],
): Promise<(Row & { readonly id: string })[]> {
  const found = await session.run<{ n: number; id: string }>(FIND_NEW, [
    rows.map((row) => row.seriesId),
    rows.map((row) => row.forecast.modelId),
    rows.map((row) => row.forecast.horizon),
    rows.map((row) => toIso(row.forecast.asOf)),
    rows.map((row) => row.inputHash),
  ]);
  return found.flatMap(({ n, id }) => {
    const row = rows[n - 1];
    return row ? [{ ...row, id }] : [];
  });
}

/** An entry as it goes into the ledger. */
export interface EntryRow {
  readonly seriesId: number;
  readonly forecast: Forecast;
}

const INSERT = {
  name: 'ledger-insert',
  text: `
    insert into forecast (id, instrument_id, model_id, horizon, as_of, target_time, issued_at, timing, ref_price, p_up, log_returns, prices,
      input_hash, reference_model_id, reference_sigma, signal, signal_rule, fee_bps, spread_bps, spread_at, calibrated_log_returns,
      calibrated_prices, calibration_at, code_version, ledger_seq, prev_hash, hash)
    select f.id, f.series_id, f.model_id, f.horizon, f.as_of, f.target_time, f.issued_at, f.timing::forecast_timing, f.ref_price, f.p_up,
      f.log_returns, f.prices, f.input_hash, f.reference_model_id, f.reference_sigma, f.signal, f.signal_rule, f.fee_bps, f.spread_bps, f.spread_at,
      f.calibrated_log_returns, f.calibrated_prices, f.calibration_at,
      f.code_version, f.ledger_seq,
      decode(f.prev_hash, 'hex'), decode(f.hash, 'hex')
    from json_to_recordset($1::json) as f (id uuid, series_id integer, model_id integer, horizon text, as_of timestamptz,
      target_time timestamptz, issued_at timestamptz, timing text, ref_price numeric, p_up double precision, log_returns double precision[],
      prices numeric[], input_hash text, reference_model_id integer, reference_sigma double precision, signal text, signal_rule smallint,
      fee_bps double precision, spread_bps double precision, spread_at timestamptz,
      calibrated_log_returns double precision[], calibrated_prices numeric[], calibration_at timestamptz, code_version text, ledger_seq bigint,
      prev_hash text, hash text)`,
};

const INSERT_HEAD = {
  name: 'ledger-insert-head',
  text: `insert into ledger_head (venue, seq, hash, at) values ($1, $2::bigint, decode($3, 'hex'), $4::timestamptz)`,
};

/** Appends entries that follow the venue's end, and the head that they lead to. */
export async function insertEntries(session: Session, rows: readonly EntryRow[], head: LedgerHead): Promise<void> {
  const sent = rows.map(({ seriesId, forecast }) => ({
    id: forecast.id,
    series_id: seriesId,
    model_id: forecast.modelId,
    horizon: forecast.horizon,
    as_of: toIso(forecast.asOf),
    target_time: toIso(forecast.targetTime),
    issued_at: toIso(forecast.issuedAt),
    timing: forecast.timing,
    ref_price: forecast.refPrice,
    p_up: forecast.pUp,
    log_returns: forecast.quantiles.map((quantile) => quantile.logReturn),
    prices: forecast.quantiles.map((quantile) => quantile.value),
    input_hash: forecast.inputHash,
    reference_model_id: forecast.reference?.modelId ?? null,
    reference_sigma: forecast.reference?.sigma ?? null,
    signal: forecast.signal?.action,
    signal_rule: forecast.signal?.rule,
    fee_bps: forecast.signal?.feeBps,
    spread_bps: forecast.signal?.spreadBps,
    spread_at: forecast.signal?.spreadAt == null ? null : toIso(forecast.signal.spreadAt),
    calibrated_log_returns: forecast.calibration?.logReturns,
    calibrated_prices: forecast.calibration?.values,
    calibration_at: forecast.calibration && toIso(forecast.calibration.madeAt),
    code_version: forecast.codeVersion,
    ledger_seq: forecast.ledgerSeq,
    prev_hash: forecast.prevHash,
    hash: forecast.hash,
  }));
  await session.run(INSERT, [JSON.stringify(sent)]);
  await session.run(INSERT_HEAD, [head.venue, head.seq, head.hash, head.at === null ? null : toIso(head.at)]);
}

const FIND_HEAD = {
  name: 'ledger-find-head',
  text: `
    select h.venue, h.seq, encode(h.hash, 'hex') as hash, h.at from ledger_head h
    where h.venue = $1 and ($2::timestamptz is null or h.at <= $2::timestamptz) order by h.seq desc limit 1`,
};

/** Returns the head of a venue's ledger, now or as it was at `at` by the venue's clock. */
export async function findHead(session: Reader, venue: Venue, at: EpochMs | undefined): Promise<LedgerHead> {
  const [row] = await session.run<LedgerHead>(FIND_HEAD, [venue, at === undefined ? null : toIso(at)]);
  return row ?? { venue, seq: 0, hash: GENESIS_HASH, at: null };
}

const FIND_ENTRIES = {
  name: 'ledger-find-entries',
  text: `
    ${SELECT_FORECAST}
    from forecast f join instrument i on i.id = f.instrument_id
    where i.venue = $1 and f.ledger_seq > $2::bigint order by f.ledger_seq limit $3`,
};

/** Returns the entries of a venue's ledger after a place in it, in order. */
export async function findEntries(session: Reader, venue: Venue, afterSeq: number, limit: number): Promise<Forecast[]> {
  return (await session.run<ForecastRow>(FIND_ENTRIES, [venue, afterSeq, limit])).map(toForecast);
}

const FIND_HEADS = {
  name: 'ledger-find-heads',
  text: `
    select h.venue, h.seq, encode(h.hash, 'hex') as hash, h.at from ledger_head h
    where h.venue = $1 and h.seq > $2::bigint order by h.seq limit $3`,
};

/** Returns the heads of a venue's ledger after a place in it, in order. */
export function findHeads(session: Reader, venue: Venue, afterSeq: number, limit: number): Promise<LedgerHead[]> {
  return session.run<LedgerHead>(FIND_HEADS, [venue, afterSeq, limit]);
}

const HASH_INPUTS = {
  name: 'ledger-hash-inputs',
  text: `
    select distinct encode(sha256(s.input), 'hex') as hash
    from unnest($1::text[], $2::text[], $3::integer[], $4::timestamptz[]) as k (venue, symbol, model_id, as_of)
    join instrument i using (venue, symbol)
    join forecast_input s on s.instrument_id = i.id and s.model_id = k.model_id and s.as_of = k.as_of`,
};

/** Returns the SHA-256 of the stored inputs of forecasts, computed from their bytes. */
export async function hashInputs(session: Reader, forecasts: readonly Forecast[]): Promise<Set<string>> {
  const parts = forecasts.map(({ instrumentId }) => splitInstrumentId(instrumentId));
  const rows = await session.run<{ hash: string }>(HASH_INPUTS, [
    parts.map(({ venue }) => venue),
    parts.map(({ symbol }) => symbol),
    forecasts.map(({ modelId }) => modelId),
    forecasts.map(({ asOf }) => toIso(asOf)),
  ]);
  return new Set(rows.map(({ hash }) => hash));
}
