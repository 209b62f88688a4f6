import type { GapReader } from '@candlecast/domain';
import type { Database } from './database.ts';
import { findGapLineRows } from './sql/gap-lines.ts';
import { findSeries } from './sql/series.ts';

/** Returns the reader of the gap ledger. An instrument that is not known has no gaps. */
export function createGapReader({ sessions }: Pick<Database, 'sessions'>): GapReader {
  return {
    async findGapLines(query) {
      const [series] = await findSeries(sessions, [query.instrumentId]);
      return series ? findGapLineRows(sessions, series.seriesId, query) : [];
    },
  };
}
