import type { Decimal } from './decimal.ts';
import type { EpochMs } from './time.ts';

/**
 * OHLCV over one interval. A candle is named by (instrument, interval, openTime).
 * Fields beyond `baseVolume` are null where the source has OHLCV only. A candle without a trade is no gap:
 * it carries the previous close, zero volumes, `tradeCount` 0 and the trade ids -1.
 */
export interface CandleValues {
  readonly openTime: EpochMs;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly baseVolume: Decimal;
  readonly quoteVolume: Decimal | null;
  readonly tradeCount: number | null;
  readonly takerBuyBaseVolume: Decimal | null;
  readonly takerBuyQuoteVolume: Decimal | null;
  readonly firstTradeId: number | null;
  readonly lastTradeId: number | null;
}

/** A candle with what we know about it. */
export interface Candle extends CandleValues {
  readonly isClosed: boolean;
  /** How often a closed value was corrected; of a roll-up, the sum over its minutes. */
  readonly revision: number;
  /** When we came to know the current values, on the venue's clock. */
  readonly knownAt: EpochMs;
  /** True when the candle was fetched as history instead of received live. */
  readonly reconstructed: boolean;
}
