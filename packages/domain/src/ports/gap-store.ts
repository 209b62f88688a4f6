import type { AsOf } from '../as-of.ts';
import type { Gap } from '../gap.ts';
import type { InstrumentId } from '../instrument.ts';
import type { EpochMs, TimeRange } from '../time.ts';

/** A line of the gap ledger. Of the past the attempts are not known: they are only counted. */
export interface GapLine extends Omit<Gap, 'attempts' | 'lastAttemptAt'> {
  readonly id: number;
  readonly attempts: number | null;
  readonly lastAttemptAt: EpochMs | null;
}

/** Asks for one page of an instrument's lines that overlap `range`. */
export interface GapQuery {
  readonly instrumentId: InstrumentId;
  readonly range: TimeRange;
  /** Only lines that were resolved, or that were not; all when undefined. */
  readonly isResolved: boolean | undefined;
  /** As it had happened by then (cut there), or as the ledger stood then; as it stands when undefined. */
  readonly asOf: AsOf | undefined;
  readonly limit: number;
  /** Which end of the list to take when it holds more than `limit`; the result is oldest first all the same. */
  readonly take: 'oldest' | 'newest';
  /** Goes on behind this line: after it for `oldest`, before it for `newest`. */
  readonly beyond?: { readonly from: EpochMs; readonly id: number };
}

/** Reads the gap ledger. */
export interface GapReader {
  /** By the beginning of the range and then by id. */
  findGapLines(query: GapQuery): Promise<GapLine[]>;
}
