import {
  ALL_TIME,
  AppError,
  type EpochMs,
  INTERVALS,
  type Interval,
  parseInterval,
  parseIso,
  SECOND_MS,
  toEpochMs,
} from '@candlecast/domain';

/** Returns a parameter that must be there; `BAD_USER_INPUT` when it is not. */
export function loadText(parameters: URLSearchParams, name: string): string {
  const text = parameters.get(name);
  if (text === null || text === '') throw new AppError('BAD_USER_INPUT', `the parameter ${name} is missing`);
  return text;
}

/** Returns a whole number of at least `least` and at most `most`; undefined when the parameter is absent. `BAD_USER_INPUT` for anything else. */
export function findInteger(parameters: URLSearchParams, name: string, least: number, most: number): number | undefined {
  const text = parameters.get(name);
  if (text === null || text === '') return undefined;
  const value = /^-?\d{1,15}$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new AppError('BAD_USER_INPUT', `${name} is "${text.slice(0, 40)}", it must be a whole number from ${least} to ${most}`);
  return value;
}

/** Returns an instant given in unix seconds; undefined when the parameter is absent. `BAD_USER_INPUT` outside of 1970 to 9999. */
export function findUnixTime(parameters: URLSearchParams, name: string): EpochMs | undefined {
  const seconds = findInteger(parameters, name, 0, ALL_TIME.to / SECOND_MS);
  return seconds === undefined ? undefined : toEpochMs(seconds * SECOND_MS);
}

/** Returns an instant given in ISO-8601; undefined when the parameter is absent. `BAD_USER_INPUT` for anything else. */
export function findIsoTime(parameters: URLSearchParams, name: string): EpochMs | undefined {
  const text = parameters.get(name);
  if (text === null || text === '') return undefined;
  // A plus sign that was not escaped arrives as a space.
  const time = parseIso(text.replace(' ', '+'));
  if (time === undefined || time < ALL_TIME.from || time > ALL_TIME.to)
    throw new AppError('BAD_USER_INPUT', `${name} is "${text.slice(0, 40)}", it must be an ISO-8601 time with a time zone`);
  return time;
}

/** Returns the interval that a parameter names, in our words or TradingView's; `INTERVAL_UNSUPPORTED` for any other. */
export function loadInterval(parameters: URLSearchParams, name: string): Interval {
  const text = loadText(parameters, name);
  const interval = parseInterval(text);
  if (!interval) throw new AppError('INTERVAL_UNSUPPORTED', `${name} "${text.slice(0, 40)}" is not one of ${INTERVALS.join(', ')}`);
  return interval;
}
