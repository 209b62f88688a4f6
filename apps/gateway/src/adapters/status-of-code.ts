const STATUS: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  SYMBOL_NOT_FOUND: 404,
  RATE_LIMITED: 429,
  QUOTA_EXCEEDED: 429,
  INTERNAL_SERVER_ERROR: 500,
  DATA_INCOMPLETE: 503,
  UPSTREAM_STALE: 503,
  TIMEOUT: 504,
};

/** Returns the HTTP status of an error code of the API: 400 for whatever the request itself is to blame for. */
export function statusOfCode(code: unknown, retryable: boolean): number {
  const status = typeof code === 'string' && Object.hasOwn(STATUS, code) ? (STATUS[code] ?? 400) : 400;
  return status === 500 && retryable ? 503 : status;
}
