import type { EpochMs } from '@candlecast/domain';
import type { Fill, Kline, TakerOrder } from '../market/symbol-market.ts';

/** The unit of every time in an answer. */
export type TimeUnit = 'MILLISECOND' | 'MICROSECOND';

/** Returns an instant in the wanted unit. */
export function timeText(time: EpochMs, unit: TimeUnit): string {
  return unit === 'MICROSECOND' ? `${time}000` : String(time);
}

/** Returns the inclusive end of a span in the wanted unit: its last millisecond or microsecond. */
export function endText(time: EpochMs, unit: TimeUnit): string {
  return unit === 'MICROSECOND' ? `${time}999` : String(time);
}

/** Returns decimal text as a JSON string; null where a recording lacks the column. */
export function amountText(amount: string | null): string {
  return amount === null ? 'null' : `"${amount}"`;
}

/** Returns a kline as the REST row of twelve columns. Put together by hand: a page has a thousand of them. */
export function klineRow(kline: Kline, unit: TimeUnit): string {
  const { open, high, low, close, volume } = kline;
  const prices = `"${open}","${high}","${low}","${close}","${volume}"`;
  const rest = `${amountText(kline.quoteVolume)},${kline.tradeCount},${amountText(kline.takerBuyBase)},${amountText(kline.takerBuyQuote)}`;
  return `[${timeText(kline.openTime, unit)},${prices},${endText(kline.closeTime, unit)},${rest},"0"]`;
}

/** Returns an order as REST's aggregate trade, without the braces that streams put more into. */
export function aggTradeFields(order: TakerOrder, unit: TimeUnit): string {
  const ids = `"f":${order.firstTradeId},"l":${order.lastTradeId}`;
  return `"a":${order.id},"p":"${order.price}","q":"${order.quantity}",${ids},"T":${timeText(order.time, unit)},"m":${order.isBuyerMaker},"M":true`;
}

/** Returns a fill as REST's trade. */
export function tradeText(order: TakerOrder, fill: Fill, unit: TimeUnit): string {
  const amounts = `"price":"${order.price}","qty":"${fill.quantity}","quoteQty":"${fill.quoteQuantity}"`;
  return `{"id":${fill.id},${amounts},"time":${timeText(order.time, unit)},"isBuyerMaker":${order.isBuyerMaker},"isBestMatch":true}`;
}
