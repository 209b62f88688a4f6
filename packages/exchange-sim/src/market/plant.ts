import type { EpochMs } from '@candlecast/domain';

/** An anomaly of a pair's history in [from, to), on whole minutes. */
export type Plant =
  /** The venue stood still. */
  | { readonly kind: 'hole'; readonly from: EpochMs; readonly to: EpochMs }
  /**
   * 1m klines open `shiftMs` after the minute and close as much after the next one, but for the ends of the range: the first minute has two
   * rows, the last row is short.
   */
  | { readonly kind: 'offGrid'; readonly from: EpochMs; readonly to: EpochMs; readonly shiftMs: number };
