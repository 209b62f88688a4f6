import { DAY_MS, QUANTILE_LEVELS } from '@candlecast/domain';
import { GATE, isLocated, LONGEST_LOCATED_MS, writeEnsemble } from '../models/ensemble/combine.ts';
import { MEDIAN } from '../models/normal.ts';
import { lagOf } from './diebold-mariano.ts';

/** What members said of one symbol over one horizon, in time order, and what came. */
export interface EnsembleInput {
  /** Quantiles of the members whose spread is averaged, each [origins, levels]. */
  readonly spreads: readonly Float32Array[];
  /** Quantiles of the members whose median is averaged, each [origins, levels]. */
  readonly locations: readonly Float32Array[];
  readonly returns: Float64Array;
  /** `asOf` of the origins, upwards. */
  readonly asOf: Float64Array;
  readonly stepMs: number;
  readonly horizonBars: number;
}

/** The ensemble's quantiles, [origins, levels], and at which share of the origins its location was on. */
export interface Ensemble {
  readonly quantiles: Float32Array;
  readonly openShare: number;
}

const LEVELS = QUANTILE_LEVELS.length;

/**
 * Averages the members' quantiles around their medians, and puts the members' mean median in the middle where the gate is open: from a
 * day on when, over the last 120 to 365 days of outcomes known by then, that median missed by less than the last price did (DM z above
 * 1.28), at horizons up to six hours. Elsewhere the median is the last price exactly.
 */
export function toEnsemble(input: EnsembleInput): Ensemble {
  const { spreads, locations, returns } = input;
  const quantiles = new Float32Array(returns.length * LEVELS);
  const medians = returns.map(
    (_, index) => locations.reduce((sum, member) => sum + (member[index * LEVELS + MEDIAN] as number), 0) / locations.length,
  );
  const open = toGate(input, medians);
  returns.forEach((_, index) => {
    const location = open[index] === 1 ? (medians[index] as number) : 0;
    writeEnsemble(quantiles, spreads, index * LEVELS, location);
  });
  return { quantiles, openShare: open.reduce((sum, is) => sum + is, 0) / Math.max(1, open.length) };
}

/** 1 where the location is on. Decided once a day, by what had matured. */
function toGate({ returns, asOf, stepMs, horizonBars }: EnsembleInput, medians: Float64Array): Uint8Array {
  const open = new Uint8Array(returns.length);
  if (horizonBars * stepMs > LONGEST_LOCATED_MS) return open;
  const persistence = returns.map(Math.abs);
  const located = returns.map((logReturn, index) => Math.abs(logReturn - (medians[index] as number)));
  const lag = lagOf(horizonBars, DAY_MS / stepMs);
  let day = Number.NaN;
  let isOpen = 0;
  let matured = 0;
  let first = 0;
  asOf.forEach((time, index) => {
    if (Math.floor(time / DAY_MS) !== day) {
      day = Math.floor(time / DAY_MS);
      while (matured < index && (asOf[matured] as number) + horizonBars * stepMs <= time) matured += 1;
      while ((asOf[first] as number) < time - GATE.mostDays * DAY_MS) first += 1;
      const lengthMs = time - (asOf[first] as number);
      isOpen = isLocated(persistence.subarray(first, matured), located.subarray(first, matured), lengthMs, lag, horizonBars) ? 1 : 0;
    }
    open[index] = isOpen;
  });
  return open;
}
