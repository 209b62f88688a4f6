import { DAY_MS, HOUR_MS, QUANTILE_LEVELS } from '@candlecast/domain';
import { dieboldMariano } from '../../evaluate/diebold-mariano.ts';
import { MEDIAN } from '../normal.ts';

/** From here on the last price was never beaten: the gate stays shut. */
export const LONGEST_LOCATED_MS = 6 * HOUR_MS;

/** Days of outcomes that the gate looks back on, at least and at most, and what their statistic must exceed. */
export const GATE = { leastDays: 120, mostDays: 365, z: 1.28 } as const;

const LEVELS = QUANTILE_LEVELS.length;

/** Writes `location` plus the mean distance of the members' quantiles from their medians; the nine quantiles begin at `at` in every array. */
export function writeEnsemble(
  out: Float32Array | Float64Array,
  members: readonly (Float32Array | Float64Array)[],
  at: number,
  location: number,
): void {
  for (let level = 0; level < LEVELS; level++) {
    let sum = 0;
    for (const member of members) sum += (member[at + level] as number) - (member[at + MEDIAN] as number);
    out[at + level] = location + sum / members.length;
  }
}

/**
 * Tells whether the members' mean median is to be believed: over at least 120 days of outcomes, `lengthMs` in all, it missed by less than the last
 * price did (Diebold and Mariano's z above 1.28). Errors are in the order of time, `lag` and `horizonBars` in their steps.
 */
export function isLocated(naive: Float64Array, located: Float64Array, lengthMs: number, lag: number, horizonBars: number): boolean {
  return lengthMs >= GATE.leastDays * DAY_MS && dieboldMariano(naive, located, lag, horizonBars).z > GATE.z;
}
