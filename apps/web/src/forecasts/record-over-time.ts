import { addMs, DAY_MS, type EpochMs, HOUR_MS } from '@candlecast/domain';
import type { RecordFields } from '../graphql/documents/forecasts.ts';

/** How many moments of the past are compared, a day apart. */
const MOMENTS = 14;

/** A record as it stood at a moment; undefined where there was none. */
export interface RecordAt {
  readonly at: EpochMs;
  readonly record: RecordFields | undefined;
}

/** Returns the moments at which a record is looked at, oldest first: whole hours a day apart, the last one before `now`. */
export function recordMoments(now: EpochMs): readonly EpochMs[] {
  const last = addMs(now, -(now % HOUR_MS));
  return Array.from({ length: MOMENTS }, (_, index) => addMs(last, -(MOMENTS - 1 - index) * DAY_MS));
}

/** A value with its interval at a moment. */
export interface TimedEstimate {
  readonly at: EpochMs;
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** Returns the skill at each moment at which enough had been resolved, oldest first. */
export function skillOverTime(records: readonly RecordAt[], enough: number): readonly TimedEstimate[] {
  return records.flatMap(({ at, record }) => {
    const skill = record && record.n >= enough ? record.skill : null;
    return skill ? [{ at, value: skill.value, lower: skill.lower, upper: skill.upper }] : [];
  });
}

/** Returns how often the band of `level` held the price, at each moment at which enough had been resolved, oldest first. */
export function coverageOverTime(records: readonly RecordAt[], level: number, enough: number): readonly TimedEstimate[] {
  return records.flatMap(({ at, record }) => {
    const row = record && record.n >= enough ? record.coverage.find((coverage) => Math.abs(coverage.level - level) < 1e-9) : undefined;
    return row ? [{ at, value: row.share, lower: row.lower, upper: row.upper }] : [];
  });
}
