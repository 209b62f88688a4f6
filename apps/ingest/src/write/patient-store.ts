import type { CandleReader, CandleWriter, InstrumentReader, InstrumentWriter } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { DATABASE_BACKOFF } from '../backoff.ts';
import type { IngestMetrics } from '../health/metrics.ts';
import { retry } from '../retry.ts';
import { isPassing } from './database-failure.ts';

/** The parts of the store that ingest uses. */
export interface IngestStore {
  readonly candles: Pick<CandleReader, 'findOpenTimes' | 'findGaps'>;
  readonly instruments: Pick<InstrumentReader, 'findInstruments'>;
  readonly candleWriter: CandleWriter;
  readonly instrumentWriter: InstrumentWriter;
}

/** What the patient store needs besides the store. */
export interface PatienceOptions {
  readonly metrics: IngestMetrics;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/**
 * Returns the store with every call tried until the database answers: an outage delays, it loses nothing and ends nothing. Every call
 * is idempotent, so that a commit whose answer was lost may run again. `isAnswering` tells whether the newest call was answered.
 */
export function createPatientStore(store: IngestStore, options: PatienceOptions): { store: IngestStore; isAnswering: () => boolean } {
  const { metrics, log, signal } = options;
  let hasAnswered = false;
  let failures = 0;

  return {
    isAnswering: () => hasAnswered && failures === 0,
    store: {
      candles: patient(store.candles, ['findOpenTimes', 'findGaps']),
      instruments: patient(store.instruments, ['findInstruments']),
      candleWriter: patient(store.candleWriter, ['commitClosed', 'commitHistory', 'startLive', 'recordGap']),
      instrumentWriter: patient(store.instrumentWriter, ['upsertInstruments', 'setState', 'saveClock']),
    },
  };

  function patient<T extends object>(port: T, methods: readonly (keyof T)[]): T {
    const wrap = (method: keyof T) => {
      const call = (port[method] as (...args: unknown[]) => Promise<unknown>).bind(port);
      return (...args: unknown[]) => answered(() => call(...args), String(method));
    };
    return Object.fromEntries(methods.map((method) => [method, wrap(method)])) as T;
  }

  async function answered<T>(work: () => Promise<T>, name: string): Promise<T> {
    const onFailure = (cause: unknown, attempt: number) => {
      failures += 1;
      metrics.databaseFailures.inc();
      if (attempt % 20 === 0) log.warn({ err: cause, call: name, attempt }, 'the database does not answer, trying on');
    };
    const result = await retry(work, { backoff: DATABASE_BACKOFF, signal, isRetryable: isPassing, onFailure });
    hasAnswered = true;
    failures = 0;
    return result;
  }
}
