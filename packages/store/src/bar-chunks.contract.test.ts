import { ALL_TIME, addMs, chunkMs, type EpochMs, floorToChunk, type InstrumentId, type Interval, toDecimal } from '@candlecast/domain';
import { findTestTier } from '@candlecast/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCandleImporter } from './candle-importer.ts';
import { createCandleReader } from './candle-reader.ts';
import { createDatabase, type Database } from './database.ts';
import { candleAt, candlesBetween, minute, openTestStore, type TestStore } from './testing/test-store.ts';

// The contract of every storage tier. Chunks of 1m hold 480 minutes, those of 3m a day.
const CHUNK = 480;
const LADDER: readonly Interval[] = ['1m', '3m', '5m'];
const ALL: readonly Interval[] = [...LADDER, '15m', '1h', '1d', '1w'];

const tier = await findTestTier();
let store: TestStore;
let other: Database;

beforeAll(async () => {
  store = await openTestStore();
  other = await createDatabase({ url: store.url, applicationName: 'another process', poolSize: 2 });
});
afterAll(async () => {
  await other.close();
  await store.close();
});

const listOf = (id: InstrumentId, interval: Interval, reader = store.reader) =>
  reader.findBarChunks({ instrumentId: id, interval, range: ALL_TIME, limit: 1_000 });
const revisionsOf = async (id: InstrumentId, interval: Interval) => (await listOf(id, interval)).chunks.map(({ revision }) => revision);
const revisionAt = async (id: InstrumentId, interval: Interval, from: EpochMs) =>
  (await store.reader.findBarChunk({ instrumentId: id, interval, from: floorToChunk(from, interval) })).revision;

async function live(minutes: number): Promise<InstrumentId> {
  const id = await store.list();
  await store.writer.startLive(id, minute(0));
  await close(id, 0, minutes);
  return id;
}
const close = (id: InstrumentId, from: number, to: number) =>
  store.writer.commitClosed([{ instrumentId: id, candles: candlesBetween(from, to) }], minute(to));
const correct = (id: InstrumentId, count: number, trades: number) =>
  store.writer.commitClosed(
    [{ instrumentId: id, candles: [candleAt(count, { tradeCount: trades, close: toDecimal(`${trades}.25`) })] }],
    minute(count + 1),
  );

describe('chunks of bars', () => {
  it('are listed oldest first up to the one that grows, which comes with its bars', async () => {
    const id = await live(2 * CHUNK + 7);
    const { chunks, tail, position } = await listOf(id, '1m');
    expect(chunks.map(({ range }) => range)).toEqual([
      { from: minute(0), to: minute(CHUNK) },
      { from: minute(CHUNK), to: minute(2 * CHUNK) },
    ]);
    expect(chunks.every(({ revision }) => revision !== null)).toBe(true);
    expect(tail).toMatchObject({ range: { from: minute(2 * CHUNK) }, revision: null, position });
    expect(tail?.columns.t).toHaveLength(7);
    const [first] = chunks;
    const whole = await store.reader.findBarChunk({ instrumentId: id, interval: '1m', from: minute(0) });
    expect(whole.revision).toBe(first?.revision);
    expect(whole.columns.t).toHaveLength(CHUNK);
    expect(position).toEqual((await store.db.sessions.run({ name: 'test-head', text: 'select epoch, seq from event_log_head' }))[0]);
  });

  it('are of one range when that is asked for, and the newest of it when there are more', async () => {
    const id = await live(4 * CHUNK);
    const froms = async (range: { from: EpochMs; to: EpochMs }, limit: number) =>
      (await store.reader.findBarChunks({ instrumentId: id, interval: '1m', range, limit })).chunks.map(({ range: { from } }) => from);
    expect(await froms({ from: minute(CHUNK + 1), to: minute(2 * CHUNK + 1) }, 9)).toEqual([minute(CHUNK), minute(2 * CHUNK)]);
    expect(await froms(ALL_TIME, 2)).toEqual([minute(CHUNK), minute(2 * CHUNK)]);
    expect(await froms({ from: minute(-5_000), to: minute(-CHUNK) }, 9)).toEqual([]);
  });

  it('are closed with the last minute of theirs, and not before a hole is filled or excused', async () => {
    const id = await live(CHUNK - 1);
    expect(await revisionAt(id, '1m', minute(0))).toBeNull();
    await close(id, CHUNK, CHUNK + 5);
    expect(await revisionAt(id, '1m', minute(0))).toBeNull();
    await store.writer.recordGap(id, { from: minute(CHUNK - 1), to: minute(CHUNK) }, 'CONFIRMED_EMPTY', minute(CHUNK + 5));
    expect(await revisionAt(id, '1m', minute(0))).not.toBeNull();
  });

  it('of an instrument without candles are none, and of no instrument an error', async () => {
    const id = await store.list();
    expect(await listOf(id, '1h')).toMatchObject({ chunks: [], tail: undefined });
    await expect(listOf('SIM:NOPE' as InstrumentId, '1m')).rejects.toMatchObject({ code: 'instrument_unknown' });
    await expect(
      store.reader.findBarChunk({ instrumentId: 'SIM:NOPE' as InstrumentId, interval: '1m', from: minute(0) }),
    ).rejects.toMatchObject({
      code: 'instrument_unknown',
    });
  });
});

