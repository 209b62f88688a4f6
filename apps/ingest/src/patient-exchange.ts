import { AppError } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { EXCHANGE_BACKOFF } from './backoff.ts';
import type { IngestMetrics } from './health/metrics.ts';
import { isStopped, retry } from './retry.ts';

/** Repeats requests until the exchange answers them. */
export interface PatientExchange {
  /** Rejects only when another try cannot help. `onFailure` hears of every failure that is tried again. */
  ask<T>(work: () => Promise<T>, onFailure?: () => void): Promise<T>;
  /** Tries once, counting a failure as the others are. */
  askOnce<T>(work: () => Promise<T>): Promise<T>;
  /** Tells whether the newest request was answered. */
  isAnswering(): boolean;
}

/** Returns the patience; failures are counted by their code, and the first and every tenth of a row of them is logged. */
export function createPatientExchange(options: { metrics: IngestMetrics; log: Logger; signal: AbortSignal }): PatientExchange {
  const { metrics, log, signal } = options;
  let isAnswering = false;

  return {
    isAnswering: () => isAnswering,
    async askOnce(work) {
      try {
        const answer = await work();
        isAnswering = true;
        return answer;
      } catch (cause) {
        if (!isStopped(cause)) metrics.restFailures.inc({ code: codeOf(cause) });
        throw cause;
      }
    },
    async ask(work, onFailure) {
      try {
        const answer = await retry(work, {
          backoff: EXCHANGE_BACKOFF,
          signal,
          onFailure(cause, attempt) {
            isAnswering = false;
            metrics.restFailures.inc({ code: codeOf(cause) });
            if (attempt % 10 === 0) log.warn({ err: cause, attempt }, 'the exchange did not answer as asked, trying on');
            onFailure?.();
          },
        });
        isAnswering = true;
        return answer;
      } catch (cause) {
        if (!isStopped(cause)) metrics.restFailures.inc({ code: codeOf(cause) });
        throw cause;
      }
    },
  };
}

function codeOf(cause: unknown): string {
  return cause instanceof AppError ? cause.code : 'unknown';
}
