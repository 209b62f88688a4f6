import { QUANTILE_LEVELS } from './forecast.ts';
import { type Horizon, horizonMs } from './horizon.ts';
import type { InstrumentId } from './instrument.ts';
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from './time.ts';

/** Whose quantiles are scaled: every version of a model's name, at one horizon of one instrument. */
export interface CalibrationKey {
  readonly instrumentId: InstrumentId;
  readonly horizon: Horizon;
  readonly modelName: string;
}

/** By how much the distance of each quantile from the median is scaled. */
export interface CalibrationTable extends CalibrationKey {
  /** A UTC midnight: measured on what had matured before, for forecasts from then on. */
  readonly madeAt: EpochMs;
  /** Matured forecasts that it was measured on, and the days on which they were scored. */
  readonly forecasts: number;
  readonly days: number;
  /** By QUANTILE_LEVELS; 1 at the median. */
  readonly scales: readonly number[];
}

/** A matured forecast: what was said, at QUANTILE_LEVELS, and what came, as log-returns. */
export interface MaturedQuantiles {
  readonly logReturns: readonly number[];
  readonly realised: number;
}

/** How a horizon is calibrated. */
export interface CalibrationRule {
  /** How far back forecasts count, in days. */
  readonly windowDays: number;
  /** On how many of those days at least one must have matured. */
  readonly leastDays: number;
  /** Of the forecasts those are taken whose `asOf` is a multiple of this: neighbours say the same. */
  readonly strideMs: number;
}

const MEDIAN = QUANTILE_LEVELS.indexOf(0.5);
/** A table never makes a quantile more than so many times as far, or as near. */
const MOST = 4;
/** Fewer forecasts than this say nothing of a tail of 2.5 %. */
const LEAST_FORECASTS = 200;

/** Returns the rule of a horizon: 90 days of which 60 must be there; from 12 hours on, where days are few draws, a year of which 180 must. */
export function calibrationRule(horizon: Horizon): CalibrationRule {
  const lengthMs = horizonMs(horizon);
  const isLong = lengthMs >= 12 * HOUR_MS;
  const strideMs = Math.max(15 * MINUTE_MS, Math.min(DAY_MS / 4, lengthMs / 4));
  return { windowDays: isLong ? 365 : 90, leastDays: isLong ? 180 : 60, strideMs };
}

/**
 * Returns the scales that would have given each quantile its level over `matured`, with the correction of split conformal prediction for their number;
 * undefined where they are too few. They are held between a quarter and four.
 */
export function toScales(matured: readonly MaturedQuantiles[]): number[] | undefined {
  const scales: number[] = [];
  for (const [index, level] of QUANTILE_LEVELS.entries()) {
    if (index === MEDIAN) {
      scales.push(1);
      continue;
    }
    const ratios = matured
      .map(({ logReturns, realised }) => {
        const median = logReturns[MEDIAN] ?? Number.NaN;
        return (realised - median) / ((logReturns[index] ?? Number.NaN) - median);
      })
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    if (ratios.length < LEAST_FORECASTS) return undefined;
    const rank = Math.ceil((ratios.length + 1) * Math.max(level, 1 - level));
    const scale = ratios[Math.min(rank, ratios.length) - 1] ?? 1;
    scales.push(Math.min(MOST, Math.max(1 / MOST, scale)));
  }
  return scales;
}

/** Returns quantiles, log-returns at QUANTILE_LEVELS, with their distances from the median scaled. They do not cross, whatever the scales. */
export function calibrate(logReturns: readonly number[], scales: readonly number[]): number[] {
  const median = logReturns[MEDIAN] ?? Number.NaN;
  const scaled = logReturns.map((logReturn, index) => median + (scales[index] ?? 1) * (logReturn - median));
  for (let index = MEDIAN + 1; index < scaled.length; index++) scaled[index] = Math.max(scaled[index] ?? 0, scaled[index - 1] ?? 0);
  for (let index = MEDIAN - 1; index >= 0; index--) scaled[index] = Math.min(scaled[index] ?? 0, scaled[index + 1] ?? 0);
  return scaled;
}
