import { type CandleValues, type InstrumentId, type QualityCheck, toDecimal } from '@candlecast/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createQualityReader } from './quality-reader.ts';
import { candleAt, candlesBetween, minute, openTestStore, type TestStore } from './testing/test-store.ts';

let store: TestStore;
let quality: ReturnType<typeof createQualityReader>;
let id: InstrumentId;

beforeAll(async () => {
  store = await openTestStore();
  quality = createQualityReader(store.db);
});
afterAll(() => store.close());
beforeEach(async () => {
  id = await store.list();
});

const ALL = { from: minute(-10_000), to: minute(10_000) };

/** A candle that passes every check; its price moves a little with the minute. */
function sound(count: number, values: Partial<CandleValues> = {}): CandleValues {
  const price = toDecimal(`100.${10 + ((count * count * 31 + count * 17) % 83)}000000`);
  return candleAt(count, {
    open: price,
    high: toDecimal('101.00000000'),
    low: toDecimal('99.00000000'),
    close: price,
    baseVolume: toDecimal('2.00000000'),
    quoteVolume: toDecimal('200.00000000'),
    takerBuyBaseVolume: toDecimal('1.00000000'),
    takerBuyQuoteVolume: toDecimal('100.00000000'),
    ...values,
  });
}

const soundBetween = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => sound(from + index));
const save = (candles: readonly CandleValues[]) => store.writer.commitHistory({ instrumentId: id, candles }, minute(9_000));
const quiet = (count: number) =>
  sound(count, {
    baseVolume: toDecimal('0.00000000'),
    quoteVolume: toDecimal('0.00000000'),
    tradeCount: 0,
    takerBuyBaseVolume: toDecimal('0'),
    takerBuyQuoteVolume: toDecimal('0'),
    firstTradeId: -1,
    lastTradeId: -1,
  });

describe('findQuality', () => {
  it('finds nothing in sound candles, nor in none', async () => {
    expect(await quality.findQuality(id, ALL)).toEqual({ candles: 0, findings: [], longestZeroVolumeRun: 0, largestScore: null });
    await save(soundBetween(0, 100));
    expect(await quality.findQuality(id, ALL)).toMatchObject({ candles: 100, findings: [], longestZeroVolumeRun: 0 });
    expect(await quality.findQuality('SIM:NOPE' as InstrumentId, ALL)).toMatchObject({ candles: 0 });
  });

  it.each<[QualityCheck, Partial<CandleValues>]>([
    ['PRICE_ORDER', { low: toDecimal('100.95000000'), quoteVolume: toDecimal('201.95000000') }],
    ['PRICE_ORDER', { high: toDecimal('100.00000000') }],
    ['NEGATIVE_VOLUME', { takerBuyBaseVolume: toDecimal('-1') }],
    ['TAKER_ABOVE_TOTAL', { takerBuyBaseVolume: toDecimal('2.00000001') }],
    ['TAKER_ABOVE_TOTAL', { takerBuyQuoteVolume: toDecimal('200.00000001') }],
    ['AVERAGE_OUT_OF_RANGE', { quoteVolume: toDecimal('202.00000012') }],
    ['AVERAGE_OUT_OF_RANGE', { quoteVolume: toDecimal('197.99999988') }],
    ['VOLUME_WITHOUT_TRADES', { tradeCount: 0, firstTradeId: -1, lastTradeId: -1 }],
    ['TRADE_COUNT', { tradeCount: 9 }],
    ['OFF_GRID', { openTime: (minute(50) + 14_800) as CandleValues['openTime'] }],
  ])('finds %s in %o and nothing else', async (check, values) => {
    await save([...soundBetween(0, 50), sound(50, values), ...soundBetween(51, 100)]);
    const { findings } = await quality.findQuality(id, ALL);
    expect(findings).toEqual([{ check, count: 1, examples: [values.openTime ?? minute(50)] }]);
  });

  it('lets columns pass that a source lacks, and the last place of a sum of rounded trades', async () => {
    const lacking = {
      quoteVolume: null,
      tradeCount: null,
      takerBuyBaseVolume: null,
      takerBuyQuoteVolume: null,
      firstTradeId: null,
      lastTradeId: null,
    };
    await save([sound(0, lacking), sound(1, { quoteVolume: toDecimal('202.00000011') }), sound(2, lacking)]);
    expect((await quality.findQuality(id, ALL)).findings).toEqual([]);
  });

  it('finds a return far from the others by its robust score, the largest first', async () => {
    const wide = { high: toDecimal('150.00000000'), low: toDecimal('50.00000000') };
    await save([
      ...soundBetween(0, 200),
      sound(200, { ...wide, close: toDecimal('130.00000000') }),
      sound(201, wide),
      ...soundBetween(202, 300),
      sound(300, { ...wide, close: toDecimal('60.00000000') }),
    ]);
    const { findings, largestScore } = await quality.findQuality(id, ALL);
    expect(findings).toEqual([{ check: 'OUTLIER_RETURN', count: 3, examples: [minute(300), expect.any(Number), expect.any(Number)] }]);
    expect(largestScore).toBeGreaterThan(100);
  });

  it('takes no return over a hole, and scores a price that mostly stands still', async () => {
    const still = (count: number) => sound(count, { open: toDecimal('100'), close: toDecimal('100') });
    await save([still(0), sound(5, { close: toDecimal('100.9'), open: toDecimal('100.9') })]);
    expect(await quality.findQuality(id, ALL)).toMatchObject({ findings: [], largestScore: null });
    await save([...Array.from({ length: 500 }, (_, index) => still(6 + index)), sound(506, { close: toDecimal('100.1') })]);
    expect((await quality.findQuality(id, { from: minute(6), to: minute(507) })).findings).toMatchObject([
      { check: 'OUTLIER_RETURN', count: 1, examples: [minute(506)] },
    ]);
  });

  it('finds long runs without a trade and corrected candles', async () => {
    await save([
      ...soundBetween(0, 10),
      ...Array.from({ length: 75 }, (_, index) => quiet(10 + index)),
      ...soundBetween(85, 90),
      quiet(90),
    ]);
    await save([sound(3, { tradeCount: 11, lastTradeId: (sound(3).lastTradeId ?? 0) + 1 })]);
    expect(await quality.findQuality(id, ALL)).toEqual(
      expect.objectContaining({
        longestZeroVolumeRun: 75,
        findings: [
          { check: 'CORRECTED', count: 1, examples: [minute(3)] },
          { check: 'ZERO_VOLUME_RUN', count: 1, examples: [minute(10)] },
        ],
      }),
    );
  });
});

