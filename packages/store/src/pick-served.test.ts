import { addMs, type Horizon, MINUTE_MS, toEpochMs, toInstrumentId } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { pickServed } from './pick-served.ts';

const MODELS = new Map([
  [1, { name: 'ewma', kind: 'BASELINE' }],
  [2, { name: 'lstm', kind: 'LSTM' }],
  [3, { name: 'other', kind: 'LSTM' }],
  [4, { name: 'lstm', kind: 'LSTM' }],
] as const);

const rowsOf = (...ids: number[]) =>
  ids.map((modelId) => ({
    forecast: { instrumentId: toInstrumentId('SIM', 'A'), horizon: '1h' as Horizon, asOf: toEpochMs(0), modelId },
  }));
const pick = (ids: number[], champion?: string) =>
  pickServed(rowsOf(...ids), MODELS, new Map<Horizon, string>(champion === undefined ? [] : [['1h', champion]])).map(
    ({ forecast }) => forecast.modelId,
  );

describe('the forecast that is shown first', () => {
  it.each([
    [[1, 2], undefined, [2]],
    [[4, 2, 3, 1], undefined, [4]],
    [[1, 2, 3, 4], 'other', [3]],
    [[1, 2, 4], 'lstm', [4]],
    [[1, 2], 'other', [1]],
    [[2], 'other', []],
  ])('of %j with the champion %s is %j', (ids, champion, picked) => {
    expect(pick(ids, champion)).toEqual(picked);
  });

  it('is one for each close', () => {
    const later = rowsOf(2).map(({ forecast }) => ({ forecast: { ...forecast, asOf: addMs(forecast.asOf, MINUTE_MS) } }));
    expect(pickServed([...rowsOf(1), ...later], MODELS, new Map())).toHaveLength(2);
  });
});
