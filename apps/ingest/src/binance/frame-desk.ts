import type { EpochMs } from '@candlecast/domain';
import type { ExchangeClock, FeedListener } from '../exchange.ts';
import type { IngestMetrics } from '../health/metrics.ts';
import type { BookFrame, CandleFrame, DataFrame, TradeFrame } from './parse-frame.ts';
import type { BookMark } from './stall-probe.ts';
import type { Stream, StreamKind } from './stream-names.ts';
import type { StreamWatch } from './stream-watch.ts';

/** The newest that was heard of a symbol since its streams run. */
export interface Heard {
  candle: CandleFrame | undefined;
  book: BookFrame | undefined;
  trade: TradeFrame | undefined;
  /** The id of the first single trade that a candle named. */
  startTradeId: number | null | undefined;
  /** The top of the book as the stream or, before it said anything, the exchange showed it. */
  top: BookMark | undefined;
  readonly startedAt: EpochMs;
}

/** What the desk needs. */
export interface FrameDeskOptions {
  readonly listener: Pick<FeedListener, 'onCandle' | 'onTopOfBook' | 'onTrade'>;
  readonly watch: Pick<StreamWatch, 'heard'>;
  readonly clock: Pick<ExchangeClock, 'now'>;
  readonly metrics: IngestMetrics;
  /** Event times further ahead than this are wrong, and would make everything after them look old (exchange's time). */
  readonly futureMs: number;
}

const FRAME_OF: Record<StreamKind, DataFrame['kind']> = { kline_1m: 'candle', bookTicker: 'book', aggTrade: 'trade' };

/** Takes the frames of all connections: hands on what is new, drops what is old, and counts what belongs to no stream that was asked for. */
export class FrameDesk {
  readonly #options: FrameDeskOptions;
  readonly #byName = new Map<string, Stream>();
  readonly #heard = new Map<string, Heard>();
  /** Streams that were given up: what still comes of them is no surprise. */
  readonly #left = new Set<string>();

  constructor(options: FrameDeskOptions) {
    this.#options = options;
  }

  /** Takes the streams of a symbol in. */
  add(symbol: string, streams: readonly Stream[]): void {
    this.restart([symbol]);
    for (const stream of streams) {
      this.#byName.set(stream.name, stream);
      this.#left.delete(stream.name);
    }
  }

  /** Gives the streams of a symbol up. */
  remove(symbol: string, streams: readonly Stream[]): void {
    this.#heard.delete(symbol);
    for (const { name } of streams) {
      this.#byName.delete(name);
      this.#left.add(name);
    }
  }

  /** Returns the symbol's newest, undefined when it is not taken in. */
  find(symbol: string): Heard | undefined {
    return this.#heard.get(symbol);
  }

  /** Returns those of the streams that are taken in. */
  known(names: readonly string[]): Stream[] {
    return names.flatMap((name) => this.#byName.get(name) ?? []);
  }

  /** A new connection may start to count anew: nothing that was heard before is compared with it. */
  restart(symbols: readonly string[]): void {
    const startedAt = this.#options.clock.now();
    const unheard = { candle: undefined, book: undefined, trade: undefined, startTradeId: undefined, top: undefined };
    for (const symbol of symbols) this.#heard.set(symbol, { ...unheard, startedAt });
  }

  take(frame: DataFrame): void {
    const last = this.#route(frame);
    if (!last) return;
    if (frame.kind === 'candle') this.#takeCandle(frame, last);
    else if (frame.kind === 'book') this.#takeBook(frame, last);
    else if (frame.kind === 'trade') this.#takeTrade(frame, last);
  }

  #takeCandle(frame: CandleFrame, last: Heard): void {
    const { listener, watch, clock, metrics } = this.#options;
    const { symbol, candle, isClosed, exchangeTime } = frame;
    const receivedAt = clock.now();
    if (this.#isFromFuture(exchangeTime, receivedAt)) return;
    metrics.frames.inc(isClosed ? CLOSED_CANDLE : OPEN_CANDLE);
    const isNewer = exchangeTime > (last.candle?.exchangeTime ?? Number.NEGATIVE_INFINITY);
    if (isNewer) {
      metrics.lagMs.observe(Math.max(0, receivedAt - exchangeTime));
      // Freshness is judged by the event time: a connection that repeats old data is as good as silent.
      watch.heard(frame.stream, receivedAt);
      last.candle = frame;
      last.startTradeId ??= candle.lastTradeId;
    }
    // An old update of an open candle says nothing; a close is a fact whenever it comes.
    if (isNewer || isClosed) listener.onCandle({ symbol, candle, isClosed, exchangeTime, receivedAt });
  }

  #takeBook(frame: BookFrame, last: Heard): void {
    const { listener, watch, clock, metrics } = this.#options;
    metrics.frames.inc(TOP_OF_BOOK);
    if (last.book && frame.updateId <= last.book.updateId) return;
    last.book = frame;
    last.top = frame;
    const receivedAt = clock.now();
    watch.heard(frame.stream, receivedAt);
    const { bidPrice, bidSize, askPrice, askSize, updateId } = frame;
    listener.onTopOfBook(frame.symbol, { bidPrice, bidSize, askPrice, askSize, updateId, receivedAt });
  }

  #takeTrade(frame: TradeFrame, last: Heard): void {
    const { listener, watch, clock, metrics } = this.#options;
    const { symbol, trade, exchangeTime } = frame;
    const receivedAt = clock.now();
    if (this.#isFromFuture(exchangeTime, receivedAt) || this.#isFromFuture(trade.tradeTime, receivedAt)) return;
    metrics.frames.inc(TRADE);
    if (!last.trade || trade.aggTradeId > last.trade.trade.aggTradeId) {
      watch.heard(frame.stream, receivedAt);
      last.trade = frame;
    }
    // One that was missing may come late: what is new is decided where the tape is kept.
    listener.onTrade(symbol, trade, receivedAt);
  }

  #isFromFuture(time: EpochMs, receivedAt: EpochMs): boolean {
    if (time <= receivedAt + this.#options.futureMs) return false;
    this.#options.metrics.refusedFrames.inc({ reason: 'future' });
    return true;
  }

  #route(frame: DataFrame): Heard | undefined {
    const stream = this.#byName.get(frame.stream);
    if (stream?.symbol === frame.symbol && FRAME_OF[stream.kind] === frame.kind) return this.#heard.get(frame.symbol);
    if (!this.#left.has(frame.stream)) this.#options.metrics.refusedFrames.inc({ reason: stream ? 'wrong_symbol' : 'unknown_stream' });
    return undefined;
  }
}

const CLOSED_CANDLE = { kind: 'candle_closed' } as const;
const OPEN_CANDLE = { kind: 'candle_open' } as const;
const TOP_OF_BOOK = { kind: 'top_of_book' } as const;
const TRADE = { kind: 'trade' } as const;
