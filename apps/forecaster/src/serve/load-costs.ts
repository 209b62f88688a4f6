import {
  addMs,
  type BookReader,
  type BookSample,
  DEFAULT_SPREAD_BPS,
  type EpochMs,
  type InstrumentId,
  midPrice,
  spread,
  type TradingCosts,
} from '@candlecast/domain';
import { toFeature } from '../features/to-feature.ts';

/** A top of the book that is older says nothing of the spread: where it is sampled it moves within seconds. */
const SPREAD_AGE_MS = 600_000;

/** An instrument and the close at which it would be traded. */
export type CostSubject = { readonly instrumentId: InstrumentId; readonly asOf: EpochMs };

/** Tells what trading costs, from what is stored. */
export type CostLoader = (subjects: readonly CostSubject[]) => Promise<TradingCosts[]>;

/**
 * Returns what tells the costs at each close, in the order asked for: the fee, and the spread of the newest stored top of the book that was sampled by
 * then and at most ten minutes before; the default spread where there is none, or no two-sided book.
 */
export function createCostLoader(books: Pick<BookReader, 'findBooksAt'>, feeBps: number): CostLoader {
  return async (subjects) => {
    const found = new Map<string, BookSample>();
    for (const asOf of new Set(subjects.map((subject) => subject.asOf))) {
      const ids = subjects.filter((subject) => subject.asOf === asOf).map(({ instrumentId }) => instrumentId);
      for (const book of await books.findBooksAt(ids, asOf, addMs(asOf, -SPREAD_AGE_MS))) found.set(`${book.instrumentId} ${asOf}`, book);
    }
    return subjects.map(({ instrumentId, asOf }) => {
      const book = found.get(`${instrumentId} ${asOf}`);
      const spreadBps = book ? toSpreadBps(book) : Number.NaN;
      if (!book || !(spreadBps >= 0)) return { feeBps, spreadBps: DEFAULT_SPREAD_BPS, spreadAt: null };
      return { feeBps, spreadBps, spreadAt: book.at };
    });
  };
}

/** Ask minus bid over the middle, in basis points; NaN for a book without one of its sides. */
function toSpreadBps(book: BookSample): number {
  if (!(toFeature(book.bidPrice) > 0)) return Number.NaN;
  const top = { ...book, receivedAt: book.at };
  return (toFeature(spread(top)) / toFeature(midPrice(top))) * 10_000;
}
