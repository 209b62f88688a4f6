import { addDecimals, type CandleValues, DAY_MS, type Decimal, type EpochMs, foldCandles, MINUTE_MS } from '@candlecast/domain';
import { FakeClock } from '@candlecast/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ExchangeSim, startExchangeSim } from './exchange-sim.ts';
import { type KlineInterval, nextOpenTime, openTimeOf } from './venue/kline-interval.ts';

// Generous: nothing here is about how fast a busy machine is.
vi.setConfig({ testTimeout: 120_000 });

const SYMBOLS = ['BTCUSDT', 'POLUSDT', 'PEPEUSDT'];
const START = Date.UTC(2026, 10, 20, 12) as EpochMs;
const INTERVALS: readonly KlineInterval[] = ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '8h', '12h', '1d', '3d', '1w', '1M'];
const anySymbol = fc.constantFrom(...SYMBOLS);
const anyDelay = fc.integer({ min: 0, max: 3 * DAY_MS });

type Row = [
  openTime: number,
  o: string,
  h: string,
  l: string,
  c: string,
  v: string,
  closeTime: number,
  q: string,
  n: number,
  V: string,
  Q: string,
  B: string,
];
interface AggTrade {
  readonly a: number;
  readonly p: string;
  readonly q: string;
  readonly f: number;
  readonly l: number;
  readonly T: number;
  readonly m: boolean;
}

