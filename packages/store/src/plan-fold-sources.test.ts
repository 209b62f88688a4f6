import { addMs, DAY_MS, type EpochMs, HOUR_MS, type Interval } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { planFoldSources, type Unsettled } from './plan-fold-sources.ts';
import { MONDAY } from './testing/test-store.ts';

/** Hours after Monday 00:00. */
const hour = (count: number): EpochMs => addMs(MONDAY, count * HOUR_MS);
const candle = (interval: Interval, at: number) => ({ interval, openTime: hour(at) });
const unsettled = (level: Unsettled['level'], from: number, to: number): Unsettled => ({
  level,
  first: hour(from),
  last: addMs(hour(to), -1),
});

/** Sources as "name from-to", hours of a settled day in brackets. */
function brief(...parameters: Parameters<typeof planFoldSources>): string[] {
  return planFoldSources(...parameters).map(({ source, from, to, isInDay }) => {
    const text = `${source} ${(from - MONDAY) / HOUR_MS}-${(to - MONDAY) / HOUR_MS}`;
    return isInDay ? `(${text})` : text;
  });
}

describe('planFoldSources', () => {
  it('takes days, then hours, then minutes at the end of a week', () => {
    const ends = [candle('1h', 167), candle('2h', 166), candle('12h', 156), candle('1d', 144), candle('1w', 0)];
    const live = [unsettled('1h', 166, 168), unsettled('1d', 120, 168)];
    expect(brief(ends, live, [])).toEqual(['1d 0-120', '1h 120-166', '1m 166-168']);
  });

  it('takes minutes alone where nothing is settled', () => {
    expect(brief([candle('1d', 0)], [unsettled('1h', 0, 200), unsettled('1d', 0, 200)], [])).toEqual(['1m 0-24']);
  });

  it('takes the minutes of hours that have changed, and the hours of their days', () => {
    const changed = [addMs(hour(30), 61_000), addMs(hour(30), 62_000)];
    expect(brief([candle('1w', 0)], [], changed)).toEqual(['1d 0-24', '1d 48-168', '1h 24-30', '1h 31-48', '1m 30-31']);
    expect(brief([candle('1w', 0)], [unsettled('1h', 40, 41), unsettled('1d', 40, 41)], [])).toEqual([
      '1d 0-24',
      '1d 48-168',
      '1h 24-40',
      '1h 41-48',
      '1m 40-41',
    ]);
  });

  it('takes hours of settled days for candles that a day is too long for', () => {
    expect(brief([candle('4h', 8), candle('1d', 0)], [], [])).toEqual(['1d 0-24', '(1h 8-12)']);
    expect(brief([candle('4h', 8)], [], [])).toEqual(['1h 8-12']);
  });

  it('looks at the candles alone, however far they lie apart', () => {
    const years = (3 * 364 * DAY_MS) / HOUR_MS;
    expect(brief([candle('2h', 0), candle('2h', years)], [unsettled('1h', 50, 60)], [])).toEqual(['1h 0-2', `1h ${years}-${years + 2}`]);
  });
});
