import type { Decimal } from './decimal.ts';
import type { InstrumentId } from './instrument.ts';
import type { EpochMs } from './time.ts';

/** Who crossed the spread: a buyer took what was offered, or a seller took what was bid. */
export const TAKER_SIDES = ['BUY', 'SELL'] as const;
export type TakerSide = (typeof TAKER_SIDES)[number];

/** The trades of one taker order at one price, as the exchange aggregates them. `aggTradeId`s of an instrument follow each other without a hole. */
export interface Trade {
  readonly instrumentId: InstrumentId;
  readonly aggTradeId: number;
  readonly tradeTime: EpochMs;
  readonly price: Decimal;
  readonly size: Decimal;
  readonly firstTradeId: number;
  readonly lastTradeId: number;
  readonly takerSide: TakerSide;
}

/** Trades on their way to subscribers: the newest of an instrument since the last update that was delivered, oldest first. */
export interface TradesUpdate {
  readonly instrumentId: InstrumentId;
  readonly trades: readonly Omit<Trade, 'instrumentId'>[];
  /** How many older ones were left out because more came than an update holds; they are stored all the same. */
  readonly leftOut: number;
}

/** Most trades in one update. */
export const TRADES_PER_UPDATE = 25;

/** Returns one update that stands for two that follow each other: the newest trades of both, what does not fit is counted. */
export function mergeTrades(earlier: TradesUpdate, later: TradesUpdate): TradesUpdate {
  const last = earlier.trades.at(-1)?.aggTradeId ?? Number.NEGATIVE_INFINITY;
  const trades = [...earlier.trades, ...later.trades.filter(({ aggTradeId }) => aggTradeId > last)];
  const kept = trades.slice(-TRADES_PER_UPDATE);
  return { instrumentId: later.instrumentId, trades: kept, leftOut: earlier.leftOut + later.leftOut + trades.length - kept.length };
}
