// pg, not Prisma: one round trip for all horizons of all instruments, the venue's clock read by the same statement, and prices as exact text.
import {
  AppError,
  type EpochMs,
  type Forecast,
  type ForecastBatch,
  type ForecastSignal,
  type InstrumentId,
  QUANTILE_LEVELS,
  splitInstrumentId,
  toIso,
} from '@candlecast/domain';
import { toArrayText, toTimesText } from './array-text.ts';
import type { Session } from './session.ts';

type Reader = Pick<Session, 'run'>;

/** A model input with the hash of its bytes. */
export interface InputRow extends Pick<ForecastBatch, 'modelId' | 'asOf' | 'input'> {
  readonly seriesId: number;
  readonly sha256: string;
}

/** The bytes come one after the other in one parameter, which is sent as it is; in an array they would be written in digits. */
const INSERT_INPUTS = {
  name: 'forecasts-insert-inputs',
  text: `
    with stored as (
      insert into forecast_input (instrument_id, model_id, as_of, input, sha256)
      select k.instrument_id, k.model_id, k.as_of, substring($4::bytea from k.first for k.length), k.sha256
      from unnest($1::integer[], $2::integer[], $3::timestamptz[], $5::integer[], $6::integer[], $7::text[])
        as k (instrument_id, model_id, as_of, first, length, sha256)
      order by 1, 2, 3
      on conflict do nothing
      returning 1
    )
    select count(*)::integer as count from stored`,
};

/** Stores model inputs; what is there stays. Returns how many were not there. */
export async function insertInputs(session: Session, rows: readonly InputRow[]): Promise<number> {
  let next = 1; // as SQL counts bytes
  const firsts = rows.map(({ input }) => {
    const first = next;
    next += input.length;
    return first;
  });
  const [stored] = await session.run<{ count: number }>(INSERT_INPUTS, [
    toArrayText(rows.map((row) => row.seriesId)),
    toArrayText(rows.map((row) => row.modelId)),
    toTimesText(rows.map((row) => row.asOf)),
    Buffer.concat(rows.map((row) => row.input)),
    toArrayText(firsts),
    toArrayText(rows.map((row) => row.input.length)),
    toArrayText(rows.map((row) => row.sha256)),
  ]);
  return stored?.count ?? 0;
}

/** A forecast to be stored, with the hash of the input that it was made from. */
export interface NewForecastRow {
  readonly seriesId: number;
  readonly inputHash: string;
  readonly codeVersion: string;
  readonly forecast: ForecastBatch['forecasts'][number];
}

/** The columns of ForecastRow, of `f`, a forecast, and `i`, its instrument. */
export const SELECT_FORECAST = `
  select f.id, i.venue || ':' || i.symbol as "instrumentId", f.model_id as "modelId", f.horizon, f.as_of as "asOf", f.target_time as "targetTime",
    f.issued_at as "issuedAt", f.timing, f.ref_price as "refPrice", f.p_up as "pUp", f.log_returns as "logReturns", f.prices,
    f.input_hash as "inputHash", f.reference_model_id as "referenceModelId", f.reference_sigma as "referenceSigma",
    f.signal as action, f.signal_rule as rule, f.fee_bps as "feeBps", f.spread_bps as "spreadBps", f.spread_at as "spreadAt",
    f.calibrated_log_returns as "calibratedLogReturns", f.calibrated_prices as "calibratedPrices", f.calibration_at as "calibrationAt",
    f.code_version as "codeVersion", f.ledger_seq as "ledgerSeq", encode(f.prev_hash, 'hex') as "prevHash", encode(f.hash, 'hex') as hash`;

const FIND_KEYS = {
  name: 'forecasts-find-keys',
  text: `
    ${SELECT_FORECAST}
    from unnest($1::integer[], $2::integer[], $3::text[], $4::timestamptz[]) with ordinality as k (instrument_id, model_id, horizon, as_of, n)
    join forecast f using (instrument_id, model_id, horizon, as_of)
    join instrument i on i.id = f.instrument_id
    order by k.n`,
};

