import { basename } from 'node:path';
import {
  AppError,
  addMs,
  compareDecimals,
  type EpochMs,
  type ExternalPoint,
  err,
  ok,
  parseDecimalText,
  parseIso,
  type Result,
} from '@candlecast/domain';
import { type ParsedRecord, readRecords } from './read-records.ts';
import { findSeriesFile, type SeriesColumn, type SeriesFile } from './series-files.ts';

/** Why a cell or a row is refused: the rule that it breaks. */
export type SeriesRefusal =
  /** Not as many cells as the header has. */
  | 'column_count'
  /** The first cell is not a day such as 2022-07-01. */
  | 'day'
  /** The day does not come after that of the row before. */
  | 'day_order'
  /** Nothing was published for the day. */
  | 'value_missing'
  /** Not a number. */
  | 'value'
  /** Below the least or above the most that the series can be. */
  | 'value_out_of_bounds';

/** A value, or a row or cell that was refused, in the file's order. `line` counts from 1; `text` is cut to 200 characters. */
export type SeriesRow =
  | { readonly kind: 'point'; readonly line: number; readonly point: ExternalPoint }
  | { readonly kind: 'refused'; readonly line: number; readonly reason: SeriesRefusal; readonly text: string };

const DAY_PATTERN = /^\d{4}-\d\d-\d\d$/;

/**
 * Reads a file of daily values; `knownAt` follows the file's rule. Throws `series_file_unknown` for a name that is not among SERIES_FILES
 * or a header that does not have its columns, and `candle_file_unreadable` when the bytes are damaged, after the rows before the damage.
 */
export async function* readSeriesFile(path: string): AsyncGenerator<SeriesRow, void, undefined> {
  const file = findSeriesFile(basename(path));
  if (!file) throw new AppError('series_file_unknown', `file "${basename(path)}" is not one whose columns and publication times are known`);
  let header: readonly string[] | undefined;
  let before = Number.NEGATIVE_INFINITY;
  for await (const { record, info } of readRecords(path)) {
    if (!header) {
      header = checkHeader(file, record);
      continue;
    }
    const line = info.lines;
    const refused = (reason: SeriesRefusal): SeriesRow => ({ kind: 'refused', line, reason, text: record.join(',').slice(0, 200) });
    const day = record.length === header.length ? readDay(record, before) : err<SeriesRefusal>('column_count');
    if (!day.ok) {
      yield refused(day.error);
      continue;
    }
    before = day.value;
    for (const [index, column] of file.columns.entries()) {
      const value = readValue(record[index + 1] ?? '', column);
      if (!value.ok) yield refused(value.error);
      else {
        const known = { eventTime: day.value, knownAt: addMs(day.value, file.knownAfterMs) };
        yield { kind: 'point', line, point: { key: column.key, ...known, value: value.value } };
      }
    }
  }
}

function checkHeader({ name, columns }: SeriesFile, record: ParsedRecord['record']): readonly string[] {
  const wanted = ['date', ...columns.map(({ column }) => column)];
  if (record.join() !== wanted.join())
    throw new AppError('series_file_unknown', `the header of ${name} is "${record.join().slice(0, 100)}" in place of "${wanted.join()}"`);
  return wanted;
}

function readDay([cell = '']: readonly string[], before: number): Result<EpochMs, SeriesRefusal> {
  const day = DAY_PATTERN.test(cell) ? parseIso(cell) : undefined;
  if (day === undefined || new Date(day).toISOString().slice(0, 10) !== cell) return err('day');
  return day > before ? ok(day) : err('day_order');
}

function readValue(cell: string, { min, max }: SeriesColumn): Result<ExternalPoint['value'], SeriesRefusal> {
  if (cell === '') return err('value_missing');
  const value = parseDecimalText(cell);
  if (value === undefined) return err('value');
  return compareDecimals(value, min) < 0 || compareDecimals(value, max) > 0 ? err('value_out_of_bounds') : ok(value);
}
