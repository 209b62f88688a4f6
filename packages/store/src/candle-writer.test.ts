import { type CandleValues, type InstrumentId, toDecimal } from '@candlecast/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { candleAt, candlesBetween, minute, openTestStore, type TestStore } from './testing/test-store.ts';

let store: TestStore;
let id: InstrumentId;
let logged: number;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

beforeEach(async () => {
  id = await store.list();
  logged = (await store.readLog()).at(-1)?.seq ?? 0;
});

async function commit(candles: readonly CandleValues[], knownAt = minute(1_000)) {
  const [result] = await store.writer.commitClosed([{ instrumentId: id, candles }], knownAt);
  return result;
}

/** What was logged since the start of the test or the last call, as "topic key minute". */
async function news(): Promise<string[]> {
  const events = await store.readLog(logged);
  logged = events.at(-1)?.seq ?? logged;
  return events.map(({ topic, key, payload }) => {
    const time = 'candle' in payload ? payload.candle.openTime : 'from' in payload ? payload.from : 0;
    return `${topic} ${key.slice(id.length)} ${(time - minute(0)) / 60_000}`;
  });
}

async function stored(interval: '1m' | '5m' = '1m') {
  return store.reader.findCandles({
    instrumentId: id,
    interval,
    range: { from: minute(0), to: minute(1_000) },
    limit: 1_000,
    take: 'oldest',
  });
}