describe('the revision of a chunk', () => {
  it('changes with a correction, in the chunk of every interval that holds the minute and in no other', async () => {
    const id = await live(2 * 1_440 + 3);
    await store.settle();
    const before = await Promise.all(LADDER.map((interval) => revisionsOf(id, interval)));
    expect((await correct(id, CHUNK + 1, 99))[0]?.corrected).toBe(1);
    const after = await Promise.all(LADDER.map((interval) => revisionsOf(id, interval)));
    const changed = after.map((list, index) => list.map((revision, at) => revision !== before[index]?.[at]));
    expect(changed).toEqual([[false, true, false, false, false, false], [true, false], [true]]);
    expect(after.flat()).not.toContain(null);
  });

  it('changes when a minute comes late, when history is fetched or imported, and when a gap is told or told otherwise', async () => {
    const id = await store.list();
    await store.writer.startLive(id, minute(0));
    await close(id, 0, 100);
    await store.writer.recordGap(id, { from: minute(100), to: minute(101) }, 'CONFIRMED_EMPTY', minute(101));
    await close(id, 101, CHUNK + 1);
    const seen = [await revisionAt(id, '1m', minute(0))];
    const step = async (deed: () => Promise<unknown>) => {
      await deed();
      seen.push(await revisionAt(id, '1m', minute(0)));
    };
    await step(() => store.writer.recordGap(id, { from: minute(100), to: minute(101) }, 'EXCHANGE_OUTAGE', minute(500)));
    await step(() => close(id, 100, 101));
    expect(new Set(seen).size).toBe(3);
    expect(seen).not.toContain(null);

    const past = [await revisionAt(id, '1m', minute(-5))];
    await store.writer.commitHistory({ instrumentId: id, candles: candlesBetween(-400, 0) }, minute(500));
    past.push(await revisionAt(id, '1m', minute(-5)));
    await createCandleImporter(store.db).importCandles(id, candlesBetween(-480, -390), minute(501));
    past.push(await revisionAt(id, '1m', minute(-5)));
    expect(new Set(past).size).toBe(3);
  });

  it('stays when the same is said again, when columns are completed, and when the series grows', async () => {
    const id = await store.list();
    await store.writer.startLive(id, minute(0));
    const plain = candlesBetween(0, CHUNK + 5).map((candle) => ({ ...candle, firstTradeId: null, lastTradeId: null }));
    await store.writer.commitClosed([{ instrumentId: id, candles: plain }], minute(CHUNK + 5));
    const before = await revisionAt(id, '1m', minute(0));
    await store.writer.commitClosed([{ instrumentId: id, candles: plain }], minute(CHUNK + 6));
    expect((await close(id, 3, 4))[0]).toMatchObject({ completed: 1 });
    await createCandleImporter(store.db).importCandles(id, candlesBetween(4, 9), minute(CHUNK + 6));
    await close(id, CHUNK + 5, CHUNK + 50);
    expect(before).not.toBeNull();
    expect(await revisionAt(id, '1m', minute(0))).toBe(before);
  });

  it('changes with the epoch of the log: counts go back with a restore', async () => {
    const id = await live(CHUNK);
    const before = await revisionAt(id, '1m', minute(0));
    await store.sql('update event_log_head set epoch = gen_random_uuid()');
    expect(await revisionAt(id, '1m', minute(0))).not.toBe(before);
  });

  it('changes when history becomes live, for then it grows once more', async () => {
    const id = await store.list();
    await store.writer.commitHistory(
      { instrumentId: id, candles: [...candlesBetween(0, 100), ...candlesBetween(105, CHUNK + 9)] },
      minute(600),
    );
    const before = await revisionAt(id, '1m', minute(0));
    await store.writer.startLive(id, minute(50));
    expect(await revisionAt(id, '1m', minute(0))).toBeNull();
    await close(id, 100, 105);
    const after = await revisionAt(id, '1m', minute(0));
    expect(before).not.toBeNull();
    expect(after).not.toBeNull();
    expect(after).not.toBe(before);
  });

  it.each(ALL)('names what a whole month holds at %s', async (interval) => {
    const id = await store.list();
    await createCandleImporter(store.db).importCandles(id, candlesBetween(0, 30 * 1_440), minute(30 * 1_440));
    await store.settle();
    const before = await listOf(id, interval);
    await store.writer.commitHistory(
      { instrumentId: id, candles: [candleAt(17, { tradeCount: 77, high: toDecimal('900') })] },
      minute(50_000),
    );
    const after = await listOf(id, interval);
    if (chunkMs(interval) > 30 * 1_440 * 60_000) return expect(after.chunks).toEqual([]);
    expect(after.chunks[0]?.revision).not.toBeNull();
    expect(before.chunks[0]?.revision).not.toBe(after.chunks[0]?.revision);
    expect(after.chunks.slice(1)).toEqual(before.chunks.slice(1));
    const { columns } = await store.reader.findBarChunk({ instrumentId: id, interval, from: after.chunks[0]?.range.from as EpochMs });
    expect(Math.max(...columns.h)).toBe(900);
  });
});