describe.each([false, true])('every view agrees with every other (holes and rows off the grid: %s)', (hasPlants) => {
  const clock = new FakeClock(START);
  let sim: ExchangeSim;
  beforeAll(async () => {
    const source = { kind: 'simulated', seed: 11, symbols: SYMBOLS, pairCount: SYMBOLS.length } as const;
    sim = await startExchangeSim({ source, wallClock: clock, limits: { weightPerMinute: 1e9 } });
    if (!hasPlants) return;
    for (const symbol of SYMBOLS) {
      for (const [first, last] of [
        [-700, -650],
        [30, 90],
        [1_500, 2_600],
        [4_000, 4_003],
      ] as const)
        sim.inject({ kind: 'hole', symbol, from: START + first * MINUTE_MS, to: START + last * MINUTE_MS });
      sim.inject({ kind: 'offGrid', symbol, from: START + 100 * MINUTE_MS, to: START + 160 * MINUTE_MS, shiftMs: 14_789 });
    }
  });
  afterAll(() => sim.close());

  async function get<T>(path: string): Promise<T> {
    const response = await fetch(`${sim.restUrl}/api/v3/${path}`);
    expect(response.status).toBe(200);
    return (await response.json()) as T;
  }
  /** Every trade from a moment on, page by page. */
  async function tradesFrom(symbol: string, from: number): Promise<AggTrade[]> {
    const trades = await get<AggTrade[]>(`aggTrades?symbol=${symbol}&startTime=${from}&limit=1000`);
    for (let page = trades; page.length === 1_000; trades.push(...page)) {
      page = await get<AggTrade[]>(`aggTrades?symbol=${symbol}&fromId=${(trades.at(-1)?.a ?? 0) + 1}&limit=1000`);
    }
    return trades;
  }

  const klines = (symbol: string, interval: string, query: string) => get<Row[]>(`klines?symbol=${symbol}&interval=${interval}&${query}`);
  const sum = (parts: readonly string[]) => parts.reduce((total, part) => addDecimals(total as Decimal, part as Decimal), '0.00000000');

  it('candles of all intervals are the sums of their minutes, in REST and in the truth', async () => {
    await fc.assert(
      fc.asyncProperty(anySymbol, anyDelay, fc.constantFrom(...INTERVALS), async (symbol, delay, interval) => {
        clock.set(START + delay);
        const openTime = openTimeOf(interval, (START + delay) as EpochMs);
        const [kline] = await klines(symbol, interval, `startTime=${openTime}&limit=1`);
        const minutes = await truthOfMinutes(symbol, openTime, nextOpenTime(interval, openTime));
        if (interval === '1m' || minutes.length === 0) return;
        const folded = foldCandles(openTime, minutes);
        if (kline) expect(toCandle(kline)).toEqual({ ...folded, firstTradeId: null, lastTradeId: null });
        const before = openTimeOf(interval, (openTime - 1) as EpochMs);
        const rows = await klines(symbol, interval, `startTime=${before}&endTime=${openTime - 1}`);
        const truth = await sim.truth(symbol, interval, { from: before, to: openTime });
        expect(truth.map(withoutIds)).toEqual(rows.map(toCandle));
      }),
      { numRuns: 40 },
    );
  });

  it('trades make the minutes that the klines show, and their ids have no hole', async () => {
    await fc.assert(
      fc.asyncProperty(anySymbol, anyDelay, async (symbol, delay) => {
        clock.set(START + delay);
        const rows = await klines(symbol, '1m', 'limit=30');
        const from = rows[0]?.[0] ?? 0;
        const trades = await tradesFrom(symbol, from);
        for (const [index, trade] of trades.entries()) {
          if (index === 0) continue;
          expect([trade.a, trade.f]).toEqual([(trades[index - 1]?.a ?? 0) + 1, (trades[index - 1]?.l ?? 0) + 1]);
        }
        for (const [index, row] of rows.entries()) {
          const end = rows[index + 1]?.[0] ?? Number.POSITIVE_INFINITY;
          const own = trades.filter(({ T }) => T >= row[0] && T < Math.min(end, row[6] + 1));
          expect([row[5], row[8]]).toEqual([sum(own.map(({ q }) => q)), own.reduce((count, { f, l }) => count + l - f + 1, 0)]);
          if (own.length > 0) expect([row[1], row[4]]).toEqual([own[0]?.p, own.at(-1)?.p]);
        }
        const range = { from: from as EpochMs, to: (START + delay + 1) as EpochMs };
        const truth = sim.trueTrades(symbol, range);
        expect(truth.map(({ id, time, price, quantity }) => [id, time, price, quantity])).toEqual(
          trades.map(({ a, T, p, q }) => [a, T, p, q]),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('single trades are the aggregates taken apart', async () => {
    await fc.assert(
      fc.asyncProperty(anySymbol, anyDelay, async (symbol, delay) => {
        clock.set(START + delay);
        const aggregates = await get<AggTrade[]>(`aggTrades?symbol=${symbol}&limit=20`);
        const [first, last] = [aggregates[0]?.f ?? 0, aggregates.at(-1)?.l ?? 0];
        const singles = await get<{ id: number; qty: string; price: string }[]>(
          `historicalTrades?symbol=${symbol}&fromId=${first}&limit=${last - first + 1}`,
        );
        expect(singles.map(({ id }) => id)).toEqual(singles.map((_, index) => first + index));
        for (const { f, l, q, p } of aggregates) {
          const own = singles.filter(({ id }) => id >= f && id <= l);
          expect([sum(own.map(({ qty }) => qty)), new Set(own.map(({ price }) => price))]).toEqual([q, new Set([p])]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('tickers are the sums of the candles, the last price is the last trade, the best price is the top of the book', async () => {
    await fc.assert(
      fc.asyncProperty(anySymbol, anyDelay, async (symbol, delay) => {
        clock.set(START + delay);
        const hour = await get<Record<string, string | number>>(`ticker?symbol=${symbol}&windowSize=1h`);
        const start = Math.floor((START + delay) / MINUTE_MS) * MINUTE_MS - 59 * MINUTE_MS;
        const rows = await klines(symbol, '1m', `startTime=${start}&limit=1000`);
        expect([hour.volume ?? '0.00000000', hour.quoteVolume ?? '0.00000000', hour.count ?? 0]).toEqual([
          sum(rows.map((row) => row[5])),
          sum(rows.map((row) => row[7])),
          rows.reduce((count, row) => count + row[8], 0),
        ]);
        if (rows.length > 0) expect([hour.openPrice, hour.lastPrice]).toEqual([rows[0]?.[1], rows.at(-1)?.[4]]);
        const [price, [trade], day, book, top] = await Promise.all([
          get<{ price: string }>(`ticker/price?symbol=${symbol}`),
          get<AggTrade[]>(`aggTrades?symbol=${symbol}&limit=1`),
          get<Record<string, string | number>>(`ticker/24hr?symbol=${symbol}`),
          get<{ bids: string[][]; asks: string[][] }>(`depth?symbol=${symbol}&limit=5`),
          get<Record<string, string>>(`ticker/bookTicker?symbol=${symbol}`),
        ]);
        expect(price.price).toBe(trade?.p);
        if (day.lastPrice !== undefined) expect([day.lastPrice, day.lastId]).toEqual([trade?.p, trade?.l]);
        expect([top.bidPrice, top.bidQty, top.askPrice, top.askQty]).toEqual([...(book.bids[0] ?? []), ...(book.asks[0] ?? [])]);
      }),
      { numRuns: 30 },
    );
  });

  /** The candles of closed minutes, and the running one from REST. */
  async function truthOfMinutes(symbol: string, from: EpochMs, to: EpochMs): Promise<CandleValues[]> {
    const closed = await sim.truth(symbol, '1m', { from, to });
    const open = await klines(symbol, '1m', `startTime=${(closed.at(-1)?.openTime ?? from - 1) + MINUTE_MS}&endTime=${to - 1}`);
    return [...closed, ...open.map(toCandle)];
  }
});

function toCandle([openTime, open, high, low, close, volume, , quote, count, takerBase, takerQuote]: Row): CandleValues {
  return {
    openTime: openTime as EpochMs,
    open: open as Decimal,
    high: high as Decimal,
    low: low as Decimal,
    close: close as Decimal,
    baseVolume: volume as Decimal,
    quoteVolume: quote as Decimal,
    tradeCount: count,
    takerBuyBaseVolume: takerBase as Decimal,
    takerBuyQuoteVolume: takerQuote as Decimal,
    firstTradeId: null,
    lastTradeId: null,
  };
}

function withoutIds(candle: CandleValues): CandleValues {
  return { ...candle, firstTradeId: null, lastTradeId: null };
}
