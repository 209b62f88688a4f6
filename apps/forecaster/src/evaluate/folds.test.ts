import { DAY_MS, type EpochMs, toIso } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { asOfRow, buildDataSet } from '../dataset/data-set.ts';
import { barSchema } from '../features/bar-schema.ts';
import { randomBars } from '../testing/random-bars.ts';
import { WALK_START } from '../testing/random-walk.ts';
import { planFolds, toFold } from './folds.ts';

const at = (iso: string) => Date.parse(iso) as EpochMs;
const range = (from: string, to: string) => ({ from: at(from), to: at(to) });

describe('planFolds', () => {
  it.each([
    ['2023-08-01', '2024-01-01', 3, ['2023-08-01']],
    ['2022-07-01', '2023-08-01', 3, ['2022-07-01', '2022-10-01', '2023-01-01', '2023-04-01']],
    ['2022-07-01', '2023-08-01', 6, ['2022-07-01', '2023-01-01']],
    ['2022-07-01', '2023-08-01', 0, ['2022-07-01']],
  ])('makes of %s..%s in folds of %i months those that begin on %j', (from, to, months, starts) => {
    const plans = planFolds(range(from, to), at('2022-01-01'), months);
    expect(plans.map((plan) => toIso(plan.range.from).slice(0, 10))).toEqual(starts);
    expect(plans.slice(1).map((plan) => plan.range.from)).toEqual(plans.slice(0, -1).map((plan) => plan.range.to));
    expect(plans.at(-1)?.range.to).toBe(at(to));
  });

  it('refuses a range with nothing before it', () => {
    expect(() => planFolds(range('2022-01-01', '2022-02-01'), at('2022-01-01'), 3)).toThrow('after the training data');
  });
});

describe('toFold', () => {
  const set = buildDataSet(randomBars({ bars: 3_600 }), barSchema('1h'));
  const day = (days: number) => (WALK_START + days * DAY_MS) as EpochMs;
  const [plan] = planFolds({ from: day(120), to: day(140) }, day(40), 3);
  if (!plan) throw new Error('no fold');
  const { rows, test } = toFold(set, plan, day(40), ['ETHUSDT']);
  const times = (part: Uint32Array) => Array.from(part, (row) => asOfRow(set, row));

  it('lets every outcome mature a longest horizon before the next stretch begins', () => {
    expect(Math.max(...times(rows.training)) + 2 * DAY_MS).toBe(plan.validationFrom);
    expect(Math.min(...times(rows.validation))).toBe(plan.validationFrom);
    expect(Math.max(...times(rows.validation)) + 2 * DAY_MS).toBe(plan.range.from);
    expect(rows.cutoff).toBe(plan.range.from);
  });

  it('learns from all symbols and judges those that are asked for, in [from, to)', () => {
    expect(new Set(Array.from(rows.training, (row) => Math.floor(row / set.bars)))).toEqual(new Set([0, 1]));
    expect(new Set(Array.from(test, (row) => Math.floor(row / set.bars)))).toEqual(new Set([1]));
    expect(Math.min(...times(test))).toBe(plan.range.from);
    expect(Math.max(...times(test))).toBeLessThan(plan.range.to);
    expect(test).toHaveLength(20 * 24);
  });
});