/** Returns the stored forecasts under the keys of `rows`, in their order. */
export async function findForecastsOf(session: Session, rows: readonly NewForecastRow[]): Promise<Forecast[]> {
  const found = await session.run<ForecastRow>(FIND_KEYS, [
    rows.map((row) => row.seriesId),
    rows.map((row) => row.forecast.modelId),
    rows.map((row) => row.forecast.horizon),
    rows.map((row) => toIso(row.forecast.asOf)),
  ]);
  return found.map(toForecast);
}

const FIND_ONE = {
  name: 'forecasts-find-one',
  text: `${SELECT_FORECAST} from forecast f join instrument i on i.id = f.instrument_id where f.id = $1::uuid`,
};

/** Returns the forecast of that id. */
export async function findForecastRow(session: Reader, id: string): Promise<Forecast | undefined> {
  const [row] = await session.run<ForecastRow>(FIND_ONE, [id]);
  return row && toForecast(row);
}

const FIND_INPUT = {
  name: 'forecasts-find-input',
  text: `
    select s.input from forecast_input s join instrument i on i.id = s.instrument_id
    where i.venue = $1 and i.symbol = $2 and s.model_id = $3::integer and s.as_of = $4::timestamptz`,
};

/** Returns the bytes that a model was given. */
export async function findInputRow(session: Reader, id: InstrumentId, modelId: number, asOf: EpochMs): Promise<Uint8Array | undefined> {
  const { venue, symbol } = splitInstrumentId(id);
  const [row] = await session.run<{ input: Buffer }>(FIND_INPUT, [venue, symbol, modelId, toIso(asOf)]);
  return row && new Uint8Array(row.input);
}

/** A forecast as SELECT_FORECAST gives it. */
export interface ForecastRow extends Omit<Forecast, 'quantiles' | 'reference' | 'signal' | 'calibration'> {
  readonly logReturns: readonly number[];
  readonly prices: readonly Forecast['refPrice'][];
  readonly referenceModelId: number | null;
  readonly referenceSigma: number | null;
  readonly action: ForecastSignal['action'] | null;
  readonly rule: number | null;
  readonly feeBps: number | null;
  readonly spreadBps: number | null;
  readonly spreadAt: EpochMs | null;
  readonly calibratedLogReturns: readonly number[] | null;
  readonly calibratedPrices: readonly Forecast['refPrice'][] | null;
  readonly calibrationAt: EpochMs | null;
}

/** Returns the forecast of a row; throws `forecast_broken` when it lacks a quantile. */
export function toForecast(read: ForecastRow): Forecast {
  const { logReturns, prices, referenceModelId, referenceSigma, action, rule, feeBps, spreadBps, spreadAt, ...others } = read;
  const { calibratedLogReturns, calibratedPrices: values, calibrationAt: madeAt, ...row } = others;
  const quantiles = QUANTILE_LEVELS.map((level, index) => {
    const logReturn = logReturns[index];
    const value = prices[index];
    if (logReturn === undefined || value === undefined) throw new AppError('forecast_broken', `forecast ${row.id} lacks quantile ${level}`);
    return { level, logReturn, value };
  });
  const reference = referenceModelId === null || referenceSigma === null ? null : { modelId: referenceModelId, sigma: referenceSigma };
  const hasSignal = action !== null && rule !== null && feeBps !== null && spreadBps !== null;
  const signal = hasSignal ? { action, rule, feeBps, spreadBps, spreadAt } : null;
  const isCalibrated = calibratedLogReturns !== null && values !== null && madeAt !== null;
  const calibration = isCalibrated ? { logReturns: calibratedLogReturns, values, madeAt } : null;
  return { ...row, quantiles, reference, signal, calibration };
}
