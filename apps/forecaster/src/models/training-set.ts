import { AppError, type EpochMs, MINUTE_MS } from '@candlecast/domain';
import { HORIZON_MINUTES } from '../features/feature-schema.ts';
import { type MinuteSeries, valueAt } from '../features/minute-series.ts';
import { WINDOW_FLOATS } from '../features/model-input.ts';
import { HISTORY_MINUTES, toSigmas } from '../features/sigma.ts';
import { LOOKBACK_MINUTES, toWindow } from '../features/to-window.ts';

/** Windows with what came after them, pooled over instruments. */
export interface WindowSet {
  readonly size: number;
  /** Unscaled features, [size, steps, features]. */
  readonly windows: Float32Array;
  /** Sigma of each horizon, [size, horizons]. */
  readonly sigmas: Float32Array;
  /** Log return ÷ sigma of each horizon, [size, horizons]. */
  readonly targets: Float32Array;
  /** The windows' `asOf`. */
  readonly asOf: Float64Array;
}

/** Training and validation windows on either side of one moment. */
export interface TrainingSet {
  readonly cutoff: EpochMs;
  readonly training: WindowSet;
  readonly validation: WindowSet;
}

interface Origin {
  readonly series: MinuteSeries;
  readonly end: number;
  readonly asOf: number;
}

const LONGEST_HORIZON = Math.max(...HORIZON_MINUTES);
const TRAINING_SHARE = 0.8;
const LEAST_WINDOWS = { training: 256, validation: 64 };

/**
 * Builds windows at every `originMinutes`-th minute of the histories and splits them by time: a training window's outcomes are all known
 * by the cutoff, a validation window's lookback begins after it, so that none lies across it and the purge between the two is longer
 * than the longest horizon. Instruments share time, so the cutoff is one for all. No window, lookback to outcome, spans a gap.
 * Throws `history_too_short` when either side has too few windows.
 */
export function buildTrainingSet(histories: readonly MinuteSeries[], originMinutes: number): TrainingSet {
  const origins = histories.flatMap((series) => findOrigins(series, originMinutes)).sort((a, b) => a.asOf - b.asOf);
  const first = origins[0]?.asOf ?? 0;
  const last = origins.at(-1)?.asOf ?? 0;
  const cutoff = (first + Math.floor(((last - first) * TRAINING_SHARE) / MINUTE_MS) * MINUTE_MS) as EpochMs;
  const before = origins.filter(({ asOf }) => asOf + LONGEST_HORIZON * MINUTE_MS <= cutoff);
  const after = origins.filter(({ asOf }) => asOf - LOOKBACK_MINUTES * MINUTE_MS >= cutoff);
  if (before.length < LEAST_WINDOWS.training || after.length < LEAST_WINDOWS.validation) {
    throw new AppError(
      'history_too_short',
      `${before.length} windows to train and ${after.length} to validate on are fewer than ${LEAST_WINDOWS.training} and ${LEAST_WINDOWS.validation}`,
    );
  }
  return { cutoff, training: toWindowSet(before), validation: toWindowSet(after) };
}

/** Returns the rows whose whole window is stored, on a grid of time that is the same for every instrument. */
function findOrigins(series: MinuteSeries, originMinutes: number): Origin[] {
  const origins: Origin[] = [];
  let unbroken = 0;
  for (let row = 0; row < series.length; row++) {
    unbroken = Number.isNaN(valueAt(series.logClose, row)) ? 0 : unbroken + 1;
    const end = row - LONGEST_HORIZON;
    const asOf = series.firstOpenTime + (end + 1) * MINUTE_MS;
    if (unbroken >= HISTORY_MINUTES + LONGEST_HORIZON && asOf % (originMinutes * MINUTE_MS) === 0) origins.push({ series, end, asOf });
  }
  return origins;
}

function toWindowSet(origins: readonly Origin[]): WindowSet {
  const size = origins.length;
  const windows = new Float32Array(size * WINDOW_FLOATS);
  const sigmas = new Float32Array(size * HORIZON_MINUTES.length);
  const targets = new Float32Array(size * HORIZON_MINUTES.length);
  for (const [index, { series, end }] of origins.entries()) {
    const window = toWindow(series, end);
    if (!window) throw new AppError('window_incomplete', `row ${end} was found complete but has no window`);
    windows.set(window, index * WINDOW_FLOATS);
    const scale = toSigmas(series, end);
    sigmas.set(scale, index * HORIZON_MINUTES.length);
    targets.set(
      scale.map((sigma, h) => (valueAt(series.logClose, end + (HORIZON_MINUTES[h] ?? 0)) - valueAt(series.logClose, end)) / sigma),
      index * HORIZON_MINUTES.length,
    );
  }
  return { size, windows, sigmas, targets, asOf: Float64Array.from(origins, ({ asOf }) => asOf) };
}
