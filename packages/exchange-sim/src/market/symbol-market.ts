import type { EpochMs } from '@candlecast/domain';

/** A pair as the venue lists it. Tick and step sizes are powers of ten: 10^-tickDecimals, 10^-stepDecimals. */
export interface Listing {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly tickDecimals: number;
  readonly stepDecimals: number;
}

/** A kline as the exchange shows it: decimal text, `closeTime` inclusive. Null where a recording lacks the column. */
export interface Kline {
  readonly openTime: EpochMs;
  readonly closeTime: EpochMs;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly quoteVolume: string | null;
  readonly tradeCount: number | null;
  readonly takerBuyBase: string | null;
  readonly takerBuyQuote: string | null;
  /** -1 when there was no trade. */
  readonly firstTradeId: number | null;
  readonly lastTradeId: number | null;
}

/** What one taker did at one price: an aggregate trade of one or more fills. */
export interface TakerOrder {
  readonly id: number;
  readonly time: EpochMs;
  /** In 10^-8 of the quote asset. */
  readonly priceUnits: number;
  readonly price: string;
  readonly quantity: string;
  readonly firstTradeId: number;
  readonly lastTradeId: number;
  readonly isBuyerMaker: boolean;
}

/** One match of a taker order with a resting one. */
export interface Fill {
  readonly id: number;
  readonly quantity: string;
  readonly quoteQuantity: string;
}

/**
 * The market of one pair, from which every view derives. `now` is the venue's time: nothing later is shown, and the kline that is
 * open then is shown as it stands. Orders have contiguous ids from 0 on and come in order of time.
 */
export interface SymbolMarket {
  readonly listing: Listing;
  /** Open time of the first 1m kline. */
  readonly firstTime: EpochMs;
  /** Exclusive end of a recording; undefined for a market without end. */
  readonly endTime: EpochMs | undefined;
  /** Yields the 1m klines that open at or after `from`, upwards. */
  minutesFrom(from: EpochMs, now: EpochMs): Iterable<Kline>;
  /** Yields the 1m klines that open at or before `until`, downwards. */
  minutesBackFrom(until: EpochMs, now: EpochMs): Iterable<Kline>;
  /** Returns the minutes that open in [from, to) as one kline, or undefined when there are none. */
  fold(from: EpochMs, to: EpochMs, now: EpochMs): Kline | undefined;
  /** Yields the orders with `after` < time <= `until`. */
  ordersBetween(after: EpochMs, until: EpochMs): Iterable<TakerOrder>;
  /** Yields the orders from that id on, up to `now`. */
  ordersFromId(id: number, now: EpochMs): Iterable<TakerOrder>;
  /** Returns the last order at or before `now`. */
  findLastOrder(now: EpochMs): TakerOrder | undefined;
  /** Returns the id of the order to which a trade belongs. */
  orderIdOfTrade(tradeId: number): number;
  /** Returns the fills of an order, oldest first. */
  fillsOf(order: TakerOrder): readonly Fill[];
}

/** All pairs of the venue. */
export interface Market {
  readonly symbols: ReadonlyMap<string, SymbolMarket>;
  /** Time at which the venue's clock stops; undefined for a market without end. */
  readonly endTime: EpochMs | undefined;
}
