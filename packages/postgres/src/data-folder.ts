import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@candlecast/domain';

/** The version that every data folder is written by (the first part of a PostgreSQL version). */
export const MAJOR_VERSION = '17';

/**
 * Tells whether a data folder is still to be made or can be started. Throws `data_folder_damaged` when it holds something else
 * than a database, and `data_folder_version` when another PostgreSQL wrote it.
 */
export function inspectDataFolder(dataDir: string): 'missing' | 'present' {
  if (!existsSync(dataDir)) return 'missing';
  if (!statSync(dataDir).isDirectory()) throw new AppError('data_folder_damaged', `the database folder ${dataDir} is not a folder`);
  const versionFile = join(dataDir, 'PG_VERSION');
  if (!existsSync(versionFile)) {
    if (readdirSync(dataDir).length === 0) return 'missing';
    throw damaged(dataDir, 'its file PG_VERSION is missing');
  }
  const version = readFileSync(versionFile, 'utf8').trim();
  if (version === MAJOR_VERSION) return 'present';
  if (!/^\d+(\.\d+)?$/.test(version)) throw damaged(dataDir, 'its file PG_VERSION is not readable');
  throw new AppError(
    'data_folder_version',
    `the database folder ${dataDir} was written by PostgreSQL ${version} and cannot be opened by PostgreSQL ${MAJOR_VERSION}`,
  );
}

/** The error for a data folder that cannot be used, in one sentence with what to do about it. */
export function damaged(dataDir: string, reason: string): AppError {
  return new AppError(
    'data_folder_damaged',
    `the database folder ${dataDir} is damaged (${reason}): restore it from a copy or move it away`,
  );
}
