import { Counter, Histogram, type Registry } from 'prom-client';

/** Everything that serving counts. */
export type ServeMetrics = ReturnType<typeof createServeMetrics>;

/** Registers the metrics of serving. */
export function createServeMetrics(registry: Registry) {
  const registers = [registry];
  return {
    issued: new Counter({
      name: 'forecaster_forecasts_total',
      help: 'Forecasts stored, on time or late',
      labelNames: ['model', 'horizon', 'timing'] as const,
      registers,
    }),
    withheld: new Counter({
      name: 'forecaster_withheld_total',
      help: 'Due forecasts that were not made: history_incomplete (too short, or a gap in it) or target_passed',
      labelNames: ['model', 'horizon', 'reason'] as const,
      registers,
    }),
    skippedCloses: new Counter({
      name: 'forecaster_skipped_closes_total',
      help: 'Closes without a forecast because a newer one of the same instrument had come',
      registers,
    }),
    failures: new Counter({ name: 'forecaster_failures_total', help: 'Batches that could not be forecast or stored at first', registers }),
    inferenceMs: new Histogram({
      name: 'forecaster_inference_ms',
      help: 'Milliseconds that a model takes for a batch of instruments',
      labelNames: ['model'] as const,
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1_000],
      registers,
    }),
    delayMs: new Histogram({
      name: 'forecaster_delay_ms',
      help: 'Milliseconds of the venue from the close to its stored forecasts',
      labelNames: ['model'] as const,
      buckets: [50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000],
      registers,
    }),
  };
}
