import { describe, expect, it } from 'vitest';
import { filterQuery, parseHistoryFilter, withOutcome } from './history-filter.ts';

const parse = (query: string) => {
  const values = new URLSearchParams(query);
  return parseHistoryFilter((name) => values.get(name) ?? undefined);
};

describe('the filter of the history', () => {
  it('is read from the address, and written to it again', () => {
    const { filter, problems } = parse('symbol=btcusdt&horizon=4h&outcome=miss&from=2022-01-03T01:00&to=2022-01-04T00:00:00Z&before=abc_-');
    expect(problems).toEqual([]);
    expect(filter).toMatchObject({ symbol: 'BTCUSDT', horizon: '4h', outcome: 'miss', before: 'abc_-' });
    expect(parse(filterQuery(filter))).toEqual({ filter, problems: [] });
  });

  it('has the next hour where nothing is said', () => {
    expect(parse('').filter).toMatchObject({ horizon: '1h', symbol: undefined, outcome: undefined });
  });

  it.each([
    ['horizon=3h', 'horizon "3h" is not one of 30m, 1h'],
    ['outcome=win', 'outcome "win" is not one of waiting, void, hit'],
    ['from=soon', 'from "soon" is not a date and time'],
    ['symbol=%3Cscript%3E', 'symbol "<script>" is not a pair'],
    ['from=2022-01-04&to=2022-01-03', 'does not lie before to'],
  ])('tells of %s what is wrong with it', (query, problem) => {
    expect(parse(query).problems).toEqual([expect.stringContaining(problem)]);
  });

  it('keeps what came to the wanted outcome', () => {
    const waiting = { id: 1, resolution: null };
    const hit = { id: 2, resolution: { hit: true, voidReason: null, isReference: false } };
    expect(withOutcome([waiting, hit], 'hit')).toEqual([hit]);
    expect(withOutcome([waiting, hit], undefined)).toHaveLength(2);
  });
});
