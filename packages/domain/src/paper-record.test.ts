import { describe, expect, it } from 'vitest';
import { type PaperDay, toNetBps, toPaperRecord } from './paper-record.ts';
import { DAY_MS, type EpochMs } from './time.ts';

const COSTS = { feeBps: 10, spreadBps: 2 };
const day = (n: number, netBps: number, values: Partial<PaperDay> = {}): PaperDay => ({
  ...{ day: (n * DAY_MS) as EpochMs, trades: 2, gains: netBps > 0 ? 2 : 0, netBps, drawdown: n / 100 },
  ...values,
});
const record = (days: readonly PaperDay[]) => toPaperRecord('1h', { first: null, days, open: 1, void: 3 });

describe('toNetBps', () => {
  it.each([
    ['BUY', Math.log(1.01), 100 - 22],
    ['BUY', Math.log(0.99), -100 - 22],
    ['SELL', Math.log(0.99), 100 - 22],
    ['SELL', 0, -22],
  ] as const)('of a %s over a log-return of %d is %d', (action, logReturn, net) => {
    expect(toNetBps(action, logReturn, COSTS)).toBeCloseTo(net, 9);
  });
});

describe('toPaperRecord', () => {
  it('adds up days, with the deepest fall of any', () => {
    expect(record([day(1, 30), day(2, -50), day(3, 8)])).toEqual({
      ...{ trades: 6, open: 1, void: 3, maxDrawdown: 0.03, verdict: 'TOO_FEW' },
      hitRate: { value: 4 / 6, lower: null, upper: null },
      meanNetBps: { value: -2, lower: null, upper: null },
      totalNetBps: { value: -12, lower: null, upper: null },
    });
  });

  it('is nothing without a trade', () => {
    expect(record([])).toMatchObject({
      trades: 0,
      hitRate: null,
      meanNetBps: null,
      totalNetBps: { value: 0 },
      maxDrawdown: 0,
      verdict: 'TOO_FEW',
    });
  });

  it.each([
    ['GAIN', 20],
    ['LOSS', -20],
    ['NEITHER', 0],
  ])('says %s where the days lie around %d', (verdict, centre) => {
    const days = Array.from({ length: 20 }, (_, n) => day(n, centre + (n % 2 === 0 ? 10 : -10) + (n % 3)));
    const made = record(days);
    expect(made.verdict).toBe(verdict);
    expect(made.totalNetBps.lower).toBeCloseTo((made.meanNetBps?.lower ?? 0) * 40, 9);
    expect(made.meanNetBps?.lower).toBeLessThan(made.meanNetBps?.upper ?? 0);
  });

  it('says nothing of thirteen days', () => {
    expect(record(Array.from({ length: 13 }, (_, n) => day(n, 20 + (n % 2)))).verdict).toBe('TOO_FEW');
  });
});