describe('commitClosed', () => {
  it('stores every value as it came and logs what a reader then finds', async () => {
    await store.writer.startLive(id, minute(0));
    const candle = candleAt(0, { open: toDecimal('0.10000000'), quoteVolume: toDecimal('12345678901234567890.12345678901') });
    await commit([candle], minute(1));
    const read = { ...candle, isClosed: true, revision: 0, knownAt: minute(1), reconstructed: false };
    expect(await stored()).toEqual([read]);
    const [event] = await store.readLog(logged);
    expect(event).toEqual({
      seq: logged + 1,
      at: minute(1),
      topic: 'candle.closed',
      key: `${id}@1m`,
      payload: { instrumentId: id, interval: '1m', candle: read },
    });
  });

  it('carries in a closed roll-up the candle that a reader finds', async () => {
    await store.writer.startLive(id, minute(0));
    await commit([...candlesBetween(0, 4), candleAt(4, { quoteVolume: null, tradeCount: null, firstTradeId: null })]);
    const event = (await store.readLog(logged)).find(({ key }) => key === `${id}@5m`);
    const [candle] = await stored('5m');
    expect(candle).toMatchObject({
      quoteVolume: null,
      tradeCount: null,
      firstTradeId: null,
      lastTradeId: candleAt(4).lastTradeId,
      isClosed: true,
    });
    expect(event?.payload).toEqual({ instrumentId: id, interval: '5m', candle });
  });

  it('changes nothing and logs nothing the second time', async () => {
    await store.writer.startLive(id, minute(0));
    expect(await commit(candlesBetween(0, 7))).toEqual({
      instrumentId: id,
      inserted: 7,
      corrected: 0,
      completed: 0,
      unchanged: 0,
      watermark: minute(6),
    });
    const before = await stored();
    await news();
    const sameValues = candlesBetween(0, 7).map((candle) => ({ ...candle, open: toDecimal(`${candle.open}000`) }));
    for (const again of [candlesBetween(0, 7), sameValues]) {
      expect(await commit(again, minute(2_000))).toMatchObject({ inserted: 0, corrected: 0, unchanged: 7, watermark: minute(6) });
    }
    expect(await stored()).toEqual(before);
    expect(await news()).toEqual([]);
  });

  it('replaces values by others that know of as many trades, and counts the revision', async () => {
    await store.writer.startLive(id, minute(0));
    await commit(candlesBetween(0, 6));
    await news();
    expect(await commit([candleAt(1, { close: toDecimal('1.00') })], minute(1_001))).toMatchObject({ inserted: 0, corrected: 1 });
    expect((await stored())[1]).toMatchObject({ close: '1.00', revision: 1, knownAt: minute(1_001) });
    expect((await stored('5m'))[0]).toMatchObject({ revision: 1, knownAt: minute(1_001) });
    expect(await news()).toEqual(['candle.corrected @1m 1', 'candle.corrected @3m 0', 'candle.corrected @5m 0']);
  });

  it('never replaces values by others that know of fewer trades', async () => {
    await store.writer.startLive(id, minute(0));
    await commit(candlesBetween(0, 2));
    const before = await stored();
    for (const tradeCount of [9, null]) {
      expect(await commit([candleAt(1, { close: toDecimal('1.00'), tradeCount })])).toMatchObject({ corrected: 0, unchanged: 1 });
    }
    expect(await stored()).toEqual(before);
    expect(await commit([candleAt(1, { close: toDecimal('1.00'), tradeCount: 11 })])).toMatchObject({ corrected: 1 });
  });

  it('takes the trade ids that the stream brings after a request, as no correction', async () => {
    await store.writer.startLive(id, minute(0));
    const requested = { firstTradeId: null, lastTradeId: null };
    await commit([candleAt(0, requested), candleAt(1, requested), candleAt(2)]);
    expect((await stored('5m'))[0]).toMatchObject({ firstTradeId: null });
    await news();
    expect(await commit([candleAt(0), candleAt(1), candleAt(2, requested)], minute(1_001))).toMatchObject({
      inserted: 0,
      corrected: 0,
      completed: 2,
      unchanged: 1,
    });
    const { firstTradeId, lastTradeId } = candleAt(0);
    expect((await stored())[0]).toMatchObject({ firstTradeId, lastTradeId, revision: 0, knownAt: minute(1_000) });
    expect((await stored('5m'))[0]).toMatchObject({ firstTradeId, lastTradeId: candleAt(2).lastTradeId, revision: 0 });
    expect(await news()).toEqual([]);
  });

  it('takes the columns that a first source lacks, and never loses what a later one lacks', async () => {
    await store.writer.startLive(id, minute(0));
    const plain = {
      quoteVolume: null,
      tradeCount: null,
      takerBuyBaseVolume: null,
      takerBuyQuoteVolume: null,
      firstTradeId: null,
      lastTradeId: null,
    };
    await commit([candleAt(0, plain)]);
    expect(await commit([candleAt(0)])).toMatchObject({ completed: 1, corrected: 0 });
    expect(await commit([candleAt(0, plain)])).toMatchObject({ unchanged: 1 });
    expect((await stored())[0]).toMatchObject({ ...candleAt(0), revision: 0 });
  });

  it.each([
    ['the ids of as many trades', { tradeCount: 10 }, { firstTradeId: candleAt(1).firstTradeId }],
    ['no ids of fewer trades', { tradeCount: 11 }, { firstTradeId: null }],
  ])('keeps after a correction without ids %s', async (_, correction, expected) => {
    await store.writer.startLive(id, minute(0));
    await commit(candlesBetween(0, 2));
    const requested = candleAt(1, { ...correction, close: toDecimal('1.00'), firstTradeId: null, lastTradeId: null });
    expect(await commit([requested], minute(1_001))).toMatchObject({ corrected: 1 });
    expect((await stored())[1]).toMatchObject({ ...expected, close: '1.00', revision: 1 });
  });

  it('counts other trade ids as a correction', async () => {
    await store.writer.startLive(id, minute(0));
    await commit([candleAt(0)]);
    expect(await commit([candleAt(0, { lastTradeId: 77 })])).toMatchObject({ corrected: 1 });
    expect((await stored())[0]).toMatchObject({ lastTradeId: 77, revision: 1 });
  });

  it('holds the watermark at a hole and passes it when the hole is filled', async () => {
    await store.writer.startLive(id, minute(0));
    expect(await commit([...candlesBetween(0, 3), ...candlesBetween(4, 10)])).toMatchObject({ watermark: minute(2) });
    expect((await news()).filter((line) => !line.includes('@1m'))).toEqual(['candle.closed @3m 0']);
    expect(await commit([candleAt(3)])).toMatchObject({ watermark: minute(9) });
    expect(await news()).toEqual([
      'candle.closed @1m 3',
      'candle.closed @5m 0',
      'candle.closed @3m 3',
      'candle.closed @3m 6',
      'candle.closed @5m 5',
    ]);
  });

  it('is all or nothing over its instruments', async () => {
    await store.writer.startLive(id, minute(0));
    const other = await store.list();
    const broken = { ...candleAt(0), close: 'abc' as CandleValues['close'] };
    await expect(
      store.writer.commitClosed(
        [
          { instrumentId: id, candles: [candleAt(0)] },
          { instrumentId: other, candles: [broken] },
        ],
        minute(1),
      ),
    ).rejects.toMatchObject({ code: 'database_error', retryable: false });
    expect(await stored()).toEqual([]);
    expect(await news()).toEqual([]);
  });

  it('refuses an instrument that nobody listed', async () => {
    await expect(
      store.writer.commitClosed([{ instrumentId: 'SIM:NOPE' as InstrumentId, candles: [candleAt(0)] }], minute(1)),
    ).rejects.toMatchObject({
      code: 'instrument_unknown',
    });
  });
});

