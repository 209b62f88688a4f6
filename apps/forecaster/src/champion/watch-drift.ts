import {
  addMs,
  type ChampionChange,
  type ChampionStore,
  DAY_MS,
  DRIFT_ALARMS,
  type DriftAlarm,
  type DriftCheck,
  type DriftStore,
  type EpochMs,
  type ForecastReader,
  type Model,
  type TimeRange,
  type TrackDay,
  type Venue,
} from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { SERVED_HORIZONS, type ServedHorizon } from '../features/feature-schema.ts';
import { LIVE_BARS } from '../features/live-bars.ts';
import { clippedShare, scaledPartsOf } from './clipped-share.ts';
import { findDrift } from './find-drift.ts';
import type { ChampionMetrics } from './metrics.ts';

/** What watching for drift needs of the world. */
export interface DriftPorts {
  readonly champions: Pick<ChampionStore, 'findChampions'>;
  readonly forecasts: Pick<ForecastReader, 'findModels' | 'findTrackRows'>;
  readonly checks: Pick<DriftStore, 'findInputs' | 'countGapped' | 'saveChecks'>;
  readonly metrics: Pick<ChampionMetrics, 'drift' | 'lossRatio'>;
  readonly logger: Logger;
}

const LONGEST_DAYS = 31;
/** As many as promotion looks at. */
const MOST_INSTRUMENTS = 50;
/** Of the features of a day. */
const MOST_CLIPPED = 0.05;
const MOST_GAP_BARS = 2;

/**
 * Looks how the champion of each horizon stood at the last midnight: by its scores, by what it was given in the day before, and by the gaps in that.
 * Stores it, shows it as metrics, warns of alarms, and returns it. An alarm changes no champion.
 */
export async function watchDrift(ports: DriftPorts, venue: Venue, now: EpochMs): Promise<readonly DriftCheck[]> {
  const { champions, forecasts, checks, metrics, logger } = ports;
  const models = await forecasts.findModels();
  const at = addMs(now, -(now % DAY_MS));
  const day = { from: addMs(at, -DAY_MS), to: at };
  const gappedInstruments = await checks.countGapped(venue, day, MOST_GAP_BARS * LIVE_BARS.stepMs);
  /** A champion of several horizons is given the same at all. */
  const clipped = new Map<number, number | null>();
  const found: DriftCheck[] = [];
  for (const champion of await champions.findChampions(venue)) {
    const horizon = SERVED_HORIZONS.find((served) => served === champion.horizon);
    const newest = models.filter(({ name }) => name === champion.name).at(-1);
    if (!horizon || !newest) continue;
    if (!clipped.has(newest.id)) clipped.set(newest.id, await findClipped(ports, venue, newest, models, day));
    const clippedOfDay = clipped.get(newest.id) ?? null;
    const drift = findDrift(horizon, await findDays(ports, venue, champion, horizon, models, now), now);
    const alarms = [
      drift.hasLostSkill && 'SKILL',
      drift.hasLostCoverage && 'COVERAGE',
      (clippedOfDay ?? 0) > MOST_CLIPPED && 'CLIPPED',
      gappedInstruments > 0 && 'GAPS',
    ].filter((alarm): alarm is DriftAlarm => alarm !== false);
    const { lossRatio, coverage90 } = drift;
    const stood = { lossRatio, coverage90, clippedShare: clippedOfDay, gappedInstruments };
    const check = { venue, horizon, at, modelId: newest.id, ...stood, alarms };
    found.push(check);
    for (const rule of DRIFT_ALARMS) metrics.drift.set({ horizon, rule: rule.toLowerCase() }, alarms.includes(rule) ? 1 : 0);
    if (lossRatio !== null) metrics.lossRatio.set({ horizon }, lossRatio);
    if (alarms.length > 0) logger.warn({ champion: champion.name, ...check }, 'the champion has drifted');
  }
  await checks.saveChecks(found);
  return found;
}

/** The days of a champion's record. A window reaches over the training of a younger version. */
async function findDays(
  { forecasts }: DriftPorts,
  venue: Venue,
  { name }: ChampionChange,
  horizon: ServedHorizon,
  models: readonly Model[],
  now: EpochMs,
): Promise<TrackDay[]> {
  const from = addMs(now, -(now % DAY_MS) - LONGEST_DAYS * DAY_MS);
  const days: TrackDay[] = [];
  for (const { id } of models.filter((model) => model.name === name).slice(-2)) {
    const query = { venue, symbol: undefined, modelId: id, horizons: [horizon], from, now, asOf: undefined };
    days.push(...(await forecasts.findTrackRows(query)).flatMap((row) => row.days));
  }
  return days;
}

/** The share of foreign features in a day's inputs of a model, or of its members where it is made of others; null where nothing is scaled. */
async function findClipped(
  { checks }: DriftPorts,
  venue: Venue,
  model: Model,
  models: readonly Model[],
  day: TimeRange,
): Promise<number | null> {
  const members = (model.card.members ?? []) as readonly { readonly name: string; readonly sha256: string | null }[];
  const asked = [model, ...models.filter(({ name, sha256 }) => members.some((one) => one.name === name && one.sha256 === sha256))];
  const shares: number[] = [];
  for (const one of asked) {
    const parts = scaledPartsOf(one);
    const share = parts.length > 0 ? clippedShare(parts, await checks.findInputs(venue, one.id, day, MOST_INSTRUMENTS)) : null;
    if (share !== null) shares.push(share);
  }
  return shares.length > 0 ? Math.max(...shares) : null;
}
