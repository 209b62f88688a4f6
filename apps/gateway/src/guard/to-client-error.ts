import { AppError } from '@candlecast/domain';
import { GraphQLError } from 'graphql';
import { isDatabaseAway } from './is-database-away.ts';

/** Codes of errors whose message is meant for clients. Any other failure shows as INTERNAL_SERVER_ERROR, its cause only in the log. */
const CLIENT_CODES: ReadonlySet<string> = new Set([
  'BAD_USER_INPUT',
  'NOT_FOUND',
  'PERSISTED_QUERY_NOT_FOUND',
  'SYMBOL_NOT_FOUND',
  'INTERVAL_UNSUPPORTED',
  'RANGE_TOO_LARGE',
  'COST_LIMIT_EXCEEDED',
  'RATE_LIMITED',
  'QUOTA_EXCEEDED',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'CURSOR_INVALID',
  'CURSOR_EXPIRED',
  'CURSOR_EPOCH_MISMATCH',
  'SLOW_READER',
  'UPSTREAM_STALE',
]);

const RETRY_AFTER_MS = 1_000;

/** Where in the handling of a request an error came up: it decides the code of an error that graphql itself made. */
export type RequestPhase = 'parse' | 'validate' | 'execute';

/** An error as a client sees it, and whether its cause is our failure and belongs in the log. */
export interface ClientError {
  readonly shown: GraphQLError;
  readonly isOurs: boolean;
}

/** Returns what a client may see of `error`: a code, whether and when to try again, the request's id, and a safe sentence. */
export function toClientError(error: unknown, phase: RequestPhase, requestId: string): ClientError {
  const graphqlError = error instanceof GraphQLError ? error : undefined;
  const appError = findAppError(error);
  const retryable = isDatabaseAway(error);
  const show = (code: string, message: string, isOurs: boolean): ClientError => {
    const extensions = { code, retryable, retryAfterMs: retryable ? RETRY_AFTER_MS : null, requestId };
    // Yoga keeps the HTTP status here, before and after this; clients need not see it.
    Object.defineProperty(extensions, 'http', { value: graphqlError?.extensions.http, enumerable: false, writable: true });
    const { nodes, source, positions, path } = graphqlError ?? {};
    return { isOurs, shown: new GraphQLError(message, { nodes, source, positions, path, extensions }) };
  };

  if (appError && CLIENT_CODES.has(appError.code)) return show(appError.code, appError.message, false);
  if (appError?.code === 'database_timeout') return show('TIMEOUT', 'the query took too long', true);
  if (graphqlError && !hasForeignCause(graphqlError)) return show(codeOf(graphqlError, phase), graphqlError.message, false);
  return show('INTERNAL_SERVER_ERROR', 'something failed on our side; the request id names the log line', true);
}

/** Tells whether `error` has been through `toClientError` already. */
export function isClientError(error: unknown): error is GraphQLError {
  return error instanceof GraphQLError && typeof error.extensions.requestId === 'string';
}

function codeOf(error: GraphQLError, phase: RequestPhase): string {
  if (phase !== 'execute') return 'GRAPHQL_VALIDATION_FAILED';
  if (/^Invalid cursor\b/.test(error.message)) return 'CURSOR_INVALID'; // in the words of Pothos' own connections
  return 'BAD_USER_INPUT'; // variables that do not fit, an operation that is not there: found before any resolver ran
}

function findAppError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  return error instanceof GraphQLError ? findAppError(error.originalError) : undefined;
}

/** Tells whether something other than graphql made the error: a resolver threw, or we are to blame. */
function hasForeignCause(error: GraphQLError): boolean {
  if (error.originalError === undefined) return false;
  return !(error.originalError instanceof GraphQLError) || hasForeignCause(error.originalError);
}
