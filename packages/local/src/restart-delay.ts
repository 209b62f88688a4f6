const FIRST_MS = 250;
const LONGEST_MS = 5_000;
/** An app that ran this long was well: its next end is counted as the first. */
const WELL_AFTER_MS = 60_000;

/** Counts an end of an app: `failures` ends in a row before it, after `aliveMs` of this run. */
export function countFailure(failures: number, aliveMs: number): number {
  return aliveMs >= WELL_AFTER_MS ? 1 : failures + 1;
}

/** Returns how long to wait before an app that ended `failures` times in a row is started again, in milliseconds. */
export function restartDelayMs(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
}
