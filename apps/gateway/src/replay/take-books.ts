import { addMs, type BookReader, DAY_MS, type EpochMs, type InstrumentId } from '@candlecast/domain';
import { type KnownBook, toKnownBook } from '../market/load-books.ts';

/** How far back the book of a moment may lie. */
const LOOK_BACK_MS = DAY_MS;

/** Returns what takes the books that have changed, as they were sampled: once a second where they changed. */
export function createBookTaker(books: Pick<BookReader, 'findBooksAt'>, ids: readonly InstrumentId[]) {
  const sent = new Map<InstrumentId, EpochMs>();
  return async (now: EpochMs): Promise<KnownBook[]> => {
    const found = await books.findBooksAt(ids, now, addMs(now, -LOOK_BACK_MS));
    const changed = found.filter(({ instrumentId, at }) => sent.get(instrumentId) !== at);
    for (const { instrumentId, at } of changed) sent.set(instrumentId, at);
    return changed.map(toKnownBook);
  };
}
