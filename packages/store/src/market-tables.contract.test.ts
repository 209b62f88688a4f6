import { addMs, type BookSample, type InstrumentId, type Trade, toDecimal, toEpochMs } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBookReader, createBookWriter } from './book-store.ts';
import { MONDAY, minute, openTestStore, type TestStore } from './testing/test-store.ts';
import { createTradeReader, createTradeWriter } from './trade-store.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const STRANGER = 'SIM:NOBODY' as InstrumentId;

/** A trade `index` of a tape in which three share a millisecond. */
function aTrade(instrumentId: InstrumentId, index: number): Trade {
  return {
    instrumentId,
    aggTradeId: 3_024_184_451_000 + index,
    tradeTime: addMs(MONDAY, Math.floor(index / 3)),
    price: toDecimal(`0.0000${1000 + index}`),
    size: toDecimal('1234567.00000000'),
    firstTradeId: index * 2,
    lastTradeId: index * 2 + 1,
    takerSide: index % 2 === 0 ? 'BUY' : 'SELL',
  };
}

function tape(id: InstrumentId, from: number, to: number): Trade[] {
  return Array.from({ length: to - from }, (_, index) => aTrade(id, from + index));
}

describe('trades', () => {
  const range = { from: MONDAY, to: minute(1) };

  it('are read as they were stored, once each, in any order of writing', async () => {
    const [id, writer, reader] = [await store.list(), createTradeWriter(store.db), createTradeReader(store.db)];
    const trades = tape(id, 0, 10);
    expect(await writer.storeTrades([...trades].reverse())).toBe(10);
    expect(await writer.storeTrades(tape(id, 5, 12))).toBe(2);
    expect(await reader.findTrades({ instrumentId: id, range, limit: 100, take: 'oldest' })).toEqual(tape(id, 0, 12));
    expect(await writer.storeTrades([])).toBe(0);
  });

  it.each(['oldest', 'newest'] as const)('come in pages without a hole or an overlap, from the %s', async (take) => {
    const [id, writer, reader] = [await store.list(), createTradeWriter(store.db), createTradeReader(store.db)];
    await writer.storeTrades(tape(id, 0, 50));
    const pages: Trade[][] = [];
    for (let beyond: Trade | undefined; pages.length < 20; ) {
      const page = await reader.findTrades({ instrumentId: id, range, limit: 7, take, ...(beyond && { beyond }) });
      if (page.length === 0) break;
      pages.push(page);
      beyond = take === 'oldest' ? page.at(-1) : page[0];
    }
    expect((take === 'oldest' ? pages : pages.reverse()).flat()).toEqual(tape(id, 0, 50));
    const inside = { from: addMs(MONDAY, 2), to: addMs(MONDAY, 4) };
    expect(await reader.findTrades({ instrumentId: id, range: inside, limit: 100, take })).toEqual(tape(id, 6, 12));
  });

  it('tell the newest before a trade, but not before a moment', async () => {
    const [id, other, writer, reader] = [await store.list(), await store.list(), createTradeWriter(store.db), createTradeReader(store.db)];
    await writer.storeTrades([...tape(id, 0, 8), ...tape(other, 0, 1)]);
    const before = [aTrade(id, 7), aTrade(other, 5), aTrade(STRANGER, 5)];
    expect(await reader.findTradesBefore(before, addMs(MONDAY, 1))).toEqual([aTrade(id, 6)]);
    expect(await reader.findTradesBefore([aTrade(id, 3), aTrade(other, 0)], MONDAY)).toEqual([aTrade(id, 2)]);
    expect(await reader.findTradesBefore([], MONDAY)).toEqual([]);
  });

  it('of an unknown instrument are refused as a whole, and none when asked for', async () => {
    const id = await store.list();
    const both = createTradeWriter(store.db).storeTrades([aTrade(id, 1), aTrade(STRANGER, 1)]);
    await expect(both).rejects.toMatchObject({ code: 'instrument_unknown' });
    const reader = createTradeReader(store.db);
    expect(await reader.findTrades({ instrumentId: id, range, limit: 1, take: 'newest' })).toEqual([]);
    expect(await reader.findTrades({ instrumentId: STRANGER, range, limit: 1, take: 'newest' })).toEqual([]);
  });
});

function aSample(instrumentId: InstrumentId, second: number): BookSample {
  return {
    instrumentId,
    at: toEpochMs(MONDAY + second * 1_000),
    updateId: 400_900_217_000 + second,
    bidPrice: toDecimal('25.35190000'),
    bidSize: toDecimal(`${second}.21000000`),
    askPrice: toDecimal('25.36520000'),
    askSize: toDecimal('40.66000000'),
  };
}

describe('tops of the book', () => {
  it('are read as they were stored, once each, page by page', async () => {
    const [id, writer, reader] = [await store.list(), createBookWriter(store.db), createBookReader(store.db)];
    const samples = [1, 2, 5, 9].map((second) => aSample(id, second));
    expect(await writer.storeBooks(samples)).toBe(4);
    expect(await writer.storeBooks(samples.slice(1))).toBe(0);
    const query = { instrumentId: id, range: { from: MONDAY, to: addMs(MONDAY, 9_000) }, limit: 2 } as const;
    expect(await reader.findBooks({ ...query, take: 'oldest' })).toEqual(samples.slice(0, 2));
    expect(await reader.findBooks({ ...query, take: 'newest' })).toEqual(samples.slice(1, 3));
  });

  it('tell what the book was at a moment', async () => {
    const [id, other, writer, reader] = [await store.list(), await store.list(), createBookWriter(store.db), createBookReader(store.db)];
    await writer.storeBooks([aSample(id, 3), aSample(id, 8), aSample(other, 1)]);
    const at = (second: number, since: number) =>
      reader.findBooksAt([id, other, STRANGER], addMs(MONDAY, second * 1_000), addMs(MONDAY, since * 1_000));
    expect(await at(7, 2)).toEqual([aSample(id, 3)]);
    expect(await at(8, 2)).toEqual([aSample(id, 8)]);
    expect(await at(2, 0)).toEqual([aSample(other, 1)]);
  });

  it('of an unknown instrument are refused', async () => {
    await expect(createBookWriter(store.db).storeBooks([aSample(STRANGER, 1)])).rejects.toMatchObject({ code: 'instrument_unknown' });
    const query = { instrumentId: STRANGER, range: { from: MONDAY, to: minute(1) }, limit: 2, take: 'oldest' } as const;
    expect(await createBookReader(store.db).findBooks(query)).toEqual([]);
  });
});
