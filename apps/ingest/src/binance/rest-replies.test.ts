import { toEpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { toExchangeError } from './exchange-error.ts';
import { DOCUMENTED_ROW, DOCUMENTED_TRADE_ROW } from './fixtures/documented.ts';
import { countOffGrid, toClosedCandles } from './merge-rows.ts';
import { parseCandleRows, parseExchangeInfo, parseServerTime } from './parse-reply.ts';
import { parseTradeRows } from './read-trade.ts';

const MINUTE = 1_499_040_000_000;

/** The documented row as a 1m candle at `openTime`. */
function aRow(openTime: number, changes: Readonly<Record<number, unknown>> = {}): unknown[] {
  return DOCUMENTED_ROW.map((value, column) => changes[column] ?? (column === 0 ? openTime : column === 6 ? openTime + 59_999 : value));
}

describe('parseCandleRows', () => {
  it('reads the documented row; it has no trade ids', () => {
    expect(parseCandleRows([DOCUMENTED_ROW])).toEqual([
      {
        lastMs: 1499644799999,
        candle: {
          openTime: 1499040000000,
          open: '0.01634790',
          high: '0.80000000',
          low: '0.01575800',
          close: '0.01577100',
          baseVolume: '148976.11427815',
          quoteVolume: '2434.19055334',
          tradeCount: 308,
          takerBuyBaseVolume: '1756.87402397',
          takerBuyQuoteVolume: '28.46694368',
          firstTradeId: null,
          lastTradeId: null,
        },
      },
    ]);
  });

  it.each([
    ['an object', {}],
    ['a short row', [DOCUMENTED_ROW.slice(0, 8)]],
    ['a number for a price', [aRow(MINUTE, { 1: 0.5 })]],
    ['no close time', [aRow(MINUTE, { 6: 'soon' })]],
  ])('refuses %s as an answer that may be better next time', (_, body) => {
    expect(() => parseCandleRows(body)).toThrow(expect.objectContaining({ code: 'exchange_unavailable', retryable: true }));
  });
});

describe('toClosedCandles', () => {
  it('leaves out the candle that is still open, and one that closed within the margin', () => {
    const rows = parseCandleRows([aRow(MINUTE), aRow(MINUTE + 60_000), aRow(MINUTE + 120_000)]);
    const times = (now: number) => toClosedCandles(rows, toEpochMs(now), 2_000).map(({ openTime }) => openTime);
    expect(times(MINUTE + 121_999)).toEqual([MINUTE]);
    expect(times(MINUTE + 122_000)).toEqual([MINUTE, MINUTE + 60_000]);
  });

  it('joins rows off the minute grid into the candle of their minute', () => {
    const rows = parseCandleRows([
      aRow(MINUTE + 14_789, { 1: '2.0', 2: '3.0', 3: '1.0', 4: '2.5', 8: 5 }),
      aRow(MINUTE + 44_789, { 1: '2.5', 2: '4.0', 3: '2.0', 4: '3.5', 8: 7 }),
    ]);
    expect(toClosedCandles(rows, toEpochMs(MINUTE + 600_000), 2_000)).toEqual([
      expect.objectContaining({
        openTime: MINUTE,
        open: '2.0',
        high: '4.0',
        low: '1.0',
        close: '3.5',
        tradeCount: 12,
        baseVolume: '297952.22855630',
      }),
    ]);
  });
});

describe('a full page of rows off the grid', () => {
  const rows = parseCandleRows([0, 1, 2].map((minute) => aRow(MINUTE + minute * 60_000 + 14_789)));
  const minutesOf = (...args: Parameters<typeof toClosedCandles>) =>
    toClosedCandles(...args).map(({ openTime }) => (openTime - MINUTE) / 60_000);
  const LATER = toEpochMs(MINUTE + 600_000);

  it('leaves the minute at its cut to the next page, which may have the rest of it', () => {
    expect(minutesOf(rows, LATER, 2_000)).toEqual([0, 1, 2]);
    expect(minutesOf(rows, LATER, 2_000, 'last')).toEqual([0, 1]);
    expect(minutesOf(rows, LATER, 2_000, 'first')).toEqual([1, 2]);
  });

  it('keeps a minute that is alone, and one on the grid', () => {
    expect(minutesOf(rows.slice(0, 1), LATER, 2_000, 'last')).toEqual([0]);
    const onGrid = parseCandleRows([aRow(MINUTE), aRow(MINUTE + 60_000)]);
    expect(minutesOf(onGrid, LATER, 2_000, 'last')).toEqual([0, 1]);
    expect([countOffGrid(rows), countOffGrid(onGrid)]).toEqual([3, 0]);
  });
});

describe('parseExchangeInfo', () => {
  const body = {
    timezone: 'UTC',
    rateLimits: [
      { rateLimitType: 'RAW_REQUESTS', interval: 'MINUTE', intervalNum: 5, limit: 300000 },
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
    ],
    symbols: [
      {
        symbol: 'ETHBTC',
        status: 'TRADING',
        baseAsset: 'ETH',
        quoteAsset: 'BTC',
        filters: [
          { filterType: 'PRICE_FILTER', minPrice: '0.00001000', tickSize: '0.00001000' },
          { filterType: 'LOT_SIZE', stepSize: '0.00010000' },
        ],
      },
      { symbol: '币安人生USDT', status: 'SOMETHING_NEW', baseAsset: '币安人生', quoteAsset: 'USDT' },
    ],
  };

  it('takes the narrowest of the limits of weight and requests, and passes over limits of other kinds', () => {
    const withLimits = (...rateLimits: object[]) => parseExchangeInfo({ ...body, rateLimits }, 'SIM').weightPerMinute;
    const [orders, weight] = [
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 5 },
      { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
    ];
    expect(withLimits(orders, weight, { rateLimitType: 'RAW_REQUESTS', interval: 'MINUTE', intervalNum: 5, limit: 20_000 })).toBe(4_000);
    expect(withLimits(weight, { rateLimitType: 'REQUEST_WEIGHT', interval: 'FORTNIGHT', intervalNum: 1, limit: 1 })).toBe(6_000);
    expect(withLimits(orders)).toBeUndefined();
  });

  it('reads listings and the weight of a minute; unknown states and letters do not matter', () => {
    expect(parseExchangeInfo(body, 'SIM')).toEqual({
      weightPerMinute: 6000,
      listings: [
        {
          status: 'TRADING',
          isTrading: true,
          instrument: {
            id: 'SIM:ETHBTC',
            venue: 'SIM',
            symbol: 'ETHBTC',
            baseAsset: 'ETH',
            quoteAsset: 'BTC',
            tickSize: '0.00001000',
            stepSize: '0.00010000',
          },
        },
        { status: 'SOMETHING_NEW', isTrading: false, instrument: expect.objectContaining({ symbol: '币安人生USDT', tickSize: null }) },
      ],
    });
  });

  it('refuses something else', () => {
    expect(() => parseExchangeInfo({ symbols: 'none' }, 'SIM')).toThrow(expect.objectContaining({ retryable: true }));
    expect(() => parseServerTime({ serverTime: 'now' })).toThrow(expect.objectContaining({ retryable: true }));
    expect(parseServerTime({ serverTime: 1499827319559 })).toBe(1499827319559);
  });
});

describe('toExchangeError', () => {
  const reply = { path: '/api/v3/klines', retryAfter: null, body: '', now: 1_700_000_000_000 };

  it.each([
    [
      'a limit, for as long as it says',
      { status: 429, retryAfter: '7' },
      { code: 'exchange_rate_limited', retryable: true, retryAfterMs: 7_000 },
    ],
    [
      'a ban, until the moment in the text when that is later',
      {
        status: 418,
        retryAfter: '7',
        body: '{"code":-1003,"msg":"Way too much request weight used; IP banned until 1700000120000. Please use"}',
      },
      { code: 'exchange_rate_limited', retryable: true, retryAfterMs: 120_000 },
    ],
    ['a limit without a time', { status: 429 }, { code: 'exchange_rate_limited', retryAfterMs: 40_000 }],
    ['a ban without a time', { status: 418 }, { code: 'exchange_rate_limited', retryAfterMs: 120_000 }],
    ['the firewall', { status: 403, body: '<html>' }, { code: 'exchange_rate_limited', retryable: true, retryAfterMs: 60_000 }],
    [
      'a forbidden place',
      { status: 451, body: '{"code":0,"msg":"Service unavailable from a restricted location"}' },
      { code: 'exchange_forbidden', retryable: false },
    ],
    ['a broken server', { status: 502, body: '<html>' }, { code: 'exchange_unavailable', retryable: true }],
    [
      'a busy server',
      { status: 400, body: '{"code":-1008,"msg":"Server is currently overloaded"}' },
      { code: 'exchange_unavailable', retryable: true },
    ],
    ['our own mistake', { status: 400, body: '{"code":-1121,"msg":"Invalid symbol."}' }, { code: 'exchange_refused', retryable: false }],
  ])('knows %s', (_, change, expected) => {
    expect(toExchangeError({ ...reply, ...change })).toMatchObject(expected);
  });
});

describe('parseTradeRows', () => {
  it('reads the documented row', () => {
    expect(parseTradeRows([DOCUMENTED_TRADE_ROW])).toEqual([
      {
        aggTradeId: 26129,
        tradeTime: 1498793709153,
        price: '0.01633102',
        size: '4.70443515',
        firstTradeId: 27781,
        lastTradeId: 27781,
        takerSide: 'SELL',
      },
    ]);
  });

  it.each([{}, [null], [{ ...DOCUMENTED_TRADE_ROW, p: 1 }], [DOCUMENTED_TRADE_ROW, { a: 1 }], null])('refuses %j', (body) => {
    expect(() => parseTradeRows(body)).toThrow(expect.objectContaining({ code: 'exchange_unavailable', retryable: true }));
  });
});
