import {
  type AuditWriter,
  type BookWriter,
  type CandleImporter,
  type CandleReader,
  type CandleWriter,
  type CrewSeat,
  DATABASE_BACKOFF,
  type ExternalReader,
  type ExternalWriter,
  type InstrumentReader,
  type InstrumentWriter,
  type JobStore,
  type QualityReader,
  type SeatRequest,
  type TrackingLedger,
  type TradeReader,
  type TradeWriter,
} from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { IngestMetrics } from '../health/metrics.ts';
import { retry } from '../retry.ts';
import { isPassing } from './database-failure.ts';

/** The parts of the store that ingest uses. */
export interface IngestStore {
  readonly candles: Pick<CandleReader, 'findOpenTimes' | 'findGaps' | 'findEnds'>;
  readonly instruments: Pick<InstrumentReader, 'findInstruments'>;
  readonly candleWriter: CandleWriter;
  readonly instrumentWriter: InstrumentWriter;
  readonly quality: Pick<QualityReader, 'countDays' | 'checkTradeIds' | 'findQuality' | 'findUnresolved' | 'findImportedFiles'> &
    AuditWriter;
  readonly importer: CandleImporter;
  readonly trades: Pick<TradeReader, 'findTradesBefore'>;
  readonly tradeWriter: TradeWriter;
  readonly bookWriter: BookWriter;
  /** Sets states of instruments that this process keeps. */
  readonly stateWriter: Pick<InstrumentWriter, 'setStates'>;
  readonly tracking: TrackingLedger;
  readonly externalWriter: ExternalWriter;
  readonly externalReader: Pick<ExternalReader, 'findPoints'>;
  /** What of several processes one does. `release` is tried once, also after the stop: a job that it could not give back ends with its lease. */
  readonly jobs: Pick<JobStore, 'reopen' | 'retire' | 'take' | 'finish' | 'release'>;
  /** A place among the processes of a venue. Its calls are not repeated: whoever sits there does that. */
  openSeat(request: SeatRequest): Promise<CrewSeat>;
}

/** What the patient store is made of. `connect` is called with the first use, and again while it fails. */
export interface PatienceOptions {
  readonly connect: () => Promise<IngestStore>;
  readonly metrics: IngestMetrics;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/**
 * Returns a store of which every call is tried until the database answers: an outage delays, it loses nothing and ends nothing. Every
 * call is idempotent, so that a commit whose answer was lost may run again. `isAnswering` tells whether the newest try was answered.
 */
export function createPatientStore(options: PatienceOptions): { readonly store: IngestStore; readonly isAnswering: () => boolean } {
  const { connect, metrics, log, signal } = options;
  let connecting: Promise<IngestStore> | undefined;
  let isAnswering = false;

  return {
    isAnswering: () => isAnswering,
    store: {
      candles: patient((store) => store.candles, ['findOpenTimes', 'findGaps', 'findEnds']),
      instruments: patient((store) => store.instruments, ['findInstruments']),
      candleWriter: patient((store) => store.candleWriter, ['commitClosed', 'commitHistory', 'startLive', 'startLiveAll', 'recordGap']),
      instrumentWriter: patient((store) => store.instrumentWriter, ['upsertInstruments', 'setState', 'setStates', 'saveClock']),
      quality: patient(
        (store) => store.quality,
        ['countDays', 'checkTradeIds', 'findQuality', 'findUnresolved', 'findImportedFiles', 'saveAudit'],
      ),
      importer: patient((store) => store.importer, ['importCandles', 'settle', 'saveImportedFile']),
      trades: patient((store) => store.trades, ['findTradesBefore']),
      tradeWriter: patient((store) => store.tradeWriter, ['storeTrades']),
      bookWriter: patient((store) => store.bookWriter, ['storeBooks']),
      stateWriter: patient((store) => store.stateWriter, ['setStates']),
      tracking: patient((store) => store.tracking, ['findOpen', 'findGranted', 'findWanted', 'answer', 'setWanted', 'free']),
      externalWriter: patient((store) => store.externalWriter, ['storePoints']),
      externalReader: patient((store) => store.externalReader, ['findPoints']),
      jobs: {
        ...patient((store) => store.jobs, ['reopen', 'retire', 'take', 'finish']),
        release: async (lease) => (await reach()).jobs.release(lease),
      },
      openSeat: (request) => untilAnswered('openSeat', async () => (await reach()).openSeat(request)),
    },
  };

  function patient<T extends object, K extends keyof T & string>(choose: (store: IngestStore) => T, methods: readonly K[]): Pick<T, K> {
    const wrap = (method: K) => {
      const call = async (args: readonly unknown[]) => {
        const port = choose(await reach());
        return (port[method] as (...args: readonly unknown[]) => Promise<unknown>).apply(port, [...args]);
      };
      return (...args: readonly unknown[]) => untilAnswered(method, () => call(args));
    };
    return Object.fromEntries(methods.map((method) => [method, wrap(method)])) as unknown as Pick<T, K>;
  }

  function reach(): Promise<IngestStore> {
    connecting ??= connect().catch((cause: unknown) => {
      connecting = undefined;
      throw cause;
    });
    return connecting;
  }

  async function untilAnswered<T>(call: string, work: () => Promise<T>): Promise<T> {
    const onFailure = (cause: unknown, attempt: number) => {
      isAnswering = false;
      metrics.databaseFailures.inc();
      if (attempt % 20 === 0) log.warn({ err: cause, call, attempt }, 'the database does not answer, trying on');
    };
    const answer = await retry(work, { backoff: DATABASE_BACKOFF, signal, isRetryable: isPassing, onFailure });
    isAnswering = true;
    return answer;
  }
}
