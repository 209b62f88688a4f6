import {
  addMs,
  type Candle,
  type EpochMs,
  foldCandles,
  type GapLine,
  type InstrumentId,
  type Interval,
  type MarketSummaryRow,
  MINUTE_MS,
  toDecimal,
} from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGapReader } from './gap-reader.ts';
import { candleAt, candlesBetween, minute, openTestStore, type TestStore } from './testing/test-store.ts';

const INTERVALS = ['1m', '3m', '5m', '1h'] as const satisfies readonly Interval[];
const RANGE = { from: minute(-120), to: minute(200) };

let store: TestStore;
let id: InstrumentId;

/** What the readers said at a moment. */
interface Moment {
  readonly at: EpochMs;
  readonly candles: Record<string, Candle[]>;
  readonly gaps: Omit<GapLine, 'attempts' | 'lastAttemptAt'>[];
  readonly summaries: MarketSummaryRow[];
}
const moments: Moment[] = [];

const correction = (count: number, trades: number) => candleAt(count, { close: toDecimal(`99.${trades}`), tradeCount: trades });
const withoutAttempts = ({ attempts: _, lastAttemptAt: __, ...line }: GapLine) => line;

async function read(
  asOf: { readonly kind: 'eventTime' | 'knownAt'; readonly at: EpochMs } | undefined,
  take: 'oldest' | 'newest' = 'oldest',
  limit = 500,
) {
  const pages = INTERVALS.map(async (interval) => {
    const query = { instrumentId: id, interval, range: RANGE, limit, take, asOf } as const;
    return [interval, await store.reader.findCandles(query)] as const;
  });
  return Object.fromEntries(await Promise.all(pages));
}

const ledger = async (at?: EpochMs) => {
  const asOf = at === undefined ? undefined : ({ kind: 'knownAt', at } as const);
  const query = { instrumentId: id, range: RANGE, isResolved: undefined, asOf, limit: 100, take: 'oldest' } as const;
  return (await createGapReader(store.db).findGapLines(query)).map(withoutAttempts);
};

beforeAll(async () => {
  store = await openTestStore();
  id = await store.list();
  await store.writer.commitHistory({ instrumentId: id, candles: candlesBetween(-90, 0) }, minute(0));
  await store.writer.startLive(id, minute(0));
  const commit = (at: EpochMs, ...counts: number[]) =>
    store.writer.commitClosed([{ instrumentId: id, candles: counts.map((count) => candleAt(count)) }], at);
  const correct = (at: EpochMs, count: number, trades: number) =>
    store.writer.commitClosed([{ instrumentId: id, candles: [correction(count, trades)] }], at);
  const steps: [EpochMs, (at: EpochMs) => Promise<unknown>][] = [
    [minute(4), (at) => commit(at, 0, 1, 2, 3)],
    [minute(5), (at) => commit(at, 4)],
    [addMs(minute(6), 500), (at) => commit(at, 5)],
    [minute(7), (at) => correct(at, 2, 11)], // in a closed bucket of every size but the hour
    [minute(9), (at) => commit(at, 8)], // 6 and 7 are missing
    [minute(10), (at) => store.writer.recordGap(id, { from: minute(6), to: minute(8) }, 'PENDING', at)],
    [minute(12), (at) => commit(at, 9, 10, 11)],
    [minute(13), (at) => commit(at, 6, 12)], // late
    [minute(14), (at) => correct(at, 2, 12)],
    [minute(16), (at) => store.writer.recordGap(id, { from: minute(7), to: minute(8) }, 'CONFIRMED_EMPTY', at)],
    [minute(18), (at) => commit(at, 13, 14, 15, 16, 17)],
    [minute(20), (at) => correct(at, 8, 20)], // in the bucket with the gap
    [minute(65), (at) => commit(at, ...Array.from({ length: 47 }, (_, index) => 18 + index))],
    [minute(70), (at) => correct(at, 40, 30)],
    [minute(80), (at) => commit(at, 7)], // there after all
    [minute(82), (at) => correct(at, 2, 40)],
  ];
  for (const [at, step] of steps) {
    await step(at);
    await store.settle();
    moments.push({ at, candles: await read(undefined), gaps: await ledger(), summaries: await store.reader.findSummaries([id], at) });
  }
}, 120_000);
afterAll(() => store.close());

describe('what was known at a time', () => {
  it('is what the reader said then, of every interval', async () => {
    for (const { at, candles } of moments) expect(await read({ kind: 'knownAt', at }), `${at}`).toEqual(candles);
  });

  it('is cut to a page at either end', async () => {
    for (const { at, candles } of moments.slice(8)) {
      const newest = await read({ kind: 'knownAt', at }, 'newest', 3);
      for (const interval of INTERVALS) expect(newest[interval]).toEqual(candles[interval]?.slice(-3));
    }
  });

  it('is between two changes what the first of them left', async () => {
    const [before, after] = [moments.at(-4), moments.at(-3)] as [Moment, Moment];
    const between = addMs(after.at, -1);
    const known = await read({ kind: 'knownAt', at: between });
    expect(known['1m']).toEqual(before.candles['1m']);
  });

  it('holds for the gap ledger', async () => {
    for (const { at, gaps } of moments) expect(await ledger(at), `${at}`).toEqual(gaps);
    expect(await ledger(minute(9))).toEqual([]);
  });

  it('holds for the summary of 24 hours', async () => {
    for (const { at, summaries } of moments) expect(await store.reader.findSummaries([id], at, true), `${at}`).toEqual(summaries);
  });

  it('counts what was fetched as history by event time', async () => {
    const known = await read({ kind: 'knownAt', at: minute(-30) });
    expect(known['1m']).toHaveLength(60);
    expect(known['1h']?.map(({ isClosed }) => isClosed)).toEqual([true, false]); // the first is older than the series
    expect(known['1h']?.every(({ reconstructed }) => reconstructed)).toBe(true);
  });
});

describe('what had happened by a time', () => {
  it('is today’s candles up to then, and the bucket around it from its minutes', async () => {
    const today = await read(undefined);
    const at = addMs(minute(64), 30_000);
    const past = await read({ kind: 'eventTime', at });
    for (const interval of INTERVALS) {
      const closed = today[interval]?.filter(({ openTime }) => openTime + (interval === '1m' ? MINUTE_MS : 0) <= minute(60)) ?? [];
      expect(past[interval]?.slice(0, closed.length - 1)).toEqual(closed.slice(0, -1));
    }
    expect(past['1m']?.at(-1)).toEqual(today['1m']?.find(({ openTime }) => openTime === minute(63)));
    const parts = today['1m']?.filter(({ openTime }) => openTime >= minute(60) && openTime < minute(64)) ?? [];
    expect(past['1h']?.at(-1)).toMatchObject({ ...foldCandles(minute(60), parts), isClosed: false });
    expect(past['5m']?.at(-1)).toMatchObject({ ...foldCandles(minute(60), parts), isClosed: false });
    const newest = await read({ kind: 'eventTime', at }, 'newest', 2);
    expect(newest['5m']).toEqual(past['5m']?.slice(-2));
    const oldest = await read({ kind: 'eventTime', at }, 'oldest', 2);
    expect(oldest['5m']).toEqual(past['5m']?.slice(0, 2));
  });

  it('has no bucket around a moment at its very beginning', async () => {
    const past = await read({ kind: 'eventTime', at: minute(60) });
    expect(past['1h']?.at(-1)).toMatchObject({ openTime: minute(0), isClosed: true });
    expect(past['1m']?.at(-1)?.openTime).toBe(minute(59));
  });
});
