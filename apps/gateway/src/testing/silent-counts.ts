import type { FanoutCounts } from '../live/room.ts';

/** Counts nothing. */
export const silentCounts: FanoutCounts = {
  executed: () => undefined,
  delivered: () => undefined,
  conflated: () => undefined,
  dropped: () => undefined,
  fellBehind: () => undefined,
};
