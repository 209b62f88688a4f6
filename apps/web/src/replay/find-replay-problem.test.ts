import type { EpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { findReplayProblem } from './find-replay-problem.ts';

const at = (iso: string) => Date.parse(iso) as EpochMs;
const PRESENT = at('2022-01-03T12:00:00Z');
const FIRST = ['2022-01-01T00:00:00Z', null, '2022-01-02T00:00:00Z'];

describe('a moment to replay from', () => {
  it.each([
    ['2022-01-01T00:00:00Z', undefined],
    ['2022-01-03T12:00:00Z', 'does not lie before the venue'],
    ['2021-12-31T23:59:00Z', 'lies before the first candle, 2022-01-01T00:00:00.000Z'],
  ])('%s: %s', (moment, problem) => {
    const found = findReplayProblem(at(moment), PRESENT, FIRST);
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  });

  it('is none without candles', () => {
    expect(findReplayProblem(at('2022-01-01T00:00:00Z'), undefined, [])).toContain('no candles yet');
    expect(findReplayProblem(at('2022-01-01T00:00:00Z'), PRESENT, [null])).toContain('before the first candle');
  });
});
