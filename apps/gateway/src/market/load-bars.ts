import {
  ALL_TIME,
  type Candle,
  type CandleReader,
  type EpochMs,
  type Instrument,
  type Interval,
  intervalMs,
  type LogPosition,
} from '@candlecast/domain';

/** Candles of a chart and the place in the log at which they were read. */
export interface Bars {
  readonly candles: readonly Candle[];
  /** When there are none: open time of the newest candle before the range. */
  readonly nextTime: EpochMs | undefined;
  readonly position: LogPosition;
}

/**
 * Reads the candles that open in [from, to), or the newest `countback` of them before `to`. Times are on the interval's grid.
 */
export async function loadBars(
  reader: Pick<CandleReader, 'findSnapshot' | 'findCandles'>,
  query: {
    readonly instrument: Instrument;
    readonly interval: Interval;
    readonly from: EpochMs | undefined;
    readonly to: EpochMs;
    readonly countback: number | undefined;
  },
): Promise<Bars> {
  const { instrument, interval, to, countback } = query;
  const series = { instrumentId: instrument.id, interval, take: 'newest' } as const;
  const from = countback === undefined ? (query.from ?? to) : ALL_TIME.from;
  const limit = countback ?? Math.max(1, Math.round((to - from) / intervalMs(interval)));
  const { candles, position } = await reader.findSnapshot({ ...series, range: { from, to }, limit });
  if (candles.length > 0) return { candles, nextTime: undefined, position };
  const [newest] = await reader.findCandles({ ...series, range: { from: ALL_TIME.from, to: from }, limit: 1 });
  return { candles, nextTime: newest?.openTime, position };
}
