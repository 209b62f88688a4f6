import { emptyTally, readMinuteBatches } from '@candlecast/candle-files';
import type { CandleImporter, CommitResult, EpochMs, ImportedFile, InstrumentId } from '@candlecast/domain';

/** A file on disk whose checksum is known. */
export interface FileToImport {
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
  /** Whether that is the published one. */
  readonly isVerified: boolean;
  readonly instrumentId: InstrumentId;
}

/** Candles a batch: a week of minutes, as the importer writes them. */
const BATCH_SIZE = 10_080;

/**
 * Reads a file of 1m candles into the store and records what became of its rows. The next batch is read while one is written. Running it
 * again changes nothing. Throws what the file (`candle_file_unreadable`) and the store throw; what was read before stays.
 */
export async function importFile(
  importer: CandleImporter,
  now: () => EpochMs,
  file: FileToImport,
  onRows: (rows: number) => void = () => undefined,
): Promise<ImportedFile> {
  const tally = emptyTally();
  const counts = { inserted: 0, corrected: 0, completed: 0, unchanged: 0 };
  let [first, last]: (EpochMs | undefined)[] = [];
  let writing: Promise<CommitResult | undefined> = Promise.resolve(undefined);
  const add = (result: CommitResult | undefined) => {
    for (const key of Object.keys(counts) as (keyof typeof counts)[]) counts[key] += result?.[key] ?? 0;
  };
  for await (const batch of readMinuteBatches(file.path, BATCH_SIZE, tally)) {
    add(await writing);
    first ??= batch[0]?.openTime;
    last = batch.at(-1)?.openTime;
    writing = importer.importCandles(file.instrumentId, batch, now());
    // Its failure is thrown by the next await; without a listener in between it would end the process.
    writing.catch(() => undefined);
    onRows(tally.rows);
  }
  add(await writing);
  onRows(tally.rows);
  if (first !== undefined && last !== undefined) await importer.settle({ from: first, to: (last + 1) as EpochMs });
  const { rows, offGrid, refused, refusals } = tally;
  const { name, sha256, isVerified } = file;
  const imported = { name, sha256, isVerified, importedAt: now(), rows, ...counts, offGrid, refused, refusals };
  await importer.saveImportedFile(file.instrumentId, imported);
  return imported;
}
