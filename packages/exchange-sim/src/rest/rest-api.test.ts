import { type CandleValues, DAY_MS, type Decimal, type EpochMs, foldCandles, MINUTE_MS } from '@candlecast/domain';
import { FakeClock } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExchangeSim, startExchangeSim } from '../exchange-sim.ts';

const NOW = Date.UTC(2026, 10, 20, 12, 34, 56, 789);
const MINUTE = Math.floor(NOW / MINUTE_MS) * MINUTE_MS;
type Row = [number, string, string, string, string, string, number, string, number, string, string, string];

let sim: ExchangeSim;
beforeAll(async () => {
  sim = await startExchangeSim({
    source: { kind: 'simulated', seed: 5 },
    wallClock: new FakeClock(NOW),
    limits: { weightPerMinute: 1_000_000 },
  });
});
afterAll(() => sim.close());

async function get<T>(path: string, headers: Record<string, string> = {}): Promise<{ status: number; body: T; headers: Headers }> {
  const response = await fetch(`${sim.restUrl}/api/v3/${path}`, { headers });
  return { status: response.status, body: (await response.json()) as T, headers: response.headers };
}

const klines = async (query: string) => (await get<Row[]>(`klines?symbol=BTCUSDT&${query}`)).body;
const openTimes = async (query: string) => (await klines(query)).map((row) => row[0]);
const minutesAgo = (...ago: number[]) => ago.map((count) => MINUTE - count * MINUTE_MS);

describe('klines', () => {
  it('returns the newest rows without times, the open one last, 500 by default and 1,000 at most', async () => {
    const rows = await klines('interval=1m');
    expect(rows).toHaveLength(500);
    expect(rows.at(-1)?.[0]).toBe(MINUTE);
    expect(rows.at(-1)?.[6]).toBe(MINUTE + 59_999);
    expect(await klines('interval=1m&limit=5000')).toHaveLength(1_000);
  });

  it('takes start and end in every combination', async () => {
    const [start, end] = [MINUTE - 10 * MINUTE_MS, MINUTE - 5 * MINUTE_MS];
    expect(await openTimes(`interval=1m&startTime=${start}&limit=3`)).toEqual(minutesAgo(10, 9, 8));
    expect(await openTimes(`interval=1m&startTime=${start + 1}&limit=1`)).toEqual(minutesAgo(9));
    expect(await openTimes(`interval=1m&endTime=${end}&limit=3`)).toEqual(minutesAgo(7, 6, 5));
    expect(await openTimes(`interval=1m&endTime=${end - 1}&limit=1`)).toEqual(minutesAgo(6));
    expect(await openTimes(`interval=1m&startTime=${start}&endTime=${end}`)).toEqual(minutesAgo(10, 9, 8, 7, 6, 5));
    expect(await openTimes(`interval=1m&startTime=${start}&endTime=${end}&limit=2`)).toEqual(minutesAgo(10, 9));
    expect(await openTimes(`interval=1m&startTime=${start}&endTime=${start}`)).toEqual(minutesAgo(10));
    expect(await openTimes(`interval=1m&startTime=${end}&endTime=${start}`)).toEqual([]);
    expect(await openTimes(`interval=1m&startTime=${MINUTE + MINUTE_MS}`)).toEqual([]);
  });

  it('begins at the listing', async () => {
    expect(await openTimes('interval=1m&startTime=0&limit=2')).toEqual([1_502_942_400_000, 1_502_942_460_000]);
    expect((await openTimes('interval=1d&startTime=0&limit=1'))[0]).toBe(Date.UTC(2017, 7, 17));
    expect(await openTimes('interval=1m&endTime=1502942399999')).toEqual([]);
  });

  it('reads and writes microseconds', async () => {
    const [start] = minutesAgo(3);
    expect(await openTimes(`interval=1m&startTime=${start}000&limit=1`)).toEqual([start]);
    const { body } = await get<Row[]>(`klines?symbol=BTCUSDT&interval=1m&startTime=${start}&limit=1`, { 'X-MBX-TIME-UNIT': 'microsecond' });
    expect([body[0]?.[0], body[0]?.[6]]).toEqual([(start ?? 0) * 1_000, (start ?? 0) * 1_000 + 59_999_999]);
  });

  it('builds every interval from the same minutes', async () => {
    const day = (Math.floor(NOW / DAY_MS) - 1) * DAY_MS;
    const minutes: CandleValues[] = [];
    for (const start of [day, day + 720 * MINUTE_MS])
      minutes.push(...(await klines(`interval=1m&startTime=${start}&limit=720`)).map(toCandle));
    for (const [interval, length] of Object.entries({
      '3m': 3,
      '5m': 5,
      '15m': 15,
      '30m': 30,
      '1h': 60,
      '2h': 120,
      '4h': 240,
      '6h': 360,
      '12h': 720,
      '1d': 1_440,
    })) {
      const rows = await klines(`interval=${interval}&startTime=${day}&endTime=${day + DAY_MS - 1}`);
      const expected = Array.from({ length: 1_440 / length }, (_, index) => {
        const parts = minutes.slice(index * length, (index + 1) * length);
        return withoutIds(foldCandles((day + index * length * MINUTE_MS) as EpochMs, parts));
      });
      expect(rows.map((row) => withoutIds(toCandle(row)))).toEqual(expected);
    }
  });

  it('opens days at the midnight of a time zone', async () => {
    expect((await openTimes('interval=1d&timeZone=8&limit=1'))[0]).toBe(Date.UTC(2026, 10, 19, 16));
  });

  it('equals the truth', async () => {
    const [from] = minutesAgo(5);
    const truth = await sim.truth('BTCUSDT', '1m', { from: from as EpochMs, to: NOW as EpochMs });
    const rows = await klines(`interval=1m&startTime=${from}&limit=5`);
    expect(truth.map(withoutIds)).toEqual(rows.map((row) => withoutIds(toCandle(row))));
    const response = await fetch(`${sim.restUrl}/admin/truth?symbol=BTCUSDT&interval=1m&from=${from}&to=${NOW}`);
    expect(await response.json()).toEqual(truth);
  });
});

