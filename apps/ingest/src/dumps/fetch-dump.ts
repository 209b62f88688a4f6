import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashFile } from '@candlecast/candle-files';
import { AppError, type CandleImporter, type EpochMs, type ImportedFile, type InstrumentId, type QualityReader } from '@candlecast/domain';
import { type DumpHost, dumpFileName } from '../binance/dump-host.ts';
import { importFile } from './import-file.ts';
import type { DumpFile } from './plan-dump-files.ts';

/** What became of a file of the dump host. */
export type DumpOutcome =
  | { readonly kind: 'imported'; readonly file: ImportedFile }
  /** This version of it is in the store already. */
  | { readonly kind: 'known' }
  /** The host does not have it. */
  | { readonly kind: 'absent' };

export interface FetchDumpOptions {
  readonly host: DumpHost;
  readonly importer: CandleImporter;
  readonly quality: Pick<QualityReader, 'findImportedFiles'>;
  readonly now: () => EpochMs;
  readonly onBytes?: (done: number, all: number | undefined) => void;
  readonly onRows?: (rows: number) => void;
}

/**
 * Brings one file of the dump host into the store: asks for its checksum first, so that a version that was imported is not fetched
 * again and a revised one is. Throws `dump_unavailable`, and `checksum_mismatch` for bytes that are not the published ones, of which
 * nothing is imported.
 */
export async function fetchDump(instrumentId: InstrumentId, file: DumpFile, options: FetchDumpOptions): Promise<DumpOutcome> {
  const { host, importer, quality, now } = options;
  const name = dumpFileName(file);
  const published = await host.findChecksum(file);
  if (published === undefined) return { kind: 'absent' };
  const known = await quality.findImportedFiles(instrumentId);
  if (known.some((imported) => imported.name === name && imported.sha256 === published)) return { kind: 'known' };
  const folder = await mkdtemp(join(tmpdir(), 'candlecast-dump-'));
  try {
    const path = join(folder, name);
    await host.download(file, path, options.onBytes);
    const sha256 = await hashFile(path);
    if (sha256 !== published)
      throw new AppError('checksum_mismatch', `${name} has the SHA-256 ${sha256}, published is ${published}`, { retryable: true });
    const toImport = { path, name, sha256, isVerified: true, instrumentId };
    return { kind: 'imported', file: await importFile(importer, now, toImport, options.onRows) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
