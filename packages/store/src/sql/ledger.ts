// pg, not Prisma: the chain rests on one lock, on the venue's clock read under it, on exact text, and on COPY.
import { type EpochMs, type Forecast, GENESIS_HASH, type LedgerHead, splitInstrumentId, toIso, type Venue } from '@candlecast/domain';
import { toArrayText, toTimesText } from './array-text.ts';
import { bytesForCopy, type CopyValue, createTimeWriter, escapeCopy, toCopyTexts } from './copy-text.ts';
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
    select k.n::integer
    from unnest($1::integer[], $2::integer[], $3::text[], $4::timestamptz[], $5::text[])
      with ordinality as k (instrument_id, model_id, horizon, as_of, input_hash, n)
    join forecast_input s on s.instrument_id = k.instrument_id and s.model_id = k.model_id and s.as_of = k.as_of and s.sha256 = k.input_hash
    where not exists (
      select from forecast f
      where (f.instrument_id, f.horizon, f.as_of, f.model_id) = (k.instrument_id, k.horizon, k.as_of, k.model_id))
    order by 1`,
};

/**
 * Returns those of `rows`, of which no two have one key, that the ledger does not have yet, in their order. One whose input is not the stored
 * one is left out: the ledger already has what was said then.
 */
export async function findNewRows(session: Session, rows: readonly NewForecastRow[]): Promise<NewForecastRow[]> {
  const found = await session.run<{ n: number }>(FIND_NEW, [
    toArrayText(rows.map((row) => row.seriesId)),
    toArrayText(rows.map((row) => row.forecast.modelId)),
    toArrayText(rows.map((row) => row.forecast.horizon)),
    toTimesText(rows.map((row) => row.forecast.asOf)),
    toArrayText(rows.map((row) => row.inputHash)),
  ]);
  return found.flatMap(({ n }) => rows[n - 1] ?? []);
}

/** An entry as it goes into the ledger. */
export interface EntryRow {
  readonly seriesId: number;
  readonly forecast: Forecast;
}

/** In the order of `toCopyRow`. */
const COPY = `
  copy forecast (id, instrument_id, model_id, horizon, as_of, target_time, issued_at, timing, ref_price, p_up, log_returns, prices, input_hash,
    reference_model_id, reference_sigma, signal, signal_rule, fee_bps, spread_bps, spread_at, calibrated_log_returns, calibrated_prices,
    calibration_at, code_version, ledger_seq, prev_hash, hash) from stdin`;

const INSERT_HEAD = {
  name: 'ledger-insert-head',
  text: `insert into ledger_head (venue, seq, hash, at) values ($1, $2::bigint, decode($3, 'hex'), $4::timestamptz)`,
};

/** Appends entries that follow the venue's end; they are made while the server stores those before. `insertHead` must follow. */
export function insertEntries(session: Session, rows: Iterable<EntryRow>): Promise<void> {
  return session.copy(COPY, toCopyTexts(toCopyRows(rows)));
}

/** Appends the head to which the entries of this transaction lead. */
export async function insertHead(session: Session, { venue, seq, hash, at }: LedgerHead): Promise<void> {
  await session.run(INSERT_HEAD, [venue, seq, hash, at === null ? null : toIso(at)]);
}

function* toCopyRows(rows: Iterable<EntryRow>): Iterable<readonly CopyValue[]> {
  const toText = createTimeWriter();
  for (const row of rows) yield toCopyRow(row, toText);
}

function toCopyRow({ seriesId, forecast }: EntryRow, toText: (time: EpochMs) => string): readonly CopyValue[] {
  const { quantiles, reference, signal, calibration, codeVersion } = forecast;
  return [
    forecast.id,
    seriesId,
    forecast.modelId,
    forecast.horizon,
    toText(forecast.asOf),
    toText(forecast.targetTime),
    toText(forecast.issuedAt),
    forecast.timing,
    forecast.refPrice,
    forecast.pUp,
    toArrayText(quantiles.map((quantile) => quantile.logReturn)),
    toArrayText(quantiles.map((quantile) => quantile.value)),
    forecast.inputHash,
    reference?.modelId,
    reference?.sigma,
    signal?.action,
    signal?.rule,
    signal?.feeBps,
    signal?.spreadBps,
    signal?.spreadAt == null ? null : toText(signal.spreadAt),
    calibration && toArrayText(calibration.logReturns),
    calibration && toArrayText(calibration.values),
    calibration && toText(calibration.madeAt),
    codeVersion && escapeCopy(codeVersion),
    forecast.ledgerSeq,
    bytesForCopy(forecast.prevHash),
    bytesForCopy(forecast.hash),
  ];
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
