import { type EpochMs, toIso } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { coverageOverTime, recordMoments, skillOverTime } from './record-over-time.ts';

const at = (iso: string) => Date.parse(iso) as EpochMs;

function record(n: number, skill: number, share: number) {
  const coverage = [{ level: 0.9, share, lower: null, upper: null }];
  return { n, skill: { value: skill, lower: null, upper: null }, coverage } as never;
}

describe('a record over time', () => {
  it('is looked at a day apart, up to the last whole hour', () => {
    const moments = recordMoments(at('2022-01-20T12:34:56Z')).map(toIso);
    expect(moments).toHaveLength(14);
    expect([moments[0], moments[12], moments[13]]).toEqual([
      '2022-01-07T12:00:00.000Z',
      '2022-01-19T12:00:00.000Z',
      '2022-01-20T12:00:00.000Z',
    ]);
  });

  it('says nothing of a moment at which too few had been resolved', () => {
    const records = [
      { at: at('2022-01-01T00:00:00Z'), record: undefined },
      { at: at('2022-01-02T00:00:00Z'), record: record(29, 0.5, 1) },
      { at: at('2022-01-03T00:00:00Z'), record: record(30, -0.1, 0.88) },
    ];
    expect(skillOverTime(records, 30).map(({ value }) => value)).toEqual([-0.1]);
    expect(coverageOverTime(records, 0.9, 30).map(({ value }) => value)).toEqual([0.88]);
    expect(coverageOverTime(records, 0.5, 30)).toEqual([]);
  });
});
