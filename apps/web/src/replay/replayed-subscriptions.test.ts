import { describe, expect, it } from 'vitest';
import { operationNameOf } from './derive-documents.ts';
import { toPageResults, toReplayed } from './replayed-subscriptions.ts';

const CLOCK = { replayFrom: '2022-01-03T12:00:00.000Z', speed: 60, anchoredAt: '2026-01-01T00:00:00.000Z' };

describe('a subscription in a replay', () => {
  it.each(['Candles', 'Prices', 'Forecasts', 'FeedStatus', 'ForecastEvents', 'NextHourEvents', 'TopOfBook', 'Trades'])(
    '%s runs with the clock, and without a cursor of the live stream',
    (name) => {
      const replayed = toReplayed(name, { symbol: 'SIM:A', after: 'live' }, CLOCK);
      expect(replayed && operationNameOf(replayed.document)).toBe(`Replayed${name}`);
      expect(replayed?.variables).toMatchObject({ symbol: 'SIM:A', clock: CLOCK });
      expect(replayed?.variables).not.toHaveProperty('after');
      expect('snapshot' in (replayed?.variables ?? {})).toBe(name === 'Candles');
    },
  );

  it('is not run when it has no past', () => {
    expect(toReplayed('AlertFired', {}, CLOCK)).toBeUndefined();
  });

  it('brings a snapshot candle by candle, and everything else as it is', () => {
    const candles = [
      { openTime: 'a', isClosed: true },
      { openTime: 'b', isClosed: false },
    ];
    const parts = toPageResults({ data: { candles: { __typename: 'CandleSnapshot', symbol: 'SIM:A', candles } } });
    expect(parts.map(({ data }) => data.candles)).toEqual([
      { __typename: 'CandleClosed', symbol: 'SIM:A', candle: candles[0] },
      { __typename: 'CandleUpdate', symbol: 'SIM:A', candle: candles[1] },
    ]);
    const other = { data: { candles: { __typename: 'StreamHeartbeat', cursor: 'c' } } };
    expect(toPageResults(other)).toEqual([other]);
    expect(toPageResults({ data: null })).toEqual([{ data: null }]);
  });
});
