import { INTERVALS, type Interval } from '@candlecast/domain';

/** What the name of a dump file says: `BTCUSDT-1m-2022-01_2023-07.csv.gz`. */
export interface CandleFileName {
  readonly symbol: string;
  readonly interval: Interval;
  /** What stands between the interval and the extension, such as `2022-01_2023-07`. */
  readonly period: string;
  readonly packing: CandleFilePacking;
}

/** How the rows are packed. */
export type CandleFilePacking = 'csv' | 'csv.gz' | 'zip';

const NAME_PATTERN = /^(?<symbol>[\p{Lu}\p{Lo}\p{N}._]+)-(?<interval>\d+[a-zA-Z]+)-(?<period>.+)\.(?<packing>csv|csv\.gz|zip)$/u;

/**
 * Reads a bare file name of the form `SYMBOL-INTERVAL-PERIOD.csv`, `.csv.gz` or `.zip`; undefined for any other name and for
 * intervals that are not ours (Binance spells its month `1mo`).
 */
export function parseCandleFileName(name: string): CandleFileName | undefined {
  const parts = NAME_PATTERN.exec(name)?.groups;
  const interval = INTERVALS.find((known) => known === parts?.interval);
  if (!parts?.symbol || !parts.period || !interval) return undefined;
  return { symbol: parts.symbol, interval, period: parts.period, packing: parts.packing as CandleFilePacking };
}
