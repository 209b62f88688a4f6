import { describe, expect, it } from 'vitest';
import { ceilToInterval, floorToInterval, INTERVALS, intervalMs, parseInterval, ROLLUP_LADDER } from './interval.ts';
import type { EpochMs } from './time.ts';

const at = (iso: string) => Date.parse(iso) as EpochMs;

describe('intervals', () => {
  it.each([
    ['1m', '2023-07-31T23:59:59.999Z', '2023-07-31T23:59:00Z'],
    ['3m', '2023-07-31T23:59:59.999Z', '2023-07-31T23:57:00Z'],
    ['4h', '2023-07-31T07:59:00Z', '2023-07-31T04:00:00Z'],
    ['1d', '2023-07-31T23:59:00Z', '2023-07-31T00:00:00Z'],
    ['1w', '2023-08-06T23:59:00Z', '2023-07-31T00:00:00Z'],
    ['1w', '1999-12-31T12:00:00Z', '1999-12-27T00:00:00Z'],
  ] as const)('puts %s %s into the bucket of %s', (interval, time, open) => {
    expect(floorToInterval(at(time), interval)).toBe(at(open));
  });

  it('rounds up only when not on the grid', () => {
    expect(ceilToInterval(at('2023-07-31T00:00:00Z'), '1d')).toBe(at('2023-07-31T00:00:00Z'));
    expect(ceilToInterval(at('2023-07-31T00:00:01Z'), '1d')).toBe(at('2023-08-01T00:00:00Z'));
  });

  it.each([
    ['60', '1h'],
    ['1D', '1d'],
    ['1m', '1m'],
  ] as const)('reads %s as %s', (text, interval) => {
    expect(parseInterval(text)).toBe(interval);
  });

  it.each(['1M', '2d', '', 'toString', '1H'])('does not know "%s"', (text) => {
    expect(parseInterval(text)).toBeUndefined();
  });

  it('builds every longer interval from a finer one that divides it', () => {
    expect(ROLLUP_LADDER.map(({ interval }) => interval)).toEqual(INTERVALS.slice(1));
    for (const { interval, source } of ROLLUP_LADDER) expect(intervalMs(interval) % intervalMs(source)).toBe(0);
  });
});
