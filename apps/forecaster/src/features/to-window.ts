import { HOUR_MS, MINUTE_MS } from '@candlecast/domain';
import { FEATURES, LOOKBACK_STEPS, STEP_MINUTES } from './feature-schema.ts';
import { type MinuteSeries, valueAt } from './minute-series.ts';
import { DECAYS, sigmaPerMinute, spanMinutes } from './sigma.ts';

const REFERENCE_SPAN = spanMinutes(DECAYS['12h']);
const LARGEST_RETURN = 8;
const LEAST_RANGE = 0.05;
const LEAST_VOLUME = 0.01;
const DAY_HOURS = 24;
const WEEK_HOURS = 168;
/** Range of a random walk in units of its standard deviation: the mean of ln(high / low)² is this squared (Parkinson 1980). */
const PARKINSON = Math.sqrt(4 * Math.LN2);

/** Minutes in a lookback. */
export const LOOKBACK_MINUTES = LOOKBACK_STEPS * STEP_MINUTES;

/**
 * Returns the features of the lookback that ends with row `end`, [LOOKBACK_STEPS, FEATURES], oldest step first: what is known at that
 * row's close and nothing later. Undefined when the history is too short or a minute of it is missing.
 */
export function toWindow(series: MinuteSeries, end: number): Float32Array | undefined {
  const sigma = sigmaPerMinute(series, end, DECAYS['12h']);
  if (Number.isNaN(sigma)) return undefined;
  const meanVolume = (sum(series.baseVolume, end - REFERENCE_SPAN + 1, end) / REFERENCE_SPAN) * STEP_MINUTES;
  const window = new Float32Array(LOOKBACK_STEPS * FEATURES.length);
  for (let step = 0; step < LOOKBACK_STEPS; step++) {
    const last = end - (LOOKBACK_STEPS - 1 - step) * STEP_MINUTES;
    window.set(toStep(series, last, sigma, meanVolume), step * FEATURES.length);
  }
  return window;
}

/** Returns the features of the step that ends with row `last`, in the order of FEATURES. */
function toStep(series: MinuteSeries, last: number, sigma: number, meanVolume: number): number[] {
  const first = last - STEP_MINUTES + 1;
  const stepSigma = sigma * Math.sqrt(STEP_MINUTES);
  const logReturn = valueAt(series.logClose, last) - valueAt(series.logClose, first - 1);
  const volume = sum(series.baseVolume, first, last);
  const takerBuys = sum(series.takerBuyBaseVolume, first, last);
  const isKnown = !Number.isNaN(takerBuys);
  const endHours = (series.firstOpenTime + (last + 1) * MINUTE_MS) / HOUR_MS;
  return [
    Math.max(-LARGEST_RETURN, Math.min(LARGEST_RETURN, logReturn / stepSigma)),
    Math.log(rangeOf(series, first, last) / stepSigma + LEAST_RANGE),
    Math.log((meanVolume > 0 ? volume / meanVolume : 0) + LEAST_VOLUME),
    isKnown && volume > 0 ? (2 * takerBuys) / volume - 1 : 0,
    isKnown ? 1 : 0,
    Math.log(sigmaPerMinute(series, last, DECAYS['1h']) / sigma),
    Math.log(sigmaPerMinute(series, last, DECAYS['4h']) / sigma),
    ...toAngle(endHours / DAY_HOURS),
    ...toAngle(endHours / WEEK_HOURS),
  ];
}

/** Returns Parkinson's estimate of the standard deviation of the log return over the rows. */
function rangeOf(series: MinuteSeries, first: number, last: number): number {
  let high = Number.NEGATIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  for (let row = first; row <= last; row++) {
    high = Math.max(high, series.logHigh[row] ?? Number.NaN);
    low = Math.min(low, series.logLow[row] ?? Number.NaN);
  }
  return (high - low) / PARKINSON;
}

function toAngle(turns: number): [sin: number, cos: number] {
  return [Math.sin(2 * Math.PI * turns), Math.cos(2 * Math.PI * turns)];
}

function sum(column: Float64Array, first: number, last: number): number {
  let total = 0;
  for (let row = first; row <= last; row++) total += column[row] ?? Number.NaN;
  return total;
}
