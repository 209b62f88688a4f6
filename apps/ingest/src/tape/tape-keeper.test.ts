import { AppError, type EpochMs, type InstrumentId, type Trade, toDecimal } from '@candlecast/domain';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { eventually } from '@candlecast/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import type { TradeRequest, TradeValues } from '../exchange.ts';
import { createIngestMetrics, type IngestMetrics } from '../health/metrics.ts';
import { TapeKeeper } from './tape-keeper.ts';

const BTC = 'SIM:BTCUSDT' as InstrumentId;
const stop: AbortController[] = [];

afterEach(() => {
  for (const each of stop.splice(0)) each.abort();
});

function aTrade(aggTradeId: number): TradeValues {
  const [price, size] = [toDecimal('1.5'), toDecimal('2')];
  return { aggTradeId, tradeTime: aggTradeId as EpochMs, price, size, firstTradeId: aggTradeId, lastTradeId: aggTradeId, takerSide: 'BUY' };
}

/** A keeper over an exchange that knows the trades `1` to `known` but for `unknown` ones. */
function aKeeper({ known = 1_000_000, unknown = [] as number[], newestStored = undefined as number | undefined, settleMs = 50 } = {}) {
  const metrics = createIngestMetrics(createMetrics());
  const state = {
    asked: [] as TradeRequest[],
    stored: [] as number[],
    told: [] as number[],
    room: 1_000_000,
    refusedRoom: 0,
    failure: undefined as unknown,
  };
  const keeper = new TapeKeeper({
    latest: {
      publish(update) {
        if (update.topic === 'trades') state.told.push(...update.value.trades.map(({ aggTradeId }) => aggTradeId));
      },
    },
    store: {
      put: (trades) => state.stored.push(...trades.map(({ aggTradeId }) => aggTradeId)),
      hasRoom(count) {
        if (state.room < count) state.refusedRoom += 1;
        return state.room >= count;
      },
      findBefore: async () => (newestStored === undefined ? [] : [{ instrumentId: BTC, ...aTrade(newestStored) } satisfies Trade]),
    },
    async fetchTrades(request) {
      state.asked.push(request);
      if (state.failure) throw state.failure;
      const ids = Array.from({ length: request.limit }, (_, index) => request.fromId + index);
      return ids.filter((id) => id <= known && !unknown.includes(id)).map(aTrade);
    },
    now: () => 1_640_995_200_000 as EpochMs,
    metrics,
    log: createLogger('test', 'silent'),
    pace: { settleMs, tryAgainMs: 100, sweepEveryMs: 10 },
  });
  keeper.add(BTC, 'BTCUSDT');
  const controller = new AbortController();
  stop.push(controller);
  void keeper.run(controller.signal);
  return { keeper, state, metrics };
}

async function countOf(metrics: IngestMetrics, name: 'missingTrades' | 'filledTrades' | 'lostTrades'): Promise<number> {
  return (await metrics[name].get()).values.reduce((sum, { value }) => sum + value, 0);
}

const PATIENCE = { timeoutMs: 60_000 };

describe('TapeKeeper', () => {
  it('tells and stores trades once, and requests in pages what was passed over', async () => {
    const { keeper, state, metrics } = aKeeper();
    for (const id of [1, 2, 2, 1_504]) keeper.take(BTC, aTrade(id));
    expect(state.told).toEqual([1, 2, 1_504]);
    await eventually(() => expect(state.stored).toHaveLength(1_504), PATIENCE);
    expect([...state.stored].sort((a, b) => a - b)).toEqual(Array.from({ length: 1_504 }, (_, index) => index + 1));
    expect(state.asked.map(({ fromId, limit }) => [fromId, limit])).toEqual([
      [3, 1_000],
      [1_003, 501],
    ]);
    expect(state.told).toEqual([1, 2, 1_504]);
    expect([await countOf(metrics, 'missingTrades'), await countOf(metrics, 'filledTrades')]).toEqual([1_501, 1_501]);
  });

  it('leaves what is late the time to come', async () => {
    const { keeper, state, metrics } = aKeeper();
    for (const id of [1, 3, 2]) keeper.take(BTC, aTrade(id));
    keeper.take(BTC, aTrade(5));
    await eventually(() => expect(state.asked).toEqual([{ symbol: 'BTCUSDT', fromId: 4, limit: 1 }]), PATIENCE);
    expect(state.told).toEqual([1, 3, 5]);
    expect(await countOf(metrics, 'missingTrades')).toBe(2);
  });

  it('goes on with what is stored, and keeps the newest when too much is missing', async () => {
    const { keeper, state, metrics } = aKeeper({ newestStored: 100 });
    keeper.take(BTC, aTrade(50_101));
    await eventually(() => expect(state.stored).toHaveLength(20_001), PATIENCE);
    expect(Math.min(...state.stored)).toBe(30_101);
    expect(await countOf(metrics, 'lostTrades')).toBe(30_000);
    expect(await countOf(metrics, 'missingTrades')).toBe(50_000);
  });

  it('gives up what the exchange does not know, and what it refuses to tell', async () => {
    const { keeper, state, metrics } = aKeeper({ unknown: [3, 4] });
    for (const id of [1, 6]) keeper.take(BTC, aTrade(id));
    await eventually(async () => expect(await countOf(metrics, 'lostTrades')).toBe(2), PATIENCE);
    expect(state.stored).toEqual([1, 6, 2, 5]);
    state.failure = new AppError('exchange_refused', 'bad symbol');
    keeper.take(BTC, aTrade(10));
    await eventually(async () => expect(await countOf(metrics, 'lostTrades')).toBe(5), PATIENCE);
  });

  it('asks again later when the exchange is away, and waits while the store is full', async () => {
    const { keeper, state } = aKeeper();
    state.failure = new AppError('exchange_unavailable', 'away', { retryable: true });
    state.room = 10;
    for (const id of [1, 3]) keeper.take(BTC, aTrade(id));
    await eventually(() => expect(state.refusedRoom).toBeGreaterThan(2), PATIENCE);
    expect(state.asked).toEqual([]);
    state.room = 1_000_000;
    await eventually(() => expect(state.asked.length).toBeGreaterThan(1), PATIENCE);
    state.failure = undefined;
    await eventually(() => expect(state.stored).toEqual([1, 3, 2]), PATIENCE);
  });

  it('requests again what was lost before it was stored, and forgets what leaves', async () => {
    const { keeper, state } = aKeeper();
    for (const id of [1, 2, 3]) keeper.take(BTC, aTrade(id));
    state.stored.length = 0;
    keeper.reopen([2, 3].map((id) => ({ instrumentId: BTC, ...aTrade(id) })));
    await eventually(() => expect(state.stored).toEqual([2, 3]), PATIENCE);
    keeper.remove(BTC);
    keeper.take(BTC, aTrade(9));
    keeper.reopen([{ instrumentId: BTC, ...aTrade(1) }]);
    expect(state.told).toEqual([1, 2, 3]);
  });
});
