import { AppError } from '@candlecast/domain';
import pg from 'pg';

/**
 * Returns the AppError for a failure of PostgreSQL or of the way to it: `database_unavailable`, `database_timeout` and
 * `database_conflict` can be retried, `database_error` cannot. A value that our type parsers refuse is no such failure and stays as it is.
 */
export function toDatabaseError(cause: unknown): Error {
  if (cause instanceof RangeError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  if (!(cause instanceof pg.DatabaseError)) {
    return new AppError('database_unavailable', `the database does not answer: ${message}`, { cause, retryable: true });
  }
  const code = codeOf(cause.code ?? '');
  return new AppError(code, `the database refused a statement (${cause.code}): ${message}`, {
    cause,
    retryable: code !== 'database_error',
  });
}

/** See https://www.postgresql.org/docs/17/errcodes-appendix.html. */
function codeOf(sqlState: string): string {
  if (sqlState === '57014') return 'database_timeout';
  if (sqlState.startsWith('40') || sqlState === '55P03') return 'database_conflict';
  // A database may be read-only for a while, and its disk full or broken.
  if (/^(08|53|57|58)/.test(sqlState) || sqlState === '25006') return 'database_unavailable';
  return 'database_error';
}
