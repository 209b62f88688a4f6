import type { EpochMs } from '@candlecast/domain';
import type { Fill, Kline, TakerOrder } from '../market/symbol-market.ts';
import { aggTradeFields, amountText, endText, type TimeUnit, timeText } from '../rest/json-text.ts';
import type { DayStatistics } from '../venue/day-statistics.ts';
import type { KlineInterval } from '../venue/kline-interval.ts';
import type { Book, BookChange, Level } from '../venue/order-book.ts';

/** Writes one event in the unit of time that the link asked for. */
export type EventText = (unit: TimeUnit) => string;

/** A kline as it stands at `eventTime`, or closed. */
export function klineText(symbol: string, interval: KlineInterval, kline: Kline, isClosed: boolean, eventTime: EpochMs): EventText {
  return (unit) => {
    const span = `"t":${timeText(kline.openTime, unit)},"T":${endText(kline.closeTime, unit)},"s":"${symbol}","i":"${interval}"`;
    const ids = `"f":${kline.firstTradeId},"L":${kline.lastTradeId}`;
    const prices = `"o":"${kline.open}","c":"${kline.close}","h":"${kline.high}","l":"${kline.low}","v":"${kline.volume}"`;
    const amounts = `"q":${amountText(kline.quoteVolume)},"V":${amountText(kline.takerBuyBase)},"Q":${amountText(kline.takerBuyQuote)}`;
    const body = `${span},${ids},${prices},"n":${kline.tradeCount},"x":${isClosed},${amounts},"B":"0"`;
    return `{"e":"kline","E":${timeText(eventTime, unit)},"s":"${symbol}","k":{${body}}}`;
  };
}

export function aggTradeText(symbol: string, order: TakerOrder): EventText {
  return (unit) => `{"e":"aggTrade","E":${timeText(order.time, unit)},"s":"${symbol}",${aggTradeFields(order, unit)}}`;
}

export function tradeEventText(symbol: string, order: TakerOrder, fill: Fill): EventText {
  return (unit) => {
    const time = timeText(order.time, unit);
    const body = `"t":${fill.id},"p":"${order.price}","q":"${fill.quantity}","T":${time},"m":${order.isBuyerMaker},"M":true`;
    return `{"e":"trade","E":${time},"s":"${symbol}",${body}}`;
  };
}

export function bookTickerText(symbol: string, updateId: number, bid: Level, ask: Level): EventText {
  const text = `{"u":${updateId},"s":"${symbol}","b":"${bid[0]}","B":"${bid[1]}","a":"${ask[0]}","A":"${ask[1]}"}`;
  return () => text;
}

export function depthText(symbol: string, change: BookChange, eventTime: EpochMs): EventText {
  const body = `"s":"${symbol}","U":${change.firstUpdateId},"u":${change.lastUpdateId},"b":${JSON.stringify(change.bids)},"a":${JSON.stringify(change.asks)}`;
  return (unit) => `{"e":"depthUpdate","E":${timeText(eventTime, unit)},${body}}`;
}

export function partialDepthText(book: Book, levels: number): EventText {
  const text = JSON.stringify({ lastUpdateId: book.updateId, bids: book.bids.slice(0, levels), asks: book.asks.slice(0, levels) });
  return () => text;
}

export function miniTickerText(symbol: string, { window }: DayStatistics, eventTime: EpochMs): EventText {
  const prices = `"c":"${window.close}","o":"${window.open}","h":"${window.high}","l":"${window.low}"`;
  const body = `${prices},"v":"${window.volume}","q":${amountText(window.quoteVolume)}`;
  return (unit) => `{"e":"24hrMiniTicker","E":${timeText(eventTime, unit)},"s":"${symbol}",${body}}`;
}
