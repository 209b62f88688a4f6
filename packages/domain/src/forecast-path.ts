import { type Forecast, QUANTILE_LEVELS } from './forecast.ts';
import { horizonMs } from './horizon.ts';
import { MINUTE_MS } from './time.ts';

/** A horizon of a fan, with each level's log-return divided by the root of its minutes. */
export interface PathKnot {
  readonly minutes: number;
  /** By QUANTILE_LEVELS. */
  readonly slopes: readonly number[];
}

/** Returns the knots of a fan, shortest horizon first. */
export function toPathKnots(fan: readonly Pick<Forecast, 'horizon' | 'quantiles'>[]): PathKnot[] {
  return fan.map(({ horizon, quantiles }) => {
    const minutes = horizonMs(horizon) / MINUTE_MS;
    return { minutes, slopes: quantiles.map(({ logReturn }) => logReturn / Math.sqrt(minutes)) };
  });
}

/**
 * Returns the log-return of a level, by its place in QUANTILE_LEVELS, `minute` minutes after `asOf`: between two horizons the slope is a straight line in
 * time, and before the shortest it is what it is there. Not a number beyond the longest.
 */
export function pathLogReturn(knots: readonly PathKnot[], level: number, minute: number): number {
  const next = knots.findIndex(({ minutes }) => minutes >= minute);
  const [left, right] = [knots[Math.max(0, next - 1)], knots[next]];
  if (!left || !right) return Number.NaN;
  const [from, to] = [left.slopes[level] ?? Number.NaN, right.slopes[level] ?? Number.NaN];
  const slope = left === right ? to : from + ((to - from) * (minute - left.minutes)) / (right.minutes - left.minutes);
  return slope * Math.sqrt(minute);
}

/** Shares of whole paths that joint bands are to hold. */
export const JOINT_LEVELS = [0.8, 0.9] as const;

/** By how much a model's outermost bands are to be widened for whole paths of an instrument to stay inside. */
export interface PathWidening {
  /** A UTC midnight: measured on paths that had ended by then, for forecasts from then on. */
  readonly madeAt: number;
  /** Paths that it was measured on. */
  readonly paths: number;
  /** By JOINT_LEVELS, of the half width of the 95 % band on each side of the median. */
  readonly factors: readonly number[];
}

/** How widenings are measured: on the paths of 90 days that began on the hour, looked at hour by hour for a day. */
export const WIDENING_RULE = { windowDays: 90, leastPaths: 500, hours: 24 } as const;

const MEDIAN = QUANTILE_LEVELS.indexOf(0.5);
const OUTERMOST = QUANTILE_LEVELS.length - 1;

/**
 * Returns how far a path went at its furthest, in half widths of the 95 % band on its side; `logReturns` are what came at the end of each hour. Not a number
 * where one is not known or the fan does not reach as far.
 */
export function reachOf(knots: readonly PathKnot[], logReturns: readonly number[]): number {
  let furthest = 0;
  for (const [index, logReturn] of logReturns.entries()) {
    const minute = 60 * (index + 1);
    const median = pathLogReturn(knots, MEDIAN, minute);
    const distance = logReturn - median;
    const edge = pathLogReturn(knots, distance > 0 ? OUTERMOST : 0, minute);
    const reach = distance === 0 ? 0 : Math.abs(distance) / Math.abs(edge - median);
    if (Number.isNaN(reach)) return Number.NaN;
    furthest = Math.max(furthest, reach);
  }
  return furthest;
}

/** Returns the factors by JOINT_LEVELS that would have held their share of paths that reached so far; undefined where they are too few. */
export function toWideningFactors(reaches: readonly number[]): number[] | undefined {
  const sorted = reaches.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length < WIDENING_RULE.leastPaths) return undefined;
  return JOINT_LEVELS.map((level) => sorted[Math.min(sorted.length, Math.ceil((sorted.length + 1) * level)) - 1] ?? Number.NaN);
}
