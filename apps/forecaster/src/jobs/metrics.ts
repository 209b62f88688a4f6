import { Counter, Histogram, type Registry } from 'prom-client';

/** Everything that the runner of jobs counts. */
export type JobMetrics = ReturnType<typeof createJobMetrics>;

/** Registers the metrics of jobs. */
export function createJobMetrics(registry: Registry) {
  const registers = [registry];
  return {
    tries: new Counter({
      name: 'forecaster_job_tries_total',
      help: 'Tries of jobs by how they ended: done, failed, lost to another process, or given back at a stop',
      labelNames: ['kind', 'outcome'] as const,
      registers,
    }),
    durationMs: new Histogram({
      name: 'forecaster_job_ms',
      help: 'Milliseconds that a try took',
      labelNames: ['kind'] as const,
      buckets: [10, 100, 1_000, 10_000, 60_000, 300_000, 1_800_000],
      registers,
    }),
  };
}
