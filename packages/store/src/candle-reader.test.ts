import {
  type CandleQuery,
  DAY_MS,
  type EpochMs,
  floorToInterval,
  foldCandles,
  HOUR_MS,
  type InstrumentId,
  MINUTE_MS,
  toEpochMs,
} from '@candlecast/domain';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { candleAt, candlesBetween, minute, openTestStore, type TestStore } from './testing/test-store.ts';

let store: TestStore;
let id: InstrumentId;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());
beforeEach(async () => {
  id = await store.list();
});

function commit(...parts: readonly (readonly [from: number, to: number])[]) {
  return store.writer.commitClosed([{ instrumentId: id, candles: parts.flatMap(([from, to]) => candlesBetween(from, to)) }], minute(5_000));
}

async function openMinutes(query: Partial<CandleQuery>): Promise<number[]> {
  const range = { from: minute(-100_000), to: minute(100_000) };
  const candles = await store.reader.findCandles({ instrumentId: id, interval: '1m', range, limit: 5_000, take: 'oldest', ...query });
  return candles.map((candle) => (candle.openTime - minute(0)) / MINUTE_MS);
}

describe('findNewest', () => {
  it('finds what the newest page of each instrument ends with', async () => {
    const other = await store.list();
    const empty = await store.list();
    await store.writer.startLive(id, minute(0));
    await commit([0, 130], [140, 150]);
    await store.writer.commitHistory({ instrumentId: other, candles: candlesBetween(-60, -5) }, minute(5_000));
    const range = { from: minute(-100_000), to: minute(100_000) };
    const newestOf = (instrumentId: InstrumentId) =>
      store.reader.findCandles({ instrumentId, interval: '1m', range, limit: 1, take: 'newest' });
    expect(await store.reader.findNewest([other, empty, id])).toEqual([
      { instrumentId: other, candle: (await newestOf(other))[0] },
      { instrumentId: id, candle: (await newestOf(id))[0] },
    ]);
  });
});

describe('findCandles', () => {
  it('takes the wanted end of a half-open range, oldest first', async () => {
    await store.writer.startLive(id, minute(0));
    await commit([0, 20]);
    const range = { from: minute(3), to: minute(12) };
    expect(await openMinutes({ range })).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(await openMinutes({ range, limit: 3 })).toEqual([3, 4, 5]);
    expect(await openMinutes({ range, limit: 3, take: 'newest' })).toEqual([9, 10, 11]);
    expect(await openMinutes({ range, limit: 2, take: 'newest', interval: '5m' })).toEqual([5, 10]);
  });

  it('finds candles beyond a hole that is longer than the page', async () => {
    await store.writer.startLive(id, minute(0));
    await commit([0, 2], [900, 902]);
    expect(await openMinutes({ limit: 3 })).toEqual([0, 1, 900]);
    expect(await openMinutes({ limit: 3, take: 'newest' })).toEqual([1, 900, 901]);
    expect(await openMinutes({ limit: 9, take: 'newest' })).toEqual([0, 1, 900, 901]);
  });

  it('finds nothing for an instrument that is not known', async () => {
    expect(await openMinutes({ instrumentId: 'SIM:NOPE' as InstrumentId })).toEqual([]);
    expect(await store.reader.findOpenTimes('SIM:NOPE' as InstrumentId, { from: minute(0), to: minute(9) })).toEqual([]);
    expect(await store.reader.countCandles('SIM:NOPE' as InstrumentId, '1m', { from: minute(0), to: minute(9) })).toBe(0);
    expect(await store.reader.findGaps('SIM:NOPE' as InstrumentId, { from: minute(0), to: minute(9) })).toEqual([]);
  });

  it('counts and lists what is stored in a range', async () => {
    await commit([0, 7], [9, 12]);
    const range = { from: minute(5), to: minute(11) };
    expect(await store.reader.findOpenTimes(id, range)).toEqual([5, 6, 9, 10].map(minute));
    expect(await store.reader.countCandles(id, '1m', range)).toBe(4);
    expect(await store.reader.countCandles(id, '5m', { from: minute(0), to: minute(15) })).toBe(3);
  });
});

