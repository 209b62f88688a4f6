import type { EpochMs } from '@candlecast/domain';
import type { Kline, SymbolMarket, TakerOrder } from './symbol-market.ts';

/** Returns the orders as one kline with exact sums; undefined without orders. */
export function foldOrders(
  symbol: Pick<SymbolMarket, 'fillsOf'>,
  openTime: EpochMs,
  closeTime: EpochMs,
  orders: Iterable<TakerOrder>,
): Kline | undefined {
  const units = { base: 0n, quote: 0n, takerBase: 0n, takerQuote: 0n };
  let first: TakerOrder | undefined;
  let last: TakerOrder | undefined;
  let [high, low]: [TakerOrder | undefined, TakerOrder | undefined] = [undefined, undefined];
  for (const order of orders) {
    first ??= order;
    last = order;
    if (!high || order.priceUnits > high.priceUnits) high = order;
    if (!low || order.priceUnits < low.priceUnits) low = order;
    const base = toUnits(order.quantity);
    const quote = symbol.fillsOf(order).reduce((sum, { quoteQuantity }) => sum + toUnits(quoteQuantity), 0n);
    units.base += base;
    units.quote += quote;
    if (order.isBuyerMaker) continue;
    units.takerBase += base;
    units.takerQuote += quote;
  }
  if (!first || !last || !high || !low) return undefined;
  return {
    openTime,
    closeTime,
    open: first.price,
    high: high.price,
    low: low.price,
    close: last.price,
    volume: toText(units.base),
    quoteVolume: toText(units.quote),
    tradeCount: last.lastTradeId - first.firstTradeId + 1,
    takerBuyBase: toText(units.takerBase),
    takerBuyQuote: toText(units.takerQuote),
    firstTradeId: first.firstTradeId,
    lastTradeId: last.lastTradeId,
  };
}

/** Returns a kline without a trade: all prices are the one before. */
export function emptyKline(openTime: EpochMs, closeTime: EpochMs, price: string): Kline {
  const none = '0.00000000';
  return {
    openTime,
    closeTime,
    open: price,
    high: price,
    low: price,
    close: price,
    volume: none,
    quoteVolume: none,
    tradeCount: 0,
    takerBuyBase: none,
    takerBuyQuote: none,
    firstTradeId: -1,
    lastTradeId: -1,
  };
}

/** Eight places, as every amount of the exchange has. */
function toUnits(text: string): bigint {
  return BigInt(text.replace('.', ''));
}

function toText(units: bigint): string {
  const digits = units.toString().padStart(9, '0');
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`;
}
