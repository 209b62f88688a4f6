import { basename } from 'node:path';
import { readSeriesFile } from '@candlecast/candle-files';
import type { EpochMs, ExternalPoint, ExternalWriter } from '@candlecast/domain';

/** What became of one file. Values, not rows: a row has one value a column. */
export interface SeriesOutcome {
  readonly name: string;
  readonly values: number;
  /** Stored for the first time. */
  readonly stored: number;
  /** There before, as they are. */
  readonly known: number;
  /** How many were refused, by reason. */
  readonly refusals: Readonly<Record<string, number>>;
}

export interface SeriesImportOptions {
  readonly writer: ExternalWriter;
  /** Nothing is imported that could not be known by then. */
  readonly now: EpochMs;
  readonly signal: AbortSignal;
  /** Hears how many values of a file are done. */
  readonly onValues: (name: string, values: number) => void;
  readonly onOutcome: (outcome: SeriesOutcome) => void;
}

/** Values that are stored with one statement. */
const BATCH = 1_000;

/**
 * Imports one file after the other, a batch at a time. What is stored stays when a later batch fails or `signal` aborts; a second run
 * stores what is missing and changes nothing else. A value that could not be known by `now` is refused as `not_known_yet`.
 */
export async function runSeriesImport(paths: readonly string[], options: SeriesImportOptions): Promise<void> {
  for (const path of paths) {
    if (options.signal.aborted) return;
    options.onOutcome(await importFile(path, options));
  }
}

async function importFile(path: string, { writer, now, signal, onValues }: SeriesImportOptions): Promise<SeriesOutcome> {
  const name = basename(path);
  const refusals: Record<string, number> = {};
  const refuse = (reason: string) => {
    refusals[reason] = (refusals[reason] ?? 0) + 1;
  };
  let batch: ExternalPoint[] = [];
  let values = 0;
  let stored = 0;
  const store = async () => {
    stored += await writer.storePoints(batch);
    values += batch.length;
    batch = [];
    onValues(name, values);
  };
  for await (const row of readSeriesFile(path)) {
    if (signal.aborted) break;
    if (row.kind === 'refused') refuse(row.reason);
    else if (row.point.knownAt > now) refuse('not_known_yet');
    else if (batch.push(row.point) === BATCH) await store();
  }
  await store();
  return { name, values, stored, known: values - stored, refusals };
}
