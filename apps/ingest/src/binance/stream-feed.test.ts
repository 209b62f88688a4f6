import { type EpochMs, MINUTE_MS, toEpochMs } from '@candlecast/domain';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { eventually, FakeClock } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CandleUpdate, ExchangeClock, Feed, TradeValues } from '../exchange.ts';
import { createIngestMetrics, type IngestMetrics } from '../health/metrics.ts';
import type { Endpoints } from './endpoints.ts';
import { DOCUMENTED_BOOK, DOCUMENTED_CANDLE, DOCUMENTED_TRADE } from './fixtures/documented.ts';
import { createLinkGates } from './link-gates.ts';
import { openStreamFeed } from './stream-feed.ts';
import { type ScriptedExchange, startScriptedExchange } from './testing/scripted-exchange.ts';

const NOW = DOCUMENTED_CANDLE.E;
const CANDLES = 'bnbbtc@kline_1m';
const BOOK = 'bnbusdt@bookTicker';

let exchange: ScriptedExchange;
let metrics: IngestMetrics;
let feed: Feed;
let fake: FakeClock;
let candles: CandleUpdate[];
let books: string[];
let links: string[];
let trades: number[];

/** The documented candle (its low lowered to its open) as the stream would send it at `time`, with changes. */
function candleAt(time: number, k: object = {}, stream = CANDLES): string {
  return JSON.stringify({ stream, data: { ...DOCUMENTED_CANDLE, E: time, k: { ...DOCUMENTED_CANDLE.k, l: '0.0010', ...k } } });
}

function book(updateId: number): string {
  return JSON.stringify({ stream: BOOK, data: { ...DOCUMENTED_BOOK, u: updateId } });
}

async function refusals(): Promise<Record<string, number>> {
  const { values } = await metrics.refusedFrames.get();
  return Object.fromEntries(values.map(({ labels, value }) => [labels.reason, value]));
}

beforeEach(async () => {
  exchange = await startScriptedExchange();
  metrics = createIngestMetrics(createMetrics());
  [candles, books, links, trades] = [[], [], [], []];
  fake = new FakeClock(NOW);
  const clock: ExchangeClock = {
    now: () => fake.now(),
    model: () => ({ venue: 'SIM', wallTime: fake.now(), anchorTime: fake.now(), speed: 1 }),
    isStanding: () => false,
    toWallMs: (ms) => ms,
    errorMs: () => 0,
    refresh: async () => undefined,
  };
  const isUp = new Promise<void>((resolve) => {
    const listener = {
      onCandle: (update: CandleUpdate) => candles.push(update),
      onTopOfBook: (symbol: string) => books.push(symbol),
      onTrade: (_: string, { aggTradeId }: TradeValues) => trades.push(aggTradeId),
      onLink(symbols: readonly string[], isUp: boolean) {
        links.push(`${isUp ? 'up' : 'down'} ${symbols.join()}`);
        resolve();
      },
    };
    // The time moves only as far as frames come, so nothing is silent and nothing is requested.
    const endpoints = {} as Endpoints;
    const options = {
      wsUrl: exchange.wsUrl,
      gates: createLinkGates({ log: createLogger('test', 'silent') }),
      clock,
      endpoints,
      metrics,
      log: createLogger('test', 'silent'),
    };
    feed = openStreamFeed(['BNBBTC', 'BNBUSDT'], listener, options);
  });
  await isUp;
});

afterEach(async () => {
  await feed.close();
  await exchange.close();
});

