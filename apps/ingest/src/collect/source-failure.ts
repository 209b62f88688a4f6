import { AppError } from '@candlecast/domain';
import { SOURCE_FAILURES, type SourceFailure } from './source-kind.ts';

/** Returns the failure of a reading, which is tried again where that may help. */
export function sourceFailure(code: SourceFailure, message: string, cause?: unknown): AppError {
  return new AppError(code, message, { retryable: SOURCE_FAILURES[code], cause });
}

/** Returns the failure that an HTTP status is. */
export function statusFailure(status: number): AppError {
  const isBusy = status === 429 || status >= 500;
  return sourceFailure(isBusy ? 'source_busy' : 'source_refused', `the host answers with status ${status} in place of 200`);
}
