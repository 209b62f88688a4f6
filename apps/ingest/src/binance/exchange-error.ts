import { AppError, MINUTE_MS } from '@candlecast/domain';

/** A request that the exchange did not answer as asked. */
export class ExchangeError extends AppError {
  /** How long the exchange wants to be left alone, in milliseconds; undefined when it did not say. */
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, options: { cause?: unknown; retryable: boolean; retryAfterMs?: number | undefined }) {
    super(code, message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Bans begin with two minutes; limits are counted in full minutes. Both are waited for when the exchange does not say how long. */
const SHORTEST_BAN_MS = 2 * MINUTE_MS;

/** Exchange codes that pass by themselves: unknown, disconnected, too many requests, timeout, busy, shutting down. */
const PASSING_CODES = [-1000, -1001, -1003, -1007, -1008, -1016];

/** Returns the failure that a reply with a status other than 200 means. `now` is real time, for bans that name their end. */
export function toExchangeError(reply: {
  status: number;
  retryAfter: string | null;
  body: string;
  path: string;
  now: number;
}): ExchangeError {
  const { status, path } = reply;
  const { code, message } = readProblem(reply.body);
  const said = `${path} answered ${status}${code === undefined ? '' : ` (${code})`}: ${message}`;
  if (status === 429 || status === 418) {
    const statedMs = Math.max(secondsToMs(reply.retryAfter), bannedUntil(message) - reply.now);
    const retryAfterMs = statedMs > 0 ? Math.max(statedMs, 1_000) : status === 418 ? SHORTEST_BAN_MS : MINUTE_MS - (reply.now % MINUTE_MS);
    return new ExchangeError('exchange_rate_limited', said, { retryable: true, retryAfterMs });
  }
  if (status === 451)
    return new ExchangeError('exchange_forbidden', `${said}; set CANDLECAST_BINANCE_REST_URL to a host that serves this place`, {
      retryable: false,
    });
  // 403 is the web application firewall: it blocks addresses, not requests, and forgets after a while.
  if (status === 403) return new ExchangeError('exchange_rate_limited', said, { retryable: true, retryAfterMs: 60_000 });
  if (status >= 500 || (code !== undefined && PASSING_CODES.includes(code))) return unavailable(said);
  return new ExchangeError('exchange_refused', said, { retryable: false });
}

/** Returns the failure of a request that got no answer, or one that cannot be read. */
export function unavailable(message: string, cause?: unknown): ExchangeError {
  return new ExchangeError('exchange_unavailable', message, { retryable: true, cause });
}

function readProblem(body: string): { code: number | undefined; message: string } {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'code' in parsed && 'msg' in parsed) {
      return { code: Number.isSafeInteger(parsed.code) ? (parsed.code as number) : undefined, message: String(parsed.msg) };
    }
  } catch {
    return { code: undefined, message: body.slice(0, 200) }; // a proxy's page
  }
  return { code: undefined, message: body.slice(0, 200) };
}

function secondsToMs(header: string | null): number {
  return header !== null && /^\d{1,7}$/.test(header) ? Number.parseInt(header, 10) * 1_000 : 0;
}

function bannedUntil(message: string): number {
  return Number.parseInt(/banned until (\d{13})/.exec(message)?.[1] ?? '0', 10);
}
