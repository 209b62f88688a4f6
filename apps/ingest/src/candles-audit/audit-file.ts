import { basename } from 'node:path';
import { parseCandleFileName, readCandleFile } from '@candlecast/candle-files';
import { AppError, type CandleValues, type EpochMs, floorToInterval, intervalMs, planGaps, type TimeRange } from '@candlecast/domain';
import { type ExplainedHole, explainHole } from '../series/explain-hole.ts';

/** What a file of candles holds and what it lacks. */
export interface FileAudit {
  readonly symbol: string;
  readonly interval: string;
  readonly rows: number;
  /** From the first open time to the end of the last candle; undefined for a file without one. */
  readonly span: TimeRange | undefined;
  /** Missing candles of the interval, oldest first, with what is known of each; SOURCE_INCOMPLETE where nothing is. */
  readonly gaps: readonly ExplainedHole[];
  readonly missing: number;
  /** Open times that are not on the grid of the interval. */
  readonly offGrid: readonly EpochMs[];
  readonly duplicates: number;
  /** Rows older than the one before them. */
  readonly disorder: number;
  readonly zeroVolume: number;
  /** Refused rows by reason. */
  readonly refusals: Readonly<Record<string, number>>;
  /** In how many rows each column is absent that a source may lack. */
  readonly lacking: Readonly<Record<string, number>>;
}

const OPTIONAL = [
  'quoteVolume',
  'tradeCount',
  'takerBuyBaseVolume',
  'takerBuyQuoteVolume',
] as const satisfies readonly (keyof CandleValues)[];

/** Audits a file of any interval. Throws `candle_file_name_invalid` and `candle_file_unreadable`. */
export async function auditFile(path: string): Promise<FileAudit> {
  const name = parseCandleFileName(basename(path));
  if (!name)
    throw new AppError('candle_file_name_invalid', `file name "${basename(path)}" is not SYMBOL-INTERVAL-PERIOD.csv, .csv.gz or .zip`);
  const stepMs = intervalMs(name.interval);
  const tally = { rows: 0, duplicates: 0, disorder: 0, zeroVolume: 0 };
  const refusals: Record<string, number> = {};
  const lacking: Record<string, number> = {};
  const offGrid: EpochMs[] = [];
  const times = new Set<EpochMs>();
  let before = Number.NEGATIVE_INFINITY;
  for await (const row of readCandleFile(path, name.interval)) {
    tally.rows += 1;
    if (row.kind === 'refused') {
      refusals[row.reason] = (refusals[row.reason] ?? 0) + 1;
      continue;
    }
    const { openTime, baseVolume } = row.candle;
    if (times.has(openTime)) tally.duplicates += 1;
    if (openTime < before) tally.disorder += 1;
    if (!/[1-9]/.test(baseVolume)) tally.zeroVolume += 1;
    if (row.isOffGrid) offGrid.push(openTime);
    for (const column of OPTIONAL) if (row.candle[column] === null) lacking[column] = (lacking[column] ?? 0) + 1;
    times.add(openTime);
    before = openTime;
  }
  const sorted = [...times].sort((a, b) => a - b);
  const [first, last] = [sorted[0], sorted.at(-1)];
  const span =
    first === undefined || last === undefined
      ? undefined
      : { from: floorToInterval(first, name.interval), to: (floorToInterval(last, name.interval) + stepMs) as EpochMs };
  const holes = span ? planGaps(sorted, span, stepMs) : [];
  return {
    symbol: name.symbol,
    interval: name.interval,
    ...tally,
    span,
    gaps: holes.flatMap((hole) => explainHole(name.symbol, hole, 'SOURCE_INCOMPLETE')),
    missing: holes.reduce((sum, { from, to }) => sum + (to - from) / stepMs, 0),
    offGrid,
    refusals,
    lacking,
  };
}
