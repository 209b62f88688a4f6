import type { Candle } from '../candle.ts';
import type { GapReason } from '../gap.ts';
import type { InstrumentId, Venue } from '../instrument.ts';
import type { EpochMs } from '../time.ts';

/** Something that became known at `time`. Among those of one time `key` orders, and names the thing. */
export interface Known {
  readonly instrumentId: InstrumentId;
  readonly time: EpochMs;
  readonly key: string;
}

/**
 * A version of a 1m candle and when it became known: one received live at its `knownAt`, one that was fetched as history (`reconstructed`, in its
 * present version only) at its close. Never before its close.
 */
export interface KnownMinute extends Known {
  readonly candle: Candle;
}

/** A change of the gap ledger: minutes are missing, or are no longer. Before the first live minute it counts at the end of the range. */
export interface KnownGap extends Known {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly reason: GapReason;
  readonly isResolved: boolean;
}

/** Asks for what became known after a place (a time and the key there) and up to `until`, both in order. */
export interface KnownQuery {
  readonly instrumentIds: readonly InstrumentId[];
  readonly after: Pick<Known, 'time' | 'key'>;
  readonly until: EpochMs;
  readonly limit: number;
}

/** Reads the past in the order in which it became known. */
export interface ReplayReader {
  /** By time and key. */
  findKnownMinutes(query: KnownQuery): Promise<KnownMinute[]>;
  /** By time and key. */
  findKnownGaps(query: KnownQuery): Promise<KnownGap[]>;
  /** Whether a minute of the venue became known within `withinMs` before `at`. */
  wasAlive(venue: Venue, at: EpochMs, withinMs: number): Promise<boolean>;
}
