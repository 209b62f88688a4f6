/** A GraphQL error as the gateway sends it. */
export interface GraphqlErrorShape {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** The codes of the API's error table, and those of the client itself: no answer came, or the platform has no WebSocket. */
export const ERROR_CODES = [
  'BAD_USER_INPUT',
  'GRAPHQL_VALIDATION_FAILED',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'SYMBOL_NOT_FOUND',
  'INTERVAL_UNSUPPORTED',
  'RANGE_TOO_LARGE',
  'RATE_LIMITED',
  'QUOTA_EXCEEDED',
  'COST_LIMIT_EXCEEDED',
  'CURSOR_INVALID',
  'CURSOR_EXPIRED',
  'CURSOR_EPOCH_MISMATCH',
  'DATA_INCOMPLETE',
  'UPSTREAM_STALE',
  'TIMEOUT',
  'PERSISTED_QUERY_NOT_FOUND',
  'INTERNAL_SERVER_ERROR',
  'SLOW_READER',
  'NETWORK_ERROR',
  'WEBSOCKET_MISSING',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** A failure of a request, by the gateway's code. */
export class CandlecastError extends Error {
  /** Which failure; a later gateway may know codes that this client does not. */
  readonly code: ErrorCode | (string & {});
  readonly retryable: boolean;
  /** When to try again, in milliseconds. */
  readonly retryAfterMs: number | null;
  /** Names the log line at the gateway. */
  readonly requestId: string | null;
  /** Everything that the gateway said. */
  readonly errors: readonly GraphqlErrorShape[];

  constructor(
    code: string,
    message: string,
    options: { retryable?: boolean; errors?: readonly GraphqlErrorShape[]; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CandlecastError';
    this.code = code;
    this.errors = options.errors ?? [];
    const extensions = this.errors[0]?.extensions;
    this.retryable = options.retryable ?? extensions?.retryable === true;
    this.retryAfterMs = typeof extensions?.retryAfterMs === 'number' ? extensions.retryAfterMs : null;
    this.requestId = typeof extensions?.requestId === 'string' ? extensions.requestId : null;
  }
}

/** Tells whether `error` is a failure of a request, and of which `code` where one is given. */
export function isCandlecastError(error: unknown, code?: ErrorCode): error is CandlecastError {
  return error instanceof CandlecastError && (code === undefined || error.code === code);
}

/** Returns the error that a list of GraphQL errors amounts to: the first names the code. */
export function toCandlecastError(errors: readonly GraphqlErrorShape[]): CandlecastError {
  const [first] = errors;
  const code = typeof first?.extensions?.code === 'string' ? first.extensions.code : 'INTERNAL_SERVER_ERROR';
  return new CandlecastError(code, first?.message ?? 'the request failed', { errors });
}
