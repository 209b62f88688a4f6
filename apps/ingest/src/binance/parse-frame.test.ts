import { describe, expect, it } from 'vitest';
import { DOCUMENTED_BOOK, DOCUMENTED_CANDLE, DOCUMENTED_DEPTH, DOCUMENTED_SHUTDOWN, DOCUMENTED_TRADE } from './fixtures/documented.ts';
import { parseFrame } from './parse-frame.ts';

/** The documented candle with its low lowered to its open, and `changes` over that. */
function aCandleEvent(changes: { readonly event?: object; readonly k?: object } = {}): object {
  return { ...DOCUMENTED_CANDLE, ...changes.event, k: { ...DOCUMENTED_CANDLE.k, l: '0.0010', ...changes.k } };
}

function parse(value: unknown) {
  return parseFrame(JSON.stringify(value));
}

describe('parseFrame', () => {
  it('reads a candle with every decimal as it was sent', () => {
    expect(parse({ stream: 'bnbbtc@kline_1m', data: aCandleEvent() })).toEqual({
      kind: 'candle',
      stream: 'bnbbtc@kline_1m',
      symbol: 'BNBBTC',
      exchangeTime: 1672515782136,
      isClosed: false,
      candle: {
        openTime: 1672515780000,
        open: '0.0010',
        high: '0.0025',
        low: '0.0010',
        close: '0.0020',
        baseVolume: '1000',
        quoteVolume: '1.0000',
        tradeCount: 100,
        takerBuyBaseVolume: '500',
        takerBuyQuoteVolume: '0.500',
        firstTradeId: 100,
        lastTradeId: 200,
      },
    });
  });

  it('reads the top of the book', () => {
    expect(parse({ stream: 'bnbusdt@bookTicker', data: DOCUMENTED_BOOK })).toEqual({
      kind: 'book',
      stream: 'bnbusdt@bookTicker',
      symbol: 'BNBUSDT',
      updateId: 400900217,
      bidPrice: '25.35190000',
      bidSize: '31.21000000',
      askPrice: '25.36520000',
      askSize: '40.66000000',
    });
  });

  it('reads a trade: when the buyer was the maker, the seller took', () => {
    const frame = {
      kind: 'trade',
      stream: 'bnbbtc@aggTrade',
      symbol: 'BNBBTC',
      exchangeTime: 1672515782136,
      trade: {
        aggTradeId: 12345,
        tradeTime: 1672515782136,
        price: '0.001',
        size: '100',
        firstTradeId: 100,
        lastTradeId: 105,
        takerSide: 'SELL',
      },
    };
    expect(parse({ stream: 'bnbbtc@aggTrade', data: DOCUMENTED_TRADE })).toEqual(frame);
    expect(parse({ ...DOCUMENTED_TRADE, m: false })).toMatchObject({ trade: { takerSide: 'BUY' } });
  });

  it('reads a change of the book', () => {
    expect(parse({ stream: 'bnbbtc@depth', data: DOCUMENTED_DEPTH })).toEqual({
      kind: 'depth',
      stream: 'bnbbtc@depth',
      symbol: 'BNBBTC',
      exchangeTime: 1672515782136,
      change: { firstUpdateId: 157, lastUpdateId: 160, bids: [['0.0024', '10']], asks: [['0.0026', '100']] },
    });
  });

  it('reads raw events, replies, failures and the announcement of a shutdown', () => {
    expect(parse(aCandleEvent())).toMatchObject({ kind: 'candle', stream: '', symbol: 'BNBBTC' });
    expect(parse({ result: null, id: 1 })).toEqual({ kind: 'reply', id: 1, result: null });
    expect(parse({ result: ['btcusdt@kline_1m'], id: 3 })).toEqual({ kind: 'reply', id: 3, result: ['btcusdt@kline_1m'] });
    expect(parse({ code: 2, msg: 'Invalid request: too many parameters', id: 4 })).toEqual({
      kind: 'failure',
      id: 4,
      code: 2,
      message: 'Invalid request: too many parameters',
    });
    expect(parse({ error: { code: 3, msg: 'Invalid JSON' } })).toMatchObject({ kind: 'failure', id: null, code: 3 });
    expect(parse(DOCUMENTED_SHUTDOWN)).toEqual({ kind: 'shutdown' });
  });

  it('takes null for columns that a recording lacks', () => {
    const frame = parse(aCandleEvent({ k: { q: null, n: null, V: null, Q: null, f: null, L: null } }));
    expect(frame).toMatchObject({ kind: 'candle', candle: { quoteVolume: null, tradeCount: null, firstTradeId: null } });
  });

  it('takes a minute without trades', () => {
    const k = { o: '0.0020', h: '0.0020', l: '0.0020', c: '0.0020', v: '0.00000000', q: '0.00000000', V: '0.00000000', Q: '0.00000000' };
    expect(parse(aCandleEvent({ k: { ...k, n: 0, f: -1, L: -1 } }))).toMatchObject({
      kind: 'candle',
      candle: { tradeCount: 0, firstTradeId: -1 },
    });
  });

  it('believes a close only when the exchange time is past it', () => {
    expect(parse(aCandleEvent({ k: { x: true } }))).toEqual({ kind: 'refused', reason: 'closed_early' });
    expect(parse(aCandleEvent({ event: { E: 1672515840012 }, k: { x: true } }))).toMatchObject({ kind: 'candle', isClosed: true });
  });

  it.each([
    ['json', '{"e":"kline"'],
    ['json', ''],
    ['shape', '[]'],
    ['shape', '"text"'],
    ['shape', '{}'],
    ['shape', JSON.stringify({ stream: 'a@kline_1m', data: null })],
    ['shape', JSON.stringify({ ...DOCUMENTED_CANDLE, k: 7 })],
    ['shape', JSON.stringify(aCandleEvent({ event: { s: 'ETHBTC' } }))],
    ['shape', JSON.stringify(aCandleEvent({ k: { x: 'true' } }))],
    ['event', JSON.stringify({ stream: 'bnbbtc@trade', data: { e: 'trade', E: 1672515782136, s: 'BNBBTC' } })],
    ['event', JSON.stringify({ ...DOCUMENTED_DEPTH, pu: 149 })],
    ['interval', JSON.stringify(aCandleEvent({ k: { i: '1M' } }))],
    ['time', JSON.stringify(aCandleEvent({ event: { E: '1672515782136' } }))],
    ['time', JSON.stringify(aCandleEvent({ k: { t: 1672515780000000 } }))],
    ['off_grid', JSON.stringify(aCandleEvent({ k: { t: 1672515780001 } }))],
    ['off_grid', JSON.stringify(aCandleEvent({ k: { T: 1672515814838 } }))],
    ['price', JSON.stringify(aCandleEvent({ k: { o: 0.001 } }))],
    ['price', JSON.stringify(aCandleEvent({ k: { c: '1e400' } }))],
    ['price', JSON.stringify(aCandleEvent({ k: { h: 'NaN' } }))],
    ['price', JSON.stringify(aCandleEvent({ k: { l: '-0.0010' } }))],
    ['price', JSON.stringify(aCandleEvent({ k: { o: null } }))],
    ['amount', JSON.stringify(aCandleEvent({ k: { v: null } }))],
    ['amount', JSON.stringify(aCandleEvent({ k: { q: '' } }))],
    ['amount', JSON.stringify(aCandleEvent({ k: { q: null } }))],
    ['count', JSON.stringify(aCandleEvent({ k: { L: null } }))],
    ['count', JSON.stringify(aCandleEvent({ k: { n: -1 } }))],
    ['count', JSON.stringify(aCandleEvent({ k: { L: 1.5 } }))],
    ['price_order', JSON.stringify(DOCUMENTED_CANDLE)],
    ['price_order', JSON.stringify(aCandleEvent({ k: { h: '0.0019' } }))],
    ['price', JSON.stringify({ ...DOCUMENTED_BOOK, b: '' })],
    ['amount', JSON.stringify({ ...DOCUMENTED_BOOK, A: 4 })],
    ['shape', JSON.stringify({ ...DOCUMENTED_BOOK, u: null })],
    ['shape', JSON.stringify({ ...DOCUMENTED_TRADE, s: 1 })],
    ['shape', JSON.stringify({ ...DOCUMENTED_TRADE, m: 'true' })],
    ['time', JSON.stringify({ ...DOCUMENTED_TRADE, E: 1672515782136000 })],
    ['time', JSON.stringify({ ...DOCUMENTED_TRADE, T: null })],
    ['price', JSON.stringify({ ...DOCUMENTED_TRADE, p: 0.001 })],
    ['price', JSON.stringify({ ...DOCUMENTED_TRADE, p: '-0.001' })],
    ['amount', JSON.stringify({ ...DOCUMENTED_TRADE, q: '1e400' })],
    ['count', JSON.stringify({ ...DOCUMENTED_TRADE, a: -1 })],
    ['count', JSON.stringify({ ...DOCUMENTED_TRADE, f: 106 })],
    ['count', JSON.stringify({ ...DOCUMENTED_TRADE, l: 1.5 })],
    ['shape', JSON.stringify({ ...DOCUMENTED_DEPTH, b: {} })],
    ['shape', JSON.stringify({ ...DOCUMENTED_DEPTH, a: ['0.0026'] })],
    ['time', JSON.stringify({ ...DOCUMENTED_DEPTH, E: 1 })],
    ['count', JSON.stringify({ ...DOCUMENTED_DEPTH, U: 161 })],
    ['price', JSON.stringify({ ...DOCUMENTED_DEPTH, b: [['NaN', '1']] })],
    [
      'amount',
      JSON.stringify({
        ...DOCUMENTED_DEPTH,
        a: [
          ['0.0026', '1'],
          ['0.0027', 1],
        ],
      }),
    ],
  ])('refuses with reason "%s": %s', (reason, text) => {
    expect(parseFrame(text)).toEqual({ kind: 'refused', reason });
  });

  it('compares prices of different length by value', () => {
    expect(parse(aCandleEvent({ k: { o: '9.5', h: '10.0', l: '9.5', c: '10' } }))).toMatchObject({ kind: 'candle' });
    expect(parse(aCandleEvent({ k: { o: '10.0', h: '9.5', l: '9.5', c: '9.5' } }))).toEqual({ kind: 'refused', reason: 'price_order' });
  });
});
