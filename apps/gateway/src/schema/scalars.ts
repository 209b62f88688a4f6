import { AppError, HORIZONS, INTERVALS, isDecimal, parseHorizon, parseInterval, parseIso, toIso } from '@candlecast/domain';
import { builder } from './builder.ts';

builder.scalarType('DateTime', {
  description: 'An instant: ISO-8601 in UTC with milliseconds, such as "2026-01-31T12:00:00.000Z". Input takes any offset.',
  serialize: (time) => toIso(time),
  parseValue: (value) => {
    const time = typeof value === 'string' ? parseIso(value) : undefined;
    if (time === undefined) throw new AppError('BAD_USER_INPUT', `${show(value)} is not an ISO-8601 time with a time zone`);
    return time;
  },
});

builder.scalarType('Date', {
  description: 'A UTC day, such as "2026-01-31".',
  serialize: (day) => toIso(day).slice(0, 10),
  parseValue: (value) => {
    const isDay = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
    const time = isDay ? parseIso(value) : undefined;
    if (time === undefined || toIso(time).slice(0, 10) !== value)
      throw new AppError('BAD_USER_INPUT', `${show(value)} is not a day as YYYY-MM-DD`);
    return time;
  },
});

builder.scalarType('Decimal', {
  description: 'An exact decimal number as text, as the exchange sent it: no exponent, trailing zeros kept.',
  serialize: (value) => value,
  parseValue: (value) => {
    if (!isDecimal(value)) throw new AppError('BAD_USER_INPUT', `${show(value)} is not a plain decimal number in quotes`);
    return value;
  },
});

builder.scalarType('Interval', {
  description: `The length of a candle: ${INTERVALS.map((interval) => `"${interval}"`).join(' ')}. Input also takes TradingView's "1", "60", "1D".`,
  serialize: (interval) => interval,
  parseValue: (value) => {
    const interval = typeof value === 'string' ? parseInterval(value) : undefined;
    if (!interval) throw new AppError('INTERVAL_UNSUPPORTED', `interval ${show(value)} is not one of ${INTERVALS.join(', ')}`);
    return interval;
  },
});

builder.scalarType('Horizon', {
  description: `How far ahead a forecast looks: ${HORIZONS.map((horizon) => `"${horizon}"`).join(' ')}.`,
  serialize: (horizon) => horizon,
  parseValue: (value) => {
    const horizon = typeof value === 'string' ? parseHorizon(value) : undefined;
    if (!horizon) throw new AppError('BAD_USER_INPUT', `horizon ${show(value)} is not one of ${HORIZONS.join(', ')}`);
    return horizon;
  },
});

builder.scalarType('Cursor', {
  description: 'A place in the event log, opaque. `after: cursor` continues with the first event after it.',
  serialize: (cursor) => cursor,
  parseValue: (value) => {
    if (typeof value !== 'string') throw new AppError('CURSOR_INVALID', `${show(value)} is not a cursor`);
    return value;
  },
});

function show(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? 'null';
}
