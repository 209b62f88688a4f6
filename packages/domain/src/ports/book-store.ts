import type { InstrumentId } from '../instrument.ts';
import type { EpochMs, TimeRange } from '../time.ts';
import type { BookSample } from '../top-of-book.ts';

/** Writes samples of the top of the book (ingest owns them). */
export interface BookWriter {
  /** Stores samples of known instruments in one statement; those that are there already stay. Returns how many are new. Throws `instrument_unknown`. */
  storeBooks(samples: readonly BookSample[]): Promise<number>;
}

/** Asks for one page of an instrument's samples with `at` in `range`. */
export interface BookQuery {
  readonly instrumentId: InstrumentId;
  readonly range: TimeRange;
  readonly limit: number;
  /** Which end of the range to take when it holds more than `limit`; the result is oldest first all the same. */
  readonly take: 'oldest' | 'newest';
}

/** Reads samples of the top of the book. Those of an unknown instrument are none. */
export interface BookReader {
  /** Oldest first. A second without a sample had the values of the sample before it. */
  findBooks(query: BookQuery): Promise<BookSample[]>;
  /** What the book was at `at`, per instrument that has a sample between `since` and then; in no order. */
  findBooksAt(ids: readonly InstrumentId[], at: EpochMs, since: EpochMs): Promise<BookSample[]>;
}
