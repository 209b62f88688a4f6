import { DAY_MS, type EpochMs, MINUTE_MS } from '@candlecast/domain';

export const DAY_MINUTES = 1_440;

/** The first day of the simulated world, 2017-01-01: every random walk starts here. Days are counted from 1970-01-01. */
export const GENESIS_DAY = 17_167;

/** Returns the UTC day, counted from 1970-01-01, that contains `time`. */
export function dayOf(time: EpochMs): number {
  return Math.floor(time / DAY_MS);
}

/** Returns the minute of the day, 0 to 1,439, that contains `time`. */
export function minuteOfDay(time: EpochMs): number {
  return Math.floor((time % DAY_MS) / MINUTE_MS);
}

/** Returns the start of a minute of a day; minute 1,440 is the next midnight. */
export function minuteStart(day: number, minute: number): EpochMs {
  return (day * DAY_MS + minute * MINUTE_MS) as EpochMs;
}
