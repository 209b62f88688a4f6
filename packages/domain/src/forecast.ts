import type { Decimal } from './decimal.ts';
import type { Horizon } from './horizon.ts';
import type { InstrumentId } from './instrument.ts';
import type { ForecastSignal } from './signal.ts';
import type { EpochMs } from './time.ts';

/** The quantile levels that every forecast carries, upwards. */
export const QUANTILE_LEVELS = [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975] as const;

/** One quantile of the price at the target time. */
export interface Quantile {
  readonly level: number;
  /** Log-return from the reference price, natural units. */
  readonly logReturn: number;
  /** The same as a price, rounded to the reference price's scale. */
  readonly value: Decimal;
}

/** A model as it was trained: named rows that serve or have served. `sha256` is null for baselines, which have no artifact. */
export interface Model {
  readonly id: number;
  readonly name: string;
  readonly version: string;
  readonly kind: 'BASELINE' | 'LSTM';
  readonly sha256: string | null;
  readonly artifactPath: string | null;
  readonly trainedFrom: EpochMs | null;
  readonly trainedThrough: EpochMs | null;
  readonly featureSchema: number;
  readonly createdAt: EpochMs;
  /** Facts for the model card: shapes, training settings, parity, losses. */
  readonly card: Readonly<Record<string, unknown>>;
}

/** ON_TIME when committed at most the deadline after `asOf`, else LATE. */
export type ForecastTiming = 'ON_TIME' | 'LATE';

/** What a forecast is judged against: the tuned EWMA-normal at the same `asOf`, whose quantiles are `sigma` times those of the normal. */
export interface ForecastReference {
  readonly modelId: number;
  /** Standard deviation of the log-return over the horizon, natural units. */
  readonly sigma: number;
}

/** Quantiles whose distances from the median were scaled by what had come of earlier forecasts. */
export interface ForecastCalibration {
  /** By QUANTILE_LEVELS, natural units. */
  readonly logReturns: readonly number[];
  /** The same as prices, rounded to the reference price's scale. */
  readonly values: readonly Decimal[];
  /** When the table was made by which they were scaled. */
  readonly madeAt: EpochMs;
}

/** What a model said, before the fact, about the price at `targetTime` given candles that closed at or before `asOf`. */
export interface Forecast {
  readonly id: string;
  readonly instrumentId: InstrumentId;
  readonly modelId: number;
  readonly horizon: Horizon;
  readonly asOf: EpochMs;
  readonly targetTime: EpochMs;
  readonly issuedAt: EpochMs;
  readonly timing: ForecastTiming;
  readonly refPrice: Decimal;
  /** Probability that the price at `targetTime` is above `refPrice`. */
  readonly pUp: number;
  readonly quantiles: readonly Quantile[];
  /** SHA-256 of the stored model input. */
  readonly inputHash: string;
  /** Null where the ledger began before references were kept. */
  readonly reference: ForecastReference | null;
  /** Which program made it; null as above. */
  readonly codeVersion: string | null;
  /** The quantiles after calibration; null where too little had matured then, or before it was kept. */
  readonly calibration: ForecastCalibration | null;
  /** What it meant for somebody who trades; null where the ledger began before signals were kept. */
  readonly signal: ForecastSignal | null;
  /** Place in the venue's ledger: 1, 2, 3 … in commit order, without holes. */
  readonly ledgerSeq: number;
  /** Hash of the entry before, `GENESIS_HASH` for the first. */
  readonly prevHash: string;
  /** SHA-256 of this entry's text, which holds `prevHash`: the head of the chain once this entry is in it. */
  readonly hash: string;
}
