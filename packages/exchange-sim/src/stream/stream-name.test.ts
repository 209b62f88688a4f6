import { describe, expect, it } from 'vitest';
import { parseStreamName } from './stream-name.ts';

describe('parseStreamName', () => {
  it.each([
    ['btcusdt@kline_1m', { kind: 'kline', interval: '1m', offsetMs: 0 }],
    ['btcusdt@kline_1M', { kind: 'kline', interval: '1M', offsetMs: 0 }],
    ['btcusdt@kline_1d@+08:00', { kind: 'kline', interval: '1d', offsetMs: 28_800_000 }],
    ['btcusdt@bookTicker', { kind: 'bookTicker' }],
    ['btcusdt@depth', { kind: 'depth', everyMs: 1_000 }],
    ['btcusdt@depth@100ms', { kind: 'depth', everyMs: 100 }],
    ['btcusdt@depth20@100ms', { kind: 'partialDepth', levels: 20, everyMs: 100 }],
    ['btcusdt@kline_7m', { kind: 'silent' }],
    ['btcusdt@forceOrder', { kind: 'silent' }],
    ['BTCUSDT@trade', { kind: 'silent' }],
    ['btcusdt@depth7', { kind: 'silent' }],
    ['btcusdt@kline_1s', { kind: 'kline', interval: '1s', offsetMs: 0 }],
    ['btcusdt@ticker', { kind: 'ticker' }],
    ['btcusdt@ticker_4h', { kind: 'windowTicker', window: '4h' }],
    ['btcusdt@ticker_2h', { kind: 'silent' }],
    ['btcusdt@avgPrice', { kind: 'avgPrice' }],
    ['!miniTicker@arr', { kind: 'allTickers', window: undefined }],
    ['!ticker_1h@arr', { kind: 'allTickers', window: '1h' }],
    ['!ticker@arr', { kind: 'silent' }],
    ['!bookTicker', { kind: 'silent' }],
  ])('reads %s', (name, stream) => {
    expect(parseStreamName(name)?.stream).toEqual(stream);
  });

  it('knows the pair by its REST name', () => {
    expect(parseStreamName('币安人生usdt@trade')?.symbol).toBe('币安人生USDT');
  });

  it.each(['btcusdt', '@trade', 'btcusdt@', 'btc usdt@trade', 'a@b@c@d', '', 'btc"usdt@trade'])('refuses "%s"', (name) => {
    expect(parseStreamName(name)).toBeUndefined();
  });
});
