import type { InstrumentId } from '../instrument.ts';
import type { EpochMs, TimeRange } from '../time.ts';
import type { Trade } from '../trade.ts';

/** Writes trades (ingest owns them). */
export interface TradeWriter {
  /** Stores trades of known instruments in any order; those that are there already stay. Returns how many are new. Throws `instrument_unknown`. */
  storeTrades(trades: readonly Trade[]): Promise<number>;
}

/** A trade's place in its instrument's tape. */
export type TradePlace = Pick<Trade, 'tradeTime' | 'aggTradeId'>;

/** Asks for one page of an instrument's trades with `tradeTime` in `range`. */
export interface TradeQuery {
  readonly instrumentId: InstrumentId;
  readonly range: TimeRange;
  readonly limit: number;
  /** Which end of the range to take when it holds more than `limit`; the result is oldest first all the same. */
  readonly take: 'oldest' | 'newest';
  /** Goes on behind this trade: after it for `oldest`, before it for `newest`. */
  readonly beyond?: TradePlace;
}

/** Reads trades. Those of an unknown instrument are none. */
export interface TradeReader {
  /** Oldest first, by time and then by id. */
  findTrades(query: TradeQuery): Promise<Trade[]>;
  /** The newest trade before each of these trades, of its instrument and not before `since`, where there is one; in no order. */
  findTradesBefore(trades: readonly (TradePlace & Pick<Trade, 'instrumentId'>)[], since: EpochMs): Promise<Trade[]>;
}
