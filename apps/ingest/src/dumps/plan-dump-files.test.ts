import { type EpochMs, parseIso, type TimeRange, toIso } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { planDailyFiles, planDumpFiles, wholeMonths } from './plan-dump-files.ts';

const at = (text: string): EpochMs => parseIso(`${text}Z`) as EpochMs;
const range = (from: string, to: string): TimeRange => ({ from: at(from), to: at(to) });
const NOW = at('2026-03-04T12:00');

describe('dump files', () => {
  it.each([
    ['2026-01-15T10:00', '2026-01-15T10:01', ['2026-01']],
    ['2025-11-30T00:00', '2026-02-01T00:00', ['2025-11', '2025-12', '2026-01']],
    ['2026-02-28T23:59', '2026-03-05T00:00', ['2026-02', '2026-03-01', '2026-03-02', '2026-03-03']],
    ['2026-03-02T06:00', '2026-03-02T07:00', ['2026-03-02']],
    ['2026-03-04T00:00', '2026-03-04T10:00', []],
    ['2024-02-29T00:00', '2024-02-29T00:00', []],
  ])('of %s to %s are %j', (from, to, periods) => {
    expect(planDumpFiles('BTCUSDT', range(from, to), NOW).map(({ period }) => period)).toEqual(periods);
  });

  it('of a month that has no monthly file yet are its days', () => {
    const month = range('2026-02-01T00:00', '2026-03-01T00:00');
    const days = planDailyFiles('BTCUSDT', month, NOW);
    expect(days).toHaveLength(28);
    expect(days[27]).toEqual({
      symbol: 'BTCUSDT',
      kind: 'daily',
      period: '2026-02-28',
      range: range('2026-02-28T00:00', '2026-03-01T00:00'),
    });
  });

  it('of a history are those of the months that are over', () => {
    const part = (from: string, to: string) => {
      const whole = wholeMonths(range(from, to), NOW);
      return whole.from < whole.to ? [toIso(whole.from), toIso(whole.to)] : [];
    };
    expect(part('2026-01-15T00:00', '2026-03-02T00:00')).toEqual(['2026-01-15T00:00:00.000Z', '2026-03-01T00:00:00.000Z']);
    expect(part('2026-01-15T00:00', '2026-01-20T00:00')).toEqual(['2026-01-15T00:00:00.000Z', '2026-01-20T00:00:00.000Z']);
    expect(part('2026-03-01T00:00', '2026-03-02T00:00')).toEqual([]);
  });
});
