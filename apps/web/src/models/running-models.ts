import { horizonMs, parseHorizon } from '@candlecast/domain';
import type { ChampionChange, JobFields, RunFields } from '../graphql/documents/models.ts';

/** A model as a table names it. */
export interface ShownModel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'BASELINE' | 'LSTM';
  readonly version: string;
}

/** The model whose forecasts are shown at a horizon. */
export interface RunningModel {
  readonly horizon: string;
  readonly model: ShownModel;
  /** Since when it is shown, ISO-8601; null where no change of champion is recorded. */
  readonly since: string | null;
}

interface Known {
  /** Changes of champion, the newest first. */
  readonly changes: readonly ChampionChange[];
  /** The model that is shown first and the horizons that it speaks of: for a system without a champion. */
  readonly shown: { readonly model: ShownModel | null; readonly horizons: readonly string[] } | undefined;
}

/** Returns who is shown at each horizon, the shortest first. */
export function toRunningModels({ changes, shown }: Known): RunningModel[] {
  const running = new Map<string, RunningModel>();
  for (const { horizon, model, at } of changes) if (!running.has(horizon)) running.set(horizon, { horizon, model, since: at });
  const { model, horizons = [] } = shown ?? {};
  for (const horizon of horizons) if (model && !running.has(horizon)) running.set(horizon, { horizon, model, since: null });
  return [...running.values()].sort((a, b) => lengthOf(a.horizon) - lengthOf(b.horizon));
}

/** Returns how deep a model is, as its training noted it: "2 layers, 64 units"; an en dash where no training tells. */
export function depthOf(modelId: string, runs: readonly RunFields[]): string {
  const parameters = runs.find(({ model }) => model?.id === modelId)?.parameters ?? [];
  const read = (name: string) => parameters.find((parameter) => parameter.name === name)?.value;
  const [layers, units] = [read('layers'), read('units')];
  const parts = [layers && `${layers} ${layers === '1' ? 'layer' : 'layers'}`, units && `${units} units`].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : '–';
}

/** Returns how often a kind of model is made anew and when next, of the scheduled jobs; undefined for what is not trained. */
export function retrainingOf(kind: ShownModel['kind'], jobs: readonly JobFields[]): JobFields | undefined {
  return kind === 'BASELINE' ? undefined : jobs.find((job) => job.kind === 'retrain' && job.cadence !== null);
}

/** Returns how often forecasts of a horizon are due. */
export function issueCadence(horizon: string): string {
  return lengthOf(horizon) <= horizonMs('2h') ? 'every minute' : 'every 15 minutes';
}

function lengthOf(horizon: string): number {
  const known = parseHorizon(horizon);
  return known ? horizonMs(known) : Number.POSITIVE_INFINITY;
}