describe('checkTradeIds', () => {
  const ids = (firstTradeId: number | null, lastTradeId: number | null) => ({ firstTradeId, lastTradeId });

  it('proves that nothing lies between the trades of neighbours, quiet minutes and empty holes aside', async () => {
    await save([sound(0, ids(10, 19)), quiet(1), sound(2, ids(20, 20)), sound(9, ids(21, 30))]);
    expect(await quality.checkTradeIds(id, ALL)).toEqual({ candles: 3, unknown: 0, breaks: 0, breakTimes: [] });
  });

  it('names breaks and counts neighbours without ids', async () => {
    await save([sound(0, ids(10, 19)), sound(1, ids(21, 22)), sound(2, ids(null, null)), sound(3, ids(30, 31)), sound(4, ids(31, 32))]);
    expect(await quality.checkTradeIds(id, ALL)).toEqual({ candles: 5, unknown: 2, breaks: 2, breakTimes: [minute(1), minute(4)] });
  });
});

describe('audits', () => {
  it('count the minutes of days, rows off the grid for the minute that contains them', async () => {
    await save([
      ...candlesBetween(-3, 0),
      ...candlesBetween(0, 7),
      candleAt(7, { openTime: (minute(6) + 20_000) as CandleValues['openTime'] }),
    ]);
    expect(await quality.countDays(id, ALL)).toEqual([
      { day: minute(-1_440), minutes: 3, offGrid: 0 },
      { day: minute(0), minutes: 7, offGrid: 1 },
    ]);
    expect(await quality.countDays(id, { from: minute(2), to: minute(5) })).toEqual([{ day: minute(0), minutes: 3, offGrid: 0 }]);
  });

  it('are kept by window, the newest in the place of the one before', async () => {
    const window = {
      from: minute(0),
      to: minute(1_440),
      auditedAt: minute(2_000),
      expected: 1_440,
      present: 1_400,
      excused: 30,
      missing: 10,
      offGrid: 0,
    };
    await quality.saveAudit(id, window);
    await quality.saveAudit(id, { ...window, auditedAt: minute(3_000), missing: 0, excused: 40 });
    await quality.saveAudit(id, { ...window, from: minute(1_440), to: minute(2_880) });
    expect(await quality.findAudits(id, { from: minute(100), to: minute(200) })).toEqual([
      { ...window, auditedAt: minute(3_000), missing: 0, excused: 40 },
    ]);
  });

  it('find the unresolved gaps of a reason', async () => {
    await store.writer.recordGap(id, { from: minute(1), to: minute(3) }, 'FETCH_FAILED', minute(10));
    await store.writer.recordGap(id, { from: minute(5), to: minute(6) }, 'PENDING', minute(11));
    expect(await quality.findUnresolved(id, 'FETCH_FAILED')).toMatchObject([
      { from: minute(1), to: minute(3), attempts: 1, lastAttemptAt: minute(10) },
    ]);
    expect(await quality.findUnresolved('SIM:NOPE' as InstrumentId, 'PENDING')).toEqual([]);
  });
});
