import { Counter, type Registry } from 'prom-client';

/** Everything that scoring counts. */
export type ScoreMetrics = ReturnType<typeof createScoreMetrics>;

/** Registers the metrics of scoring. */
export function createScoreMetrics(registry: Registry) {
  return {
    resolved: new Counter({
      name: 'forecaster_resolved_total',
      help: 'Forecasts that matured: scored, late (scored as their reference) or void (no price came)',
      labelNames: ['horizon', 'outcome'] as const,
      registers: [registry],
    }),
  };
}
