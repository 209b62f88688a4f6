import { AppError } from '@candlecast/domain';
import { GraphQLError } from 'graphql';

/** How Prisma and Node name a database that cannot be reached, that closed the connection, or that has no connection left. */
const AWAY_CODES: ReadonlySet<unknown> = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/** Prisma gives the server's own state (class 08, 53 or 57: no connection, no resources, shutting down) in its text only. */
const AWAY_TEXT = /^Database error\. Code: `(08|53|57)\w{3}`/m;

/** Tells whether a failure will pass by itself once the database is back. */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof AppError) return error.retryable;
  if (error instanceof GraphQLError) return isDatabaseAway(error.originalError);
  if (!(error instanceof Error)) return false;
  return AWAY_CODES.has('code' in error ? error.code : undefined) || AWAY_TEXT.test(error.message) || isDatabaseAway(error.cause);
}
