import {
  type Candle,
  type CandleValues,
  type EpochMs,
  floorToInterval,
  foldCandles,
  INTERVALS,
  type InstrumentId,
  ROLLUP_LADDER,
  toDecimal,
} from '@candlecast/domain';
import { findTestTier } from '@candlecast/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { candleAt, candlesBetween, MONDAY, minute, openTestStore, type TestStore } from './testing/test-store.ts';

// The contract of every storage tier: run it against another one with TEST_DATABASE_URL.
const tier = await findTestTier();
let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

type Row = CandleValues & { readonly revision: number; readonly knownAt: EpochMs };

const PRICES = ['open', 'high', 'low', 'close', 'baseVolume'] as const;
const OPTIONAL = ['quoteVolume', 'tradeCount', 'takerBuyBaseVolume', 'takerBuyQuoteVolume', 'firstTradeId', 'lastTradeId'] as const;

/** A series as a plain map, under the writer's rules: fewer trades never replace more, and what a source lacks is no news. */
class Model {
  readonly #rows = new Map<EpochMs, Row>();

  write(candles: readonly CandleValues[], knownAt: EpochMs): void {
    for (const candle of candles) {
      const old = this.#rows.get(candle.openTime);
      const row = old ? replace(old, candle, knownAt) : { ...candle, revision: 0, knownAt };
      this.#rows.set(candle.openTime, row);
    }
  }

