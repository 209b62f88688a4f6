import type { CandleValues, Clock, EpochMs, ListedInstrument, TopOfBook, Trade, VenueClock } from '@candlecast/domain';
import type { DepthChange, DepthSnapshot } from './book/order-book.ts';

/**
 * What a request is for. Repairs of live series go before history and may use the reserve of the rate budget; what is missing on the tape
 * of trades and second reads wait for both.
 */
export type Purpose = 'repair' | 'history' | 'tape' | 'reread';

/** A pair that the exchange lists. */
export interface Listing {
  readonly instrument: ListedInstrument;
  /** What the exchange says of it, in its word: TRADING, HALT, BREAK, … */
  readonly status: string;
  readonly isTrading: boolean;
}

/** Asks for 1m candles that open before `to`: the oldest from `from` on, or without `from` the newest. */
export interface CandleRequest {
  readonly symbol: string;
  readonly from?: EpochMs;
  readonly to: EpochMs;
  /** At most 1,000. */
  readonly limit: number;
  readonly purpose: Purpose;
}

/** Asks for trades by their ids. */
export interface TradeRequest {
  readonly symbol: string;
  readonly fromId: number;
  readonly limit: number;
}

/** Tells the exchange's time, by samples of its own clock. */
export interface ExchangeClock extends Clock {
  /** How the exchange's time runs, by the newest sample. */
  model(): VenueClock;
  /** The exchange's clock does not move: a recording that is over. */
  isStanding(): boolean;
  /** How many milliseconds of this machine's time `venueMs` of the exchange's time take while it moves. */
  toWallMs(venueMs: number): number;
  /** How far off the exchange's time may be from what this clock shows, in its milliseconds: it is read over a network. */
  errorMs(): number;
  /** Takes a new sample when the newest one is older than `maxAgeMs` of this machine's time. Rejects when the exchange does not answer. */
  refresh(maxAgeMs: number): Promise<void>;
}

/** What the stream says of a 1m candle. */
export interface CandleUpdate {
  readonly symbol: string;
  readonly candle: CandleValues;
  readonly isClosed: boolean;
  readonly exchangeTime: EpochMs;
  readonly receivedAt: EpochMs;
}

/** The top of the book as the stream brought it. */
export interface BookUpdate extends Omit<TopOfBook, 'instrumentId'> {
  readonly updateId: number;
}

/** A trade of a symbol. */
export type TradeValues = Omit<Trade, 'instrumentId'>;

/** Hears the live feed. Called synchronously as frames come in. */
export interface FeedListener {
  onCandle(update: CandleUpdate): void;
  onTopOfBook(symbol: string, book: BookUpdate): void;
  /** Trades come as the exchange sends them: some may be missing, repeated or out of order. */
  onTrade(symbol: string, trade: TradeValues, receivedAt: EpochMs): void;
  /** The streams of these symbols run (verified), or their connection is gone and events may be missed. */
  onLink(symbols: readonly string[], isUp: boolean, detail: string | null): void;
}

/** A running live feed: it reconnects by itself, for ever. */
export interface Feed {
  /**
   * Adds symbols beside the others, which run on undisturbed; those that are there already are passed over. `onLink` says when their
   * streams run. Returns at once.
   */
  add(symbols: readonly string[]): void;
  /** Gives symbols up: once it returns the listener hears nothing more of them. Unknown ones are passed over. */
  remove(symbols: readonly string[]): void;
  /** Symbols whose candle stream has been silent for longer than its cadence allows. */
  silentSymbols(): string[];
  /** Symbols whose stream is silent although the exchange has newer data; their connection is being replaced. */
  stalledSymbols(): string[];
  close(): Promise<void>;
}

/** Hears the changes of books. Called synchronously as frames come in. */
export interface DepthListener {
  onChange(symbol: string, change: DepthChange): void;
  /** The book's stream runs (verified), or its connection is gone and changes are missed. */
  onLink(symbol: string, isUp: boolean): void;
}

/** Running streams of books: they reconnect by themselves, for ever. */
export interface DepthStreams {
  add(symbol: string): void;
  remove(symbol: string): void;
  /** Asks for another connection, because this one brings less than the exchange has. */
  renew(reason: string): void;
  close(): Promise<void>;
}

/** An exchange as the series lifecycle sees it. Failures are AppErrors; `retryable` tells whether another try may help. */
export interface Exchange {
  readonly clock: ExchangeClock;
  fetchListings(): Promise<Listing[]>;
  /** Closed 1m candles, oldest first, unique, on the minute grid. */
  fetchCandles(request: CandleRequest): Promise<CandleValues[]>;
  /** Open time of the first 1m candle that the exchange has. */
  findFirstOpenTime(symbol: string): Promise<EpochMs | undefined>;
  /** At most `limit` (1,000) trades from `fromId` on, oldest first. */
  fetchTrades(request: TradeRequest): Promise<TradeValues[]>;
  /** Asks for at most this part (0 to 1) of what the exchange allows an address: other processes share it. */
  setShare(part: number): void;
  /** Asks for nothing for `ms` milliseconds of this machine's time. */
  pauseFor(ms: number): void;
  /** For how many more milliseconds the exchange wants to be left alone. */
  pausedForMs(): number;
  openFeed(symbols: readonly string[], listener: FeedListener): Feed;
  openDepth(listener: DepthListener): DepthStreams;
  /** The book as it is now, to some depth. */
  fetchDepth(symbol: string): Promise<DepthSnapshot>;
}
