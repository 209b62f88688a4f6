import {
  addMs,
  type Candle,
  type CandleReader,
  type EpochMs,
  type Instrument,
  type Interval,
  intervalMs,
  type LogPosition,
} from '@candlecast/domain';
import { readBounded, storedRange } from './newest-candles.ts';

/** Candles of a chart and the place in the log at which they were read. */
export interface Bars {
  readonly candles: readonly Candle[];
  /** When there are none: open time of the newest candle before the range. */
  readonly nextTime: EpochMs | undefined;
  readonly position: LogPosition;
}

/**
 * Reads the candles that open in [from, to), or the newest `countback` of them before `to`. Times are on the interval's grid.
 * Nothing that is stored lies at or after `end`.
 */
export async function loadBars(
  reader: Pick<CandleReader, 'findSnapshot' | 'findCandles'>,
  query: {
    readonly instrument: Instrument;
    readonly interval: Interval;
    readonly from: EpochMs | undefined;
    readonly to: EpochMs;
    readonly countback: number | undefined;
    readonly end: EpochMs;
  },
): Promise<Bars> {
  const { instrument, interval, to, countback, end } = query;
  const series = { instrumentId: instrument.id, interval, take: 'newest' } as const;
  const stored = storedRange(instrument, interval, end) ?? { from: end, to: end };
  const from = countback === undefined ? (query.from ?? to) : stored.from;
  const range = {
    from: Math.max(from, stored.from) as EpochMs,
    to: Math.max(Math.min(to, stored.to), Math.max(from, stored.from)) as EpochMs,
  };
  const limit = countback ?? Math.max(1, Math.round((range.to - range.from) / intervalMs(interval)));
  const { candles, position } = await readBounded({ ...series, range, limit }, (part) => reader.findSnapshot(part));
  if (candles.length > 0) return { candles, nextTime: undefined, position };
  const before = { from: stored.from, to: addMs(from, 0) };
  const [newest] =
    before.from < before.to ? await readBounded({ ...series, range: before, limit: 1 }, (part) => reader.findCandles(part)) : [];
  return { candles, nextTime: newest?.openTime, position };
}