if (tier === 'tsl') {
  describe('where roll-ups are refreshed after the commit', () => {
    it('a chunk has no revision until they show what was committed', async () => {
      const id = await live(2 * 1_440);
      await store.settle();
      expect(await revisionAt(id, '3m', minute(0))).not.toBeNull();
      // What a process leaves that ends between the commit and the refresh.
      await store.sql(`
        update candle_1m set close = 1, revision = revision + 1
        where instrument_id = (select id from instrument where venue || ':' || symbol = '${id}') and open_time = to_timestamp(${minute(9) / 1_000})`);
      expect(await revisionAt(id, '3m', minute(0))).toBeNull();
      expect((await listOf(id, '3m')).chunks[0]?.revision).toBeNull();
      await store.settle();
      expect(await revisionAt(id, '3m', minute(0))).not.toBeNull();
    });
  });
}

type Deed =
  | { readonly do: 'close' | 'skip'; readonly minutes: number }
  | { readonly do: 'fill' | 'excuse' | 'correct' | 'late' | 'again'; readonly at: number }
  | { readonly do: 'history' | 'import'; readonly from: number; readonly minutes: number };

const at = fc.double({ min: 0, max: 0.999, noNaN: true });
const deeds = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('close' as const), minutes: fc.integer({ min: 1, max: 500 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('skip' as const), minutes: fc.integer({ min: 1, max: 30 }) }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('fill', 'excuse', 'correct', 'again'), at }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom('history', 'import'),
        from: fc.integer({ min: -900, max: -1 }),
        minutes: fc.integer({ min: 1, max: 300 }),
      }),
    },
  ),
  { minLength: 5, maxLength: 14 },
) as fc.Arbitrary<Deed[]>;

describe('whatever happens to a series', () => {
  it('a revision names one content, every change of a closed chunk gives it another, and two processes say the same', async () => {
    const second = createCandleReader(other);
    let closed = 0;
    await fc.assert(
      fc.asyncProperty(deeds, async (history) => {
        const id = await store.list();
        await store.writer.startLive(id, minute(0));
        const contents = new Map<string, string>();
        let newest = 0;
        let holes: number[] = [];
        let number = 20;
        for (const deed of history) {
          if (deed.do === 'close') await close(id, newest, newest + deed.minutes);
          if (deed.do === 'skip') holes.push(...Array.from({ length: deed.minutes }, (_, index) => newest + index));
          if (deed.do === 'close' || deed.do === 'skip') newest += deed.minutes;
          const pick = 'at' in deed ? Math.floor(deed.at * Math.max(1, newest - 1)) : 0;
          const hole = 'at' in deed ? holes.filter((one) => one < newest - 30)[Math.floor(deed.at * holes.length)] : undefined;
          if (deed.do === 'fill' && hole !== undefined) {
            holes = holes.filter((one) => one !== hole);
            await close(id, hole, hole + 1);
          }
          if (deed.do === 'excuse' && hole !== undefined) {
            await store.writer.recordGap(id, { from: minute(hole), to: minute(hole + 1) }, 'CONFIRMED_EMPTY', minute(newest));
          }
          if (deed.do === 'correct' && newest > 0 && !holes.includes(pick)) await correct(id, pick, ++number);
          const to = 'from' in deed ? Math.min(0, deed.from + deed.minutes) : 0;
          if (deed.do === 'history')
            await store.writer.commitHistory({ instrumentId: id, candles: candlesBetween(deed.from, to) }, minute(newest));
          if (deed.do === 'import') await createCandleImporter(store.db).importCandles(id, candlesBetween(deed.from, to), minute(newest));
          for (const interval of LADDER) {
            const { chunks } = await listOf(id, interval);
            expect((await listOf(id, interval, second)).chunks).toEqual(chunks);
            for (const { range, revision } of chunks.filter((chunk) => chunk.revision !== null)) {
              const { columns, revision: named } = await second.findBarChunk({ instrumentId: id, interval, from: range.from });
              expect(named).toBe(revision);
              const name = `${interval} ${range.from} ${revision}`;
              expect(contents.get(name) ?? JSON.stringify(columns)).toBe(JSON.stringify(columns));
              contents.set(name, JSON.stringify(columns));
              closed += 1;
            }
          }
        }
      }),
      { numRuns: 12 },
    );
    expect(closed).toBeGreaterThan(20);
  }, 180_000);
});

describe('the count of changes', () => {
  it('costs nothing while a series only grows', async () => {
    const id = await live(CHUNK);
    const [row] = await store.sql<{ rows: number }>(
      `select count(*)::integer as rows from candle_change c join instrument i on i.id = c.instrument_id where venue || ':' || symbol = '${id}'`,
    );
    expect(row?.rows).toBe(0);
    expect(addMs(minute(0), chunkMs('1m'))).toBe(minute(CHUNK));
  });
});
