import { addMs, type BookReader, type BookSample, DAY_MS, type Instrument, type TopOfBook } from '@candlecast/domain';
import type { LatestValues } from '../live/latest-values.ts';
import { type AsOfArgs, toAsOf } from './as-of.ts';
import type { Venues } from './venues.ts';

/** Best bid and ask as they came, or as they were stored. */
export type KnownBook = TopOfBook;

interface Sources {
  readonly books: BookReader;
  readonly latest: LatestValues;
  readonly venues: Venues;
}

/** How far before the moment asked for a sample may lie. */
const LOOK_BACK_MS = DAY_MS;

/** Returns the newest book of each instrument that has one, in their order: as it came, else as it was stored; of the past as it was stored. */
export async function loadBooks(
  { books, latest, venues }: Sources,
  instruments: readonly Instrument[],
  asOfArgs: AsOfArgs | null | undefined,
): Promise<KnownBook[]> {
  const found = new Map<string, KnownBook>();
  for (const venue of new Set(instruments.map((instrument) => instrument.venue))) {
    const now = await venues.now(venue);
    const asOf = toAsOf(asOfArgs, now);
    const ids = instruments.filter((instrument) => instrument.venue === venue).map(({ id }) => id);
    const live = asOf ? [] : ids.flatMap((id) => latest.find('top_of_book', id) ?? []);
    for (const book of live) found.set(book.instrumentId, book);
    const missing = ids.filter((id) => !found.has(id));
    const at = asOf?.at ?? now;
    const stored = missing.length === 0 ? [] : await books.findBooksAt(missing, at, addMs(at, -LOOK_BACK_MS));
    for (const sample of stored) found.set(sample.instrumentId, toKnownBook(sample));
  }
  return instruments.flatMap(({ id }) => found.get(id) ?? []);
}

/** Returns a stored sample as a book. */
export function toKnownBook({ at, updateId: _, ...book }: BookSample): KnownBook {
  return { ...book, receivedAt: at };
}
