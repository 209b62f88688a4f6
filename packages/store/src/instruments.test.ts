import { DAY_MS, type InstrumentId, type ListedInstrument, toDecimal, toEpochMs } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInstrumentReader } from './instrument-reader.ts';
import { candlesBetween, minute, openTestStore, type TestStore } from './testing/test-store.ts';

let store: TestStore;
let reader: ReturnType<typeof createInstrumentReader>;

beforeAll(async () => {
  store = await openTestStore();
  reader = createInstrumentReader(store.db);
});
afterAll(() => store.close());

const BTC: ListedInstrument = {
  id: 'BINANCE:BTCUSDT' as InstrumentId,
  venue: 'BINANCE',
  symbol: 'BTCUSDT',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  tickSize: toDecimal('0.01000000'),
  stepSize: null,
};

describe('instruments', () => {
  it('are listed as REQUESTED, with sizes as the exchange wrote them', async () => {
    await store.instruments.upsertInstruments([BTC]);
    expect(await reader.findInstrument(BTC.id)).toEqual({
      ...BTC,
      state: 'REQUESTED',
      stateReason: null,
      firstOpenTime: null,
      watermark: null,
      liveSince: null,
    });
    expect(await reader.findInstrument('SIM:BTCUSDT' as InstrumentId)).toBeUndefined();
  });

  it('take new rules and keep their state', async () => {
    await store.instruments.upsertInstruments([BTC]);
    await store.instruments.setState(BTC.id, 'FAILED', 'the exchange refused');
    const eth: ListedInstrument = { ...BTC, id: 'BINANCE:ETHUSDT' as InstrumentId, symbol: 'ETHUSDT', baseAsset: 'ETH' };
    await store.instruments.upsertInstruments([eth, { ...BTC, tickSize: toDecimal('0.1') }]);
    const found = await reader.findInstruments('BINANCE');
    expect(found.map(({ symbol, state, stateReason, tickSize }) => [symbol, state, stateReason, tickSize])).toEqual([
      ['BTCUSDT', 'FAILED', 'the exchange refused', '0.1'],
      ['ETHUSDT', 'REQUESTED', null, '0.01000000'],
    ]);
    expect(await reader.findInstruments('REPLAY')).toEqual([]);
  });

  it('cannot change state before they are listed', async () => {
    await expect(store.instruments.setState('SIM:NOPE' as InstrumentId, 'LIVE', null)).rejects.toMatchObject({
      code: 'instrument_unknown',
    });
  });

  it('are as fresh as their newest candle, with the gaps that are still open', async () => {
    const [id, empty] = [await store.list(), await store.list()];
    await store.writer.startLive(id, minute(0));
    await store.writer.commitClosed([{ instrumentId: id, candles: candlesBetween(0, 3) }], minute(3));
    await store.writer.commitClosed([{ instrumentId: id, candles: candlesBetween(4, 5) }], minute(5));
    await store.writer.recordGap(id, { from: minute(3), to: minute(4) }, 'PENDING', minute(6));
    await store.writer.recordGap(id, { from: minute(-9), to: minute(-5) }, 'BEFORE_LISTING', minute(6));
    expect(await reader.findFreshness([empty, id])).toEqual([
      { instrumentId: empty, watermark: null, lastKnownAt: null, openGaps: 0 },
      { instrumentId: id, watermark: minute(2), lastKnownAt: minute(5), openGaps: 1 },
    ]);
  });
});

describe('venue clocks', () => {
  it('are found as saved; the one that was saved last is the running venue', async () => {
    expect(await reader.findClock('SIM')).toBeUndefined();
    const clock = { venue: 'SIM', wallTime: toEpochMs(1_700_000_000_123), anchorTime: minute(7), speed: 60.5 } as const;
    await store.instruments.saveClock(clock);
    await store.instruments.saveClock({ ...clock, venue: 'REPLAY' });
    expect(await reader.findRunningVenue()).toBe('REPLAY');
    await store.instruments.saveClock({ ...clock, speed: 1 });
    expect(await reader.findRunningVenue()).toBe('SIM');
    expect(await reader.findClock('SIM')).toEqual({ ...clock, speed: 1 });
    expect(await reader.findClock('REPLAY')).toEqual({ ...clock, venue: 'REPLAY' });
  });

  it('tell the venue time in SQL: anchored, at their speed, in whole milliseconds', async () => {
    const wall = await databaseTime();
    await store.instruments.saveClock({ venue: 'SIM', wallTime: toEpochMs(wall - DAY_MS), anchorTime: minute(0), speed: 30 });
    const [row] = await store.sql<{ time: number; restUs: number }>(
      `select time, extract(microseconds from time)::integer % 1000 as "restUs" from venue_now('SIM') as time`,
    );
    const elapsedMs = (await databaseTime()) - wall;
    expect(row?.time).toBeGreaterThanOrEqual(minute(0) + DAY_MS * 30);
    expect(row?.time).toBeLessThanOrEqual(minute(0) + (DAY_MS + elapsedMs + 1) * 30);
    expect(row?.restUs).toBe(0);
    await eventually(async () => {
      const [later] = await store.sql<{ time: number }>(`select venue_now('SIM') as time`);
      expect(later?.time).toBeGreaterThan(row?.time ?? Number.NaN);
    });
  });

  async function databaseTime(): Promise<number> {
    const [row] = await store.sql<{ now: number }>('select clock_timestamp() as now');
    return row?.now ?? Number.NaN;
  }
});
