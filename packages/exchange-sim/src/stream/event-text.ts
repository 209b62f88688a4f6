import type { EpochMs } from '@candlecast/domain';
import type { Fill, Kline, TakerOrder } from '../market/symbol-market.ts';
import { aggTradeFields, amountText, endText, type TimeUnit, timeText } from '../rest/json-text.ts';
import type { KlineInterval } from '../venue/kline-interval.ts';
import type { Book, BookChange, BookTop, Level } from '../venue/order-book.ts';
import type { WindowName, WindowStatistics } from '../venue/window-statistics.ts';

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

export function miniTickerText(symbol: string, window: Kline, eventTime: EpochMs): EventText {
  const prices = `"c":"${window.close}","o":"${window.open}","h":"${window.high}","l":"${window.low}"`;
  const body = `${prices},"v":"${window.volume}","q":${amountText(window.quoteVolume)}`;
  return (unit) => `{"e":"24hrMiniTicker","E":${timeText(eventTime, unit)},"s":"${symbol}",${body}}`;
}

/** The full ticker of the last 24 hours. */
export function tickerText(symbol: string, statistics: WindowStatistics, { bid, ask }: BookTop, eventTime: EpochMs): EventText {
  const { window, last, previousClose, change, changePercent, weightedAverage } = statistics;
  const moves = `"p":"${change}","P":"${changePercent}","w":"${weightedAverage}","x":"${previousClose}"`;
  const lasts = `"c":"${window.close}","Q":"${last.quantity}","b":"${bid[0]}","B":"${bid[1]}","a":"${ask[0]}","A":"${ask[1]}"`;
  const rest = `"o":"${window.open}","h":"${window.high}","l":"${window.low}","v":"${window.volume}","q":${amountText(window.quoteVolume)}`;
  return (unit) =>
    `{"e":"24hrTicker","E":${timeText(eventTime, unit)},"s":"${symbol}",${moves},${lasts},${rest},${spanText(window, unit)}}`;
}

/** The ticker of a rolling window of one hour, four hours or a day. */
export function windowTickerText(symbol: string, name: WindowName, statistics: WindowStatistics, eventTime: EpochMs): EventText {
  const { window, change, changePercent, weightedAverage } = statistics;
  const prices = `"p":"${change}","P":"${changePercent}","o":"${window.open}","h":"${window.high}","l":"${window.low}","c":"${window.close}"`;
  const rest = `"w":"${weightedAverage}","v":"${window.volume}","q":${amountText(window.quoteVolume)}`;
  return (unit) => `{"e":"${name}Ticker","E":${timeText(eventTime, unit)},"s":"${symbol}",${prices},${rest},${spanText(window, unit)}}`;
}

export function averagePriceText(symbol: string, price: string, lastTradeTime: EpochMs, eventTime: EpochMs): EventText {
  return (unit) =>
    `{"e":"avgPrice","E":${timeText(eventTime, unit)},"s":"${symbol}","i":"5m","w":"${price}","T":${timeText(lastTradeTime, unit)}}`;
}

/** Several events as one array. */
export function joinTexts(texts: readonly EventText[]): EventText {
  return (unit) => `[${texts.map((text) => text(unit)).join(',')}]`;
}

function spanText({ openTime, closeTime, firstTradeId, lastTradeId, tradeCount }: Kline, unit: TimeUnit): string {
  return `"O":${timeText(openTime, unit)},"C":${timeText(closeTime, unit)},"F":${firstTradeId},"L":${lastTradeId},"n":${tradeCount}`;
}
