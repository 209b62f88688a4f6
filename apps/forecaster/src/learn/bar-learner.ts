import {
  AppError,
  addMs,
  type EpochMs,
  type ForecastReader,
  HOUR_MS,
  type Instrument,
  type InstrumentReader,
  type JobStore,
  type LogEvent,
  type Model,
  type Venue,
} from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { ONLY } from '../jobs/schedule-jobs.ts';
import type { Predictor } from '../models/predictor.ts';
import { pause } from '../pause.ts';
import type { ArtifactStore } from '../registry/artifact-store.ts';
import { loadArtifact, newestId, toNewestModels } from '../registry/models.ts';

/** A version of a model of bars that can be asked. */
export interface BarServing {
  readonly predictor: Predictor;
  /** Reads the histories of instruments that it does not have or that have changed. */
  load(instruments: readonly Instrument[], signal: AbortSignal): Promise<void>;
  /** Hears of a change of candles. */
  note(event: LogEvent): void;
  /** Gives back what the version holds. */
  release(): Promise<void>;
}

/** A kind of model of bars, and how it comes to serve. */
export interface BarModelKind {
  readonly name: string;
  /** The kind of job that trains where there is no version yet. */
  readonly firstTraining: string;
  /** How much history one instrument must have before that is worth trying, in milliseconds. */
  readonly leastHistoryMs: number;
  open(model: Model, file: Uint8Array): Promise<BarServing>;
}

/** What a learner of bars needs of the world. */
export interface BarLearnerPorts {
  readonly models: Pick<ForecastReader, 'findModels'>;
  readonly instruments: Pick<InstrumentReader, 'findInstruments'>;
  readonly jobs: Pick<JobStore, 'reopen'>;
  readonly artifacts: ArtifactStore;
  /** The venue's time. */
  now(): Promise<EpochMs>;
  readonly logger: Logger;
}

/** Keeps the newest version of each model of bars for all live instruments, whichever process has trained it. */
export interface BarLearner {
  /** The models that forecast; none before there is one. */
  predictors(): readonly Predictor[];
  /** Hears of a change of candles. */
  note(event: LogEvent): void;
  /** Looks once: takes over newer versions, once their histories are read, and reads those of new instruments. Throws what loading throws. */
  look(signal: AbortSignal): Promise<void>;
  /** Looks again and again until `signal` aborts, then releases all; the caller decides about the next try. */
  run(signal: AbortSignal): Promise<void>;
}

/** A first training that failed is not asked for again sooner, by the venue's clock. */
const ASK_AGAIN_MS = HOUR_MS;
const UNUSABLE: readonly string[] = [
  'artifact_missing',
  'artifact_damaged',
  'har_file_unreadable',
  'onnx_unreadable',
  'onnx_ports_unknown',
];

/** Returns a learner that has not begun. */
export function createBarLearner(
  ports: BarLearnerPorts,
  kinds: readonly BarModelKind[],
  { venue, pollMs }: { readonly venue: Venue; readonly pollMs: number },
): BarLearner {
  const { logger } = ports;
  const serving = new Map<string, BarServing>();
  /** Released at the next look: a batch may still be asking them. */
  let former: BarServing[] = [];
  const askedAt = new Map<string, EpochMs>();
  const unusable = new Set<number>();

  async function look(signal: AbortSignal): Promise<void> {
    for (const one of former.splice(0)) await one.release();
    const models = await ports.models.findModels();
    const newest = toNewestModels(models, venue);
    const live = (await ports.instruments.findInstruments(venue)).filter(({ state }) => state === 'LIVE');
    for (const kind of kinds) {
      const model = newest.get(kind.name);
      const present = serving.get(kind.name);
      const isNew = model !== undefined && model.id !== present?.predictor.model.id;
      const next = isNew ? await open(kind, model) : present;
      await next?.load(live, signal);
      if (signal.aborted) return;
      if (next && next !== present) takeOver(kind.name, next, present);
      if (!next) await askForFirst(kind, live, newestId(models));
    }
  }

  function takeOver(name: string, next: BarServing, present: BarServing | undefined): void {
    serving.set(name, next);
    if (present) former = [...former, present];
    const { version, sha256 } = next.predictor.model;
    logger.info({ model: name, version, sha256 }, 'a model of bars serves');
  }

  /** Returns a version that can be asked; the one that serves when the file is gone or is not the one that was registered. */
  async function open(kind: BarModelKind, model: Model): Promise<BarServing | undefined> {
    try {
      return await kind.open(model, await loadArtifact(model, ports.artifacts));
    } catch (cause) {
      if (!(cause instanceof AppError) || !UNUSABLE.includes(cause.code)) throw cause;
      if (!unusable.has(model.id))
        logger.warn({ err: cause, model: model.name, version: model.version }, 'a registered model cannot be used');
      unusable.add(model.id);
      return serving.get(kind.name);
    }
  }

  async function askForFirst(
    { name, firstTraining, leastHistoryMs }: BarModelKind,
    live: readonly Instrument[],
    newestModel: number,
  ): Promise<void> {
    const isEnough = live.some(
      ({ firstOpenTime, watermark }) => firstOpenTime !== null && watermark !== null && watermark - firstOpenTime >= leastHistoryMs,
    );
    const now = await ports.now();
    const asked = askedAt.get(name);
    if (!isEnough || (asked !== undefined && now < addMs(asked, ASK_AGAIN_MS))) return;
    askedAt.set(name, now);
    await ports.jobs.reopen({ venue, kind: firstTraining, key: ONLY, payload: {}, cadence: null, dueAt: now }, newestModel);
  }

  return {
    look,
    predictors: () => [...serving.values()].map(({ predictor }) => predictor),
    note(event) {
      for (const one of serving.values()) one.note(event);
    },
    async run(signal) {
      while (!signal.aborted) {
        await look(signal);
        await pause(pollMs, signal);
      }
    },
  };
}
