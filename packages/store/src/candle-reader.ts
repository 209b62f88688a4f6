import { AppError, type CandleQuery, type CandleReader } from '@candlecast/domain';
import { findBarChunk, findBarChunks } from './bar-chunks.ts';
import type { Database } from './database.ts';
import { findCandles } from './find-candles.ts';
import { findBarColumns } from './sql/bar-columns.ts';
import { countCandleRows } from './sql/candle-pages.ts';
import { findOpenTimes } from './sql/candle-times.ts';
import { findDailyTotalRows } from './sql/daily-totals.ts';
import { findGapRows, toGap } from './sql/gaps.ts';
import { loadLogHead } from './sql/log-head.ts';
import { findNewestRows } from './sql/newest-candles.ts';
import { findSeries, type Series } from './sql/series.ts';
import { findSeriesEnds } from './sql/series-ends.ts';
import { findKnownSummaryRows, findSummaryRows } from './sql/summaries.ts';

/** Returns the reader of candles. An instrument that is not known has no candles. */
export function createCandleReader({ sessions }: Pick<Database, 'sessions'>): CandleReader {
  async function ofSeries<T>(id: CandleQuery['instrumentId'], none: T, read: (series: Series) => Promise<T>): Promise<T> {
    const [series] = await findSeries(sessions, [id]);
    return series ? read(series) : none;
  }

  return {
    findCandles: (query) => findCandles(sessions, query),
    findSnapshot: (query) =>
      sessions.readSnapshot(async (session) => ({ candles: await findCandles(session, query), position: await loadLogHead(session) })),
    async findBars(query) {
      const found = await sessions.readSnapshot((session) => findBarColumns(session, query));
      if (!found) throw new AppError('instrument_unknown', `instrument "${query.instrumentId}" is not in the database`);
      return found;
    },
    findBarChunk: (query) => sessions.readSnapshot((session) => findBarChunk(session, query)),
    findBarChunks: (query) => sessions.readSnapshot((session) => findBarChunks(session, query)),
    async findNewest(ids) {
      const rows = await findNewestRows(sessions, ids);
      return rows.map(({ instrumentId, liveSince, ...row }) => ({
        instrumentId,
        candle: { ...row, isClosed: true, reconstructed: liveSince === null || row.openTime < liveSince },
      }));
    },
    findOpenTimes: (id, range) => ofSeries(id, [], ({ seriesId }) => findOpenTimes(sessions, seriesId, range)),
    countCandles: (id, interval, range) => ofSeries(id, 0, ({ seriesId }) => countCandleRows(sessions, seriesId, interval, range)),
    findGaps: (id, range) => ofSeries(id, [], async ({ seriesId }) => (await findGapRows(sessions, seriesId, range)).map(toGap)),
    findEnds: (starts, to) => findSeriesEnds(sessions, starts, to),
    findSummaries: (ids, asOf, isKnownThen = false) =>
      isKnownThen ? findKnownSummaryRows(sessions, ids, asOf) : findSummaryRows(sessions, ids, asOf),
    findDailyTotals: (query) => findDailyTotalRows(sessions, query),
  };
}
