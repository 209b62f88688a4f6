import { AppError } from '@candlecast/domain';
import { damaged } from './data-folder.ts';

/** What PostgreSQL says at start of files that are missing, unreadable or contradict each other. */
const DAMAGE =
  /pg_control|control file|could not find the database system|could not (open|read|access|load|stat) |checkpoint record|checkpoint information|invalid (magic|page|data|resource)|contains invalid|is not a valid|incompatible|corrupt|is missing|could not locate/i;

/** Returns the error for a server that ended before it accepted connections, from what it wrote to its log. */
export function toStartFailure(output: string, where: { readonly dataDir: string; readonly port: number }): AppError {
  const reason = findReason(output);
  if (/could not bind|Address already in use|could not create any TCP/i.test(output)) return portInUse(where.port);
  if (/lock file ".*" already exists|shared memory block .* is still in use/i.test(reason)) {
    return new AppError('data_folder_in_use', `the database folder ${where.dataDir} is in use by another server`, { retryable: true });
  }
  if (/wrong ownership|invalid permissions/i.test(reason)) {
    return new AppError('data_folder_foreign', `the database folder ${where.dataDir} belongs to another user or has wrong permissions`);
  }
  if (/could not load library/i.test(reason)) {
    return new AppError('database_start_failed', `the library of TimescaleDB does not fit PostgreSQL: ${reason}`);
  }
  if (DAMAGE.test(reason)) return damaged(where.dataDir, reason);
  return new AppError('database_start_failed', `PostgreSQL on ${where.dataDir} did not start: ${reason}`);
}

/** The error for a port that another program listens on. */
export function portInUse(port: number): AppError {
  return new AppError('port_in_use', `port ${port} is in use by another program`);
}

function findReason(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const severe = lines.find((line) => /\b(FATAL|PANIC):/.test(line)) ?? lines.find((line) => /could not|error/i.test(line)) ?? lines.at(-1);
  return (severe ?? 'it wrote nothing to its log').replace(/^(.*?\b(FATAL|PANIC|LOG|ERROR):|postgres:)\s*/, '').trim();
}
