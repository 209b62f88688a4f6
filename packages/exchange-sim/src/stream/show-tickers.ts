import type { EpochMs } from '@candlecast/domain';
import type { SymbolMarket } from '../market/symbol-market.ts';
import { findAveragePrice } from '../venue/average-price.ts';
import type { OrderBook } from '../venue/order-book.ts';
import { findWindow, findWindowKline } from '../venue/window-statistics.ts';
import type { Channel } from './channel.ts';
import type { ChannelSet } from './channel-set.ts';
import { averagePriceText, type EventText, miniTickerText, tickerText, windowTickerText } from './event-text.ts';
import { TICKER_EVERY_MS } from './stream-name.ts';

/** Sends the tickers and the average price of a pair: once a second those whose trades have moved on. */
export function showTickers(channels: ChannelSet, symbol: SymbolMarket, book: OrderBook, now: EpochMs): void {
  const name = symbol.listing.symbol;
  const show = (channel: Channel, toEvent: () => EventText | undefined) => {
    if (!channel.takesTurn(now, TICKER_EVERY_MS)) return;
    const lastId = String(symbol.findLastOrder(now)?.id);
    if (lastId === channel.shown) return;
    channel.shown = lastId;
    const event = toEvent();
    if (event) channel.emit(event, now);
  };
  for (const channel of channels.ofKind('miniTicker')) {
    show(channel, () => {
      const kline = findWindowKline(symbol, '1d', now);
      return kline && miniTickerText(name, kline, now);
    });
  }
  for (const channel of channels.ofKind('ticker')) {
    show(channel, () => {
      const statistics = findWindow(symbol, '1d', now);
      const top = book.top(book.stepAt(now));
      return statistics && top && tickerText(name, statistics, top, now);
    });
  }
  for (const channel of channels.ofKind('windowTicker')) {
    show(channel, () => {
      const statistics = findWindow(symbol, channel.stream.window, now);
      return statistics && windowTickerText(name, channel.stream.window, statistics, now);
    });
  }
  for (const channel of channels.ofKind('avgPrice')) {
    show(channel, () => {
      const average = findAveragePrice(symbol, now);
      return average && averagePriceText(name, average.price, average.lastTradeTime, now);
    });
  }
}
