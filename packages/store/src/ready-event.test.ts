import { type CandleValues, type Decimal, type InstrumentId, toDecimal } from '@candlecast/domain';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toReadyEvent } from './ready-event.ts';
import { candleAt, minute, openTestStore, type TestStore } from './testing/test-store.ts';

const SERIES = { instrumentId: 'SIM:BTCUSDT' as InstrumentId, liveSince: minute(0) };

describe('toReadyEvent', () => {
  it('is told from what was sent where numeric keeps the digits', () => {
    for (const text of ['0', '1.50', '0.00000000', '-1.0', '-0.5', '123456789012345678901234567890.0']) {
      const event = toReadyEvent(SERIES, candleAt(0, { close: text as Decimal }), minute(1));
      expect(JSON.parse(event?.payload ?? '{}'), text).toMatchObject({ interval: '1m', candle: { close: text, reconstructed: false } });
    }
  });

  it.each(['007.50', '-0', '-0.00', '00', '1e5', '+1', '.5', '5.', '', ' 1', 'NaN', '1"'])('is not told for the decimal "%s"', (text) => {
    expect(toReadyEvent(SERIES, candleAt(0, { quoteVolume: text as Decimal }), minute(1))).toBeUndefined();
  });

  it('is not told for an id that JSON or a list of lines would change, and is for letters of any script', () => {
    const has = (instrumentId: string) =>
      toReadyEvent({ ...SERIES, instrumentId: instrumentId as InstrumentId }, candleAt(0), minute(1)) !== undefined;
    expect(['SIM:A"B', 'SIM:A\nB', 'SIM:A\\B', 'SIM:A B'].map(has)).toEqual([false, false, false, false]);
    expect(has('BINANCE:币安人生USDT')).toBe(true);
  });
});

describe('the log', () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());

  const digits = fc.stringMatching(/^-?\d{1,30}(\.\d{1,30})?$/).map(toDecimal);
  const nullable = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 4 });
  const count = fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER });
  const candle: fc.Arbitrary<CandleValues> = fc.record({
    openTime: fc.integer({ min: 0, max: 200 }).map(minute),
    open: digits,
    high: digits,
    low: digits,
    close: digits,
    baseVolume: digits,
    quoteVolume: nullable(digits),
    tradeCount: nullable(count),
    takerBuyBaseVolume: nullable(digits),
    takerBuyQuoteVolume: nullable(digits),
    firstTradeId: nullable(count),
    lastTradeId: nullable(count),
  });

  /** The texts of a series' 1m events, in order, without its name. */
  async function textsOf(id: InstrumentId): Promise<string[]> {
    const rows = await store.sql<{ text: string }>(`select payload::text as text from event_log where key = '${id}@1m' order by seq`);
    return rows.map(({ text }) => text.replaceAll(id, 'ID'));
  }

  it('carries a new candle byte for byte as the row that was stored, whatever its digits', async () => {
    const batches = fc.uniqueArray(candle, { selector: ({ openTime }) => openTime, minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(batches, async (batch) => {
        const candles = batch.sort((a, b) => a.openTime - b.openTime);
        const [sent, read] = [await store.list(), await store.list()];
        await store.writer.startLive(sent, minute(0));
        await store.writer.commitClosed([{ instrumentId: sent, candles }], minute(500));
        // What was there before the live time began is read from its rows.
        await store.writer.commitHistory({ instrumentId: read, candles }, minute(500));
        await store.writer.startLive(read, minute(0));
        expect(await textsOf(sent)).toEqual(await textsOf(read));
        expect(await textsOf(sent)).toHaveLength(candles.length);
      }),
      { numRuns: 25 },
    );
  });

  it('carries what is stored where one commit adds, corrects and completes', async () => {
    const id = await store.list();
    await store.writer.startLive(id, minute(0));
    const lacking = { firstTradeId: null, lastTradeId: null };
    await store.writer.commitClosed([{ instrumentId: id, candles: [candleAt(0), candleAt(1, lacking), candleAt(2)] }], minute(3));
    const before = (await store.readLog()).at(-1)?.seq;
    const corrected = candleAt(0, { close: toDecimal('1.50'), ...lacking });
    const candles = [corrected, candleAt(1), candleAt(2), candleAt(3, { open: toDecimal('007.50') }), candleAt(4)];
    const [result] = await store.writer.commitClosed([{ instrumentId: id, candles }], minute(5));
    expect(result).toMatchObject({ inserted: 2, corrected: 1, completed: 1, unchanged: 1, watermark: minute(4) });

    const events = await store.readLog(before);
    expect(events.map(({ topic, key }) => `${topic} ${key.slice(id.length)}`)).toEqual([
      'candle.corrected @1m',
      'candle.corrected @3m',
      'candle.closed @1m',
      'candle.closed @1m',
      'candle.closed @5m',
    ]);
    const range = { from: minute(0), to: minute(10) };
    const stored = await store.reader.findCandles({ instrumentId: id, interval: '1m', range, limit: 10, take: 'oldest' });
    const minutes = events.filter(({ key }) => key.endsWith('@1m')).map(({ payload }) => 'candle' in payload && payload.candle);
    expect(minutes).toEqual([stored[0], stored[3], stored[4]]);
    expect(minutes[0]).toMatchObject({ close: '1.50', revision: 1, firstTradeId: candleAt(0).firstTradeId });
    expect(minutes[1]).toMatchObject({ open: '7.50', revision: 0 });
  });

  it('has nothing of a commit in which a candle stands twice', async () => {
    const id = await store.list();
    await store.writer.startLive(id, minute(0));
    const candles = [candleAt(0), candleAt(0, { close: toDecimal('1.50') })];
    await expect(store.writer.commitClosed([{ instrumentId: id, candles }], minute(1))).rejects.toMatchObject({
      code: 'commit_repeats_candle',
    });
    expect(await textsOf(id)).toEqual([]);
  });
});
