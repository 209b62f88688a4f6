import { AppError } from '@candlecast/domain';

/** PostgreSQL's classes of failures that pass: connection, resources, operator intervention (restart), system, rolled-back transactions. */
const PASSING_STATES = /^(08|53|57|58|40|55P03)/;
const PASSING_ERRNOS = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** Tells whether another try may help: the database is away, starting, full or busy; not when it refuses the values. */
export function isPassing(cause: unknown): boolean {
  if (cause instanceof AppError && cause.retryable) return true;
  if (!(cause instanceof Error)) return false;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (PASSING_STATES.test(code) || PASSING_ERRNOS.includes(code)) return true;
  // node-postgres names no code when the connection ends under a query or none can be had in time.
  if (
    /connection (terminated|timeout)|timeout exceeded when trying to connect|client has encountered a connection error/i.test(cause.message)
  )
    return true;
  if (cause instanceof AggregateError && cause.errors.some(isPassing)) return true;
  return cause.cause !== undefined && isPassing(cause.cause);
}
