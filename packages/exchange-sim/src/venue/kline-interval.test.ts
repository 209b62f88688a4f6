import type { EpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { nextOpenTime, openTimeOf, parseKlineInterval, parseTimeZone } from './kline-interval.ts';

const at = (iso: string) => Date.parse(iso) as EpochMs;
const iso = (time: EpochMs) => new Date(time).toISOString().slice(0, 16);

describe('kline intervals', () => {
  it.each([
    ['1m', '2026-11-20T12:34', '2026-11-20T12:35'],
    ['5m', '2026-11-20T12:30', '2026-11-20T12:35'],
    ['8h', '2026-11-20T08:00', '2026-11-20T16:00'],
    ['1d', '2026-11-20T00:00', '2026-11-21T00:00'],
    ['1w', '2026-11-16T00:00', '2026-11-23T00:00'],
    ['1M', '2026-11-01T00:00', '2026-12-01T00:00'],
  ] as const)('open and end on the borders of %s', (interval, open, next) => {
    const openTime = openTimeOf(interval, at('2026-11-20T12:34:56Z'));
    expect(iso(openTime)).toBe(open);
    expect(iso(nextOpenTime(interval, openTime))).toBe(next);
    expect(openTimeOf(interval, openTime)).toBe(openTime);
    expect(openTimeOf(interval, (nextOpenTime(interval, openTime) - 1) as EpochMs)).toBe(openTime);
  });

  it('shift with the time zone', () => {
    const offset = parseTimeZone('+08:00') ?? 0;
    expect(iso(openTimeOf('1d', at('2026-11-20T12:34:00Z'), offset))).toBe('2026-11-19T16:00');
    expect(iso(openTimeOf('1M', at('2026-11-20T12:34:00Z'), offset))).toBe('2026-10-31T16:00');
    expect(iso(nextOpenTime('1M', at('2026-10-31T16:00:00Z'), offset))).toBe('2026-11-30T16:00');
  });

  it('tell the minute from the month', () => {
    expect(parseKlineInterval('1m')).toBe('1m');
    expect(parseKlineInterval('1M')).toBe('1M');
    expect(parseKlineInterval('1s')).toBe('1s');
    for (const text of ['1S', '60', '1D', '', 'toString']) expect(parseKlineInterval(text)).toBeUndefined();
  });

  it.each([
    ['0', 0],
    ['8', 8],
    ['-1:00', -1],
    ['+14:00', 14],
    ['-12', -12],
  ])('read the time zone %s', (text, hours) => {
    expect(parseTimeZone(text)).toBe(hours * 3_600_000 || 0);
  });

  it.each(['14:01', '-13', 'UTC', '', '5:60'])('refuse the time zone "%s"', (text) => {
    expect(parseTimeZone(text)).toBeUndefined();
  });
});
