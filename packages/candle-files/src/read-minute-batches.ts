import { type CandleValues, type EpochMs, floorToInterval, foldCandles } from '@candlecast/domain';
import { readCandleFile } from './read-candle-file.ts';

/** What became of the rows of a file; counts go up while it is read. */
export interface FileTally {
  rows: number;
  /** Rows off the minute grid, merged into the minutes that contain them. */
  offGrid: number;
  /** Rows whose open time stood in the file already. */
  duplicates: number;
  refused: number;
  /** Refused rows by reason. */
  readonly refusals: Record<string, number>;
}

/** Returns a tally of nothing. */
export function emptyTally(): FileTally {
  return { rows: 0, offGrid: 0, duplicates: 0, refused: 0, refusals: {} };
}

/**
 * Reads a file of 1m rows as batches of candles on the minute grid: each batch oldest first and every minute once. Rows of one minute are
 * one candle (first open, highest high, lowest low, last close, sums); of two rows with one open time the one with more trades stays.
 * Throws what `readCandleFile` throws.
 */
export async function* readMinuteBatches(path: string, size: number, tally: FileTally): AsyncGenerator<CandleValues[], void, undefined> {
  let minutes = new Map<EpochMs, CandleValues[]>();
  for await (const row of readCandleFile(path, '1m')) {
    tally.rows += 1;
    if (row.kind === 'refused') {
      tally.refused += 1;
      tally.refusals[row.reason] = (tally.refusals[row.reason] ?? 0) + 1;
      continue;
    }
    if (row.isOffGrid) tally.offGrid += 1;
    const minute = floorToInterval(row.candle.openTime, '1m');
    const rows = minutes.get(minute);
    // A minute is handed out when the next one has begun: its rows are never in two batches of a file that is in order.
    if (!rows && minutes.size >= size) {
      yield toCandles(minutes);
      minutes = new Map();
    }
    if (rows) addRow(rows, row.candle, tally);
    else minutes.set(minute, [row.candle]);
  }
  if (minutes.size > 0) yield toCandles(minutes);
}

function addRow(rows: CandleValues[], row: CandleValues, tally: FileTally): void {
  const index = rows.findIndex(({ openTime }) => openTime === row.openTime);
  if (index < 0) {
    rows.push(row);
    return;
  }
  tally.duplicates += 1;
  if ((row.tradeCount ?? -1) >= (rows[index]?.tradeCount ?? -1)) rows[index] = row;
}

function toCandles(minutes: ReadonlyMap<EpochMs, readonly CandleValues[]>): CandleValues[] {
  return [...minutes]
    .sort(([a], [b]) => a - b)
    .map(([minute, rows]) => {
      const [first] = rows;
      if (first && rows.length === 1 && first.openTime === minute) return first;
      return foldCandles(
        minute,
        [...rows].sort((a, b) => a.openTime - b.openTime),
      );
    });
}
