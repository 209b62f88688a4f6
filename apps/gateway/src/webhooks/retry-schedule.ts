import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@candlecast/domain';

/** Waits after the first, second … failure, in milliseconds; the last one from then on. */
const WAITS_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  3 * HOUR_MS,
];
const JITTER = 0.2;

/** Returns how long to wait after a failure that `attempts` others preceded, in milliseconds: up to a fifth more or less, by `random` of [0, 1). */
export function retryAfterMs(attempts: number, random: number): number {
  const wait = WAITS_MS[Math.min(attempts, WAITS_MS.length - 1)] ?? 0;
  return Math.round(wait * (1 - JITTER + 2 * JITTER * random));
}
