import {
  addMs,
  type Candle,
  type CandleQuery,
  type EpochMs,
  type Instrument,
  type Interval,
  intervalMs,
  type TimeRange,
} from '@candlecast/domain';

/** How much further a read reaches when holes left it with too few candles. */
const WIDENING = 8;

/**
 * Reads at most `limit` candles from one end of a range, oldest first. Asks for no wider a range than it needs (the store's rule: every
 * query carries a bound near the rows it wants) and widens it only where holes leave too few.
 */
export async function readBounded<R extends readonly Candle[] | { readonly candles: readonly Candle[] }>(
  query: CandleQuery,
  read: (query: CandleQuery) => Promise<R>,
): Promise<R> {
  const { range, take, limit } = query;
  for (let steps = limit; ; steps *= WIDENING) {
    const spanMs = steps * intervalMs(query.interval);
    const part =
      take === 'newest'
        ? { ...range, from: later(range.from, addMs(range.to, -spanMs)) }
        : { ...range, to: earlier(range.to, addMs(range.from, spanMs)) };
    const found = await read({ ...query, range: part });
    const count = 'candles' in found ? found.candles.length : found.length;
    if (count >= limit || (part.from === range.from && part.to === range.to)) return found;
  }
}

/** Returns the range of everything stored of an instrument up to `end`; undefined while nothing is stored. */
export function storedRange(instrument: Pick<Instrument, 'firstOpenTime'>, interval: Interval, end: EpochMs): TimeRange | undefined {
  if (instrument.firstOpenTime === null) return undefined;
  const from = addMs(instrument.firstOpenTime, -intervalMs(interval)); // the first bucket may open before its first minute
  return from < end ? { from, to: end } : undefined;
}

function later(a: EpochMs, b: EpochMs): EpochMs {
  return a > b ? a : b;
}

function earlier(a: EpochMs, b: EpochMs): EpochMs {
  return a < b ? a : b;
}
