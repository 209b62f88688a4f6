import { type CandleValues, type Decimal, MINUTE_MS, toDecimal, toEpochMs } from '@candlecast/domain';

/** Where the made-up market begins: a Monday, so that every interval opens there. */
export const MARKET_START = toEpochMs(Date.UTC(2022, 0, 3));

/** Returns the candle of a minute: prices and sizes with the exchange's eight places, all values consistent, the same at every call. */
export function madeUpCandle(symbol: number, minute: number): CandleValues {
  const wave = ((minute * 2_654_435_761 + symbol * 40_503) >>> 8) % 10_000;
  const open = 2_000_000 + ((minute * 37 + symbol * 11) % 100_000);
  const close = open + (wave % 401) - 200;
  const size = 1_000_000 + wave * 977;
  return {
    openTime: toEpochMs(MARKET_START + minute * MINUTE_MS),
    open: price(open),
    high: price(Math.max(open, close) + (wave % 83)),
    low: price(Math.min(open, close) - (wave % 79)),
    close: price(close),
    baseVolume: eightPlaces(size),
    quoteVolume: eightPlaces(size * 213),
    tradeCount: 100 + (wave % 900),
    takerBuyBaseVolume: eightPlaces(Math.floor(size / 2)),
    takerBuyQuoteVolume: eightPlaces(Math.floor(size / 2) * 213),
    firstTradeId: minute * 1_000,
    lastTradeId: minute * 1_000 + 99 + (wave % 900),
  };
}

function price(cents: number): Decimal {
  return eightPlaces(cents * 1_000_000);
}

function eightPlaces(units: number): Decimal {
  const text = Math.round(units).toString().padStart(9, '0');
  return toDecimal(`${text.slice(0, -8)}.${text.slice(-8)}`);
}
