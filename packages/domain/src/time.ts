/** An instant: milliseconds since 1970-01-01T00:00:00Z, UTC. */
export type EpochMs = number & { readonly __brand: 'EpochMs' };

/** A half-open span of time: `from` belongs to it, `to` does not. */
export interface TimeRange {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** From 1970 to the end of the year 9999: for reads of whatever there is. */
export const ALL_TIME: TimeRange = { from: 0 as EpochMs, to: 253_402_300_800_000 as EpochMs };

/** Tells what time it is. Code takes one instead of calling `Date.now()`. */
export interface Clock {
  now(): EpochMs;
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** The machine's own clock. Only `main.ts` files use it. */
export const systemClock: Clock = { now: () => Date.now() as EpochMs };

/** Returns `value` as an instant and throws a RangeError that names it when it is not a whole number of milliseconds. */
export function toEpochMs(value: number): EpochMs {
  if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is not a whole number of milliseconds`);
  return value as EpochMs;
}

/** Returns the ISO-8601 text in UTC with milliseconds. */
export function toIso(time: EpochMs): string {
  return new Date(time).toISOString();
}

/** Returns the instant of an ISO-8601 text, or undefined when it is not one with a time zone. */
export function parseIso(text: string): EpochMs | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : (time as EpochMs);
}

/** Returns `time` moved by `ms` milliseconds. */
export function addMs(time: EpochMs, ms: number): EpochMs {
  return (time + ms) as EpochMs;
}
