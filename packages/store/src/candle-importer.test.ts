import { type CandleImporter, type CandleValues, type ImportedFile, type InstrumentId, ROLLUP_LADDER, toDecimal } from '@candlecast/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCandleImporter } from './candle-importer.ts';
import { createQualityReader } from './quality-reader.ts';
import { candleAt, candlesBetween, minute, openTestStore, type TestStore } from './testing/test-store.ts';

let store: TestStore;
let importer: CandleImporter;
let id: InstrumentId;
let logged: number;

beforeAll(async () => {
  store = await openTestStore();
  importer = createCandleImporter(store.db);
});
afterAll(() => store.close());

beforeEach(async () => {
  id = await store.list();
  logged = (await store.readLog()).at(-1)?.seq ?? 0;
});

/** As a dump has them: without trade ids. */
const dumped = (candle: CandleValues): CandleValues => ({ ...candle, firstTradeId: null, lastTradeId: null });

async function news(): Promise<string[]> {
  const events = await store.readLog(logged);
  logged = events.at(-1)?.seq ?? logged;
  return events.map(({ topic, key, payload }) => {
    const time = 'candle' in payload ? payload.candle.openTime : 'from' in payload ? payload.from : 0;
    return `${topic} ${key.slice(id.length)} ${(time - minute(0)) / 60_000}`;
  });
}

async function stored(instrumentId: InstrumentId, interval: '1m' | (typeof ROLLUP_LADDER)[number]['interval'] = '1m') {
  const range = { from: minute(-20_000), to: minute(40_000) };
  return store.reader.findCandles({ instrumentId, interval, range, limit: 60_000, take: 'oldest' });
}

