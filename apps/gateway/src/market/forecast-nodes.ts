import {
  type AsOf,
  addMs,
  DAY_MS,
  type EpochMs,
  type Forecast,
  type ForecastOutcome,
  type ForecastReader,
  type Model,
  type Resolution,
  type Skill,
  splitInstrumentId,
  type TrackKey,
  toSkill,
} from '@candlecast/domain';
import type { Models } from './models.ts';
import { floorToDay } from './track-window.ts';
import type { Venues } from './venues.ts';

/** ISSUED before the fact, in the ledger; HINDCAST: what a model would have said then, made after the fact, in no ledger and never scored. */
export const FORECAST_KINDS = ['ISSUED', 'HINDCAST'] as const;

/** A model as it is shown: one that speaks of the past only has an id of its own kind. */
export type ModelNode = Omit<Model, 'id'> & { readonly id: number | string };

/** A forecast with the model that made it, and what there is to be said of it when somebody asks. */
export interface ForecastNode extends Omit<Forecast, 'modelId'> {
  readonly kind: (typeof FORECAST_KINDS)[number];
  readonly model: ModelNode;
  loadResolution(): Promise<Resolution | null>;
  loadSkill(): Promise<Skill | null>;
}

/** Makes nodes of forecasts. What is asked of all nodes of a list is read once for the list. */
export interface ForecastNodes {
  /** Of forecasts as they are now, or as they stood at a moment of the past. */
  ofForecasts(forecasts: readonly Forecast[], asOf?: AsOf): Promise<ForecastNode[]>;
  /** Of forecasts whose outcomes, as of then, are known. */
  ofOutcomes(outcomes: readonly ForecastOutcome[], asOf?: AsOf): Promise<ForecastNode[]>;
  /** Of an entry of the log. */
  ofEvent(forecast: Forecast, resolution: Resolution | null): Promise<ForecastNode>;
}

interface Sources {
  readonly forecasts: Pick<ForecastReader, 'findResolutions' | 'findTrackDays' | 'findForecast'>;
  readonly models: Models;
  readonly venues: Venues;
}

/** Days that the skill beside a forecast is of. */
export const SKILL_DAYS = 30;

/** Returns the maker of nodes over `sources`. */
export function createForecastNodes({ forecasts: reader, models, venues }: Sources): ForecastNodes {
  async function make(
    list: readonly Forecast[],
    asOf: AsOf | undefined,
    loadResolutions: () => Promise<readonly (Resolution | null)[]>,
  ): Promise<ForecastNode[]> {
    const resolutions = once(loadResolutions);
    const skills = once(() => loadSkills(list, asOf));
    return Promise.all(
      list.map(async (forecast, index) => ({
        ...forecast,
        kind: 'ISSUED' as const,
        model: await models.load(forecast.modelId),
        loadResolution: async () => (await resolutions())[index] ?? null,
        loadSkill: async () => (await skills()).get(keyOf(forecast)) ?? null,
      })),
    );
  }

  /** Looked at from the past only the days that had ended then count: nothing known later is in them. */
  async function loadSkills(list: readonly Forecast[], asOf: AsOf | undefined): Promise<ReadonlyMap<string, Skill | null>> {
    const [first] = list;
    if (!first) return new Map();
    const keys = [...new Map(list.map((forecast) => [keyOf(forecast), forecast])).values()];
    const today = floorToDay(asOf?.at ?? (await venues.now(splitInstrumentId(first.instrumentId).venue)));
    const days = await reader.findTrackDays(keys, addMs(today, -SKILL_DAYS * DAY_MS));
    const isPast = (day: EpochMs) => (asOf ? day < today : day > addMs(today, -SKILL_DAYS * DAY_MS));
    return new Map(
      keys.map((key, index) => {
        const counted = (days[index] ?? []).filter(({ day }) => isPast(day));
        return [keyOf(key), toSkill(key.horizon, counted)];
      }),
    );
  }

  return {
    ofForecasts: (list, asOf) =>
      make(list, asOf, async () => (await reader.findResolutions(list)).map((found, index) => knownBy(found, list[index], asOf))),
    ofOutcomes: (outcomes, asOf) =>
      make(
        outcomes.map(({ forecast }) => forecast),
        asOf,
        async () => outcomes.map(({ resolution }) => resolution),
      ),
    async ofEvent(forecast, resolution) {
      // What was logged before the ledger was chained lacks what the ledger has by now.
      const whole = forecast.hash === undefined ? ((await reader.findForecast(forecast.id)) ?? forecast) : forecast;
      const [node] = await make([whole], undefined, async () => [resolution]);
      if (!node) throw new RangeError('a list of one has no first');
      return node;
    },
  };
}

function keyOf({ instrumentId, modelId, horizon }: TrackKey): string {
  return `${instrumentId} ${modelId} ${horizon}`;
}

function knownBy(resolution: Resolution | null, forecast: Forecast | undefined, asOf: AsOf | undefined): Resolution | null {
  if (!resolution || !forecast || !asOf) return resolution;
  return (asOf.kind === 'knownAt' ? resolution.resolvedAt : forecast.targetTime) <= asOf.at ? resolution : null;
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
