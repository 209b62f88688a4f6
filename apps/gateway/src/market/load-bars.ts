import {
  ALL_TIME,
  type AsOf,
  type BarColumns,
  type Candle,
  type CandleReader,
  closeTimeOf,
  type EpochMs,
  floorToInterval,
  type Instrument,
  type Interval,
  intervalMs,
  type LogPosition,
  SECOND_MS,
  type TimeRange,
} from '@candlecast/domain';
import { type Fill, fillBuckets } from './fill-buckets.ts';
import { toChartNumber } from './to-chart-number.ts';

/** The columns of a chart; null where `NULL` stands for a missing candle. */
export type FilledColumns = { readonly [K in keyof BarColumns]: K extends 't' ? readonly number[] : readonly (number | null)[] };

/** Candles of a chart and the place in the log at which they were read. */
export interface Bars {
  readonly columns: FilledColumns;
  /** When there are none: open time of the newest candle before the range. */
  readonly nextTime: EpochMs | undefined;
  readonly position: LogPosition;
  /** Of one chunk that was asked for by its revision: its present one. */
  readonly revision?: string | null;
}

/** Which bars are wanted: those that open in [from, to), or the newest `countback` of them before `to`. Times are on the interval's grid. */
export interface BarsQuery {
  readonly instrument: Instrument;
  readonly interval: Interval;
  readonly from: EpochMs | undefined;
  readonly to: EpochMs;
  readonly countback: number | undefined;
  readonly fill?: Fill;
  readonly asOf?: AsOf | undefined;
}

type Reader = Pick<CandleReader, 'findBars' | 'findSnapshot' | 'findCandles'>;

/** Reads bars. With `fill` a `countback` counts buckets, up to the newest candle. */
export async function loadBars(reader: Reader, query: BarsQuery): Promise<Bars> {
  const { instrument, interval, to, countback, asOf, fill = 'NONE' } = query;
  const from = countback === undefined ? (query.from ?? to) : ALL_TIME.from;
  const limit = countback ?? Math.max(1, Math.round((to - from) / intervalMs(interval)));
  const page = { instrumentId: instrument.id, interval, range: { from, to }, limit, take: 'newest' } as const;
  const { columns, position } =
    fill === 'NONE' && asOf === undefined ? await reader.findBars(page) : await readFilled(reader, query, page.range, limit);
  if (columns.t.length > 0) return { columns, nextTime: undefined, position };
  const [newest] = await reader.findCandles({ ...page, range: { from: ALL_TIME.from, to: from }, limit: 1, asOf });
  return { columns, nextTime: newest?.openTime, position };
}

async function readFilled(reader: Reader, query: BarsQuery, range: TimeRange, limit: number) {
  const { instrument, interval, asOf, fill = 'NONE' } = query;
  const page = { instrumentId: instrument.id, interval, take: 'newest', asOf } as const;
  const { candles, position } = await reader.findSnapshot({ ...page, range, limit });
  if (fill === 'NONE') return { columns: toColumns(candles), position };
  const end = await findEnd(reader, page, range, candles);
  const first = instrument.firstOpenTime === null ? end : floorToInterval(instrument.firstOpenTime, interval);
  const start = Math.max(range.from, end - limit * intervalMs(interval), first) as EpochMs;
  const shown = candles.filter(({ openTime }) => openTime >= start);
  const needsPrevious = fill === 'PREVIOUS_CLOSE' && start < end && shown[0]?.openTime !== start;
  const [previous] = needsPrevious ? await reader.findCandles({ ...page, range: { from: ALL_TIME.from, to: start }, limit: 1 }) : [];
  const buckets = fillBuckets({ candles: shown, range: { from: start, to: end }, interval, fill, previous });
  return { columns: toColumns(buckets.map(({ openTime, candle }) => ({ ...candle, openTime }))), position };
}

/** Filling ends with the newest candle: at the range's end when one lies beyond it. */
async function findEnd(
  reader: Reader,
  page: Pick<Parameters<Reader['findCandles']>[0], 'instrumentId' | 'interval' | 'asOf' | 'take'>,
  range: TimeRange,
  candles: readonly Candle[],
): Promise<EpochMs> {
  const last = candles.at(-1);
  const lastEnd = last ? closeTimeOf(last.openTime, page.interval) : range.from;
  if (lastEnd >= range.to) return range.to;
  const [newest] = await reader.findCandles({ ...page, range: { from: lastEnd, to: ALL_TIME.to }, limit: 1 });
  return newest ? range.to : lastEnd;
}

function toColumns(rows: readonly ({ readonly openTime: EpochMs } & Partial<Candle>)[]): FilledColumns {
  const column = (name: 'open' | 'high' | 'low' | 'close' | 'baseVolume') =>
    rows.map((row) => (row[name] === undefined ? null : toChartNumber(row[name])));
  return {
    t: rows.map(({ openTime }) => openTime / SECOND_MS),
    o: column('open'),
    h: column('high'),
    l: column('low'),
    c: column('close'),
    v: column('baseVolume'),
  };
}
