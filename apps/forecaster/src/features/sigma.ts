import { HORIZON_MINUTES, SERVED_HORIZONS, type ServedHorizon } from './feature-schema.ts';
import { type MinuteSeries, valueAt } from './minute-series.ts';

/**
 * Decay per minute of the EWMA of squared 1m returns behind each horizon's sigma. Tuned on recorded 1m candles for 15m to 1h, 4h, 12h
 * and 24h; 2h and 6h lie between their neighbours.
 */
export const DECAYS: Readonly<Record<ServedHorizon, number>> = {
  '15m': 0.97,
  '30m': 0.97,
  '1h': 0.97,
  '2h': 0.98,
  '4h': 0.99,
  '6h': 0.995,
  '12h': 0.999,
  '24h': 0.9995,
};

/** The EWMAs are cut where the weight left out falls under this share, so that a window alone, wherever a process started, fixes them. */
const WEIGHT_LEFT_OUT = 0.05;

/** Least sigma of a minute: a market that stood still for an hour (a stablecoin) can move all the same. A tenth of a basis point. */
const LEAST_SIGMA_PER_MINUTE = 1e-5;

/** Returns how many 1m returns an EWMA of that decay looks back on. */
export function spanMinutes(decay: number): number {
  return Math.ceil(Math.log(WEIGHT_LEFT_OUT) / Math.log(decay));
}

/** Minutes of unbroken history that the slowest sigma needs: its returns and the close before the first. */
export const HISTORY_MINUTES = spanMinutes(Math.max(...Object.values(DECAYS))) + 1;

/** Returns the standard deviation of a 1m log return as known at the end of row `end`; NaN when a minute of the span is missing. */
export function sigmaPerMinute(series: MinuteSeries, end: number, decay: number): number {
  const span = spanMinutes(decay);
  if (end < span || end >= series.length) return Number.NaN;
  let sum = 0;
  let before = valueAt(series.logClose, end - span);
  for (let row = end - span + 1; row <= end; row++) {
    const now = series.logClose[row] ?? Number.NaN;
    sum = sum * decay + (now - before) ** 2;
    before = now;
  }
  const variance = (sum * (1 - decay)) / (1 - decay ** span);
  return Math.max(LEAST_SIGMA_PER_MINUTE, Math.sqrt(variance));
}

/** What was asked last of each series: at a close every model asks for the same. A series stays as it is for as long as it is used. */
const newest = new WeakMap<MinuteSeries, { readonly end: number; readonly sigmas: Float32Array }>();

/**
 * Returns the scale of the log return over each served horizon, as known at the end of row `end`: the EWMA sigma times the root of the
 * horizon in minutes. NaN where the history does not cover a horizon's span without a gap.
 */
export function toSigmas(series: MinuteSeries, end: number): Float32Array {
  const last = newest.get(series);
  const sigmas = last?.end === end ? last.sigmas : computeSigmas(series, end);
  newest.set(series, { end, sigmas });
  return sigmas.slice();
}

function computeSigmas(series: MinuteSeries, end: number): Float32Array {
  const known = new Map<number, number>();
  return Float32Array.from(SERVED_HORIZONS, (horizon, index) => {
    const decay = DECAYS[horizon];
    const perMinute = known.get(decay) ?? sigmaPerMinute(series, end, decay);
    known.set(decay, perMinute);
    return perMinute * Math.sqrt(HORIZON_MINUTES[index] ?? Number.NaN);
  });
}
