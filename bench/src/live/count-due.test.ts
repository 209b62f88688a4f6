import { type EpochMs, type Horizon, MINUTE_MS } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { countDue, type IssuedRow } from './count-due.ts';

const at = (minute: number) => (minute * MINUTE_MS) as EpochMs;

function row(minute: number, more: Partial<IssuedRow> = {}): IssuedRow {
  const scored = { isScored: false, crps: null, crpsReference: null };
  return { name: 'har-s', instrument: 1, horizon: '1h', asOf: at(minute), isOnTime: true, ...scored, ...more };
}

const rows = [
  // A first fan: the longer horizon is not due before the quarter of an hour.
  row(13),
  row(13, { horizon: '4h' as Horizon }),
  row(14),
  row(15, { isScored: true, crps: 1, crpsReference: 2 }),
  row(15, { horizon: '4h' as Horizon }),
  row(17, { isOnTime: false }),
  // Of two versions at one close one was late.
  row(18, { isOnTime: false }),
  row(18),
];

describe('countDue', () => {
  it('counts every close on the grid from the first on: on time, late, or missing', () => {
    const counts = countDue(rows, at(30), [], 'horizon');
    expect(counts.get('1h')).toEqual({ due: 18, onTime: 4, late: 1, missing: 13, byKills: 0, scored: 1, crps: 1, crpsReference: 2 });
    expect(counts.get('4h')).toMatchObject({ due: 2, onTime: 1, late: 0, missing: 1 });
  });

  it('tells which of them lie around a kill', () => {
    expect(countDue(rows, at(20), [at(17.5)], 'horizon').get('1h')).toMatchObject({ late: 1, missing: 3, byKills: 2 });
  });

  it('adds up a model’s horizons', () => {
    expect(countDue(rows, at(30), [], 'name').get('har-s')).toMatchObject({ due: 20, onTime: 5 });
  });
});