describe('trades', () => {
  it('pages through aggregate trades without a hole', async () => {
    type Agg = { a: number; f: number; l: number; T: number; p: string; q: string; m: boolean; M: boolean };
    const [start] = minutesAgo(60);
    const first = (await get<Agg[]>(`aggTrades?symbol=ETHUSDT&startTime=${start}&endTime=${NOW}&limit=100`)).body;
    const second = (await get<Agg[]>(`aggTrades?symbol=ETHUSDT&fromId=${(first.at(-1)?.a ?? 0) + 1}&limit=100`)).body;
    const all = [...first, ...second];
    expect(all).toHaveLength(200);
    for (const [index, trade] of all.entries()) {
      if (index === 0) continue;
      expect([trade.a, trade.f]).toEqual([(all[index - 1]?.a ?? 0) + 1, (all[index - 1]?.l ?? 0) + 1]);
    }
    const newest = (await get<Agg[]>('aggTrades?symbol=ETHUSDT&limit=2')).body;
    expect(newest.at(-1)?.T).toBeLessThanOrEqual(NOW);
    expect(newest).toHaveLength(2);
    expect(newest.at(-1)?.T).toBeGreaterThan(NOW - MINUTE_MS);
  });

  it('lists the newest trades, contiguous up to the last aggregate', async () => {
    const trades = (await get<{ id: number; price: string; time: number }[]>('trades?symbol=ETHUSDT&limit=37')).body;
    const newest = (await get<{ l: number; p: string }[]>('aggTrades?symbol=ETHUSDT&limit=1')).body;
    expect(trades).toHaveLength(37);
    expect(trades.at(-1)).toMatchObject({ id: newest[0]?.l, price: newest[0]?.p });
    expect(trades.map(({ id }) => id)).toEqual(Array.from({ length: 37 }, (_, index) => (newest[0]?.l ?? 0) - 36 + index));
  });
});

describe('state', () => {
  it('answers ping and time', async () => {
    expect((await get('ping')).body).toEqual({});
    expect((await get('time')).body).toEqual({ serverTime: NOW });
    expect((await get('time', { 'X-MBX-TIME-UNIT': 'MICROSECOND' })).body).toEqual({ serverTime: NOW * 1_000 });
  });

  it('describes its pairs', async () => {
    type Info = {
      timezone: string;
      rateLimits: object[];
      symbols: { symbol: string; status: string; filters: Record<string, string>[] }[];
    };
    const all = (await get<Info>('exchangeInfo')).body;
    expect(all.symbols.length).toBeGreaterThanOrEqual(36);
    const one = (await get<Info>('exchangeInfo?symbol=BTCUSDT')).body;
    expect(one).toMatchObject({ timezone: 'UTC', serverTime: NOW, exchangeFilters: [] });
    expect(one.rateLimits).toContainEqual({ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6_000 });
    expect(one.symbols).toMatchObject([
      { symbol: 'BTCUSDT', status: 'TRADING', baseAsset: 'BTC', quoteAsset: 'USDT', quoteAssetPrecision: 8 },
    ]);
    const filter = (type: string) => one.symbols[0]?.filters.find(({ filterType }) => filterType === type);
    expect(filter('PRICE_FILTER')?.tickSize).toBe('0.01000000');
    expect(filter('LOT_SIZE')?.stepSize).toBe('0.00001000');
    const two = (await get<Info>(`exchangeInfo?symbols=${encodeURIComponent('["ETHUSDT","BTCUSDT"]')}`)).body;
    expect(two.symbols.map(({ symbol }) => symbol)).toEqual(['ETHUSDT', 'BTCUSDT']);
    expect((await get<Info>('exchangeInfo?symbolStatus=HALT')).body.symbols).toEqual([]);
  });

  it('shows a book and tickers that agree', async () => {
    const depth = (await get<{ lastUpdateId: number; bids: string[][]; asks: string[][] }>('depth?symbol=BTCUSDT&limit=5')).body;
    const top = (await get<Record<string, string>>('ticker/bookTicker?symbol=BTCUSDT')).body;
    expect(depth.bids).toHaveLength(5);
    expect([top.bidPrice, top.bidQty, top.askPrice, top.askQty]).toEqual([...(depth.bids[0] ?? []), ...(depth.asks[0] ?? [])]);
    const price = (await get<{ symbol: string; price: string }[]>(`ticker/price?symbols=${encodeURIComponent('["BTCUSDT"]')}`)).body;
    const [[, , , , close] = []] = await klines('interval=1m&limit=1');
    expect(price).toEqual([{ symbol: 'BTCUSDT', price: close }]);
  });

  it('sums the last 24 hours', async () => {
    const full = (await get<Record<string, string | number>>('ticker/24hr?symbol=BTCUSDT')).body;
    const minutes = [
      ...(await klines(`interval=1m&startTime=${MINUTE - 1_439 * MINUTE_MS}&limit=1000`)),
      ...(await klines('interval=1m&limit=440')),
    ].map(toCandle);
    const sum = foldCandles(full.openTime as EpochMs, minutes);
    expect(full).toMatchObject({
      openTime: MINUTE - 1_439 * MINUTE_MS,
      closeTime: NOW,
      openPrice: sum.open,
      highPrice: sum.high,
      lowPrice: sum.low,
      lastPrice: sum.close,
      volume: sum.baseVolume,
      quoteVolume: sum.quoteVolume,
      count: sum.tradeCount,
    });
    const mini = (await get<Record<string, string>[]>('ticker/24hr?type=MINI')).body;
    expect(mini.length).toBeGreaterThanOrEqual(36);
    expect(mini[0]).not.toHaveProperty('priceChange');
  });
});

