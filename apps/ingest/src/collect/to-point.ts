import { addMs, compareDecimals, type EpochMs, type ExternalPoint, MINUTE_MS, toIso } from '@candlecast/domain';
import { sourceFailure } from './source-failure.ts';
import type { SourceReading } from './source-kind.ts';
import type { Source } from './source-kinds.ts';

const QUARTER_HOUR_MS = 15 * MINUTE_MS;
/** Clocks differ: a time this far ahead of ours is taken for now. */
const MOST_AHEAD_MS = MINUTE_MS;
/** Before the first block nothing was told that is asked for here: such a time is one in another unit. */
const FIRST_TIME = Date.UTC(2009, 0, 3);

/**
 * Returns the point that a reading is. It is known from `now`, when it was received; it is about the time that the source tells, else
 * about the quarter of an hour that has begun. Throws `value_out_of_bounds` and `time_invalid`.
 */
export function toPoint({ key, min, max }: Pick<Source, 'key' | 'min' | 'max'>, reading: SourceReading, now: EpochMs): ExternalPoint {
  const { value, eventTime } = reading;
  if (compareDecimals(value, min) < 0 || compareDecimals(value, max) > 0)
    throw sourceFailure('value_out_of_bounds', `value ${value} of ${key} is not from ${min} to ${max}`);
  if (eventTime !== null && (eventTime > addMs(now, MOST_AHEAD_MS) || eventTime < FIRST_TIME))
    throw sourceFailure('time_invalid', `the time ${describe(eventTime)} of ${key} lies in the future or before 2009`);
  const quarter = (Math.floor(now / QUARTER_HOUR_MS) * QUARTER_HOUR_MS) as EpochMs;
  return { key, eventTime: eventTime === null ? quarter : (Math.min(eventTime, now) as EpochMs), knownAt: now, value };
}

/** A number may be too large to be a time. */
function describe(time: EpochMs): string {
  return Math.abs(time) <= 8.64e15 ? toIso(time) : `${time}`;
}
