import {
  AppError,
  type AsOf,
  addMs,
  type Candle,
  type CandleReader,
  ceilToInterval,
  closeTimeOf,
  type EpochMs,
  floorToInterval,
  type Instrument,
  type Interval,
  intervalMs,
  parsePageCursor,
  type TimeRange,
} from '@candlecast/domain';
import { type Bucket, type Fill, fillBuckets } from './fill-buckets.ts';

/** Which candles are wanted. Relay's arguments: `first`/`after` go forward, `last`/`before` backward; a page has one direction. */
export interface CandlePageQuery {
  readonly instrument: Instrument;
  readonly interval: Interval;
  readonly from: EpochMs | undefined;
  readonly to: EpochMs | undefined;
  readonly after: string | undefined;
  readonly before: string | undefined;
  readonly limit: number;
  readonly direction: 'forward' | 'backward';
  readonly fill?: Fill;
  readonly asOf?: AsOf | undefined;
  /** The venue's time, or the moment of the past. */
  readonly now: EpochMs;
}

/** A page of candles, oldest first, and how it lies in its list. */
export interface CandlePage {
  /** The candles that there are. */
  readonly candles: readonly Candle[];
  /** The rows of the page: those candles, and what stands for missing ones. */
  readonly buckets: readonly Bucket[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** What the page speaks for: every bucket in it is on the page or missing. */
  readonly span: TimeRange;
}

type Reader = Pick<CandleReader, 'findCandles'>;

/** Reads a page of candles, oldest first; `CURSOR_INVALID` for a cursor that is not a page's, `BAD_USER_INPUT` for a range turned around. */
export async function loadCandlePage(reader: Reader, query: CandlePageQuery): Promise<CandlePage> {
  const { instrument, interval, limit, direction, now } = query;
  if (query.from !== undefined && query.to !== undefined && query.from > query.to)
    throw new AppError('BAD_USER_INPUT', 'from lies after to');
  const newest = query.asOf ? now : latest(now, instrument.watermark ?? now);
  const stored = storedRange(instrument, interval, addMs(newest, intervalMs(interval)));
  const after = query.after === undefined ? undefined : loadPageCursor(query.after);
  const before = query.before === undefined ? undefined : loadPageCursor(query.before);
  const wanted = {
    from: ceilToInterval(query.from ?? stored?.from ?? now, interval),
    to: ceilToInterval(query.to ?? stored?.to ?? now, interval),
  };
  const range = {
    from: latest(wanted.from, after === undefined ? wanted.from : closeTimeOf(after, interval)),
    to: before === undefined ? wanted.to : earliest(wanted.to, before),
  };
  const readable = stored && { from: latest(range.from, stored.from), to: earliest(range.to, stored.to) };
  const isEmpty = !readable || readable.from >= readable.to || limit === 0;
  const { candles, buckets, hasMore } = isEmpty
    ? { candles: [], buckets: [], hasMore: false }
    : (query.fill ?? 'NONE') === 'NONE'
      ? await readCandles(reader, query, readable)
      : await readBuckets(reader, query, readable, stored);
  const first = buckets[0];
  const last = buckets.at(-1);
  return {
    candles,
    buckets,
    hasNextPage: direction === 'forward' ? hasMore : before !== undefined,
    hasPreviousPage: direction === 'backward' ? hasMore : after !== undefined,
    span: {
      from:
        (direction === 'backward' && hasMore) || (query.from === undefined && after === undefined)
          ? (first?.openTime ?? range.to)
          : range.from,
      to: direction === 'forward' && hasMore && last ? closeTimeOf(last.openTime, interval) : range.to,
    },
  };
}

interface Rows {
  readonly candles: readonly Candle[];
  readonly buckets: readonly Bucket[];
  readonly hasMore: boolean;
}

/** A page counts candles: how far it reaches depends on the holes. */
async function readCandles(
  reader: Reader,
  { instrument, interval, limit, direction, asOf }: CandlePageQuery,
  range: TimeRange,
): Promise<Rows> {
  const take = direction === 'forward' ? 'oldest' : 'newest';
  const found = await reader.findCandles({ instrumentId: instrument.id, interval, range, limit: limit + 1, take, asOf });
  const hasMore = found.length > limit;
  const candles = direction === 'forward' ? found.slice(0, limit) : found.slice(hasMore ? 1 : 0);
  return { candles, buckets: fillBuckets({ candles, range, interval, fill: 'NONE', previous: undefined }), hasMore };
}

/** A page counts buckets, up to the newest candle: its range is known before it is read. */
async function readBuckets(reader: Reader, query: CandlePageQuery, readable: TimeRange, stored: TimeRange): Promise<Rows> {
  const { instrument, interval, limit, direction, asOf, fill = 'NONE' } = query;
  const one = { instrumentId: instrument.id, interval, limit: 1, take: 'newest', asOf } as const;
  const [newest] = await reader.findCandles({ ...one, range: { from: readable.from, to: stored.to } });
  const end = newest ? earliest(readable.to, closeTimeOf(newest.openTime, interval)) : readable.from;
  const length = limit * intervalMs(interval);
  const range =
    direction === 'forward'
      ? { from: readable.from, to: earliest(end, addMs(readable.from, length)) }
      : { from: latest(readable.from, addMs(end, -length)), to: end };
  if (range.from >= range.to) return { candles: [], buckets: [], hasMore: false };
  const candles = await reader.findCandles({ instrumentId: instrument.id, interval, range, limit, take: 'oldest', asOf });
  const needsPrevious = fill === 'PREVIOUS_CLOSE' && candles[0]?.openTime !== range.from && stored.from < range.from;
  const [previous] = needsPrevious ? await reader.findCandles({ ...one, range: { from: stored.from, to: range.from } }) : [];
  const hasMore = direction === 'forward' ? range.to < end : readable.from < range.from;
  return { candles, buckets: fillBuckets({ candles, range, interval, fill, previous }), hasMore };
}

/** Returns the range of everything stored of an instrument up to `end`; undefined while nothing is stored. */
function storedRange(instrument: Pick<Instrument, 'firstOpenTime'>, interval: Interval, end: EpochMs): TimeRange | undefined {
  if (instrument.firstOpenTime === null) return undefined;
  const from = floorToInterval(instrument.firstOpenTime, interval);
  return from < end ? { from, to: end } : undefined;
}

function loadPageCursor(cursor: string): EpochMs {
  const parsed = parsePageCursor(cursor);
  if (!parsed.ok) throw parsed.error;
  return parsed.value;
}

function latest(a: EpochMs, b: EpochMs): EpochMs {
  return a > b ? a : b;
}

function earliest(a: EpochMs, b: EpochMs): EpochMs {
  return a < b ? a : b;
}
