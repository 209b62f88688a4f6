import { type EpochMs, MINUTE_MS } from '@candlecast/domain';
import { emptyKline, foldOrders } from '../market/fold-orders.ts';
import type { Kline, SymbolMarket } from '../market/symbol-market.ts';

/**
 * Returns the kline of a span as it stands at `now`: whole minutes from the pair's candles, shorter spans from its trades. Undefined
 * before the first trade, and in a second of a minute that the pair does not have.
 */
export function foldKline(symbol: SymbolMarket, from: EpochMs, to: EpochMs, now: EpochMs): Kline | undefined {
  if (to - from >= MINUTE_MS) return symbol.fold(from, to, now);
  const before = (from - 1) as EpochMs;
  const closeTime = (to - 1) as EpochMs;
  const folded = foldOrders(symbol, from, closeTime, symbol.ordersBetween(before, Math.min(closeTime, now) as EpochMs));
  if (folded) return folded;
  const last = symbol.findLastOrder(before);
  const minute = (Math.floor(from / MINUTE_MS) * MINUTE_MS) as EpochMs;
  // Where the minute is missing its seconds are too.
  return last && symbol.fold(minute, (minute + MINUTE_MS) as EpochMs, now) && emptyKline(from, closeTime, last.price);
}
