import { type CandleValues, type EpochMs, MINUTE_MS } from '@candlecast/domain';
import { eventually, FakeClock } from '@candlecast/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { type ExchangeSim, startExchangeSim } from '../exchange-sim.ts';
import { FrameCollector } from './frame-collector.ts';

const NOW = Date.UTC(2026, 10, 20, 12, 34, 30);
const clock = new FakeClock(NOW);
let sim: ExchangeSim;
let client: FrameCollector;

interface KlineEvent {
  readonly e: 'kline';
  readonly E: number;
  readonly k: Record<'t' | 'T' | 'f' | 'L' | 'n', number> &
    Record<'i' | 'o' | 'c' | 'h' | 'l' | 'v' | 'q' | 'V' | 'Q', string> & { readonly x: boolean };
}
interface Wrapped<T> {
  readonly stream: string;
  readonly data: T;
}

async function play(streams: string, speed = 1): Promise<void> {
  clock.set(NOW);
  sim = await startExchangeSim({ source: { kind: 'simulated', seed: 2 }, wallClock: clock, speed });
  client = await new FrameCollector(`${sim.wsUrl}/stream?streams=${streams}`).opened();
}

afterEach(async () => {
  client.socket.terminate();
  await sim.close();
});

const events = <T>(stream: string) =>
  client
    .all<Wrapped<T>>()
    .filter((frame) => frame.stream === stream)
    .map(({ data }) => data);

describe('kline streams', () => {
  it('show the open candle every two seconds and close it with exactly the values of REST and the truth', async () => {
    await play('btcusdt@kline_1m');
    await eventually(
      () => {
        clock.advance(2_000);
        expect(events<KlineEvent>('btcusdt@kline_1m').filter(({ k }) => k.x)).toHaveLength(3);
      },
      { timeoutMs: 30_000, intervalMs: 55 },
    );
    const frames = events<KlineEvent>('btcusdt@kline_1m');
    const closes = frames.filter(({ k }) => k.x);
    expect(closes.map(({ k }) => k.t)).toEqual([NOW - 30_000, NOW + 30_000, NOW + 90_000]);
    const truth = await sim.truth('BTCUSDT', '1m', { from: (NOW - 30_000) as EpochMs, to: (NOW + 91_000) as EpochMs });
    expect(closes.map(toCandle)).toEqual(truth);
    for (const { E, k } of closes) {
      expect(E - k.T).toBeGreaterThan(0);
      expect(E - k.T).toBeLessThan(100);
    }
    for (const [index, { E, k }] of frames.entries()) {
      const before = frames[index - 1];
      if (!before) continue;
      expect(E).toBeGreaterThanOrEqual(before.E);
      expect(k.t - before.k.t).toBe(before.k.x ? MINUTE_MS : 0);
      if (!before.k.x) expect(k.n).toBeGreaterThanOrEqual(before.k.n);
    }
    expect(frames.filter(({ k }) => k.t === NOW + 30_000).length).toBeGreaterThan(8);
  });

  it('skip no close at any speed, and keep the order', async () => {
    await play('btcusdt@kline_1m/btcusdt@kline_5m/polusdt@kline_1m', 1_000);
    await eventually(
      () => {
        clock.advance(137);
        expect(events<KlineEvent>('btcusdt@kline_5m').filter(({ k }) => k.x).length).toBeGreaterThan(8);
      },
      { timeoutMs: 30_000, intervalMs: 60 },
    );
    for (const stream of ['btcusdt@kline_1m', 'btcusdt@kline_5m', 'polusdt@kline_1m']) {
      const [symbol = '', interval] = stream.split('@kline_');
      const closes = events<KlineEvent>(stream).filter(({ k }) => k.x);
      const range = { from: (closes[0]?.k.t ?? 0) as EpochMs, to: ((closes.at(-1)?.k.t ?? 0) + 1) as EpochMs };
      const truth = await sim.truth(symbol.toUpperCase(), interval === '5m' ? '5m' : '1m', range);
      expect(closes.map(toCandle)).toEqual(truth);
      expect(closes.length).toBeGreaterThan(8);
    }
    const quiet = events<KlineEvent>('polusdt@kline_1m').filter(({ k }) => k.x && k.n === 0);
    expect(quiet[0]?.k).toMatchObject({ v: '0.00000000', q: '0.00000000', f: -1, L: -1 });
  });
});

