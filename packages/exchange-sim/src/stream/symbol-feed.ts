import { type EpochMs, MINUTE_MS, SECOND_MS } from '@candlecast/domain';
import { keyOf } from '../market/random.ts';
import type { Kline, SymbolMarket, TakerOrder } from '../market/symbol-market.ts';
import { findRunningKline } from '../venue/find-klines.ts';
import { foldKline } from '../venue/fold-kline.ts';
import { nextOpenTime, openTimeOf } from '../venue/kline-interval.ts';
import type { OrderBook } from '../venue/order-book.ts';
import type { Channel } from './channel.ts';
import { ChannelSet } from './channel-set.ts';
import { aggTradeText, bookTickerText, depthText, type EventText, klineText, partialDepthText, tradeEventText } from './event-text.ts';
import type { Feed } from './feed.ts';
import { showTickers } from './show-tickers.ts';
import type { StreamKind } from './stream-name.ts';

const KLINE_EVERY_MS = 2_000;

type ChannelOf<W extends StreamKind['kind']> = Channel<Extract<StreamKind, { kind: W }>>;

/**
 * Plays one pair on its streams. Each step goes from where the last one ended up to a new time: every order and every closing kline on
 * the way is sent, in order of time; what only shows the present is sent once, as it stands at the end.
 */
export class SymbolFeed implements Feed {
  readonly channels = new ChannelSet();
  readonly #symbol: SymbolMarket;
  readonly #name: string;
  readonly #book: OrderBook;
  /** How long after its end a kline closes: the exchange takes some milliseconds. */
  readonly #closeLagMs: number;
  /** Spreads the turns of the pairs over the two seconds. */
  readonly #phaseMs: number;
  #playedUntil: EpochMs;
  /** The orders after what was played, and the first of them: undefined before somebody listens to trades. */
  #orders: Iterator<TakerOrder> | undefined;
  #nextOrder: TakerOrder | undefined;

  constructor(symbol: SymbolMarket, book: OrderBook, now: EpochMs) {
    this.#symbol = symbol;
    this.#name = symbol.listing.symbol;
    this.#book = book;
    const key = keyOf(`${this.#name}/pace`, 0);
    this.#closeLagMs = 5 + (key % 40);
    this.#phaseMs = (key >>> 8) % KLINE_EVERY_MS;
    this.#playedUntil = now;
  }

