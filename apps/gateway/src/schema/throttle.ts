import { AppError } from '@candlecast/domain';

/** Least milliseconds between two latest-only updates of one key when the client does not say. */
export const DEFAULT_THROTTLE_MS = 250;
const MAX_THROTTLE_MS = 60_000;

/** Returns the throttle asked for, in milliseconds; `BAD_USER_INPUT` outside 0 to 60,000. */
export function toThrottleMs(asked: number | null | undefined): number {
  const throttleMs = asked ?? DEFAULT_THROTTLE_MS;
  if (throttleMs < 0 || throttleMs > MAX_THROTTLE_MS) {
    throw new AppError('BAD_USER_INPUT', `throttleMs is ${throttleMs}, it must be 0 to ${MAX_THROTTLE_MS}`);
  }
  return throttleMs;
}
