import {
  addMs,
  type Candle,
  type CandleQuery,
  ceilToInterval,
  closeTimeOf,
  type EpochMs,
  floorToInterval,
  type Interval,
  MINUTE_MS,
  type TimeRange,
} from '@candlecast/domain';
import { type CandleRow, findCandleRows } from './sql/candle-pages.ts';
import { findKnownRows, findPartRow } from './sql/candles-known.ts';
import { findFullBuckets } from './sql/full-buckets.ts';
import { findGapLineRows } from './sql/gap-lines.ts';
import { findSeries, type Series } from './sql/series.ts';
import type { Session } from './sql/session.ts';

type Reader = Pick<Session, 'run'>;

/** More unresolved gaps than a range of candles has. */
const MOST_GAPS = 100_000;

/** Returns the candles of a query, of now or of the past; none of an instrument that is not known. */
export async function findCandles(session: Reader, query: CandleQuery): Promise<Candle[]> {
  const [series] = await findSeries(session, [query.instrumentId]);
  if (!series) return [];
  if (query.asOf?.kind === 'eventTime') return findHappened(session, series, query, query.asOf.at);
  if (query.asOf?.kind === 'knownAt') return findKnown(session, series, query, query.asOf.at);
  const rows = await findCandleRows(session, series, query);
  return toCandles(series, rows, await closedTest(session, series, query.interval, rows));
}

/** As if now were `at`: the buckets that had ended, as they are stored today, and the one around `at` from the minutes before it. */
async function findHappened(session: Reader, series: Series, query: CandleQuery, at: EpochMs): Promise<Candle[]> {
  const { interval, range, limit, take } = query;
  const end = floorToInterval(at, '1m');
  const open = floorToInterval(end, interval);
  const past = { ...query, range: { from: range.from, to: Math.min(range.to, open) as EpochMs } };
  const rows = past.range.from < past.range.to ? await findCandleRows(session, series, past) : [];
  const closed = toCandles(series, rows, await closedTest(session, series, interval, rows));
  const isWanted = open < end && open >= range.from && open < range.to && (take === 'newest' || closed.length < limit);
  const part = isWanted ? await findPartRow(session, series.seriesId, { from: open, to: end }) : undefined;
  const all = part ? [...closed, ...toCandles(series, [part], () => false)] : closed;
  return take === 'newest' ? all.slice(all.length > limit ? all.length - limit : 0) : all.slice(0, limit);
}

/** As it was known at `at`. A roll-up was closed when each of its minutes from the first of the series on was known or in a gap that was recorded by then. */
async function findKnown(session: Reader, series: Series, query: CandleQuery, at: EpochMs): Promise<Candle[]> {
  const { interval } = query;
  const newest = ceilToInterval(floorToInterval(at, '1m'), interval);
  const end = { ...query, range: { from: query.range.from, to: Math.min(query.range.to, newest) as EpochMs } };
  if (end.range.from >= end.range.to) return [];
  const minutesOf = new Map<EpochMs, number | null>();
  const rows = await findCandleRows(session, series, end, async (range: TimeRange) => {
    const known = await findKnownRows(session, series.seriesId, query, range, at);
    for (const row of known) minutesOf.set(row.openTime, row.minutes);
    return known.map(({ minutes: _, ...row }) => row);
  });
  if (interval === '1m') return toCandles(series, rows, () => true);
  const whole = rows.filter(({ openTime }) => minutesOf.get(openTime) === null);
  const isClosedNow = await closedTest(session, series, interval, whole);
  const span = { from: end.range.from, to: end.range.to };
  const excusedThen = await loadExcused(session, series, span, { kind: 'knownAt', at });
  const excusedNow = await loadExcused(session, series, span, undefined);
  return toCandles(series, rows, (openTime) => {
    const bucket = { from: openTime, to: closeTimeOf(openTime, interval) };
    const minutes = minutesOf.get(openTime);
    if (minutes == null) return isClosedNow(openTime) && excusedThen(bucket) >= excusedNow(bucket);
    const from = Math.max(openTime, floorToInterval(series.firstOpenTime ?? openTime, '1m'));
    return minutes + excusedThen(bucket) >= (bucket.to - from) / MINUTE_MS;
  });
}

/** Returns how many minutes of a range lie in recorded gaps, as the ledger stands or stood. */
async function loadExcused(
  session: Reader,
  { seriesId, instrumentId }: Series,
  range: TimeRange,
  asOf: CandleQuery['asOf'],
): Promise<(bucket: TimeRange) => number> {
  const query = { instrumentId, range, isResolved: false, asOf, limit: MOST_GAPS, take: 'newest' } as const;
  const gaps = (await findGapLineRows(session, seriesId, query)).filter(({ reason }) => reason !== 'PENDING');
  return ({ from, to }) =>
    gaps.reduce((minutes, gap) => minutes + Math.max(0, Math.min(gap.to, to) - Math.max(gap.from, from)) / MINUTE_MS, 0);
}

function toCandles({ liveSince }: Series, rows: readonly CandleRow[], isClosed: (openTime: EpochMs) => boolean): Candle[] {
  return rows.map((row) => ({
    ...row,
    isClosed: isClosed(row.openTime),
    reconstructed: liveSince === null || row.openTime < liveSince,
  }));
}

/**
 * Returns a test of which candles are closed: of 1m only closed ones are stored; a roll-up is closed when the watermark has reached
 * its end or all its minutes are stored or excused. The minute after the watermark is missing, so the bucket around it is open;
 * minutes are counted only beyond that, and in a series that is not live yet.
 */
async function closedTest(
  session: Reader,
  { seriesId, watermark }: Series,
  interval: Interval,
  rows: readonly CandleRow[],
): Promise<(openTime: EpochMs) => boolean> {
  if (interval === '1m') return () => true;
  const closedUntil = watermark === null ? Number.NEGATIVE_INFINITY : addMs(floorToInterval(watermark, '1m'), MINUTE_MS);
  const beyond = rows.map((row) => row.openTime).filter((openTime) => openTime > closedUntil);
  const full = await findFullBuckets(session, seriesId, interval, beyond);
  return (openTime) => closeTimeOf(openTime, interval) <= closedUntil || full.has(openTime);
}