describe('trade streams', () => {
  it('send every trade once, numbered without a hole', async () => {
    await play('ethusdt@aggTrade/ethusdt@trade', 20);
    await eventually(
      () => {
        clock.advance(700);
        expect(events('ethusdt@aggTrade').length).toBeGreaterThan(60);
      },
      { timeoutMs: 30_000, intervalMs: 60 },
    );
    const aggregates = events<{ a: number; f: number; l: number; T: number }>('ethusdt@aggTrade');
    const trades = events<{ t: number; T: number }>('ethusdt@trade');
    for (const [index, trade] of aggregates.entries()) if (index > 0) expect(trade.a).toBe((aggregates[index - 1]?.a ?? 0) + 1);
    expect(trades.map(({ t }) => t)).toEqual(Array.from({ length: trades.length }, (_, index) => (aggregates[0]?.f ?? 0) + index));
    expect(trades.at(-1)?.t).toBe(aggregates.at(-1)?.l);
    const response = await fetch(`${sim.restUrl}/api/v3/aggTrades?symbol=ETHUSDT&fromId=${aggregates[0]?.a}&limit=${aggregates.length}`);
    const rest = (await response.json()) as object[];
    expect(aggregates.map(({ a, f, l, T }) => ({ a, f, l, T }))).toMatchObject(rest.map((row) => ({ a: (row as { a: number }).a })));
  });
});

describe('book streams', () => {
  it('lead from a REST snapshot to the book of the venue by the documented procedure', async () => {
    type Change = { U: number; u: number; b: [string, string][]; a: [string, string][] };
    await play('btcusdt@depth@100ms/btcusdt@depth20');
    const changes = () => events<Change>('btcusdt@depth@100ms');
    const grow = (count: number) =>
      eventually(
        () => {
          clock.advance(250);
          expect(changes().length).toBeGreaterThan(count);
        },
        { timeoutMs: 30_000, intervalMs: 60 },
      );
    await grow(2);
    const read = async () =>
      (await (await fetch(`${sim.restUrl}/api/v3/depth?symbol=BTCUSDT&limit=5000`)).json()) as {
        lastUpdateId: number;
        bids: [string, string][];
        asks: [string, string][];
      };
    const snapshot = await read();
    await grow(changes().length + 10);
    await eventually(
      async () => {
        const now = await read();
        const [bids, asks] = [new Map(snapshot.bids), new Map(snapshot.asks)];
        let id = snapshot.lastUpdateId;
        for (const { U, u, b, a } of changes()) {
          if (u <= id) continue;
          expect(U).toBeLessThanOrEqual(id + 1);
          apply(bids, b);
          apply(asks, a);
          id = u;
        }
        expect(id).toBe(now.lastUpdateId);
        expect([bids, asks]).toEqual([new Map(now.bids), new Map(now.asks)]);
      },
      { intervalMs: 100 },
    );
    const partial = events<{ lastUpdateId: number; bids: unknown[] }>('btcusdt@depth20');
    expect(partial[0]?.bids).toHaveLength(20);
    for (const [index, change] of changes().entries()) if (index > 0) expect(change.U).toBe((changes()[index - 1]?.u ?? 0) + 1);
  });

  it('show the top of the book and the day', async () => {
    await play('btcusdt@bookTicker/btcusdt@miniTicker');
    await eventually(
      () => {
        clock.advance(1_000);
        expect(events('btcusdt@bookTicker').length).toBeGreaterThan(5);
        expect(events('btcusdt@miniTicker').length).toBeGreaterThan(2);
      },
      { timeoutMs: 30_000, intervalMs: 60 },
    );
    const tops = events<{ u: number; s: string; b: string; a: string }>('btcusdt@bookTicker');
    for (const [index, top] of tops.entries()) if (index > 0) expect(top.u).toBeGreaterThan(tops[index - 1]?.u ?? 0);
    expect(Object.keys(tops[0] ?? {})).toEqual(['u', 's', 'b', 'B', 'a', 'A']);
    expect(events('btcusdt@miniTicker')[0]).toMatchObject({
      e: '24hrMiniTicker',
      s: 'BTCUSDT',
      c: expect.any(String),
      q: expect.any(String),
    });
  });
});

function apply(side: Map<string, string>, levels: readonly [string, string][]): void {
  for (const [price, quantity] of levels) {
    if (/[1-9]/.test(quantity)) side.set(price, quantity);
    else side.delete(price);
  }
}

function toCandle({ k }: KlineEvent): CandleValues {
  return {
    openTime: k.t,
    open: k.o,
    high: k.h,
    low: k.l,
    close: k.c,
    baseVolume: k.v,
    quoteVolume: k.q,
    tradeCount: k.n,
    takerBuyBaseVolume: k.V,
    takerBuyQuoteVolume: k.Q,
    firstTradeId: k.f,
    lastTradeId: k.L,
  } as unknown as CandleValues;
}
