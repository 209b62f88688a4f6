import { Counter, Gauge, type Registry } from 'prom-client';

/** Registers the metrics of the collected series. */
export function createCollectorMetrics(registry: Registry) {
  const registers = [registry];
  return {
    collectedValues: new Counter({
      name: 'ingest_collected_values_total',
      help: 'Readings of sources outside: stored, or unchanged (the value of that time was known already)',
      labelNames: ['key', 'result'] as const,
      registers,
    }),
    collectFailures: new Counter({
      name: 'ingest_collect_failures_total',
      help: 'Readings of sources outside that failed or were refused, by the code of the failure',
      labelNames: ['key', 'code'] as const,
      registers,
    }),
    failingSources: new Gauge({
      name: 'ingest_failing_sources',
      help: 'Sources outside whose newest reading by this process failed',
      registers,
    }),
  };
}
