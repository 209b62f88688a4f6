import { type EpochMs, toIso } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { gridBegin, toHistoryGrid } from './history-grid.ts';

const at = (iso: string) => Date.parse(iso) as EpochMs;
const NOW = at('2022-01-03T12:07:30Z');
const said = (id: string, horizon: string, asOf: string, pUp = 0.6) => ({ id, horizon, asOf, pUp, resolution: null });

describe('the history grid', () => {
  it('has a row for every quarter of the last three hours, the newest first', () => {
    const rows = toHistoryGrid([], NOW).map(({ asOf }) => toIso(asOf));
    expect(rows).toHaveLength(12);
    expect([rows[0], rows.at(-1)]).toEqual(['2022-01-03T12:00:00.000Z', '2022-01-03T09:15:00.000Z']);
    expect(toIso(gridBegin(NOW))).toBe(rows.at(-1));
  });

  it('holds what was said at that moment, and nothing of the minutes between', () => {
    const [first, second] = toHistoryGrid(
      [
        said('a', '1h', '2022-01-03T12:00:00.000Z'),
        said('b', '1h', '2022-01-03T11:46:00Z'),
        said('c', '12h', '2022-01-03T11:45:00Z', 0.5),
        said('d', '24h', '2022-01-03T11:45:00Z'),
      ],
      NOW,
    );
    expect(first?.cells['1h']).toEqual({ id: 'a', call: 'UP', pUp: 0.6, outcome: 'waiting' });
    expect(second?.cells['1h']).toBeUndefined();
    expect(second?.cells['12h']).toMatchObject({ id: 'c', call: 'NO CALL' });
  });

  it('says what came true', () => {
    const resolution = { hit: false, voidReason: null, isReference: false } as never;
    const [row] = toHistoryGrid([{ ...said('a', '30m', '2022-01-03T12:00:00Z'), resolution }], NOW);
    expect(row?.cells['30m']?.outcome).toBe('miss');
  });
});