describe('refusals', () => {
  it.each([
    ['klines?symbol=NOPEUSDT&interval=1m', 400, -1121],
    ['klines?symbol=btcusdt&interval=1m', 400, -1100],
    ['klines?symbol=BTC%20USDT&interval=1m', 400, -1100],
    ['klines?interval=1m', 400, -1102],
    ['klines?symbol=BTCUSDT', 400, -1102],
    ['klines?symbol=BTCUSDT&interval=', 400, -1105],
    ['klines?symbol=BTCUSDT&interval=7m', 400, -1120],
    ['klines?symbol=BTCUSDT&interval=1m&limit=x', 400, -1100],
    ['klines?symbol=BTCUSDT&interval=1m&limit=0', 400, -1130],
    ['klines?symbol=BTCUSDT&interval=1m&startTime=-1', 400, -1100],
    ['klines?symbol=BTCUSDT&interval=1m&timeZone=15', 400, -1130],
    ['klines?symbol=BTCUSDT&interval=1m&interval=5m', 400, -1101],
    ['klines?symbol=BTCUSDT&interval=1m&foo=1', 400, -1104],
    ['ping?foo=1', 400, -1101],
    ['aggTrades?symbol=BTCUSDT&fromId=1&startTime=1', 400, -1128],
    ['exchangeInfo?symbols=BTCUSDT', 400, -1100],
    ['ticker/price?symbols=["BTCUSDT","BTCUSDT"]', 400, -1151],
    ['ticker/price?symbol=BTCUSDT&symbols=["BTCUSDT"]', 400, -1128],
    ['depth?symbol=BTCUSDT&symbolStatus=HALT', 400, -1220],
    ['ticker/24hr?symbol=BTCUSDT&type=TINY', 400, -1130],
    ['nothing', 404, -1000],
  ])('refuses %s', async (path, status, code) => {
    const refusal = await get<{ code: number; msg: string }>(path);
    expect(refusal).toMatchObject({ status, body: { code } });
    expect(refusal.body.msg).not.toBe('');
    expect(refusal.headers.get('x-mbx-used-weight-1m')).toMatch(/^\d+$/);
  });

  it('refuses an unknown unit of time', async () => {
    expect(await get('time', { 'X-MBX-TIME-UNIT': 'FORTNIGHT' })).toMatchObject({ status: 400, body: { code: -1194 } });
  });
});

function toCandle(row: Row): CandleValues {
  const [openTime, open, high, low, close, volume, , quoteVolume, tradeCount, takerBase, takerQuote] = row;
  return {
    openTime: openTime as EpochMs,
    open: open as Decimal,
    high: high as Decimal,
    low: low as Decimal,
    close: close as Decimal,
    baseVolume: volume as Decimal,
    quoteVolume: quoteVolume as Decimal,
    tradeCount,
    takerBuyBaseVolume: takerBase as Decimal,
    takerBuyQuoteVolume: takerQuote as Decimal,
    firstTradeId: null,
    lastTradeId: null,
  };
}

/** REST rows carry no trade ids. */
function withoutIds(candle: CandleValues): CandleValues {
  return { ...candle, firstTradeId: null, lastTradeId: null };
}
