import { createRandom } from '../../../apps/forecaster/src/models/random.ts';

/** One kill of a forecaster. */
export interface PlannedKill {
  /** Milliseconds after the start. */
  readonly atMs: number;
  /** Which forecaster. */
  readonly victim: number;
  /** Whether it waits for the next minute to close, so that forecasts are under way, and how long after that it strikes. */
  readonly afterCloseMs: number | undefined;
  /** How long the victim stays away. */
  readonly downMs: number;
}

/** Real minutes that one kill falls into. */
const MINUTES_A_KILL = 5;
const LEAST_KILLS = 3;
/** Issuing the forecasts of a close takes less. */
const AFTER_CLOSE_MS = 400;
const MOST_DOWN_MS = 3_000;
const QUIET_SHARE = 0.05;

/** Returns the kills of a run, always the same for a seed, in the order of time. Every second one is aimed at a close. */
export function planKills(seed: number, minutes: number, forecasters: number): PlannedKill[] {
  const random = createRandom(seed);
  const count = Math.max(LEAST_KILLS, Math.round(minutes / MINUTES_A_KILL));
  const lengthMs = minutes * 60_000;
  const times = Array.from({ length: count }, () => (QUIET_SHARE + random.uniform() * (1 - 2 * QUIET_SHARE)) * lengthMs);
  return times
    .sort((a, b) => a - b)
    .map((atMs, index) => ({
      atMs,
      victim: Math.floor(random.uniform() * forecasters),
      afterCloseMs: index % 2 === 0 ? random.uniform() * AFTER_CLOSE_MS : undefined,
      downMs: random.uniform() * MOST_DOWN_MS,
    }));
}
