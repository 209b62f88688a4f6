import { type BookSample, type EpochMs, type InstrumentId, SECOND_MS, type Trade, toInstrumentId } from '@candlecast/domain';
import { createBookReader, createTradeReader } from '@candlecast/store';
import { eventually } from '@candlecast/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { START, startWorld, type World } from './testing/world.ts';

vi.setConfig({ testTimeout: 240_000 });

let world: World | undefined;

afterEach(async () => {
  await world?.close();
  world = undefined;
});

const PATIENCE = { timeoutMs: 60_000, intervalMs: 100 };
const BTC = toInstrumentId('SIM', 'BTCUSDT');

async function storedTrades({ database, sim }: World, instrumentId: InstrumentId): Promise<Trade[]> {
  const range = { from: START, to: (sim.now() + SECOND_MS) as EpochMs };
  return createTradeReader(database).findTrades({ instrumentId, range, limit: 1_000_000, take: 'oldest' });
}

async function storedBooks({ database, sim }: World, instrumentId: InstrumentId): Promise<BookSample[]> {
  const range = { from: START, to: (sim.now() + 60 * SECOND_MS) as EpochMs };
  return createBookReader(database).findBooks({ instrumentId, range, limit: 1_000_000, take: 'oldest' });
}

/** The trades that the exchange itself tells for the same ids. */
async function trueTrades({ sim }: World, first: number, count: number): Promise<unknown[]> {
  const found: unknown[] = [];
  while (found.length < count) {
    const query = `symbol=BTCUSDT&fromId=${first + found.length}&limit=${Math.min(1_000, count - found.length)}`;
    const rows = (await (await fetch(`${sim.restUrl}/api/v3/aggTrades?${query}`)).json()) as Record<string, unknown>[];
    if (rows.length === 0) break;
    for (const { a, T, p, q, f, l, m } of rows) found.push([a, T, p, q, f, l, m ? 'SELL' : 'BUY']);
  }
  return found;
}

/** Waits until the tape of BTCUSDT has no hole and at least `count` trades, and equals the exchange's. */
async function untilTapeIsWhole(world: World, count: number): Promise<Trade[]> {
  let trades: Trade[] = [];
  await eventually(async () => {
    trades = await storedTrades(world, BTC);
    expect(trades.length).toBeGreaterThan(count);
    const first = trades[0]?.aggTradeId ?? 0;
    expect(trades.map(({ aggTradeId }) => aggTradeId - first)).toEqual(trades.map((_, index) => index));
  }, PATIENCE);
  const rows = trades.map(({ aggTradeId, tradeTime, price, size, firstTradeId, lastTradeId, takerSide }) => [
    aggTradeId,
    tradeTime,
    price,
    size,
    firstTradeId,
    lastTradeId,
    takerSide,
  ]);
  expect(rows).toEqual(await trueTrades(world, trades[0]?.aggTradeId ?? 0, trades.length));
  return trades;
}

async function untilConnected(ingest: { feedStates: readonly string[] }, times = 1): Promise<void> {
  await eventually(() => expect(ingest.feedStates.filter((state) => state === 'LIVE').length).toBeGreaterThanOrEqual(times), PATIENCE);
}

describe('trades and tops of the book', () => {
  it('are stored as the exchange has them, through a lost link and a restart, and told as they come', async () => {
    const told: number[] = [];
    world = await startWorld({
      onPublish(update) {
        if (update.topic === 'trades' && update.key === BTC) told.push(...update.value.trades.map(({ aggTradeId }) => aggTradeId));
      },
    });
    const first = world.start();
    await untilConnected(first);
    let before = await untilTapeIsWhole(world, 10);
    // A link may be back before anything was traded: it is cut until something was missed.
    for (let links = 2; ((await first.metrics.filledTrades.get()).values[0]?.value ?? 0) === 0; links++) {
      world.sim.inject({ kind: 'dropLinks', how: 'rst' });
      await untilConnected(first, links);
      before = await untilTapeIsWhole(world, before.length + 40);
    }
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
    await first.close();

    const second = world.start();
    await untilConnected(second);
    const after = await untilTapeIsWhole(world, before.length + 200);
    expect(after[0]).toEqual(before[0]);
  });

  it('are sampled once a second where something changed, and never before it was known', async () => {
    const seen: { at: EpochMs; updateId: number }[] = [];
    world = await startWorld({
      speed: 5,
      onPublish(update) {
        if (update.topic !== 'top_of_book' || update.key !== BTC) return;
        const { receivedAt, ...rest } = update.value;
        seen.push({ at: receivedAt, updateId: 0, ...rest });
      },
    });
    const ingest = world.start();
    await untilConnected(ingest);
    let samples: BookSample[] = [];
    await eventually(async () => {
      samples = await storedBooks(world as World, BTC);
      expect(samples.length).toBeGreaterThan(20);
    }, PATIENCE);
    await ingest.close();
    for (const [index, { at, bidPrice, bidSize, askPrice, askSize }] of samples.entries()) {
      expect(at % SECOND_MS).toBe(0);
      const newest = seen.filter((book) => book.at < at).at(-1);
      expect(newest).toMatchObject({ bidPrice, bidSize, askPrice, askSize });
      const last = samples[index - 1];
      if (last) expect([bidPrice, bidSize, askPrice, askSize]).not.toEqual([last.bidPrice, last.bidSize, last.askPrice, last.askSize]);
    }
  });

  it('notices a tape that is mute while candles flow', async () => {
    world = await startWorld();
    const ingest = world.start();
    await untilConnected(ingest);
    await untilTapeIsWhole(world, 10);
    world.sim.inject({ kind: 'muteStream', stream: 'btcusdt@aggTrade' });
    await eventually(() => expect(ingest.feedStates).toContain('STALE'), PATIENCE);
    world.sim.inject({ kind: 'clear' });
    await untilTapeIsWhole(world, (await storedTrades(world, BTC)).length + 100);
  });
});
