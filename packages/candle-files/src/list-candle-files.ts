import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type Interval } from '@candlecast/domain';
import { type CandleFileName, parseCandleFileName } from './candle-file-name.ts';

/** A dump file on disk. */
export interface ListedCandleFile extends CandleFileName {
  readonly path: string;
  readonly sizeBytes: number;
}

/** Returns the dump files of `interval` that lie in `dir` itself, by name. Throws `candle_folder_unreadable` when there is no such folder. */
export async function listCandleFiles(dir: string, interval: Interval): Promise<ListedCandleFile[]> {
  const names = await readdir(dir).catch((cause: unknown) => {
    throw new AppError('candle_folder_unreadable', `folder "${dir}" of candle files cannot be read`, { cause });
  });
  const files: ListedCandleFile[] = [];
  for (const name of names.sort()) {
    const parsed = parseCandleFileName(name);
    if (parsed?.interval !== interval) continue;
    const path = join(dir, name);
    files.push({ ...parsed, path, sizeBytes: (await stat(path)).size });
  }
  return files;
}
