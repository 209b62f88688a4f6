import { pipeline } from 'node:stream';
import { AppError } from '@candlecast/domain';
import { type Options, parse } from 'csv-parse';
import { openCandleFile } from './open-candle-file.ts';

/** One line of a file, cut into cells; `info.lines` counts from 1. */
export interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** One line is one row: no quoting, so that a stray quote cannot swallow the rows after it. */
const CSV_OPTIONS = {
  bom: true,
  info: true,
  quote: null,
  relax_column_count: true,
  skip_empty_lines: true,
  max_record_size: 4_096,
} satisfies Options;

/** Reads a `.csv`, `.csv.gz` or `.zip` file line by line in constant memory. Throws `candle_file_unreadable` where the bytes are damaged. */
export async function* readRecords(path: string): AsyncGenerator<ParsedRecord, void, undefined> {
  try {
    const parser = parse(CSV_OPTIONS);
    // A failure of the bytes destroys the parser, whose reader below throws it.
    pipeline(await openCandleFile(path), parser, () => undefined);
    for await (const parsed of parser) yield parsed as ParsedRecord;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('candle_file_unreadable', `file "${path}" cannot be read to its end`, { cause });
  }
}
