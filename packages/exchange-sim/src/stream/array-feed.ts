import type { EpochMs } from '@candlecast/domain';
import type { Market } from '../market/symbol-market.ts';
import { findWindow, findWindowKline } from '../venue/window-statistics.ts';
import { ChannelSet } from './channel-set.ts';
import { type EventText, joinTexts, miniTickerText, windowTickerText } from './event-text.ts';
import type { Feed } from './feed.ts';
import { TICKER_EVERY_MS } from './stream-name.ts';

/** Plays the streams of all pairs: once a second an array of those whose last trade is a new one. */
export class ArrayFeed implements Feed {
  readonly channels = new ChannelSet();
  readonly #market: Market;
  /** Per stream and symbol, the last trade that was shown. */
  readonly #shown = new Map<string, number>();
  #playedUntil: EpochMs;

  constructor(market: Market, now: EpochMs) {
    this.#market = market;
    this.#playedUntil = now;
  }

  play(now: EpochMs): void {
    if (now <= this.#playedUntil) return;
    this.#playedUntil = now;
    this.channels.release(now);
    for (const channel of this.channels.ofKind('allTickers')) {
      if (!channel.takesTurn(now, TICKER_EVERY_MS)) continue;
      const texts: EventText[] = [];
      for (const [name, symbol] of this.#market.symbols) {
        if (symbol.endTime !== undefined && now >= symbol.endTime) continue;
        const last = symbol.findLastOrder(now)?.id;
        const key = `${channel.name}/${name}`;
        if (last === undefined || this.#shown.get(key) === last) continue;
        this.#shown.set(key, last);
        const { window } = channel.stream;
        if (window === undefined) {
          const kline = findWindowKline(symbol, '1d', now);
          if (kline) texts.push(miniTickerText(name, kline, now));
        } else {
          const statistics = findWindow(symbol, window, now);
          if (statistics) texts.push(windowTickerText(name, window, statistics, now));
        }
      }
      if (texts.length > 0) channel.emit(joinTexts(texts), now);
    }
  }
}
