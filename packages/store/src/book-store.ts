import type { BookReader, BookSample, BookWriter, InstrumentId } from '@candlecast/domain';
import type { Database } from './database.ts';
import { createSeriesIds } from './series-ids.ts';
import { type BookRow, findBookRows, findBookRowsAt, insertBooks } from './sql/books.ts';

/** Returns the writer of samples of the top of the book. */
export function createBookWriter({ sessions }: Pick<Database, 'sessions'>): BookWriter {
  const ids = createSeriesIds(sessions);
  return {
    async storeBooks(samples) {
      return insertBooks(sessions, samples, await ids.load(samples.map(({ instrumentId }) => instrumentId)));
    },
  };
}

/** Returns the reader of samples of the top of the book. */
export function createBookReader({ sessions }: Pick<Database, 'sessions'>): BookReader {
  const ids = createSeriesIds(sessions);
  return {
    async findBooks(query) {
      const known = await ids.find([query.instrumentId]);
      const [seriesId] = known.keys();
      return seriesId === undefined ? [] : (await findBookRows(sessions, seriesId, query)).map((row) => toSample(row, known));
    },
    async findBooksAt(instrumentIds, at, since) {
      const known = await ids.find(instrumentIds);
      return (await findBookRowsAt(sessions, [...known.keys()], at, since)).map((row) => toSample(row, known));
    },
  };
}

function toSample({ seriesId, ...sample }: BookRow, known: ReadonlyMap<number, InstrumentId>): BookSample {
  return { instrumentId: known.get(seriesId) as InstrumentId, ...sample };
}
