import { createInProcessLatestChannel } from '@candlecast/bus';
import { type DepthUpdate, type EpochMs, type InstrumentId, systemClock } from '@candlecast/domain';
import { type ExchangeSim, startExchangeSim } from '@candlecast/exchange-sim';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { eventually, FakeClock } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createBinanceExchange } from '../binance/binance-exchange.ts';
import { createIngestMetrics, type IngestMetrics } from '../health/metrics.ts';
import { DepthDesk } from './depth-desk.ts';

vi.setConfig({ testTimeout: 240_000 });

const START = Date.UTC(2026, 4, 20, 10, 30, 20) as EpochMs;
const PATIENCE = { timeoutMs: 60_000, intervalMs: 100 };
const idOf = (symbol: string) => `SIM:${symbol}` as InstrumentId;

let time: FakeClock;
let sim: ExchangeSim;
let stop: AbortController;
let told: DepthUpdate[];
let metrics: IngestMetrics;
let latest: ReturnType<typeof createInProcessLatestChannel>;
let close: () => Promise<void>;
let desk: DepthDesk;

/** A desk for two books over a simulator whose time moves only when the test says so. */
beforeEach(async () => {
  time = new FakeClock(START);
  const source = { kind: 'simulated', seed: 7, symbols: ['BTCUSDT', 'ETHUSDT', 'BNBUSDT'] } as const;
  // A second of this clock may last as long as the test.
  sim = await startExchangeSim({ source, wallClock: time, limits: { messagesPerSecond: 1_000 } });
  stop = new AbortController();
  told = [];
  metrics = createIngestMetrics(createMetrics());
  latest = createInProcessLatestChannel();
  const log = createLogger('test', 'silent');
  const { restUrl, wsUrl } = sim;
  const exchange = createBinanceExchange({
    ...{ venue: 'SIM', restUrl, wsUrl, clockSpeed: 1, wall: systemClock, metrics, log, signal: stop.signal },
  });
  const hear = latest.subscribe(['depth'], stop.signal);
  void (async () => {
    for await (const { value } of hear) told.push(value as DepthUpdate);
  })();
  const symbolOf = (id: InstrumentId) => (id.startsWith('SIM:') ? id.slice(4) : undefined);
  desk = new DepthDesk({ exchange, latest, symbolOf, maxBooks: 2, metrics, log });
  const running = desk.run(stop.signal);
  close = async () => {
    stop.abort();
    await running;
    await exchange.close();
  };
});

afterEach(async () => {
  await close();
  await sim.close();
});

function wish(symbol: string, forMs = 60_000): void {
  latest.publish({ topic: 'depth.wanted', key: idOf(symbol), value: { instrumentId: idOf(symbol), forMs } });
}

function newest(symbol: string): DepthUpdate | undefined {
  return told.findLast(({ instrumentId }) => instrumentId === idOf(symbol));
}

/** Waits until the newest that was told equals the exchange's own book. */
async function untilTrue(symbol: string): Promise<void> {
  await eventually(async () => {
    const response = await fetch(`${sim.restUrl}/api/v3/depth?symbol=${symbol}&limit=50`);
    const { lastUpdateId, bids, asks } = (await response.json()) as { lastUpdateId: number; bids: unknown; asks: unknown };
    expect(newest(symbol)).toMatchObject({ state: 'LIVE', updateId: lastUpdateId, bids, asks });
  }, PATIENCE);
}

async function streamsAtSim(): Promise<number> {
  return ((await (await fetch(`${sim.restUrl}/admin/status`)).json()) as { streams: number }).streams;
}

describe('DepthDesk', () => {
  it('keeps a book that is wanted equal to that of the exchange, through changes and a lost link', async () => {
    wish('BTCUSDT');
    await eventually(() => expect(newest('BTCUSDT')?.state).toBe('SYNCING'), PATIENCE);
    await untilTrue('BTCUSDT');
    for (let second = 0; second < 5; second += 1) {
      time.advance(1_000);
      await untilTrue('BTCUSDT');
    }
    const restarts = async () => (await metrics.bookRestarts.get()).values.find(({ labels }) => labels.reason === 'link')?.value;
    expect(await restarts()).toBeUndefined();
    sim.inject({ kind: 'dropLinks', how: 'rst' });
    await eventually(async () => expect(await restarts()).toBe(1), PATIENCE);
    time.advance(1_000);
    await untilTrue('BTCUSDT');
    expect(told.findLastIndex(({ state }) => state === 'SYNCING')).toBeGreaterThan(told.findIndex(({ state }) => state === 'LIVE'));
  });

  it('refuses more books than it may keep, says so, and closes those that nobody wants any more', async () => {
    wish('BTCUSDT', 2_000);
    wish('ETHUSDT');
    await untilTrue('ETHUSDT');
    await eventually(() => {
      wish('BNBUSDT');
      expect(newest('BNBUSDT')?.state).toBe('LIVE');
    }, PATIENCE);
    const states = told
      .filter(({ instrumentId }) => instrumentId === idOf('BNBUSDT'))
      .map(({ state, reason }) => `${state} ${reason ?? ''}`);
    expect(states[0]).toBe('REFUSED 2 books are kept at a time, and as many are wanted already');
    expect((await metrics.refusedBooks.get()).values[0]?.value).toBeGreaterThan(0);
    await eventually(async () => expect(await streamsAtSim()).toBe(2), PATIENCE);
    expect((await metrics.openBooks.get()).values[0]?.value).toBe(2);
  });

  it('does not listen to what is not tracked here, and opens nothing before it is asked', async () => {
    latest.publish({ topic: 'depth.wanted', key: 'REPLAY:BTCUSDT' as never, value: { instrumentId: 'REPLAY:BTCUSDT' as never, forMs: 9 } });
    wish('ETHUSDT', Number.NaN);
    expect(await streamsAtSim()).toBe(0);
    wish('BTCUSDT');
    await untilTrue('BTCUSDT');
    expect(told.every(({ instrumentId }) => instrumentId === idOf('BTCUSDT'))).toBe(true);
  });
});
