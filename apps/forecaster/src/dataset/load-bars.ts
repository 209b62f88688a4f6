import { listCandleFiles, readCandleFile } from '@candlecast/candle-files';
import { AppError, type CandleValues, type Interval, intervalMs, type TimeRange } from '@candlecast/domain';
import { type BarSeries, createBarSeries } from '../features/bar.ts';
import { toFeature } from '../features/to-feature.ts';

/** What is read from a folder of candle files. */
export interface BarRequest {
  readonly dir: string;
  readonly interval: Interval;
  /** Bars that open at or after `from` and close at or before `to`; both on the grid of the interval. */
  readonly range: TimeRange;
  /** All symbols that have files of the interval when absent. */
  readonly symbols?: readonly string[];
}

/** Bars as read, and what was left out of the files. */
export interface LoadedBars {
  readonly series: readonly BarSeries[];
  readonly files: readonly string[];
  readonly refused: number;
  readonly offGrid: number;
}

/**
 * Reads the closed bars of several instruments onto one grid. A symbol without files of the interval is made of its 1m files: a bar is
 * there when all its minutes are. Of two rows with one open time the later read stays. Throws `candles_missing` for a symbol without files.
 */
export async function loadBars({ dir, interval, range, symbols }: BarRequest): Promise<LoadedBars> {
  const stepMs = intervalMs(interval);
  const own = await listCandleFiles(dir, interval);
  const minutes = interval === '1m' ? [] : await listCandleFiles(dir, '1m');
  const wanted = symbols ?? [...new Set((own.length > 0 ? own : minutes).map(({ symbol }) => symbol))].sort();
  const loaded: { series: BarSeries[]; files: string[]; refused: number; offGrid: number } = {
    series: [],
    files: [],
    refused: 0,
    offGrid: 0,
  };
  for (const symbol of wanted) {
    const series = createBarSeries(symbol, range.from, stepMs, Math.max(0, Math.floor((range.to - range.from) / stepMs)));
    const ofSymbol = (files: typeof own) => files.filter((file) => file.symbol === symbol);
    const isOwn = ofSymbol(own).length > 0;
    const files = isOwn ? ofSymbol(own) : ofSymbol(minutes);
    if (files.length === 0) throw new AppError('candles_missing', `folder "${dir}" has no ${interval} or 1m file of ${symbol}`);
    const parts = new Uint32Array(series.length);
    for (const { path, interval: fileInterval } of files) {
      loaded.files.push(path);
      for await (const row of readCandleFile(path)) {
        if (row.kind === 'refused') loaded.refused += 1;
        else if (row.isOffGrid) loaded.offGrid += 1;
        else if (row.candle.openTime >= range.from && row.candle.openTime + intervalMs(fileInterval) <= range.to)
          put(series, row.candle, parts);
      }
    }
    if (!isOwn) dropIncomplete(series, parts, stepMs / intervalMs('1m'));
    loaded.series.push(series);
  }
  return loaded;
}

/** Stores a candle, or adds a minute to the bar that holds it; `parts` counts what each bar is made of. */
function put({ columns, firstOpenTime, stepMs, length }: BarSeries, candle: CandleValues, parts: Uint32Array): void {
  const row = Math.floor((candle.openTime - firstOpenTime) / stepMs);
  if (row < 0 || row >= length) return;
  const isFirst = (candle.openTime - firstOpenTime) % stepMs === 0;
  parts[row] = isFirst ? 1 : (parts[row] as number) + 1;
  const [high, low] = [Math.log(toFeature(candle.high)), Math.log(toFeature(candle.low))];
  const added = (column: Float64Array, value: number) => (isFirst ? value : (column[row] as number) + value);
  columns.logClose[row] = Math.log(toFeature(candle.close));
  columns.logHigh[row] = isFirst ? high : Math.max(columns.logHigh[row] as number, high);
  columns.logLow[row] = isFirst ? low : Math.min(columns.logLow[row] as number, low);
  columns.baseVolume[row] = added(columns.baseVolume, toFeature(candle.baseVolume));
  columns.takerBuyBaseVolume[row] = added(columns.takerBuyBaseVolume, toFeature(candle.takerBuyBaseVolume));
  columns.tradeCount[row] = added(columns.tradeCount, candle.tradeCount ?? Number.NaN);
}

function dropIncomplete({ columns, length }: BarSeries, parts: Uint32Array, whole: number): void {
  for (let row = 0; row < length; row++) {
    if (parts[row] === whole) continue;
    for (const column of Object.values(columns)) column[row] = Number.NaN;
  }
}
