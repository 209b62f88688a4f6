import { AppError, type BackoffRange, jitteredDelayMs } from '@candlecast/domain';
import { pause } from './pause.ts';

/** What a retried call needs to know. */
export interface RetryOptions {
  readonly backoff: BackoffRange;
  readonly signal: AbortSignal;
  /** Hears every failure that will be retried. */
  readonly onFailure?: (cause: unknown, attempt: number) => void;
  readonly isRetryable?: (cause: unknown) => boolean;
}

/** Runs `work` until it succeeds; gives up only on a failure that another try cannot cure, or when `signal` aborts (`stopped`). */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const isRetryable = options.isRetryable ?? ((cause) => cause instanceof AppError && cause.retryable);
  for (let attempt = 0; ; attempt += 1) {
    if (options.signal.aborted) throw stopped();
    try {
      return await work();
    } catch (cause) {
      if (options.signal.aborted) throw stopped();
      if (!isRetryable(cause)) throw cause;
      options.onFailure?.(cause, attempt);
    }
    await pause(jitteredDelayMs(attempt, options.backoff, Math.random()), options.signal);
  }
}

/** The failure of whatever was under way when the service was asked to stop. */
export function stopped(): AppError {
  return new AppError('stopped', 'the service was asked to stop');
}

/** Tells whether a failure only says that the service was asked to stop. */
export function isStopped(cause: unknown): boolean {
  return cause instanceof AppError && cause.code === 'stopped';
}
