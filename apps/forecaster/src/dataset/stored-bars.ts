import {
  addMs,
  type CandleReader,
  type EpochMs,
  type InstrumentId,
  type Interval,
  splitInstrumentId,
  type TimeRange,
} from '@candlecast/domain';
import { BAR_COLUMNS, type Bar, type BarSeries, createBarSeries } from '../features/bar.ts';
import type { BarSchema } from '../features/bar-schema.ts';
import { toBar } from '../features/to-bar.ts';

/** Where stored bars are read from. */
export type BarSource = Pick<CandleReader, 'findCandles'>;

/** A stored bar and when it opened. */
export interface StoredBar {
  readonly openTime: EpochMs;
  readonly bar: Bar;
}

/** Candles in one query. */
const PAGE_BARS = 4_000;

/** Reads the closed bars of an instrument that open in `range`, oldest first, a page at a time. Bars that are not stored are not there. */
export async function* readStoredBars(
  candles: BarSource,
  instrumentId: InstrumentId,
  interval: Interval,
  stepMs: number,
  { from, to }: TimeRange,
): AsyncGenerator<readonly StoredBar[]> {
  for (let start = from; start < to; start = addMs(start, PAGE_BARS * stepMs)) {
    const range = { from: start, to: addMs(start, Math.min(PAGE_BARS * stepMs, to - start)) };
    const found = await candles.findCandles({ instrumentId, interval, range, limit: PAGE_BARS, take: 'oldest' });
    yield found.flatMap((candle) => (candle.isClosed ? [{ openTime: candle.openTime, bar: toBar(candle) }] : []));
  }
}

/** Reads the closed bars of an instrument onto a grid over `range`, whose ends lie on it. */
export async function loadStoredBars(
  candles: BarSource,
  instrumentId: InstrumentId,
  { interval, stepMs }: BarSchema,
  range: TimeRange,
): Promise<BarSeries> {
  const series = createBarSeries(splitInstrumentId(instrumentId).symbol, range.from, stepMs, Math.max(0, (range.to - range.from) / stepMs));
  for await (const page of readStoredBars(candles, instrumentId, interval, stepMs, range)) {
    for (const { openTime, bar } of page) {
      const row = (openTime - range.from) / stepMs;
      for (const name of BAR_COLUMNS) series.columns[name][row] = bar[name];
    }
  }
  return series;
}
