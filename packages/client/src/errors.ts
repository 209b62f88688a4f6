/** A GraphQL error as the gateway sends it. */
export interface GraphqlErrorShape {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** A failure of a request, by the gateway's code. */
export class CandlecastError extends Error {
  /** As in the API's error table, or NETWORK_ERROR when no answer came. */
  readonly code: string;
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

/** Returns the error that a list of GraphQL errors amounts to: the first names the code. */
export function toCandlecastError(errors: readonly GraphqlErrorShape[]): CandlecastError {
  const [first] = errors;
  const code = typeof first?.extensions?.code === 'string' ? first.extensions.code : 'INTERNAL_SERVER_ERROR';
  return new CandlecastError(code, first?.message ?? 'the request failed', { errors });
}
