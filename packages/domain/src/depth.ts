import type { Decimal } from './decimal.ts';
import type { InstrumentId } from './instrument.ts';
import type { EpochMs } from './time.ts';

/** A price and the size that stands there. */
export type DepthLevel = readonly [price: Decimal, size: Decimal];

/** Levels a side in a DepthUpdate; fewer when the book has no more. */
export const DEPTH_LEVELS = 50;

/** Where a book that somebody wants stands. `REFUSED`: it is not kept, for the reason given. */
export type DepthState = 'SYNCING' | 'LIVE' | 'REFUSED';

/** The best levels of an instrument's book, about once a second while somebody wants it; without levels unless it is LIVE. */
export interface DepthUpdate {
  readonly instrumentId: InstrumentId;
  readonly state: DepthState;
  readonly reason: string | null;
  /** Best first. */
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
  /** The exchange's own number of this state of the book; null unless it is LIVE. */
  readonly updateId: number | null;
  /** The venue's time when it was sent. */
  readonly at: EpochMs;
}

/** Asks for an instrument's book for `forMs` milliseconds from its receipt: whoever wants it longer asks again before that. */
export interface DepthWish {
  readonly instrumentId: InstrumentId;
  readonly forMs: number;
}
