import { type EpochMs, MINUTE_MS } from '@candlecast/domain';
import { keyOf } from '../market/random.ts';
import type { Kline, SymbolMarket } from '../market/symbol-market.ts';
import { findDayStatistics } from '../venue/day-statistics.ts';
import { findRunningKline } from '../venue/find-klines.ts';
import { nextOpenTime, openTimeOf } from '../venue/kline-interval.ts';
import type { OrderBook } from '../venue/order-book.ts';
import type { Channel } from './channel.ts';
import {
  aggTradeText,
  bookTickerText,
  depthText,
  type EventText,
  klineText,
  miniTickerText,
  partialDepthText,
  tradeEventText,
} from './event-text.ts';
import type { StreamKind } from './stream-name.ts';

const KLINE_EVERY_MS = 2_000;
const MINI_TICKER_EVERY_MS = 1_000;

type ChannelOf<W extends StreamKind['kind']> = Channel<Extract<StreamKind, { kind: W }>>;

/**
 * Plays one pair on its streams. Each step goes from where the last one ended up to a new time: every order and every closing kline on
 * the way is sent, in order of time; what only shows the present is sent once, as it stands at the end.
 */
export class SymbolFeed {
  readonly channels = new Map<string, Channel>();
  readonly #symbol: SymbolMarket;
  readonly #name: string;
  readonly #book: OrderBook;
  /** How long after its end a kline closes: the exchange takes some milliseconds. */
  readonly #closeLagMs: number;
  /** Spreads the turns of the pairs over the two seconds. */
  readonly #phaseMs: number;
  #playedUntil: EpochMs;
  #ordersUntil: EpochMs;

  constructor(symbol: SymbolMarket, book: OrderBook, now: EpochMs) {
    this.#symbol = symbol;
    this.#name = symbol.listing.symbol;
    this.#book = book;
    const key = keyOf(`${this.#name}/pace`, 0);
    this.#closeLagMs = 5 + (key % 40);
    this.#phaseMs = (key >>> 8) % KLINE_EVERY_MS;
    this.#playedUntil = now;
    this.#ordersUntil = now;
  }

  /** Sends everything that happened after the last call, up to `now`. */
  play(now: EpochMs): void {
    if (now <= this.#playedUntil) return;
    const firstEnd = Math.floor((this.#playedUntil - this.#closeLagMs) / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
    for (let end = firstEnd; end + this.#closeLagMs <= now; end += MINUTE_MS) {
      this.#playOrders((end - 1) as EpochMs);
      for (const channel of this.#channelsOf('kline')) this.#closeKlines(channel, end as EpochMs, (end + this.#closeLagMs) as EpochMs);
    }
    this.#playOrders(now);
    this.#playedUntil = now;
    for (const channel of this.channels.values()) channel.release(now);
    for (const channel of this.#channelsOf('kline')) this.#showRunningKline(channel, now);
    for (const channel of this.#channelsOf('bookTicker')) this.#showTop(channel, now);
    for (const channel of this.#channelsOf('depth')) this.#showBookChange(channel, now);
    for (const channel of this.#channelsOf('partialDepth')) this.#showBook(channel, now);
    for (const channel of this.#channelsOf('miniTicker')) this.#showDay(channel, now);
  }

  #playOrders(until: EpochMs): void {
    const after = this.#ordersUntil;
    if (until <= after) return;
    this.#ordersUntil = until;
    const aggregates = [...this.#channelsOf('aggTrade')];
    const singles = [...this.#channelsOf('trade')];
    if (aggregates.length + singles.length === 0) return;
    for (const order of this.#symbol.ordersBetween(after, until)) {
      for (const channel of aggregates) channel.emit(aggTradeText(this.#name, order), order.time);
      for (const channel of singles) {
        for (const fill of this.#symbol.fillsOf(order)) channel.emit(tradeEventText(this.#name, order, fill), order.time);
      }
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
      const kline = nextOpenTime(interval, openTime, offsetMs) === end ? this.#symbol.fold(openTime, end, end) : undefined;
      return kline ? [kline] : [];
    }
    // Recorded rows may stand off the grid: each closes a minute after it opened.
    const closing: Kline[] = [];
    for (const kline of this.#symbol.minutesFrom((end - 2 * MINUTE_MS + 1) as EpochMs, end)) {
      if (kline.openTime > end - MINUTE_MS) break;
      closing.push(kline);
    }
    return closing;
  }

  #showRunningKline(channel: ChannelOf<'kline'>, now: EpochMs): void {
    // A new kline is not shown before the one before it has closed.
    if (now % MINUTE_MS < this.#closeLagMs || this.#isOver(now)) return;
    if (!channel.takesTurn(now + this.#phaseMs, KLINE_EVERY_MS)) return;
    const { interval, offsetMs } = channel.stream;
    const kline = findRunningKline(this.#symbol, interval, offsetMs, now);
    if (kline) this.#showNews(channel, `${kline.openTime}/${kline.volume}`, now, () => klineText(this.#name, interval, kline, false, now));
  }

  #showTop(channel: ChannelOf<'bookTicker'>, now: EpochMs): void {
    const step = this.#book.stepAt(now);
    if (step === channel.step) return;
    channel.step = step;
    const top = this.#book.top(step);
    if (!top) return;
    this.#showNews(channel, [...top.bid, ...top.ask].join(), now, () => bookTickerText(this.#name, top.updateId, top.bid, top.ask));
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

  #showDay(channel: ChannelOf<'miniTicker'>, now: EpochMs): void {
    if (!channel.takesTurn(now, MINI_TICKER_EVERY_MS) || this.#isOver(now)) return;
    const statistics = findDayStatistics(this.#symbol, now);
    if (statistics) this.#showNews(channel, String(statistics.last.id), now, () => miniTickerText(this.#name, statistics, now));
  }

  #showNews(channel: Channel, content: string, now: EpochMs, toEvent: () => EventText): void {
    if (content === channel.shown) return;
    channel.shown = content;
    channel.emit(toEvent(), now);
  }

  #isOver(now: EpochMs): boolean {
    return this.#symbol.endTime !== undefined && now >= this.#symbol.endTime;
  }

  *#channelsOf<W extends StreamKind['kind']>(kind: W): Generator<ChannelOf<W>> {
    for (const channel of this.channels.values()) {
      if (channel.is(kind)) yield channel;
    }
  }
}
