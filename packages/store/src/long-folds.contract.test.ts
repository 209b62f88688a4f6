import { type Candle, closeTimeOf, foldCandles, type InstrumentId, type Interval, intervalMs, toDecimal } from '@candlecast/domain';
import { findTestTier } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { candleAt, candlesBetween, MONDAY, minute, openTestStore, type TestStore } from './testing/test-store.ts';

// The contract of every storage tier. Continuous aggregates hold most of a week when it ends, but not all, and what they hold may be old.
const HOUR = 60;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const LONG: readonly Interval[] = ['2h', '4h', '6h', '12h', '1d', '1w'];

const tier = await findTestTier();
let store: TestStore;
let id: InstrumentId;
let other: InstrumentId;

beforeAll(async () => {
  store = await openTestStore();
  [id, other] = [await store.list(), await store.list()];
  const now = minute(WEEK - 3);
  await store.instruments.saveClock({ venue: 'SIM', wallTime: now, anchorTime: now, speed: 0 });
  await store.writer.startLiveAll([id, other], minute(0));
  for (let from = 0; from < WEEK - 3; from += 2_016) {
    const candles = candlesBetween(from, Math.min(from + 2_016, WEEK - 3));
    await commit([id, candles], [other, candles]);
  }
  await store.settle();
}, 120_000);
afterAll(() => store.close());

type Part = readonly [id: InstrumentId, candles: readonly ReturnType<typeof candleAt>[]];

async function commit(...parts: readonly Part[]): Promise<void> {
  await store.writer.commitClosed(
    parts.map(([instrumentId, candles]) => ({ instrumentId, candles })),
    minute(WEEK),
  );
}

/** The candle as its stored minutes make it. */
async function foldOf(instrumentId: InstrumentId, interval: Interval, openTime: ReturnType<typeof minute>): Promise<unknown> {
  const minutes: Candle[] = [];
  const to = closeTimeOf(openTime, interval);
  for (let from = openTime; from < to; from = minute((from - MONDAY) / 60_000 + 2_880)) {
    const range = { from, to: minute(Math.min(to - MONDAY, from - MONDAY + 2_880 * 60_000) / 60_000) };
    minutes.push(...(await store.reader.findCandles({ instrumentId, interval: '1m', range, limit: 5_000, take: 'oldest' })));
  }
  return {
    ...foldCandles(openTime, minutes),
    revision: minutes.reduce((sum, { revision }) => sum + revision, 0),
    knownAt: Math.max(...minutes.map(({ knownAt }) => knownAt)),
    isClosed: true,
    reconstructed: false,
  };
}

/** The long candles that were logged since `seq`, each beside what it should be. */
async function newsSince(seq: number): Promise<{ name: string; logged: unknown; expected: unknown }[]> {
  const news = [];
  for (const { key, topic, payload } of await store.readLog(seq)) {
    if (!('candle' in payload) || !LONG.includes(payload.interval)) continue;
    const instrumentId = payload.instrumentId;
    const expected = await foldOf(instrumentId, payload.interval, payload.candle.openTime);
    news.push({ name: `${topic} ${key.slice(instrumentId.length)}`, logged: payload.candle, expected });
  }
  return news;
}

async function headSeq(): Promise<number> {
  return (await store.readLog()).at(-1)?.seq ?? 0;
}

describe('long candles in the log', () => {
  it('are what their minutes are when a week ends, with late minutes that no roll-up has taken up yet', async () => {
    const before = await headSeq();
    // Written by a process that died before it brought the roll-ups up to date, where they are brought up to date after the commit.
    await store.sql(`update candle_1m set high = 777.77, revision = revision + 1
      where instrument_id = (select id from instrument where venue || ':' || symbol = '${other}') and open_time = '2022-01-05T03:33:00Z'`);
    if (store.db.tier !== 'tsl')
      await store.sql(`select candle_touch(array_agg(id), array_agg('2022-01-05T03:33:00Z'::timestamptz)) from instrument`);
    const late = [
      candleAt(DAY + 61, { low: toDecimal('0.01'), tradeCount: 11 }),
      candleAt(6 * DAY + 30, { quoteVolume: toDecimal('1.123456789') }),
    ];
    await commit([id, [...late, ...candlesBetween(WEEK - 3, WEEK)]], [other, candlesBetween(WEEK - 3, WEEK)]);

    const news = await newsSince(before);
    for (const { name, logged, expected } of news) expect(logged, name).toEqual(expected);
    for (const each of ['closed', 'corrected']) {
      const named = news.filter(({ name }) => name.startsWith(`candle.${each} `)).map(({ name }) => name.slice(name.indexOf('@') + 1));
      const sorted = [...new Set(named)].sort((a, b) => intervalMs(a as Interval) - intervalMs(b as Interval));
      expect(sorted, each).toEqual(each === 'closed' ? LONG : LONG.slice(0, -1));
    }
    expect(news.find(({ name }) => name.endsWith('@1w'))?.logged).toMatchObject({ low: '0.01' });
    expect(news.filter(({ name }) => name.endsWith('@1w')).at(-1)?.logged).toMatchObject({ high: '777.77', revision: 1 });
  }, 60_000);

  it('are corrected far below what is materialised', async () => {
    await store.settle();
    const before = await headSeq();
    await commit([id, [candleAt(3 * DAY + 9 * HOUR, { close: toDecimal('55.50'), tradeCount: 12 })]]);
    const news = await newsSince(before);
    expect(news.map(({ name }) => name.slice(name.indexOf('@') + 1))).toEqual(LONG);
    for (const { name, logged, expected } of news) expect(logged, name).toEqual(expected);
  });

  if (tier === 'tsl') {
    it('are made from days and hours where those are settled', async () => {
      await store.settle();
      const find = () =>
        store.sql<{ level: string; first: number; last: number }>(
          `select level, first_time as first, last_time as last from rollup_unsettled('2022-01-03T00:00:00Z', '2022-01-08T00:00:00Z') where first_time < '2022-01-08T00:00:00Z'`,
        );
      expect(await find()).toEqual([]);
      await store.sql(`update candle_1m set known_at = known_at + interval '1 minute'
        where instrument_id = (select min(id) from instrument) and open_time = '2022-01-04T12:34:00Z'`);
      const found = await find();
      expect([...new Set(found.map(({ level }) => level))].sort()).toEqual(['1d', '1h']);
      for (const { first, last } of found) {
        expect([first, last]).toEqual([Date.parse('2022-01-04T12:34:00Z'), Date.parse('2022-01-04T12:34:00Z')]);
      }
      await store.settle();
      expect(await find()).toEqual([]);
    });
  }
});
