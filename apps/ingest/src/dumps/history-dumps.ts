import { AppError, type EpochMs, type InstrumentId, type TimeRange } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { DumpHost } from '../binance/dump-host.ts';
import type { IngestMetrics } from '../health/metrics.ts';
import { isStopped } from '../retry.ts';
import type { IngestStore } from '../write/patient-store.ts';
import { fetchDump } from './fetch-dump.ts';
import { planDumpFiles, wholeMonths } from './plan-dump-files.ts';

/** Fills long histories from the dump host as far as that goes; requests make up for the rest. */
export interface HistoryDumps {
  /** Imports the months of `range` that are over. Never rejects for what the host does: then nothing, or less, is filled. */
  prefill(instrumentId: InstrumentId, symbol: string, range: TimeRange): Promise<void>;
}

export interface HistoryDumpsOptions {
  readonly host: DumpHost;
  readonly store: Pick<IngestStore, 'importer' | 'quality'>;
  readonly now: () => EpochMs;
  /** A timer of this machine. */
  readonly elapsedMs: () => number;
  readonly metrics: IngestMetrics;
  readonly log: Logger;
}

/** A host that failed is left alone this long: history goes on by requests meanwhile. */
const LEAVE_ALONE_MS = 10 * 60_000;

/** Returns the dumps of `host`. Each month of an instrument is tried once a run. */
export function createHistoryDumps({ host, store, now, elapsedMs, metrics, log }: HistoryDumpsOptions): HistoryDumps {
  const tried = new Set<string>();
  let leaveAloneUntilMs = Number.NEGATIVE_INFINITY;

  return {
    async prefill(instrumentId, symbol, range) {
      // Newest first, as the history is wanted.
      for (const file of planDumpFiles(symbol, wholeMonths(range, now()), now()).reverse()) {
        const key = `${instrumentId} ${file.period}`;
        if (tried.has(key) || elapsedMs() < leaveAloneUntilMs) continue;
        tried.add(key);
        try {
          const outcome = await fetchDump(instrumentId, file, { host, ...store, now });
          metrics.dumpFiles.inc({ result: outcome.kind });
          if (outcome.kind === 'imported') metrics.committedCandles.inc({ path: 'dump' }, outcome.file.inserted);
        } catch (cause) {
          if (isStopped(cause) || !isOfHost(cause)) throw cause;
          metrics.dumpFiles.inc({ result: cause.code });
          log.warn({ err: cause, instrument: instrumentId }, 'a dump file could not be used, requests go on');
          if (cause.code === 'dump_unavailable') leaveAloneUntilMs = elapsedMs() + LEAVE_ALONE_MS;
        }
      }
    },
  };
}

function isOfHost(cause: unknown): cause is AppError {
  return cause instanceof AppError && ['dump_unavailable', 'checksum_mismatch', 'candle_file_unreadable'].includes(cause.code);
}
