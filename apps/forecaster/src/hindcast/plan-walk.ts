import { addMs, DAY_MS, type EpochMs, type HindcastWalk, HOUR_MS, isDueAt, MINUTE_MS, type TimeRange, toEpochMs } from '@candlecast/domain';
import { HINDCAST_SCHEMA } from './hindcast-schema.ts';

/** The moments at which hindcasts are made: every full hour, or whenever forecasts of a default instrument are due. */
export type WalkGrid = 'hours' | 'minutes';

/** A stretch of the past that one model walks. */
export interface WalkLeg {
  readonly grid: WalkGrid;
  /** The model has seen no candle that closed later. */
  readonly trainedThrough: EpochMs;
  /** Of `asOf`; begins after `trainedThrough`. */
  readonly range: TimeRange;
}

/** What the daily job walks: two months give the season its twelve weeks, nearly; a week of every minute is 220 bytes a minute and instrument. */
export const WALK_PLAN = { leastDays: 60, minuteDays: 7 } as const;

/** Of what legs are planned. */
export interface WalkWish {
  /** Open time of the oldest candle, close time of the newest. */
  readonly history: TimeRange;
  /** Up to here hindcasts are wanted. */
  readonly until: EpochMs;
  /** A model needs so many days of history before it. */
  readonly leastDays: number;
  /** The newest days that are walked at every due time; 0 for none. */
  readonly minuteDays: number;
  readonly walks: readonly HindcastWalk[];
}

/**
 * Returns what is left to be walked, newest month first, hours before minutes. Every calendar month has a model of its own, whose training ends one bar
 * before the month begins, so that it lies before everything the model says.
 */
export function planWalk({ history, until, leastDays, minuteDays, walks }: WalkWish): WalkLeg[] {
  const end = toEpochMs(Math.min(until, history.to) + 1);
  const months: TimeRange[] = [];
  for (let from = monthOf(addMs(history.from, leastDays * DAY_MS), 1); from < end; from = monthOf(from, 1))
    months.unshift({ from, to: toEpochMs(Math.min(monthOf(from, 1), end)) });
  const legsOf = (grid: WalkGrid, since: EpochMs) =>
    months.flatMap(({ from, to }) => {
      const trainedThrough = addMs(from, -HINDCAST_SCHEMA.stepMs);
      const walked = walks.find((walk) => walk.grid === grid && walk.trainedThrough === trainedThrough)?.walkedUntil ?? from;
      const range = { from: toEpochMs(Math.max(from, since, walked)), to };
      return momentsOf(grid, range).next().done ? [] : [{ grid, trainedThrough, range }];
    });
  const newest = toEpochMs(Math.max(0, end - minuteDays * DAY_MS));
  return [...legsOf('hours', history.from), ...(minuteDays > 0 ? legsOf('minutes', newest) : [])];
}

/** Gives the moments of a grid in a range, in order. */
export function* momentsOf(grid: WalkGrid, { from, to }: TimeRange): Generator<EpochMs, void, undefined> {
  const step = grid === 'hours' ? HOUR_MS : MINUTE_MS;
  for (let asOf = toEpochMs(Math.ceil(from / step) * step); asOf < to; asOf = addMs(asOf, step))
    if (HINDCAST_SCHEMA.horizons.some((horizon) => isDueAt(horizon, asOf))) yield asOf;
}

/** Returns the first moment of the calendar month that is `later` months after that of `time`. */
function monthOf(time: EpochMs, later: number): EpochMs {
  const date = new Date(time);
  return toEpochMs(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later, 1));
}
