import { AppError } from '@candlecast/domain';
import { Agent, errors, interceptors, request } from 'undici';
import { sourceFailure, statusFailure } from './source-failure.ts';
import { MOST_BYTES } from './source-kind.ts';

/** Reads texts over HTTP. */
export interface BodyReader {
  /**
   * Fetches the text at an address, following up to three redirections. What passes is tried again twice, after half a second and one
   * second or as the host asks with Retry-After. Throws an AppError with a code of SOURCE_FAILURES.
   */
  read(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}

const MOST_REDIRECTIONS = 3;
const MOST_RETRIES = 2;
const LEAST_PAUSE_MS = 500;
/** A host that asks for more patience is asked again by the job, later. */
const MOST_PAUSE_MS = 5_000;

/** Returns a reader with connections of its own. */
export function createBodyReader(leastPauseMs = LEAST_PAUSE_MS): BodyReader {
  const agent = new Agent({ maxResponseSize: MOST_BYTES, connect: { timeout: 10_000 } });
  const dispatcher = agent.compose(
    interceptors.redirect({ maxRedirections: MOST_REDIRECTIONS }),
    interceptors.retry({ maxRetries: MOST_RETRIES, minTimeout: leastPauseMs, maxTimeout: MOST_PAUSE_MS, throwOnError: false }),
  );
  return {
    async read(url, headers, signal) {
      try {
        const { statusCode, body } = await request(url, {
          dispatcher,
          signal,
          headers: { accept: '*/*', 'user-agent': 'candlecast', ...headers },
        });
        if (statusCode !== 200) {
          await body.dump();
          throw statusFailure(statusCode);
        }
        return await body.text();
      } catch (cause) {
        throw toFailure(cause);
      }
    },
    close: () => agent.destroy(),
  };
}

function toFailure(cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  if (cause instanceof errors.RequestRetryError) return statusFailure(cause.statusCode);
  if (cause instanceof errors.ResponseExceededMaxSizeError)
    return sourceFailure('source_too_large', `the answer has more than ${MOST_BYTES} bytes`, cause);
  // Redirections that lead back to where they began.
  if (cause instanceof errors.InvalidArgumentError) return sourceFailure('source_refused', 'the host redirects in a circle', cause);
  const isLate =
    cause instanceof errors.HeadersTimeoutError ||
    cause instanceof errors.BodyTimeoutError ||
    cause instanceof errors.ConnectTimeoutError ||
    (cause instanceof Error && cause.name === 'TimeoutError');
  if (isLate) return sourceFailure('source_timeout', 'the host takes longer than the source may', cause);
  return sourceFailure('source_unreachable', 'the connection could not be made or broke', cause);
}
