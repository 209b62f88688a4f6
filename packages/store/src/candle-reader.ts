import {
  addMs,
  type Candle,
  type CandleQuery,
  type CandleReader,
  closeTimeOf,
  type EpochMs,
  floorToInterval,
  MINUTE_MS,
} from '@candlecast/domain';
import type { Database } from './database.ts';
import { type CandleRow, countCandleRows, findCandleRows } from './sql/candle-pages.ts';
import { findOpenTimes } from './sql/candle-times.ts';
import { findDailyTotalRows } from './sql/daily-totals.ts';
import { findFullBuckets } from './sql/full-buckets.ts';
import { findGapRows, toGap } from './sql/gaps.ts';
import { loadLogHead } from './sql/log-head.ts';
import { findNewestRows } from './sql/newest-candles.ts';
import { findSeries, type Series } from './sql/series.ts';
import { findSeriesEnds } from './sql/series-ends.ts';
import type { Session } from './sql/session.ts';
import { findSummaryRows } from './sql/summaries.ts';

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
    findSummaries: (ids, asOf) => findSummaryRows(sessions, ids, asOf),
    findDailyTotals: (query) => findDailyTotalRows(sessions, query),
  };
}

async function findCandles(session: Pick<Session, 'run'>, query: CandleQuery): Promise<Candle[]> {
  const [series] = await findSeries(session, [query.instrumentId]);
  if (!series) return [];
  const rows = await findCandleRows(session, series, query);
  const isClosed = await closedTest(session, series, query, rows);
  return rows.map((row) => ({
    ...row,
    isClosed: isClosed(row.openTime),
    reconstructed: series.liveSince === null || row.openTime < series.liveSince,
  }));
}

/**
 * Returns a test of which candles are closed: of 1m only closed ones are stored; a roll-up is closed when the watermark has reached
 * its end or all its minutes are stored or excused. The minute after the watermark is missing, so the bucket around it is open;
 * minutes are counted only beyond that, and in a series that is not live yet.
 */
async function closedTest(
  session: Pick<Session, 'run'>,
  { seriesId, watermark }: Series,
  { interval }: CandleQuery,
  rows: readonly CandleRow[],
): Promise<(openTime: EpochMs) => boolean> {
  if (interval === '1m') return () => true;
  const closedUntil = watermark === null ? Number.NEGATIVE_INFINITY : addMs(floorToInterval(watermark, '1m'), MINUTE_MS);
  const beyond = rows.map((row) => row.openTime).filter((openTime) => openTime > closedUntil);
  const full = await findFullBuckets(session, seriesId, interval, beyond);
  return (openTime) => closeTimeOf(openTime, interval) <= closedUntil || full.has(openTime);
}
