import type { EpochMs } from '@candlecast/domain';

/** What features are made of: one closed candle in floats. Volumes and counts are NaN where the source does not tell. */
export interface Bar {
  /** Natural logarithms of the prices. */
  readonly logClose: number;
  readonly logHigh: number;
  readonly logLow: number;
  readonly baseVolume: number;
  readonly takerBuyBaseVolume: number;
  readonly tradeCount: number;
}

/** The names of a bar's columns. */
export const BAR_COLUMNS = [
  'logClose',
  'logHigh',
  'logLow',
  'baseVolume',
  'takerBuyBaseVolume',
  'tradeCount',
] as const satisfies readonly (keyof Bar)[];

/**
 * Closed bars of one instrument as columns on an unbroken grid: row i opened i steps after `firstOpenTime`. A bar that is not there is NaN
 * in every column, so that whatever is computed across a gap becomes NaN by itself.
 */
export interface BarSeries {
  readonly symbol: string;
  readonly firstOpenTime: EpochMs;
  readonly stepMs: number;
  readonly length: number;
  readonly columns: Readonly<Record<(typeof BAR_COLUMNS)[number], Float64Array>>;
}

/** Returns a series of `length` bars that are all missing. Its columns can be read by several threads at once. */
export function createBarSeries(symbol: string, firstOpenTime: EpochMs, stepMs: number, length: number): BarSeries {
  const columns = Object.fromEntries(
    BAR_COLUMNS.map((name) => [name, new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT)).fill(Number.NaN)]),
  );
  return { symbol, firstOpenTime, stepMs, length, columns: columns as BarSeries['columns'] };
}

/** Returns the bar of a row; undefined where it is missing. */
export function barAt({ columns }: BarSeries, row: number): Bar | undefined {
  const logClose = columns.logClose[row] ?? Number.NaN;
  if (Number.isNaN(logClose)) return undefined;
  return {
    logClose,
    logHigh: columns.logHigh[row] as number,
    logLow: columns.logLow[row] as number,
    baseVolume: columns.baseVolume[row] as number,
    takerBuyBaseVolume: columns.takerBuyBaseVolume[row] as number,
    tradeCount: columns.tradeCount[row] as number,
  };
}