describe('importCandles', () => {
  it('makes the same rows and roll-ups as the other ways of writing, null columns and holes included', async () => {
    const plain = { quoteVolume: null, tradeCount: null, takerBuyBaseVolume: null, takerBuyQuoteVolume: null };
    const candles = [
      ...candlesBetween(-77, 5_000).map(dumped),
      ...candlesBetween(5_300, 5_310).map((candle) => dumped({ ...candle, ...plain })),
      ...candlesBetween(5_310, 12_001).map((candle) => ({ ...candle, firstTradeId: candle.openTime % 3 === 0 ? -1 : candle.firstTradeId })),
    ];
    const other = await store.list();
    for (let from = 0; from < candles.length; from += 1_000) {
      await store.writer.commitHistory({ instrumentId: other, candles: candles.slice(from, from + 1_000) }, minute(20_000));
    }
    logged = (await store.readLog()).at(-1)?.seq ?? 0;
    const result = await importer.importCandles(id, candles, minute(20_000));
    expect(result).toMatchObject({ inserted: candles.length, corrected: 0, completed: 0, unchanged: 0 });
    expect(await news()).toEqual(['candles.backfilled  -77', 'candles.backfilled  10303']);
    await importer.settle({ from: minute(-77), to: minute(12_001) });
    for (const interval of ['1m', ...ROLLUP_LADDER.map((level) => level.interval)] as const) {
      expect(await stored(id, interval), interval).toEqual(await stored(other, interval));
    }
    const [row] = await store.sql<{ first_open_time: number }>(
      `select first_open_time from instrument where venue || ':' || symbol = '${id}'`,
    );
    expect(row?.first_open_time).toBe(minute(-77));
  });

  it('changes nothing and logs nothing the second time', async () => {
    const candles = candlesBetween(0, 3_000).map(dumped);
    await importer.importCandles(id, candles, minute(9_000));
    const before = await stored(id);
    await news();
    expect(await importer.importCandles(id, candles, minute(9_001))).toMatchObject({ inserted: 0, corrected: 0, unchanged: 3_000 });
    expect(await stored(id)).toEqual(before);
    expect(await news()).toEqual([]);
  });

  it('never replaces a candle by one with fewer trades, nor its trade ids by none; restated ones raise the revision', async () => {
    await store.writer.commitHistory({ instrumentId: id, candles: candlesBetween(0, 4) }, minute(100));
    await news();
    const file = [
      dumped(candleAt(0)),
      dumped(candleAt(1, { tradeCount: 9, close: toDecimal('1.00') })),
      dumped(candleAt(2, { tradeCount: 11, close: toDecimal('1.00') })),
      dumped(candleAt(3, { quoteVolume: toDecimal('1') })),
    ];
    expect(await importer.importCandles(id, file, minute(200))).toMatchObject({ corrected: 2, unchanged: 2 });
    expect(await stored(id)).toMatchObject([
      { ...candleAt(0), revision: 0 },
      { ...candleAt(1), revision: 0 },
      { close: '1.00', tradeCount: 11, firstTradeId: null, revision: 1, knownAt: minute(200) },
      { quoteVolume: '1', firstTradeId: candleAt(3).firstTradeId, revision: 1 },
    ]);
    expect(await news()).toEqual(['candles.backfilled  2']);
  });

  it('replaces no live candle silently: each is a correction in the log, and what was missing comes late', async () => {
    await store.writer.startLive(id, minute(4));
    await store.writer.commitClosed([{ instrumentId: id, candles: [candleAt(4), candleAt(5), candleAt(7)] }], minute(8));
    await news();
    const file = [...candlesBetween(0, 5), candleAt(5, { close: toDecimal('1.00') }), candleAt(6), candleAt(7)].map(dumped);
    expect(await importer.importCandles(id, file, minute(9))).toMatchObject({
      inserted: 5,
      corrected: 1,
      unchanged: 2,
      watermark: minute(7),
    });
    expect(await news()).toEqual([
      'candles.backfilled  0',
      'candle.corrected @3m 3',
      'candle.corrected @5m 0',
      'candle.corrected @1m 5',
      'candle.corrected @3m 3',
      'candle.closed @1m 6',
    ]);
  });

  it('resolves recorded gaps as imported', async () => {
    await store.writer.commitHistory({ instrumentId: id, candles: [candleAt(0), candleAt(9)] }, minute(100));
    await store.writer.recordGap(id, { from: minute(1), to: minute(9) }, 'CONFIRMED_EMPTY', minute(101));
    await importer.importCandles(id, candlesBetween(0, 8), minute(102));
    const open = await store.reader.findGaps(id, { from: minute(0), to: minute(10) });
    expect(open).toMatchObject([{ resolvedAt: null, resolution: null, lastAttemptAt: minute(101) }]);
    await importer.importCandles(id, candlesBetween(8, 9), minute(103));
    const gaps = await store.reader.findGaps(id, { from: minute(0), to: minute(10) });
    expect(gaps).toMatchObject([{ reason: 'CONFIRMED_EMPTY', resolvedAt: minute(103), resolution: 'IMPORTED' }]);
    expect(await news()).toContain('gap.resolved  1');
  });

  it('refuses an instrument that nobody listed', async () => {
    await expect(importer.importCandles('SIM:NOPE' as InstrumentId, [candleAt(0)], minute(1))).rejects.toMatchObject({
      code: 'instrument_unknown',
    });
  });
});

describe('imported files', () => {
  it('are kept by name and checksum, a revision beside the first version', async () => {
    const reader = createQualityReader(store.db);
    const counts = { rows: 10, inserted: 9, corrected: 0, completed: 0, unchanged: 0, offGrid: 0, refused: 1, refusals: { price: 1 } };
    const file: ImportedFile = { name: 'T-1m-2022-01.zip', sha256: 'aa', isVerified: true, importedAt: minute(1), ...counts };
    await importer.saveImportedFile(id, file);
    await importer.saveImportedFile(id, { ...file, importedAt: minute(2), unchanged: 9 });
    await importer.saveImportedFile(id, { ...file, sha256: 'bb', importedAt: minute(3) });
    expect(await reader.findImportedFiles(id)).toEqual([
      { ...file, importedAt: minute(2), unchanged: 9 },
      { ...file, sha256: 'bb', importedAt: minute(3) },
    ]);
  });
});