describe('openStreamFeed', () => {
  it('hands on what is new and drops what is old or repeated', async () => {
    for (const time of [NOW, NOW + 2_000, NOW + 2_000, NOW + 1_000, NOW + 4_000]) exchange.send(candleAt(time));
    for (const updateId of [5, 6, 6, 4, 7]) exchange.send(book(updateId));
    await eventually(() => expect(books).toHaveLength(3));
    expect(candles.map(({ exchangeTime }) => exchangeTime - NOW)).toEqual([0, 2_000, 4_000]);
    expect(await refusals()).toEqual({});
  });

  it('hands on every trade: what is missing may come late', async () => {
    const trade = (a: number) => JSON.stringify({ stream: 'bnbbtc@aggTrade', data: { ...DOCUMENTED_TRADE, a } });
    for (const id of [7, 9, 8]) exchange.send(trade(id));
    exchange.send(trade(10).replace('"T":1672515782136', '"T":1672525782136'));
    exchange.send(trade(11).replace('bnbbtc@aggTrade', 'bnbusdt@aggTrade'));
    exchange.send(trade(12).replace('"m":true', '"m":1'));
    exchange.send(trade(13));
    await eventually(() => expect(trades).toEqual([7, 9, 8, 13]));
    expect(await refusals()).toEqual({ future: 1, wrong_symbol: 1, shape: 1 });
  });

  it('hands on every close, late ones too', async () => {
    const closeAt = DOCUMENTED_CANDLE.k.T + 20;
    const t = (DOCUMENTED_CANDLE.k.t + MINUTE_MS) as EpochMs;
    fake.set(closeAt + 30_000);
    exchange.send(candleAt(closeAt + 30_000, { t, T: t + MINUTE_MS - 1 }));
    exchange.send(candleAt(closeAt, { x: true }));
    await eventually(() => expect(candles.map(({ isClosed }) => isClosed)).toEqual([false, true]));
  });

  it('refuses what cannot be true, counts it by reason, and keeps the connection', async () => {
    const broken = Buffer.from(candleAt(NOW));
    broken[broken.indexOf('0.0020')] = 0xff;
    for (const frame of [
      '{"stream":"bnbbtc@kline_1m","da',
      broken,
      candleAt(NOW, { o: '1e400' }),
      candleAt(NOW, {}, 'ethbtc@kline_1m'),
      candleAt(NOW, {}, 'bnbusdt@kline_1m'),
      candleAt(NOW, {}, BOOK),
      candleAt(NOW + 10 * MINUTE_MS),
    ]) {
      exchange.send(frame);
    }
    exchange.send(candleAt(NOW + 1));
    await eventually(() => expect(candles.map(({ exchangeTime }) => exchangeTime)).toEqual([toEpochMs(NOW + 1)]));
    expect(await refusals()).toEqual({ json: 1, price: 2, unknown_stream: 1, wrong_symbol: 2, future: 1 });
    expect(exchange.connections()).toBe(1);
  });

  it('takes symbols in and gives them up while it runs, on the same connection', async () => {
    feed.add(['ETHBTC', 'BNBBTC']);
    await eventually(() => expect(links).toEqual(['up BNBBTC,BNBUSDT', 'up ETHBTC']));
    exchange.send(candleAt(NOW, { s: 'ETHBTC' }, 'ethbtc@kline_1m').replace('"s":"BNBBTC"', '"s":"ETHBTC"'));
    await eventually(() => expect(candles.map(({ symbol }) => symbol)).toEqual(['ETHBTC']));
    feed.remove(['BNBBTC', 'XRPBTC']);
    exchange.send(candleAt(NOW));
    exchange.send(book(5));
    await eventually(() => expect(books).toHaveLength(1));
    await eventually(() => expect(exchange.subscribed().map((name) => name.split('@')[0])).not.toContain('bnbbtc'));
    expect(exchange.subscribed()).toContain('ethbtc@kline_1m');
    expect(candles.map(({ symbol }) => symbol)).toEqual(['ETHBTC']);
    expect(await refusals()).toEqual({});
    expect(exchange.connections()).toBe(1);
  });

  it('closes a connection that nothing is left on, and opens one for what comes then', async () => {
    feed.remove(['BNBBTC', 'BNBUSDT']);
    await eventually(() => expect(exchange.open()).toBe(0));
    feed.add(['BNBBTC']);
    await eventually(() => expect(links).toEqual(['up BNBBTC,BNBUSDT', 'up BNBBTC']));
    expect(exchange.connections()).toBe(2);
  });
});
