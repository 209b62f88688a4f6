import { AppError } from '@candlecast/domain';

/** Prisma's failures that pass: server away or slow, connection closed, no connection in time, transaction conflict. */
const PASSING_PRISMA_CODES = ['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034'];
/** PostgreSQL's failures that pass: connection, read-only for a while, resources, operator intervention (restart), disk, conflict. */
const PASSING_STATES = /^(08|25006|53|57|58|40|55P03)/;

/** Tells whether another try may help: the database is away, starting, full or busy; not when it refuses the values. */
export function isPassing(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if (cause instanceof AppError) return cause.retryable;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (PASSING_PRISMA_CODES.includes(code) || PASSING_STATES.test(code)) return true;
  // Where Prisma has no code of its own for it, it names PostgreSQL's in its message.
  if (PASSING_STATES.test(/Code: `([0-9A-Z]{5})`/.exec(cause.message)?.[1] ?? '')) return true;
  // Neither names a code when the connection breaks under a query.
  if (/^E[A-Z]+$/.test(code) || /connection|socket|timed? ?out/i.test(cause.message)) return true;
  return cause.cause !== undefined && isPassing(cause.cause);
}
