import { Counter, Gauge, type Registry } from 'prom-client';

/** Everything that making hindcasts counts. */
export type HindcastMetrics = ReturnType<typeof createHindcastMetrics>;

/** Registers the metrics of hindcasts. */
export function createHindcastMetrics(registry: Registry) {
  const registers = [registry];
  return {
    made: new Counter({
      name: 'forecaster_hindcasts_total',
      help: 'Moments of the past that were looked at: made, there already, or silent where the model could not speak',
      labelNames: ['outcome'] as const,
      registers,
    }),
    left: new Gauge({
      name: 'forecaster_hindcast_legs_left',
      help: 'Months of instruments that are still to be walked in this round',
      registers,
    }),
    refused: new Counter({
      name: 'forecaster_hindcast_legs_refused_total',
      help: 'Months that could not be walked, by the code of the reason',
      labelNames: ['code'] as const,
      registers,
    }),
  };
}
