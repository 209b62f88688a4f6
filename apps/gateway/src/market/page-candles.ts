import {
  AppError,
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
  readonly now: EpochMs;
}

/** A page of candles, oldest first, and how it lies in its list. */
export interface CandlePage {
  readonly candles: readonly Candle[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** What the page speaks for: every bucket in it is on the page or missing. */
  readonly span: TimeRange;
}

/** Reads a page of candles, oldest first; `CURSOR_INVALID` for a cursor that is not a page's, `BAD_USER_INPUT` for a range turned around. */
export async function loadCandlePage(reader: Pick<CandleReader, 'findCandles'>, query: CandlePageQuery): Promise<CandlePage> {
  const { instrument, interval, limit, direction, now } = query;
  if (query.from !== undefined && query.to !== undefined && query.from > query.to)
    throw new AppError('BAD_USER_INPUT', 'from lies after to');
  const stored = storedRange(instrument, interval, addMs(latest(now, instrument.watermark ?? now), intervalMs(interval)));
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
  const take = direction === 'forward' ? 'oldest' : 'newest';
  const found =
    readable && readable.from < readable.to && limit > 0
      ? await reader.findCandles({ instrumentId: instrument.id, interval, range: readable, limit: limit + 1, take })
      : [];
  const hasMore = found.length > limit;
  const candles = direction === 'forward' ? found.slice(0, limit) : found.slice(hasMore ? 1 : 0);
  const first = candles[0];
  const last = candles.at(-1);
  return {
    candles,
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
