import type { Gap, InstrumentId, QualityReport, TimeRange, TradeIdCheck } from '@candlecast/domain';
import { QUALITY_CHECKS } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { ExchangeClock } from '../exchange.ts';
import type { IngestMetrics } from '../health/metrics.ts';
import { pause } from '../pause.ts';
import { isStopped } from '../retry.ts';
import type { IngestStore } from '../write/patient-store.ts';
import { Auditor, type AuditRound } from './auditor.ts';
import { findMissing } from './prepare.ts';

/** What scheduled audits need. */
export interface AuditLoopOptions {
  readonly store: IngestStore;
  readonly clock: ExchangeClock;
  /** Time between two rounds, on the venue's clock. */
  readonly intervalMs: number;
  readonly metrics: IngestMetrics;
  readonly log: Logger;
  readonly report: (instrumentId: InstrumentId, hole: TimeRange) => Promise<void>;
  readonly retry: (instrumentId: InstrumentId, gaps: readonly Gap[]) => void;
}

/** Audits the series of this process again and again. */
export interface AuditLoop {
  readonly auditor: Pick<Auditor, 'add' | 'remove'>;
  /** Runs until `signal` aborts; a round that fails is logged, the next one goes on. */
  run(signal: AbortSignal): Promise<void>;
}

/** On fast clocks a round may not follow the one before without a breath. */
const SHORTEST_PAUSE_WALL_MS = 5_000;

/** Returns the audits, with their results as metrics. The first round comes after the first interval. */
export function createAuditLoop({ store, clock, intervalMs, metrics, log, report, retry }: AuditLoopOptions): AuditLoop {
  const auditor = new Auditor({
    now: () => clock.now(),
    quality: store.quality,
    findInstruments: () => store.instruments.findInstruments(clock.model().venue),
    findGaps: store.candles.findGaps,
    findMissing: (id, range) => findMissing(store, id, range),
    report,
    retry,
  });

  return {
    auditor,
    async run(signal) {
      while (!signal.aborted) {
        await pause(Math.max(clock.toWallMs(intervalMs), SHORTEST_PAUSE_WALL_MS), signal);
        if (signal.aborted) return;
        try {
          publish(await auditor.runRound(signal));
        } catch (cause) {
          if (!isStopped(cause)) log.warn({ err: cause }, 'the audit could not be ended');
        }
      }
    },
  };

  function publish(round: AuditRound): void {
    metrics.audits.inc(round.windows);
    metrics.auditMissingMinutes.inc(round.missingMinutes);
    for (const check of QUALITY_CHECKS)
      metrics.qualityFindings.set(
        { check },
        sumOf(round.reports, (report) => countOf(report, check)),
      );
    metrics.tradeIdBreaks.set(sumOf(round.tradeIds, ({ breaks }: TradeIdCheck) => breaks));
    if (round.missingMinutes > 0) log.warn({ ...round, reports: undefined, tradeIds: undefined }, 'the audit found minutes missing');
  }
}

function countOf({ findings }: QualityReport, check: string): number {
  return findings.find((finding) => finding.check === check)?.count ?? 0;
}

function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
