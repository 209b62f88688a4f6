import { addMs, type EpochMs, type InstrumentId, type KnownQuery, MINUTE_MS, type ReplayReader } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReplayReader } from './replay-reader.ts';
import { candleAt, candlesBetween, minute, openTestStore, type TestStore } from './testing/test-store.ts';

const HOUR = 60;
let store: TestStore;
let reader: ReplayReader;

beforeAll(async () => {
  store = await openTestStore();
  reader = createReplayReader(store.db);
});
afterAll(() => store.close());

async function listLive(): Promise<InstrumentId> {
  const id = await store.list();
  await store.writer.startLive(id, minute(0));
  return id;
}

const commit = (id: InstrumentId, from: number, to: number, knownAt: EpochMs, tradeCount = 10) =>
  store.writer.commitClosed(
    [{ instrumentId: id, candles: candlesBetween(from, to).map((candle) => ({ ...candle, tradeCount })) }],
    knownAt,
  );

async function minutesOf(ids: readonly InstrumentId[], query: Partial<KnownQuery> = {}) {
  const from = { time: minute(-10_000), key: '' };
  const known = await reader.findKnownMinutes({ instrumentIds: ids, after: from, until: minute(100_000), limit: 10_000, ...query });
  return known.map(({ time, candle }) => `${(time - minute(0)) / 1_000} ${(candle.openTime - minute(0)) / MINUTE_MS} r${candle.revision}`);
}

describe('what became known', () => {
  it('is each version of a minute when it became known, never before its close', async () => {
    const id = await listLive();
    await commit(id, 0, 2, addMs(minute(2), 500));
    await commit(id, 2, 3, addMs(minute(2), 500)); // a clock that is behind
    await commit(id, 1, 2, addMs(minute(5), 0), 20);
    await commit(id, 1, 2, addMs(minute(7), 0), 30);
    expect(await minutesOf([id])).toEqual(['120.5 0 r0', '120.5 1 r0', '180 2 r0', '300 1 r1', '420 1 r2']);
  });

  it('is history at its close, in the version of today', async () => {
    const id = await listLive();
    await store.writer.commitHistory({ instrumentId: id, candles: candlesBetween(-3, 0) }, minute(50));
    expect(await minutesOf([id])).toEqual(['-120 -3 r0', '-60 -2 r0', '0 -1 r0']);
  });

  it('is read page by page without a hole, also within one moment and across instruments', async () => {
    const ids = [await listLive(), await listLive()];
    for (const id of ids) await commit(id, 0, 7, minute(8));
    const whole = await reader.findKnownMinutes({ instrumentIds: ids, after: { time: minute(0), key: '' }, until: minute(9), limit: 100 });
    expect(whole).toHaveLength(14);
    const paged: typeof whole = [];
    for (;;) {
      const after = paged.at(-1) ?? { time: minute(0), key: '' };
      const page = await reader.findKnownMinutes({ instrumentIds: ids, after, until: minute(9), limit: 3 });
      paged.push(...page);
      if (page.length < 3) break;
    }
    expect(paged).toEqual(whole);
    expect(await minutesOf(ids, { until: addMs(minute(8), -1) })).toEqual([]);
  });

  it('finds what came very late by the gap that it filled, and by its correction', async () => {
    const id = await listLive();
    await commit(id, 0, 10, minute(10));
    await store.writer.recordGap(id, { from: minute(10), to: minute(12) }, 'PENDING', minute(13));
    await commit(id, 12, 20, minute(20));
    await commit(id, 10, 12, minute(30 * HOUR));
    await commit(id, 3, 4, minute(40 * HOUR), 99);
    const late = { after: { time: minute(29 * HOUR), key: '~' } };
    expect(await minutesOf([id], late)).toEqual([`${30 * 3_600} 10 r0`, `${30 * 3_600} 11 r0`, `${40 * 3_600} 3 r1`]);
    const query = { instrumentIds: [id], after: { time: minute(0), key: '' }, until: minute(100_000), limit: 100 };
    const gaps = await reader.findKnownGaps(query);
    expect(gaps.map(({ time, reason, isResolved }) => [(time - minute(0)) / MINUTE_MS, reason, isResolved])).toEqual([
      [13, 'PENDING', false],
      [30 * HOUR, 'PENDING', true],
    ]);
    expect(gaps).toMatchObject([
      { instrumentId: id, from: minute(10), to: minute(12) },
      { instrumentId: id, from: minute(10), to: minute(12) },
    ]);
  });

  it('keeps what the ledger said before it said something else', async () => {
    const id = await listLive();
    await commit(id, 5, 6, minute(6));
    await store.writer.recordGap(id, { from: minute(0), to: minute(5) }, 'PENDING', minute(7));
    await store.writer.recordGap(id, { from: minute(0), to: minute(5) }, 'CONFIRMED_EMPTY', minute(9));
    const gaps = await reader.findKnownGaps({ instrumentIds: [id], after: { time: minute(0), key: '' }, until: minute(60), limit: 100 });
    expect(gaps.map(({ time, reason }) => [(time - minute(0)) / MINUTE_MS, reason])).toEqual([
      [7, 'PENDING'],
      [9, 'CONFIRMED_EMPTY'],
    ]);
  });

  it('tells whether a venue was alive', async () => {
    const id = await listLive();
    await store.writer.commitClosed([{ instrumentId: id, candles: [candleAt(500 * HOUR)] }], addMs(minute(500 * HOUR + 1), 300));
    const at = (seconds: number) => addMs(minute(500 * HOUR + 1), seconds * 1_000);
    expect(await reader.wasAlive('SIM', at(0), 180_000)).toBe(false);
    expect(await reader.wasAlive('SIM', at(1), 180_000)).toBe(true);
    expect(await reader.wasAlive('SIM', at(179), 180_000)).toBe(true);
    expect(await reader.wasAlive('SIM', at(181), 180_000)).toBe(false);
    expect(await reader.wasAlive('BINANCE', at(1), 180_000)).toBe(false);
  });
});
