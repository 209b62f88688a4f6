import { Counter, Gauge, type Registry } from 'prom-client';

/** Everything that keeping champions counts and shows. */
export type ChampionMetrics = ReturnType<typeof createChampionMetrics>;

/** Registers the metrics of champions. */
export function createChampionMetrics(registry: Registry) {
  const registers = [registry];
  return {
    changes: new Counter({
      name: 'forecaster_champion_changes_total',
      help: 'Changes of the champion, one for each horizon, by reason',
      labelNames: ['reason'] as const,
      registers,
    }),
    verdicts: new Counter({
      name: 'forecaster_challengers_judged_total',
      help: 'Challengers that were judged, promoted or refused',
      labelNames: ['outcome'] as const,
      registers,
    }),
    drift: new Gauge({
      name: 'forecaster_drift',
      help: '1 where the champion of a horizon has drifted by a rule (skill, coverage, clipped or gaps), else 0',
      labelNames: ['horizon', 'rule'] as const,
      registers,
    }),
    lossRatio: new Gauge({
      name: 'forecaster_champion_loss_ratio',
      help: 'CRPS of the champion of a horizon over that of the reference in the window of its drift rule; below 1 is better',
      labelNames: ['horizon'] as const,
      registers,
    }),
  };
}
