import { AppError, addMs, type EpochMs } from '@candlecast/domain';
import { type BarSeries, barAt } from '../features/bar.ts';
import {
  type BarSchema,
  contextColumns,
  instrumentColumns,
  marketColumns,
  OWN_SEQUENCE_COLUMNS,
  SEQUENCE_COLUMNS,
} from '../features/bar-schema.ts';
import { type ExternalPoints, externalColumns, toExternalRows } from '../features/external-features.ts';
import { createInstrumentFeatures } from '../features/instrument-features.ts';
import { createMarketFeatures } from '../features/market-features.ts';

/**
 * Features, scales and outcomes of several instruments on one grid of time. Row `s · bars + t` is the `t`-th bar of the `s`-th series; every
 * array has all rows, whether the bar is there or not, and can be read by several threads at once.
 */
export interface DataSet {
  readonly schema: BarSchema;
  readonly series: readonly BarSeries[];
  /** Bars of each series. */
  readonly bars: number;
  /** What is told at the bar's close, [rows, contextColumns], NaN where not known. */
  readonly context: Float32Array;
  /** What is told of each bar, [rows, SEQUENCE_COLUMNS], NaN where not known. */
  readonly sequence: Float32Array;
  /** Standard deviation of the log return over each horizon by the tuned EWMA, [rows, horizons]. */
  readonly sigmas: Float64Array;
  /** The same for one bar by the decay that features are measured by, [rows]. */
  readonly baseSigmas: Float64Array;
  /** Log return from the bar's close to the close a horizon later, [rows, horizons]; NaN where either is missing. */
  readonly returns: Float64Array;
  /** 1 where a window ends: its lookback and its outcomes are all there and the instrument has warmed up. */
  readonly origins: Uint8Array;
}

/** The symbol whose features every instrument is told; the first series when it is not among them. */
const LEADER = 'BTCUSDT';

/**
 * Builds a data set of series on one grid; `external` has the points of the series from outside that the schema tells of. Throws
 * `series_off_grid` when the grids differ.
 */
export function buildDataSet(series: readonly BarSeries[], schema: BarSchema, external: ExternalPoints = new Map()): DataSet {
  const bars = series[0]?.length ?? 0;
  for (const { symbol, firstOpenTime, length, stepMs } of series) {
    if (firstOpenTime !== series[0]?.firstOpenTime || length !== bars || stepMs !== schema.stepMs)
      throw new AppError('series_off_grid', `the bars of ${symbol} are not on the grid of ${series[0]?.symbol}`);
  }
  const rows = series.length * bars;
  const horizons = schema.horizons.length;
  const set: DataSet = {
    schema,
    series,
    bars,
    context: floats(rows * contextColumns(schema).length),
    sequence: floats(rows * SEQUENCE_COLUMNS.length),
    sigmas: doubles(rows * horizons),
    baseSigmas: doubles(rows),
    returns: doubles(rows * horizons),
    origins: new Uint8Array(new SharedArrayBuffer(rows)),
  };
  const known = fillFeatures(set);
  fillExternal(set, external);
  for (let s = 0; s < series.length; s++) {
    fillReturns(set, s);
    markOrigins(set, s, known);
  }
  return set;
}

/** Returns the series and the bar of a row. */
export function placeOf({ bars }: DataSet, row: number): { series: number; bar: number } {
  return { series: Math.floor(row / bars), bar: row % bars };
}

/** Returns `asOf` of a row: the close of its bar. */
export function asOfRow(set: DataSet, row: number): EpochMs {
  return addMs(set.series[0]?.firstOpenTime ?? (0 as EpochMs), ((row % set.bars) + 1) * set.schema.stepMs);
}

/** Returns how many bars each row's instrument has had. */
function fillFeatures(set: DataSet): Uint32Array {
  const { schema, series, bars } = set;
  const features = series.map(() => createInstrumentFeatures(schema));
  const market = createMarketFeatures(schema);
  const leader =
    features[
      Math.max(
        0,
        series.findIndex(({ symbol }) => symbol === LEADER),
      )
    ];
  const own = instrumentColumns(schema).length;
  const columns = contextColumns(schema).length;
  const known = new Uint32Array(series.length * bars);
  for (let bar = 0; bar < bars; bar++) {
    features.forEach((one, s) => {
      const each = series[s] as BarSeries;
      one.push(addMs(each.firstOpenTime, bar * schema.stepMs), barAt(each, bar));
    });
    if (leader) market.push(leader, features);
    features.forEach((one, s) => {
      const row = s * bars + bar;
      known[row] = one.known();
      if (!one.isKnown()) return;
      set.context.set(one.context, row * columns);
      set.context.set(market.context, row * columns + own);
      set.sequence.set(one.sequence, row * SEQUENCE_COLUMNS.length);
      set.sequence.set(market.sequence, row * SEQUENCE_COLUMNS.length + OWN_SEQUENCE_COLUMNS);
      set.sigmas.set(one.sigmas, row * schema.horizons.length);
      set.baseSigmas[row] = one.baseSigma();
    });
  }
  return known;
}

/** Every instrument is told the same of the outside: what was known at the bar's close. */
function fillExternal(set: DataSet, points: ExternalPoints): void {
  const { schema, series, bars, context } = set;
  const external = schema.external ?? [];
  if (external.length === 0) return;
  const width = externalColumns(external).length;
  const first = instrumentColumns(schema).length + marketColumns(schema).length;
  const told = toExternalRows(
    external,
    points,
    Array.from({ length: bars }, (_, bar) => asOfRow(set, bar)),
  );
  for (let row = 0; row < series.length * bars; row++)
    context.set(told.subarray((row % bars) * width, ((row % bars) + 1) * width), row * (first + width) + first);
}

function fillReturns({ schema, series, bars, returns }: DataSet, s: number): void {
  const closes = series[s]?.columns.logClose ?? new Float64Array();
  const { horizonBars } = schema;
  for (let bar = 0; bar < bars; bar++) {
    for (let h = 0; h < horizonBars.length; h++) {
      const later = closes[bar + (horizonBars[h] as number)] ?? Number.NaN;
      returns[(s * bars + bar) * horizonBars.length + h] = later - (closes[bar] as number);
    }
  }
}

/** A window is whole when its lookback, the bar before it (for the first return) and every bar up to the last outcome are there. */
function markOrigins({ schema, series, bars, origins }: DataSet, s: number, known: Uint32Array): void {
  const closes = series[s]?.columns.logClose ?? new Float64Array();
  const ahead = Math.max(...schema.horizonBars);
  let unbroken = 0;
  for (let last = 0; last < bars; last++) {
    unbroken = Number.isNaN(closes[last]) ? 0 : unbroken + 1;
    const bar = last - ahead;
    const row = s * bars + bar;
    if (bar < 0 || (bar + 1) % schema.originEvery !== 0) continue;
    if (unbroken > ahead + schema.lookback && (known[row] as number) >= schema.warmup) origins[row] = 1;
  }
}

function floats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT)).fill(Number.NaN);
}

function doubles(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT)).fill(Number.NaN);
}
