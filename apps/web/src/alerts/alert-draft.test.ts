import { describe, expect, it } from 'vitest';
import { type AlertDraft, EMPTY_DRAFT, parseDraft } from './alert-draft.ts';

const parse = (draft: Partial<AlertDraft>) => parseDraft('SIM:BTCUSDT', { ...EMPTY_DRAFT, ...draft });

describe('a rule as it is filled in', () => {
  it.each<[Partial<AlertDraft>, object]>([
    [{ rule: 'priceLevel', level: ' 91000.50 ', direction: 'UP' }, { priceLevel: { level: '91000.50', direction: 'UP' } }],
    [{ rule: 'priceMove' }, { priceMove: { percent: '1', windowMinutes: 15, direction: 'EITHER' } }],
    [
      { rule: 'priceMove', percent: '0.01' },
      { priceMove: { percent: '0.01', windowMinutes: 15, direction: 'EITHER', rearm: '0.00500000' } },
    ],
    [{ rule: 'averageCross' }, { averageCross: { interval: '5m', fast: 12, slow: 26, direction: 'EITHER' } }],
    [{ rule: 'rsiLevel', level: '70' }, { rsiLevel: { interval: '5m', level: '70', direction: 'EITHER' } }],
    [{ rule: 'forecastFlip' }, { forecastFlip: { horizon: '1h', direction: 'EITHER' } }],
    [{ rule: 'staleData' }, { staleData: { interval: '5m', intervals: 3 } }],
  ])('%j is what the API is asked for', (draft, rule) => {
    expect(parse(draft)).toEqual({ ok: true, input: { symbol: 'SIM:BTCUSDT', rule, note: null, once: false, cooldownMs: 0 } });
  });

  it.each<[Partial<AlertDraft>, string]>([
    [{ level: '' }, 'level "" is not a number above 0'],
    [{ level: '-5' }, 'level "-5" is not a number above 0'],
    [{ level: '0.00' }, 'level "0.00" is not a number above 0'],
    [{ rule: 'priceMove', windowMinutes: '1441' }, 'minutes "1441" is not a whole number from 1 to 1440'],
    [{ rule: 'averageCross', fast: '26', slow: '26' }, 'slow "26" is not a whole number from 27 to 200'],
    [{ rule: 'averageCross', interval: '7m' }, 'interval "7m" is not one of 1m'],
    [{ rule: 'forecastFlip', horizon: '3h' }, 'horizon "3h" is not one of 30m'],
    [{ level: '1', note: 'x'.repeat(201) }, 'the note has 201 letters, more than 200'],
  ])('%j is refused by name', (draft, problem) => {
    expect(parse(draft)).toEqual({ ok: false, problem: expect.stringContaining(problem) });
  });
});