  rollUp(interval: (typeof INTERVALS)[number]): unknown[] {
    const buckets = new Map<EpochMs, Row[]>();
    for (const row of [...this.#rows.values()].sort((a, b) => a.openTime - b.openTime)) {
      const openTime = interval === '1m' ? row.openTime : floorToInterval(row.openTime, interval);
      buckets.set(openTime, [...(buckets.get(openTime) ?? []), row]);
    }
    return [...buckets].map(([openTime, rows]) => ({
      ...foldCandles(openTime, rows),
      revision: rows.reduce((sum, row) => sum + row.revision, 0),
      knownAt: Math.max(...rows.map((row) => row.knownAt)),
    }));
  }
}

function replace(old: Row, candle: CandleValues, knownAt: EpochMs): Row {
  if ((candle.tradeCount ?? -1) < (old.tradeCount ?? -1)) return old;
  const isCorrection =
    PRICES.some((name) => old[name] !== candle[name]) ||
    OPTIONAL.some((name) => old[name] !== null && candle[name] !== null && old[name] !== candle[name]);
  const isSameSource = !isCorrection || (old.tradeCount !== null && old.tradeCount === candle.tradeCount);
  const optional = Object.fromEntries(OPTIONAL.map((name) => [name, candle[name] ?? (isSameSource ? old[name] : null)]));
  return {
    ...candle,
    ...optional,
    ...(isCorrection ? { revision: old.revision + 1, knownAt } : { revision: old.revision, knownAt: old.knownAt }),
  };
}

async function expectEqualLevels(id: InstrumentId, model: Model): Promise<void> {
  await store.settle();
  for (const interval of INTERVALS) {
    const range = { from: minute(-60 * 24 * 365), to: minute(60 * 24 * 365) };
    const candles = await store.reader.findCandles({ instrumentId: id, interval, range, limit: 5_000, take: 'oldest' });
    expect(candles.map(withoutState), interval).toEqual(model.rollUp(interval));
  }
}

function withoutState({ isClosed: _, reconstructed: __, ...values }: Candle): unknown {
  return values;
}

describe('roll-ups', () => {
  it('have the ladder of the domain', async () => {
    const levels = await store.sql<{ interval: string; source: string; seconds: number }>(
      'select name as interval, source, extract(epoch from width)::integer as seconds from candle_level order by n',
    );
    expect(levels.map(({ interval, source }) => ({ interval, source }))).toEqual(ROLLUP_LADDER);
    for (const { interval, seconds } of levels) {
      const name = interval as (typeof INTERVALS)[number];
      expect(floorToInterval((MONDAY + seconds * 1_000 - 1) as EpochMs, name)).toBe(MONDAY);
      expect(floorToInterval((MONDAY + seconds * 1_000) as EpochMs, name)).toBe(MONDAY + seconds * 1_000);
    }
  });

  it('equal the fold of their minutes at every level, the open bucket included', async () => {
    const id = await store.list();
    const model = new Model();
    await store.writer.startLive(id, minute(0));
    for (let from = 0; from < 3_000; from += 600) {
      const candles = candlesBetween(from, Math.min(from + 600, 2_947));
      model.write(candles, minute(from + 600));
      await store.writer.commitClosed([{ instrumentId: id, candles }], minute(from + 600));
    }
    await expectEqualLevels(id, model);
  });

  it('follow late rows, corrections, rows off the grid and history far in the past', async () => {
    const id = await store.list();
    const model = new Model();
    await store.writer.startLive(id, minute(0));
    const steps = [
      { candles: [...candlesBetween(0, 30), ...candlesBetween(40, 70)], knownAt: minute(70) },
      { candles: candlesBetween(30, 40), knownAt: minute(71) },
      {
        candles: [candleAt(17, { high: toDecimal('999.99'), tradeCount: 11 }), candleAt(69, { close: toDecimal('0.01') })],
        knownAt: minute(72),
      },
      { candles: [candleAt(70, { openTime: (minute(70) + 14_800) as EpochMs })], knownAt: minute(73) },
    ];
    for (const { candles, knownAt } of steps) {
      model.write(candles, knownAt);
      await store.writer.commitClosed([{ instrumentId: id, candles }], knownAt);
    }
    for (const from of [-500, -60 * 24 * 200 - 7]) {
      const candles = candlesBetween(from, from + 450);
      model.write(candles, minute(80));
      await store.writer.commitHistory({ instrumentId: id, candles }, minute(80));
    }
    await expectEqualLevels(id, model);
  });

  it('have what a late minute completes, in the log and for every reader, also where a growing bucket was materialised', async () => {
    const id = await store.list();
    const model = new Model();
    await store.writer.startLive(id, minute(0));
    const commit = async (candles: readonly CandleValues[], knownAt: EpochMs) => {
      model.write(candles, knownAt);
      await store.writer.commitClosed([{ instrumentId: id, candles }], knownAt);
    };
    await commit(candlesBetween(0, 3), minute(3));
    await store.settle();
    const before = (await store.readLog()).at(-1)?.seq;
    await commit(candlesBetween(3, 5), minute(5));
    const find = () =>
      store.reader.findCandles({
        instrumentId: id,
        interval: '5m',
        range: { from: minute(0), to: minute(60) },
        limit: 10,
        take: 'oldest',
      });
    const [candle] = await find();
    expect(candle).toMatchObject({ close: candleAt(4).close, isClosed: true });
    const event = (await store.readLog(before)).find(({ key }) => key === `${id}@5m`);
    expect(event?.payload).toEqual({ instrumentId: id, interval: '5m', candle });
    await commit([candleAt(1, { low: toDecimal('0.01'), tradeCount: 99 })], minute(6));
    expect((await find())[0]).toMatchObject({ low: '0.01', revision: 1 });
    await expectEqualLevels(id, model);
  });

  it('equal the fold after any sequence of commits', async () => {
    const nullable = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 6 });
    const cents = fc.integer({ min: 1, max: 9_999 }).map((value) => toDecimal((value / 100).toFixed(2)));
    const size = fc.integer({ min: 0, max: 999_999 }).map((value) => toDecimal((value / 100_000).toFixed(5)));
    const tradeId = fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 1_000_000 }));
    const candle = fc.record({
      openTime: fc.oneof(fc.integer({ min: -40, max: 200 }), fc.integer({ min: -9_000, max: 9_000 })).map(minute),
      open: cents,
      high: cents,
      low: cents,
      close: cents,
      baseVolume: size,
      quoteVolume: nullable(size),
      tradeCount: nullable(fc.integer({ min: 0, max: 5 })),
      takerBuyBaseVolume: nullable(size),
      takerBuyQuoteVolume: nullable(size),
      firstTradeId: nullable(tradeId),
      lastTradeId: nullable(tradeId),
    });
    const commits = fc.array(fc.uniqueArray(candle, { selector: ({ openTime }) => openTime, minLength: 1, maxLength: 40 }), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(commits, async (batches) => {
        const id = await store.list();
        const model = new Model();
        await store.writer.startLive(id, minute(0));
        for (const [index, batch] of batches.entries()) {
          const candles = batch.sort((a, b) => a.openTime - b.openTime);
          model.write(candles, minute(10_000 + index));
          await store.writer.commitClosed([{ instrumentId: id, candles }], minute(10_000 + index));
        }
        await expectEqualLevels(id, model);
      }),
      { numRuns: 20 },
    );
  }, 180_000);

  it('are what candle_refresh makes of the minutes, also after deletes', async () => {
    const id = await store.list();
    const model = new Model();
    model.write(candlesBetween(0, 500), minute(500));
    await store.writer.commitHistory({ instrumentId: id, candles: candlesBetween(0, 2_000) }, minute(500));
    await store.sql(`delete from candle_1m c using instrument i
      where i.id = c.instrument_id and i.venue || ':' || i.symbol = '${id}' and c.open_time >= '2022-01-03T08:20:00Z'`);
    await store.sql(`call candle_refresh('2022-01-03T08:20:00Z', '2022-01-10T00:00:00Z')`);
    await expectEqualLevels(id, model);
  });

  if (tier === 'tsl') {
    it('leave the buckets that grow to real time, so that live minutes stay quick to see', async () => {
      const own = await openTestStore();
      const id = await own.list();
      const now = minute(3 * 1_440 + 13 * 60);
      await own.instruments.saveClock({ venue: 'SIM', wallTime: now, anchorTime: now, speed: 0 });
      await own.writer.commitHistory({ instrumentId: id, candles: candlesBetween(-1_440, 2 * 1_440) }, now);
      await own.writer.startLive(id, now);
      const hides = async (from: EpochMs) =>
        (await own.sql<{ hidden: boolean }>(`select rollups_hide('${new Date(from).toISOString()}') as hidden`))[0]?.hidden;
      expect([await hides(now), await hides(minute(2 * 1_440))]).toEqual([false, false]);
      expect(await hides(minute(2 * 1_440 - 40))).toBe(true);
      await own.close();
    });
  }
});
