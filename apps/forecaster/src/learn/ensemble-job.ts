import {
  addMs,
  DAY_MS,
  type EpochMs,
  type FinishedRun,
  HOUR_MS,
  type Horizon,
  horizonMs,
  type InstrumentId,
  type InstrumentReader,
  type Model,
  type PointErrorReader,
  QUANTILE_LEVELS,
  type RunStore,
  type TakenJob,
  type Venue,
} from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { isFresh } from '../champion/champion-rules.ts';
import { lagOf } from '../evaluate/diebold-mariano.ts';
import { BAR_FEATURE_SCHEMA } from '../features/bar-schema.ts';
import { LIVE_BARS } from '../features/live-bars.ts';
import type { JobKind } from '../jobs/job-kind.ts';
import { GATE, isLocated, LONGEST_LOCATED_MS } from '../models/ensemble/combine.ts';
import { type EnsembleModel, toEnsembleFile } from '../models/ensemble/ensemble-file.ts';
import { type ArtifactStore, toSha256 } from '../registry/artifact-store.ts';
import { storeModel } from '../registry/models.ts';
import { CONTEXT_RETRAINING, HAR_S_REFIT } from './training-plans.ts';

/** What making an ensemble needs of the world. */
export interface EnsemblePorts {
  readonly instruments: Pick<InstrumentReader, 'findInstruments'>;
  /** The newest version of each name. */
  findNewest(): Promise<ReadonlyMap<string, Model>>;
  readonly errors: PointErrorReader;
  readonly runs: Pick<RunStore, 'begin'>;
  readonly artifacts: ArtifactStore;
  /** The venue's time. */
  now(): Promise<EpochMs>;
  readonly logger: Logger;
}

/** The name under which the ensemble forecasts. */
export const ENSEMBLE = 'ensemble';
/** The first tells the location. */
export const ENSEMBLE_MEMBERS: readonly string[] = ['lstm-context', 'har-s'];

/** All come due at one midnight: made before them, an ensemble would name the members of the day before until the next. */
const REMADE_FIRST: readonly string[] = [HAR_S_REFIT.kind, CONTEXT_RETRAINING.kind];
const DAY_HOURS = 24;

/**
 * Returns the kind of job that puts the newest members together and opens the gates of their location by what had matured: the laboratory's rule, on the
 * ledger. It makes nothing where a member is missing or old, or nothing has changed.
 */
export function createEnsembleJob(ports: EnsemblePorts, venue: Venue, codeVersion: string, name: string): JobKind {
  return { name, after: REMADE_FIRST, run: (job, signal) => make(ports, venue, codeVersion, job, signal) };
}

async function make(
  ports: EnsemblePorts,
  venue: Venue,
  codeVersion: string,
  job: TakenJob,
  signal: AbortSignal,
): Promise<FinishedRun | null> {
  const [now, newest] = [await ports.now(), await ports.findNewest()];
  const members = ENSEMBLE_MEMBERS.flatMap((name) => newest.get(name) ?? []);
  if (members.length < ENSEMBLE_MEMBERS.length || !members.every((member) => isFresh(member, now))) return null;
  const midnight = addMs(now, -(now % DAY_MS));
  const open: Record<InstrumentId, Horizon[]> = {};
  for (const { id } of await ports.instruments.findInstruments(venue)) {
    const located: Horizon[] = [];
    for (const horizon of LIVE_BARS.horizons) {
      signal.throwIfAborted();
      if (await isOpen(ports.errors, id, horizon, midnight)) located.push(horizon);
    }
    if (located.length > 0) open[id] = located;
  }
  const file = toEnsembleFile({ members, open });
  if (newest.get(ENSEMBLE)?.sha256 === toSha256(file)) return null;
  const parameters = { members: members.length, open: Object.values(open).flat().length };
  const id = await ports.runs.begin({ venue, name: ENSEMBLE, parameters, seed: 1, dataHash: toSha256(file), codeVersion }, job);
  ports.logger.info({ ...parameters, run: id }, 'an ensemble is made');
  const stored = await storeModel(
    {
      ...{ name: ENSEMBLE, kind: 'LSTM', file, fileName: 'model.json', featureSchema: BAR_FEATURE_SCHEMA },
      trainedFrom: Math.min(...members.map(({ trainedFrom }) => trainedFrom ?? now)) as EpochMs,
      trainedThrough: Math.max(...members.map(({ trainedThrough }) => trainedThrough ?? now)) as EpochMs,
      card: toCard(members, { members, open }),
    },
    venue,
    ports.artifacts,
  );
  return { id, ...stored, parameters, metrics: {} };
}

/** Decided once a day, by what had been scored before it began. */
async function isOpen(errors: PointErrorReader, instrumentId: InstrumentId, horizon: Horizon, midnight: EpochMs): Promise<boolean> {
  if (horizonMs(horizon) > LONGEST_LOCATED_MS) return false;
  const [modelName = ''] = ENSEMBLE_MEMBERS;
  const range = { from: addMs(midnight, -GATE.mostDays * DAY_MS), to: midnight };
  const found = await errors.findPointErrors({ instrumentId, horizon, modelName }, range);
  const hours = Math.max(1, horizonMs(horizon) / HOUR_MS);
  return isLocated(
    Float64Array.from(found, ({ naive }) => naive),
    Float64Array.from(found, ({ located }) => located),
    midnight - (found[0]?.asOf ?? midnight),
    lagOf(hours, DAY_HOURS),
    hours,
  );
}

function toCard(members: readonly Model[], { open }: EnsembleModel): Record<string, unknown> {
  const parities = members.map(({ card }) => (card.parity as { largestDifference?: number } | undefined)?.largestDifference);
  const isWhole = parities.every((parity) => typeof parity === 'number');
  return {
    description: `Mean spread of ${ENSEMBLE_MEMBERS.join(' and ')} around the gated median of ${ENSEMBLE_MEMBERS[0]}`,
    horizons: LIVE_BARS.horizons,
    levels: QUANTILE_LEVELS,
    members: members.map(({ name, version, sha256 }) => ({ name, version, sha256 })),
    gates: open,
    // It is as near to what was trained, and as repeatable, as the worst of its members.
    ...(isWhole && { parity: { largestDifference: Math.max(...(parities as number[])) } }),
    repeatable: members.every(({ card }) => card.repeatable === true),
  };
}
