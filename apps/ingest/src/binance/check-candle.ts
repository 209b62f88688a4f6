import { type CandleValues, compareDecimals, type Decimal, isDecimal } from '@candlecast/domain';

/** A candle's fields before they are checked. */
export type RawCandle = { readonly [Field in keyof CandleValues]: unknown };

/** Why a candle is not taken. */
export type CandleFault = 'time' | 'price' | 'amount' | 'count' | 'price_order';

/**
 * Returns what is wrong with a candle, or undefined when it may be used as CandleValues. Columns beyond the base volume may be
 * null, all of them (sources with OHLCV only), and both trade ids. Open times off the minute grid are no fault: old history has them.
 */
export function findFault(raw: RawCandle): CandleFault | undefined {
  const { open, high, low, close } = raw;
  if (!isTime(raw.openTime)) return 'time';
  if (!isAmount(open) || !isAmount(high) || !isAmount(low) || !isAmount(close)) return 'price';
  if (!isAmount(raw.baseVolume) || !isAmountOrNull(raw.quoteVolume)) return 'amount';
  if (!isAmountOrNull(raw.takerBuyBaseVolume) || !isAmountOrNull(raw.takerBuyQuoteVolume)) return 'amount';
  if (!isCountOrNull(raw.tradeCount, 0) || !isCountOrNull(raw.firstTradeId, -1) || !isCountOrNull(raw.lastTradeId, -1)) return 'count';
  if (isMixed([raw.quoteVolume, raw.tradeCount, raw.takerBuyBaseVolume, raw.takerBuyQuoteVolume])) return 'amount';
  if (isMixed([raw.firstTradeId, raw.lastTradeId])) return 'count';
  if (isAbove(low, open) || isAbove(low, close) || isAbove(open, high) || isAbove(close, high)) return 'price_order';
  return undefined;
}

/** Tells whether a value is an instant in milliseconds that fits the years 2001 to 2286 (so microseconds are refused). */
export function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1e12 && (value as number) < 1e13;
}

/** Tells whether a value is a decimal text that is not negative. */
export function isAmount(value: unknown): value is Decimal {
  return isDecimal(value) && value.charCodeAt(0) !== 45;
}

/** Tells whether a value is an id that the exchange counts upwards. */
export function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isAmountOrNull(value: unknown): boolean {
  return value === null || isAmount(value);
}

/** A source has a group of columns or lacks it: a single null is an error on the way. */
function isMixed(values: readonly unknown[]): boolean {
  return values.some((value) => value === null) && values.some((value) => value !== null);
}

function isCountOrNull(value: unknown, least: number): boolean {
  return value === null || (Number.isSafeInteger(value) && (value as number) >= least);
}

function isAbove(a: Decimal, b: Decimal): boolean {
  return compareDecimals(a, b) > 0;
}
