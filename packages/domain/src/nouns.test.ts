import { describe, expect, it } from 'vitest';
import type { CandleValues } from './candle.ts';
import { toDecimal } from './decimal.ts';
import { foldCandles } from './fold-candles.ts';
import { parseInstrumentId } from './instrument.ts';
import { type EpochMs, parseIso } from './time.ts';
import { midPrice, spread, type TopOfBook } from './top-of-book.ts';
import { toVenueTime, toWallMs, type VenueClock } from './venue-clock.ts';

const part = (minute: number, over: Partial<CandleValues> = {}): CandleValues => ({
  openTime: (minute * 60_000) as EpochMs,
  open: toDecimal('10.0'),
  high: toDecimal('12.0'),
  low: toDecimal('9.0'),
  close: toDecimal('11.0'),
  baseVolume: toDecimal('1.50'),
  quoteVolume: toDecimal('15.0'),
  tradeCount: 3,
  takerBuyBaseVolume: toDecimal('0.5'),
  takerBuyQuoteVolume: toDecimal('5.0'),
  firstTradeId: 100 + minute * 3,
  lastTradeId: 102 + minute * 3,
  ...over,
});

describe('foldCandles', () => {
  it('takes first open, extremes, last close and exact sums', () => {
    const folded = foldCandles(0 as EpochMs, [part(0), part(1, { high: toDecimal('12.5'), close: toDecimal('10.5') })]);
    expect(folded).toMatchObject({
      open: '10.0',
      high: '12.5',
      low: '9.0',
      close: '10.5',
      baseVolume: '3.00',
      tradeCount: 6,
      firstTradeId: 100,
      lastTradeId: 105,
    });
  });

  it('is null where any part is null', () => {
    const folded = foldCandles(0 as EpochMs, [part(0), part(1, { quoteVolume: null, tradeCount: null, firstTradeId: null })]);
    expect(folded).toMatchObject({ quoteVolume: null, tradeCount: null, firstTradeId: null, lastTradeId: 105 });
  });

  it('takes no trade id from a minute without trades', () => {
    const quiet = part(1, { tradeCount: 0, firstTradeId: -1, lastTradeId: -1 });
    expect(foldCandles(0 as EpochMs, [part(0), quiet])).toMatchObject({ firstTradeId: 100, lastTradeId: 102 });
    expect(foldCandles(0 as EpochMs, [quiet])).toMatchObject({ firstTradeId: -1, lastTradeId: -1 });
  });

  it('refuses to make a candle of nothing', () => {
    expect(() => foldCandles(0 as EpochMs, [])).toThrow(RangeError);
  });
});

describe('parseInstrumentId', () => {
  it.each([
    ['BINANCE:BTCUSDT', 'BINANCE:BTCUSDT'],
    ['btcusdt', 'SIM:BTCUSDT'],
    ['replay:ethusdt', 'REPLAY:ETHUSDT'],
    ['币安人生USDT', 'SIM:币安人生USDT'],
  ])('reads %s as %s', (text, id) => {
    expect(parseInstrumentId(text, 'SIM')).toMatchObject({ ok: true, value: { id } });
  });

  it.each(['', 'NYSE:BTCUSDT', 'BINANCE:', 'A:B:C', "x'; drop table", 'BTC/USDT'])('refuses "%s"', (text) => {
    expect(parseInstrumentId(text, 'SIM')).toMatchObject({ ok: false, error: { code: 'instrument_id_invalid' } });
  });
});

describe('top of book', () => {
  const book = { bidPrice: toDecimal('100.01'), askPrice: toDecimal('100.02') } as TopOfBook;

  it('has an exact middle and spread', () => {
    expect(midPrice(book)).toBe('100.015');
    expect(spread(book)).toBe('0.01');
  });
});

describe('venue clock', () => {
  const clock: VenueClock = { venue: 'REPLAY', wallTime: 1_000 as EpochMs, anchorTime: 500_000 as EpochMs, speed: 60 };

  it('runs at its speed from its anchor', () => {
    expect(toVenueTime(clock, 2_000 as EpochMs)).toBe(560_000);
    expect(toWallMs(clock, 60_000)).toBe(1_000);
  });
});

describe('parseIso', () => {
  it('needs a time zone', () => {
    expect(parseIso('2023-07-31T00:00:00Z')).toBe(1_690_761_600_000);
    expect(parseIso('2023-07-31T02:00:00+02:00')).toBe(1_690_761_600_000);
    expect(parseIso('2023-07-31T00:00:00')).toBeUndefined();
    expect(parseIso('yesterday')).toBeUndefined();
  });
});
