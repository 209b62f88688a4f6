import { type Decimal, divideDecimals, type EpochMs, MINUTE_MS } from '@candlecast/domain';
import type { SymbolMarket } from '../market/symbol-market.ts';

/** How many minutes the exchange averages over. */
export const AVERAGE_MINUTES = 5;

/** Returns the volume-weighted price of the last five minutes, and when the last trade in it was; without one the last price. */
export function findAveragePrice(
  symbol: SymbolMarket,
  now: EpochMs,
): { readonly price: string; readonly lastTradeTime: EpochMs } | undefined {
  const last = symbol.findLastOrder(now);
  if (!last) return undefined;
  let [base, quote] = [0n, 0n];
  for (const order of symbol.ordersBetween((now - AVERAGE_MINUTES * MINUTE_MS) as EpochMs, now)) {
    const units = BigInt(order.quantity.replace('.', ''));
    base += units;
    quote += units * BigInt(Math.round(order.priceUnits));
  }
  const price = base === 0n ? last.price : divideDecimals(quote.toString() as Decimal, (base * 100_000_000n).toString() as Decimal, 8);
  return { price, lastTradeTime: last.time };
}