describe('isClosed', () => {
  async function openBuckets(): Promise<number[]> {
    const range = { from: minute(0), to: minute(100) };
    const candles = await store.reader.findCandles({ instrumentId: id, interval: '5m', range, limit: 100, take: 'oldest' });
    return candles.filter((candle) => !candle.isClosed).map((candle) => (candle.openTime - minute(0)) / MINUTE_MS);
  }

  it('is true of a roll-up when the watermark has reached its end', async () => {
    await store.writer.startLive(id, minute(0));
    await commit([0, 9]);
    expect(await openBuckets()).toEqual([5]);
    await commit([9, 10]);
    expect(await openBuckets()).toEqual([]);
  });

  it('is true beyond a hole only where every minute is stored or excused', async () => {
    await store.writer.startLive(id, minute(0));
    await commit([0, 6], [7, 16], [18, 20], [22, 25]);
    expect(await openBuckets()).toEqual([5, 15, 20]);
    await store.writer.recordGap(id, { from: minute(16), to: minute(18) }, 'PENDING', minute(30));
    expect(await openBuckets()).toEqual([5, 15, 20]);
    await store.writer.recordGap(id, { from: minute(16), to: minute(21) }, 'EXCHANGE_OUTAGE', minute(31));
    expect(await openBuckets()).toEqual([5, 20]);
    await store.writer.recordGap(id, { from: minute(21), to: minute(22) }, 'CONFIRMED_EMPTY', minute(31));
    expect(await openBuckets()).toEqual([5]);
  });

  it('needs no watermark: a series that is not live yet has closed roll-ups too', async () => {
    await commit([3, 12]);
    expect(await openBuckets()).toEqual([0, 10]);
  });
});

describe('findSnapshot', () => {
  it('reads candles and log position from one moment while candles are written', async () => {
    await store.writer.startLive(id, minute(0));
    const start = (await store.readLog()).length;
    let isWriting = true;
    const writing = (async () => {
      for (let count = 0; count < 60; count++) await commit([count, count + 1]);
      isWriting = false;
    })();
    const query = { instrumentId: id, interval: '1m', range: { from: minute(0), to: minute(100) }, limit: 100, take: 'newest' } as const;
    const seen = [];
    while (isWriting) seen.push(await store.reader.findSnapshot(query));
    await writing;
    const log = await store.readLog();
    for (const { candles, position } of seen) {
      const closed = log.filter(({ seq, key }) => seq > start && seq <= position.seq && key === `${id}@1m`);
      expect(candles).toHaveLength(closed.length);
    }
    expect(new Set(seen.map(({ candles }) => candles.length)).size).toBeGreaterThan(5);
  });
});

describe('findSummaries', () => {
  it('equals the fold of the minutes of the 24 hours before any moment', async () => {
    const candles = candlesBetween(0, 3_000).filter((_, index) => index % 97 !== 0 && (index < 500 || index > 640));
    await store.writer.commitHistory({ instrumentId: id, candles }, minute(3_000));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 3_200 * MINUTE_MS }), async (offsetMs) => {
        const asOf = toEpochMs(minute(0) + offsetMs);
        const end = floorToInterval(asOf, '1m');
        const day = candles.filter(({ openTime }) => openTime >= end - DAY_MS && openTime < end);
        const [first] = day;
        const last = day.at(-1);
        const [summary] = await store.reader.findSummaries([id], asOf);
        if (!first || !last) {
          expect(summary).toBeUndefined();
          return;
        }
        const total = foldCandles(first.openTime, day);
        expect(summary).toEqual({
          instrumentId: id,
          lastPrice: last.close,
          lastTime: last.openTime + MINUTE_MS,
          open24h: total.open,
          high24h: total.high,
          low24h: total.low,
          baseVolume24h: total.baseVolume,
          quoteVolume24h: total.quoteVolume,
          tradeCount24h: total.tradeCount,
          sparkline: hourlyCloses(day, end),
        });
      }),
      { numRuns: 60 },
    );
  });

  /** The closes of the whole hours, then that of the hour that has begun. */
  function hourlyCloses(day: readonly { readonly openTime: EpochMs; readonly close: string }[], end: EpochMs): string[] {
    const firstHour = Math.ceil((end - DAY_MS) / HOUR_MS) * HOUR_MS;
    const hours = new Map<number, string>();
    for (const { openTime, close } of day) if (openTime >= firstHour) hours.set(Math.floor(openTime / HOUR_MS), close);
    return [...hours.values()];
  }

  it('names the last price of a series that has been silent for more than a day, with nothing summed', async () => {
    await commit([0, 5]);
    const [summary] = await store.reader.findSummaries([id], minute(5_000));
    expect(summary).toEqual({
      instrumentId: id,
      lastPrice: candleAt(4).close,
      lastTime: minute(5),
      open24h: null,
      high24h: null,
      low24h: null,
      baseVolume24h: null,
      quoteVolume24h: null,
      tradeCount24h: null,
      sparkline: [],
    });
  });

  it('keeps the order that was asked for and leaves out what has no candle yet', async () => {
    const [other, empty] = [await store.list(), await store.list()];
    await commit([0, 5]);
    await store.writer.commitHistory({ instrumentId: other, candles: candlesBetween(0, 5) }, minute(5));
    const summaries = await store.reader.findSummaries([other, empty, id], minute(5));
    expect(summaries.map((summary) => summary.instrumentId)).toEqual([other, id]);
    expect(await store.reader.findSummaries([id], minute(0))).toEqual([]);
  });
});
