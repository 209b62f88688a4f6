import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { findSeriesFile, SERIES_FILES } from '@candlecast/candle-files';
import { AppError } from '@candlecast/domain';

/**
 * Returns the files that a command was asked for, in order. A folder stands for the files in it that are known, by name. Throws
 * `config_invalid` when nothing is named, `series_file_unknown` for a file that is not known or a folder without any, and
 * `series_file_unreadable` for a path that is not there.
 */
export async function planSeriesImport(paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) throw new AppError('config_invalid', 'name files or folders of files');
  return (await Promise.all(paths.map(planPath))).flat();
}

async function planPath(path: string): Promise<string[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new AppError('series_file_unreadable', `"${path}" cannot be read`, { cause });
  });
  const known = SERIES_FILES.map(({ name }) => name).join(', ');
  if (!found.isDirectory()) {
    if (findSeriesFile(basename(path))) return [path];
    throw new AppError('series_file_unknown', `file "${basename(path)}" is not one of ${known}, as .csv, .csv.gz or .zip`);
  }
  const names = (await readdir(path)).filter((name) => findSeriesFile(name)).sort();
  if (names.length === 0) throw new AppError('series_file_unknown', `folder "${path}" holds none of ${known}, as .csv, .csv.gz or .zip`);
  return names.map((name) => join(path, name));
}
