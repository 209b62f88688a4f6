/** Bounds of a full-jitter backoff, in milliseconds of this machine's time. */
export interface BackoffRange {
  readonly baseMs: number;
  readonly capMs: number;
}

/** A tenth of a second up to five seconds: for the database on the same network. */
export const DATABASE_BACKOFF: BackoffRange = { baseMs: 100, capMs: 5_000 };

/**
 * Returns how long to wait before try number `attempt` (0 is the first retry): uniformly random up to a bound that doubles with
 * each attempt and ends at the cap ("full jitter", AWS Architecture Blog 2015). `random` is in [0, 1).
 */
export function jitteredDelayMs(attempt: number, range: BackoffRange, random: number): number {
  return Math.round(random * Math.min(range.capMs, range.baseMs * 2 ** Math.min(attempt, 30)));
}