describe('startLive', () => {
  it('counts once', async () => {
    await store.writer.startLive(id, minute(5));
    await store.writer.startLive(id, minute(7));
    expect(await commit(candlesBetween(5, 6))).toMatchObject({ watermark: minute(5) });
    expect(await news()).toEqual(['candle.closed @1m 5', 'candle.closed @3m 3']);
  });

  it('logs live candles that history brought before it', async () => {
    await store.writer.commitHistory({ instrumentId: id, candles: candlesBetween(0, 7) }, minute(7));
    expect(await news()).toEqual(['candles.backfilled  0']);
    await store.writer.startLive(id, minute(4));
    expect(await news()).toEqual([
      'candle.closed @1m 4',
      'candle.closed @5m 0',
      'candle.closed @1m 5',
      'candle.closed @3m 3',
      'candle.closed @1m 6',
    ]);
    expect(await commit([candleAt(7)])).toMatchObject({ watermark: minute(7) });
    expect((await stored()).map((candle) => candle.reconstructed)).toEqual([true, true, true, true, false, false, false, false]);
  });
});

describe('commitHistory', () => {
  it('logs one range, whatever is in it, and nothing the second time', async () => {
    const history = { instrumentId: id, candles: candlesBetween(10, 40) };
    expect(await store.writer.commitHistory(history, minute(50))).toMatchObject({ inserted: 30, watermark: null });
    const [event] = await store.readLog(logged);
    expect(event).toMatchObject({ topic: 'candles.backfilled', key: id, payload: { instrumentId: id, from: minute(10), to: minute(40) } });
    await news();
    expect(await store.writer.commitHistory(history, minute(51))).toMatchObject({ inserted: 0, unchanged: 30 });
    expect(await news()).toEqual([]);
  });

  it('moves the beginning of the series back and leaves a live watermark alone', async () => {
    await store.writer.startLive(id, minute(100));
    await commit([candleAt(100)]);
    expect(await store.writer.commitHistory({ instrumentId: id, candles: candlesBetween(50, 100) }, minute(101))).toMatchObject({
      watermark: minute(100),
    });
    await store.writer.commitHistory({ instrumentId: id, candles: candlesBetween(20, 50) }, minute(101));
    const [row] = await store.sql<{ first_open_time: number }>(
      `select first_open_time from instrument where venue || ':' || symbol = '${id}'`,
    );
    expect(row?.first_open_time).toBe(minute(20));
  });

  it('corrects roll-ups that were closed with their live minutes alone', async () => {
    await store.writer.startLive(id, minute(4));
    await commit(candlesBetween(4, 7));
    expect(await news()).toContain('candle.closed @5m 0');
    await store.writer.commitHistory({ instrumentId: id, candles: candlesBetween(0, 4) }, minute(8));
    expect(await news()).toEqual(['candles.backfilled  0', 'candle.corrected @3m 3', 'candle.corrected @5m 0']);
  });

  it('refuses candles from the live part', async () => {
    await store.writer.startLive(id, minute(10));
    await expect(store.writer.commitHistory({ instrumentId: id, candles: candlesBetween(5, 11) }, minute(11))).rejects.toMatchObject({
      code: 'history_overlaps_live',
    });
    expect(await stored()).toEqual([]);
  });
});
