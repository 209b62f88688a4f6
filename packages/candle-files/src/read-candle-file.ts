import { basename } from 'node:path';
import { AppError, type CandleValues, floorToInterval, type Interval } from '@candlecast/domain';
import { parseCandleFileName } from './candle-file-name.ts';
import { parseCandleRow, type RefusalReason, sniffTimeUnit, type TimeUnit } from './candle-row.ts';
import { readRecords } from './read-records.ts';

/** One row of a file, in the file's order: a candle, or a row that was refused. `line` counts from 1. */
export type CandleFileRow = ReadCandle | RefusedRow;

export interface ReadCandle {
  readonly kind: 'candle';
  readonly line: number;
  readonly candle: CandleValues;
  /** True when the open time is not on the grid of the interval; it is kept as the exchange published it. */
  readonly isOffGrid: boolean;
}

export interface RefusedRow {
  readonly kind: 'refused';
  readonly line: number;
  readonly reason: RefusalReason;
  /** The row as it stands in the file, cut to 200 characters. */
  readonly text: string;
}

/**
 * Reads a file of Binance's dump format row by row in constant memory: `.csv`, `.csv.gz` or `.zip`, with or without a header line, times
 * in milliseconds or microseconds (by the magnitude of the first one). Values are the file's own decimal text; see `parseDecimalCell`
 * for the two exceptions. Order and duplicates are left as they are. Throws `candle_file_name_invalid` when neither the name nor
 * `interval` says the interval, and `candle_file_unreadable` when the bytes are damaged, after the rows before the damage.
 */
export async function* readCandleFile(path: string, interval?: Interval): AsyncGenerator<CandleFileRow, void, undefined> {
  const step = interval ?? parseCandleFileName(basename(path))?.interval;
  if (!step)
    throw new AppError('candle_file_name_invalid', `file name "${basename(path)}" is not SYMBOL-INTERVAL-PERIOD.csv, .csv.gz or .zip`);
  let unit: TimeUnit | undefined;
  let isFirst = true;
  for await (const { record, info } of readRecords(path)) {
    const isHeaderLine = isFirst && /^[a-z]/i.test(record[0] ?? '');
    isFirst = false;
    if (isHeaderLine) continue;
    unit ??= sniffTimeUnit(record[0] ?? '');
    const row = parseCandleRow(record, unit ?? 'ms');
    if (row.ok) {
      const isOffGrid = floorToInterval(row.value.openTime, step) !== row.value.openTime;
      yield { kind: 'candle', line: info.lines, candle: row.value, isOffGrid };
    } else {
      yield { kind: 'refused', line: info.lines, reason: row.error, text: record.join(',').slice(0, 200) };
    }
  }
}
