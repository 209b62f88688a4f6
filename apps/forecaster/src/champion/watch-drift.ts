import { addMs, type ChampionStore, DAY_MS, type EpochMs, type ForecastReader, type TrackDay, type Venue } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { SERVED_HORIZONS, type ServedHorizon } from '../features/feature-schema.ts';
import { type Drift, findDrift } from './find-drift.ts';
import type { ChampionMetrics } from './metrics.ts';

/** What watching for drift needs of the world. */
export interface DriftPorts {
  readonly champions: Pick<ChampionStore, 'findChampions'>;
  readonly forecasts: Pick<ForecastReader, 'findModels' | 'findTrackRows'>;
  readonly metrics: Pick<ChampionMetrics, 'drift' | 'lossRatio'>;
  readonly logger: Logger;
}

const LONGEST_DAYS = 31;

/** Measures how the champion of each horizon stands, shows it as metrics, warns of drift, and returns it. */
export async function watchDrift(ports: DriftPorts, venue: Venue, now: EpochMs): Promise<ReadonlyMap<ServedHorizon, Drift>> {
  const { champions, forecasts, metrics, logger } = ports;
  const models = await forecasts.findModels();
  const found = new Map<ServedHorizon, Drift>();
  for (const champion of await champions.findChampions(venue)) {
    const horizon = SERVED_HORIZONS.find((served) => served === champion.horizon);
    if (!horizon) continue;
    const days: TrackDay[] = [];
    const from = (Math.floor(addMs(now, -LONGEST_DAYS * DAY_MS) / DAY_MS) * DAY_MS) as EpochMs;
    // A window reaches over the training of a younger version.
    for (const { id } of models.filter(({ name }) => name === champion.name).slice(-2)) {
      const query = { venue, symbol: undefined, modelId: id, horizons: [horizon], from, now, asOf: undefined };
      days.push(...(await forecasts.findTrackRows(query)).flatMap((row) => row.days));
    }
    const drift = findDrift(horizon, days, now);
    found.set(horizon, drift);
    metrics.drift.set({ horizon, rule: 'skill' }, drift.hasLostSkill ? 1 : 0);
    metrics.drift.set({ horizon, rule: 'coverage' }, drift.hasLostCoverage ? 1 : 0);
    if (drift.lossRatio !== null) metrics.lossRatio.set({ horizon }, drift.lossRatio);
    if (drift.hasLostSkill || drift.hasLostCoverage)
      logger.warn({ horizon, champion: champion.name, ...drift }, 'the champion has drifted');
  }
  return found;
}
