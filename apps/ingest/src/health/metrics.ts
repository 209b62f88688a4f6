import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { createCollectorMetrics } from '../collect/collector-metrics.ts';
import { createMarketMetrics } from './market-metrics.ts';

/** Everything that ingest counts. */
export type IngestMetrics = ReturnType<typeof createIngestMetrics>;

/** Registers the metrics of ingest. Lag is the receipt on the exchange's clock less the exchange's event time. */
export function createIngestMetrics(registry: Registry) {
  const registers = [registry];
  return {
    ...createMarketMetrics(registry),
    ...createCollectorMetrics(registry),
    frames: new Counter({ name: 'ingest_frames_total', help: 'Frames understood', labelNames: ['kind'] as const, registers }),
    refusedFrames: new Counter({
      name: 'ingest_refused_frames_total',
      help: 'Frames that were not used',
      labelNames: ['reason'] as const,
      registers,
    }),
    reconnects: new Counter({
      name: 'ingest_reconnects_total',
      help: 'Stream connections lost (drop) or replaced while running (renewal)',
      labelNames: ['kind'] as const,
      registers,
    }),
    forgottenStreams: new Counter({
      name: 'ingest_forgotten_streams_total',
      help: 'Streams that the exchange no longer listed on a running connection; they were subscribed again',
      registers,
    }),
    restUsedWeight: new Gauge({ name: 'ingest_rest_used_weight', help: 'Request weight used in this minute, by the exchange', registers }),
    restFailures: new Counter({
      name: 'ingest_rest_failures_total',
      help: 'Requests without a usable answer',
      labelNames: ['code'] as const,
      registers,
    }),
    databaseFailures: new Counter({ name: 'ingest_database_failures_total', help: 'Database calls that were tried again', registers }),
    maintenanceRuns: new Counter({
      name: 'ingest_maintenance_runs_total',
      help: 'Runs of the database maintenance (retention, refresh, compression)',
      labelNames: ['outcome'] as const,
      registers,
    }),
    committedCandles: new Counter({
      name: 'ingest_committed_candles_total',
      help: '1m candles stored for the first time',
      labelNames: ['path'] as const,
      registers,
    }),
    correctedCandles: new Counter({ name: 'ingest_corrected_candles_total', help: '1m candles stored with changed values', registers }),
    rereadCandles: new Counter({
      name: 'ingest_reread_candles_total',
      help: 'Closed candles that were due for their second read: unchanged, changed by it, failed (asked for again with the next), or skipped',
      labelNames: ['result'] as const,
      registers,
    }),
    lateCloses: new Counter({
      name: 'ingest_late_closes_fetched_total',
      help: 'Closed candles that the stream did not bring in time and a request did',
      registers,
    }),
    offGridRows: new Counter({
      name: 'ingest_off_grid_rows_total',
      help: 'Requested rows that do not open on a minute; they are merged into the candles of their minutes',
      registers,
    }),
    dumpFiles: new Counter({
      name: 'ingest_dump_files_total',
      help: 'Files of the dump host: imported, known, absent, or the code of the failure',
      labelNames: ['result'] as const,
      registers,
    }),
    audits: new Counter({ name: 'ingest_audited_windows_total', help: 'Windows of 30 days of a series that were audited', registers }),
    auditMissingMinutes: new Counter({
      name: 'ingest_audit_missing_minutes_total',
      help: 'Minutes that an audit found neither stored nor recorded as a gap',
      registers,
    }),
    qualityFindings: new Gauge({
      name: 'ingest_quality_findings',
      help: 'Candles (of ZERO_VOLUME_RUN: runs) that a check found in the last two days of all series, by the newest audit',
      labelNames: ['check'] as const,
      registers,
    }),
    tradeIdBreaks: new Gauge({
      name: 'ingest_trade_id_breaks',
      help: 'Neighbouring candles whose trade ids do not follow each other in the last two days of all series, by the newest audit',
      registers,
    }),
    recordedGaps: new Counter({
      name: 'ingest_recorded_gaps_total',
      help: 'Ranges without candles that were recorded',
      labelNames: ['reason'] as const,
      registers,
    }),
    queueDepth: new Gauge({ name: 'ingest_queue_depth_candles', help: 'Closed candles waiting for their commit', registers }),
    lagMs: new Histogram({
      name: 'ingest_lag_ms',
      help: 'Milliseconds from the event time of a candle update to its receipt, on the clock of the exchange',
      buckets: [5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 60_000],
      registers,
    }),
  };
}