  play(now: EpochMs): void {
    const after = this.#playedUntil;
    if (now <= after) return;
    const klines = this.channels.ofKind('kline');
    if (klines.length > 0) this.#playCloses(klines, after, now);
    this.#playOrders(after, now);
    this.#playedUntil = now;
    this.channels.release(now);
    for (const channel of klines) this.#showRunningKline(channel, now);
    for (const channel of this.channels.ofKind('bookTicker')) this.#showTop(channel, now);
    for (const channel of this.channels.ofKind('depth')) this.#showBookChange(channel, now);
    for (const channel of this.channels.ofKind('partialDepth')) this.#showBook(channel, now);
    if (!this.#isOver(now)) showTickers(this.channels, this.#symbol, this.#book, now);
  }

  /** Sends the closing klines up to `now`, each after the orders of before its end. */
  #playCloses(klines: readonly ChannelOf<'kline'>[], after: EpochMs, now: EpochMs): void {
    const stepMs = klines.some(({ stream }) => stream.interval === '1s') ? SECOND_MS : MINUTE_MS;
    const firstEnd = Math.floor((after - this.#closeLagMs) / stepMs) * stepMs + stepMs;
    for (let end = firstEnd; end + this.#closeLagMs <= now; end += stepMs) {
      this.#playOrders(after, (end - 1) as EpochMs);
      for (const channel of klines) {
        if (end % MINUTE_MS === 0 || channel.stream.interval === '1s')
          this.#closeKlines(channel, end as EpochMs, (end + this.#closeLagMs) as EpochMs);
      }
    }
  }

  #playOrders(after: EpochMs, until: EpochMs): void {
    const aggregates = this.channels.ofKind('aggTrade');
    const singles = this.channels.ofKind('trade');
    if (aggregates.length + singles.length === 0) {
      this.#orders = undefined;
      return;
    }
    if (!this.#orders) {
      this.#orders = this.#symbol.ordersBetween(after, Number.POSITIVE_INFINITY as EpochMs)[Symbol.iterator]();
      this.#nextOrder = this.#orders.next().value;
    }
    for (let order = this.#nextOrder; order && order.time <= until; order = this.#nextOrder) {
      for (const channel of aggregates) channel.emit(aggTradeText(this.#name, order), order.time);
      for (const channel of singles) {
        for (const fill of this.#symbol.fillsOf(order)) channel.emit(tradeEventText(this.#name, order, fill), order.time);
      }
      this.#nextOrder = this.#orders.next().value;
    }
  }

  #closeKlines(channel: ChannelOf<'kline'>, end: EpochMs, eventTime: EpochMs): void {
    const { interval } = channel.stream;
    for (const kline of this.#klinesClosingAt(channel, end)) {
      channel.emit(klineText(this.#name, interval, kline, true, eventTime), eventTime, true);
    }
  }

  #klinesClosingAt({ stream: { interval, offsetMs } }: ChannelOf<'kline'>, end: EpochMs): Kline[] {
    if (interval !== '1m') {
      const openTime = openTimeOf(interval, (end - 1) as EpochMs, offsetMs);
      const kline = nextOpenTime(interval, openTime, offsetMs) === end ? foldKline(this.#symbol, openTime, end, end) : undefined;
      return kline ? [kline] : [];
    }
    // Rows may stand off the grid: each closes a minute after it opened.
    const closing: Kline[] = [];
    for (const kline of this.#symbol.minutesFrom((end - 2 * MINUTE_MS + 1) as EpochMs, end)) {
      if (kline.openTime > end - MINUTE_MS) break;
      closing.push(kline);
    }
    return closing;
  }

  #showRunningKline(channel: ChannelOf<'kline'>, now: EpochMs): void {
    const { interval, offsetMs } = channel.stream;
    // The second that runs is shown by its close alone.
    if (interval === '1s') return;
    if (!channel.takesTurn(now + this.#phaseMs, KLINE_EVERY_MS)) return;
    // A new kline is not shown before the one before it has closed.
    if (now % MINUTE_MS < this.#closeLagMs || this.#isOver(now)) {
      channel.slot--;
      return;
    }
    const kline = findRunningKline(this.#symbol, interval, offsetMs, now);
    if (kline) this.#showNews(channel, `${kline.openTime}/${kline.volume}`, now, () => klineText(this.#name, interval, kline, false, now));
  }

  #showTop(channel: ChannelOf<'bookTicker'>, now: EpochMs): void {
    const step = this.#book.stepAt(now);
    if (step === channel.step) return;
    channel.step = step;
    const top = this.#book.top(step);
    if (!top) return;
    const content = `${top.bid[0]},${top.bid[1]},${top.ask[0]},${top.ask[1]}`;
    this.#showNews(channel, content, now, () => bookTickerText(this.#name, top.updateId, top.bid, top.ask));
  }

  #showBookChange(channel: ChannelOf<'depth'>, now: EpochMs): void {
    if (!channel.takesTurn(now, channel.stream.everyMs)) return;
    const step = this.#book.stepAt(now);
    const change = this.#book.changes(channel.step ?? step - 1, step);
    channel.step = step;
    if (change) channel.emit(depthText(this.#name, change, now), now);
  }

  #showBook(channel: ChannelOf<'partialDepth'>, now: EpochMs): void {
    if (!channel.takesTurn(now, channel.stream.everyMs)) return;
    const book = this.#book.book(this.#book.stepAt(now));
    if (book) this.#showNews(channel, String(book.updateId), now, () => partialDepthText(book, channel.stream.levels));
  }

  #showNews(channel: Channel, content: string, now: EpochMs, toEvent: () => EventText): void {
    if (content === channel.shown) return;
    channel.shown = content;
    channel.emit(toEvent(), now);
  }

  #isOver(now: EpochMs): boolean {
    return this.#symbol.endTime !== undefined && now >= this.#symbol.endTime;
  }
}
