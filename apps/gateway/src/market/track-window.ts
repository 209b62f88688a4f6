import { ALL_TIME, addMs, DAY_MS, type EpochMs, toEpochMs } from '@candlecast/domain';

/** How far a track record reaches back, by the UTC days on which forecasts were scored, today included. */
export const TRACK_WINDOWS = { DAYS_7: 7, DAYS_30: 30, DAYS_90: 90, DAYS_365: 365, ALL: null } as const;
export type TrackWindow = keyof typeof TRACK_WINDOWS;

/** Returns the UTC midnight at or before `time`. */
export function floorToDay(time: EpochMs): EpochMs {
  return toEpochMs(Math.floor(time / DAY_MS) * DAY_MS);
}

/** Returns the first midnight of a window that ends at `now`. */
export function windowStart(window: TrackWindow, now: EpochMs): EpochMs {
  const days = TRACK_WINDOWS[window];
  return days === null ? ALL_TIME.from : addMs(floorToDay(now), -(days - 1) * DAY_MS);
}
