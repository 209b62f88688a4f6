import { AppError, type ChampionStore, type EpochMs, type ForecastReader, type JobStore, type Model, type Venue } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { ONLY } from '../jobs/schedule-jobs.ts';
import type { TrainingProgress } from '../models/estimator.ts';
import type { Predictor } from '../models/predictor.ts';
import type { OnnxSession } from '../onnx/load-session.ts';
import { createOnnxPredictor } from '../onnx/onnx-predictor.ts';
import { openOnnxSession } from '../onnx/onnx-session.ts';
import { pause } from '../pause.ts';
import type { ArtifactStore } from '../registry/artifact-store.ts';
import { BAR_MODELS, loadArtifact, newestId, toNewestModels } from '../registry/models.ts';

/** What the learner needs of the world. */
export interface LearnerPorts {
  readonly models: Pick<ForecastReader, 'findModels'>;
  readonly champions: Pick<ChampionStore, 'findChampions'>;
  readonly jobs: Pick<JobStore, 'reopen'>;
  readonly artifacts: ArtifactStore;
  /** The venue's time. */
  now(): Promise<EpochMs>;
  readonly logger: Logger;
}

export interface LearnerOptions {
  readonly venue: Venue;
  /** The kind of job that trains where there is no model. */
  readonly trainingKind: string;
  /** How often to look for newer models, in milliseconds. */
  readonly pollMs: number;
  /** Trained models that forecast at a time: champions first, then the youngest. */
  readonly mostServed: number;
}

/** How far the trained models are, as `/status` shows it. */
export interface LearnerStatus {
  readonly phase: 'waiting' | 'training' | 'serving';
  readonly epoch: number;
  readonly epochs: number;
  /** The one that goes before the others. */
  readonly model: Pick<Model, 'name' | 'version' | 'sha256'> | null;
}

/** Keeps the newest usable version of each trained model of minutes, whichever process has trained it: champions, and challengers in their shadow. */
export interface Learner {
  status(): LearnerStatus;
  /** The models that forecast; none before there is one. */
  predictors(): readonly Predictor[];
  /** Hears of a training in this process; null when none is under way. */
  noteProgress(progress: Pick<TrainingProgress, 'epoch' | 'epochs'> | null): void;
  /**
   * Looks once: takes over models that are newer than those that serve. Where no model can be used, has one trained as a job of the venue.
   * Throws what loading throws.
   */
  look(): Promise<void>;
  /** Looks again and again until `signal` aborts or looking fails; the caller decides about the next try. */
  run(signal: AbortSignal): Promise<void>;
}

interface Serving {
  readonly predictor: Predictor;
  readonly session: OnnxSession;
}

const UNUSABLE: readonly string[] = ['artifact_missing', 'artifact_damaged'];

/** Returns a learner that has not begun. */
export function createLearner(ports: LearnerPorts, { venue, trainingKind, pollMs, mostServed }: LearnerOptions): Learner {
  let progress: Pick<TrainingProgress, 'epoch' | 'epochs'> | null = null;
  /** By name, in the order in which they go. */
  let serving = new Map<string, Serving>();
  /** Released at the next change: a batch may still be asking them. */
  let former: OnnxSession[] = [];
  const unusable = new Set<number>();

  async function look(): Promise<void> {
    const models = await ports.models.findModels();
    const wanted = await findWanted(models);
    const next = new Map<string, Serving>();
    for (const model of wanted) {
      const present = serving.get(model.name);
      const found = present?.predictor.model.id === model.id ? present : ((await load(model)) ?? present);
      if (found) next.set(model.name, found);
    }
    if (next.size === 0) {
      await ports.jobs.reopen(
        { venue, kind: trainingKind, key: ONLY, payload: {}, cadence: null, dueAt: await ports.now() },
        newestId(models),
      );
      return;
    }
    await replace(next);
  }

  async function findWanted(models: Model[]): Promise<Model[]> {
    const newest = toNewestModels(models, venue);
    const champions = new Set((await ports.champions.findChampions(venue)).map(({ name }) => name));
    const rank = (name: string) => (champions.has(name) ? 0 : 1);
    return [...newest.values()]
      .filter(({ name, sha256 }) => sha256 !== null && !BAR_MODELS.includes(name))
      .sort((a, b) => b.createdAt - a.createdAt || b.id - a.id)
      .sort((a, b) => rank(a.name) - rank(b.name))
      .slice(0, mostServed);
  }

  /** Returns a model that can be asked; undefined when its file is gone or is not the one that was registered. */
  async function load(model: Model): Promise<Serving | undefined> {
    try {
      const session = await openOnnxSession(await loadArtifact(model, ports.artifacts));
      unusable.delete(model.id);
      return { predictor: createOnnxPredictor(model, session), session };
    } catch (cause) {
      if (!(cause instanceof AppError) || !UNUSABLE.includes(cause.code)) throw cause;
      if (!unusable.has(model.id)) {
        ports.logger.warn({ err: cause, model: model.name, version: model.version }, 'a registered model cannot be used');
      }
      unusable.add(model.id);
      return undefined;
    }
  }

  async function replace(next: Map<string, Serving>): Promise<void> {
    const [before, after] = [new Set(serving.values()), new Set(next.values())];
    const [gone, come] = [[...before].filter((one) => !after.has(one)), [...after].filter((one) => !before.has(one))];
    serving = next;
    if (gone.length + come.length === 0) return;
    for (const session of former) await session.release();
    former = gone.map(({ session }) => session);
    for (const { predictor } of come) {
      const { name, version, sha256 } = predictor.model;
      ports.logger.info({ model: name, version, sha256 }, 'a trained model serves');
    }
  }

  return {
    look,
    predictors: () => [...serving.values()].map(({ predictor }) => predictor),
    noteProgress(next) {
      progress = next;
    },
    status() {
      const { epoch, epochs } = progress ?? { epoch: 0, epochs: 0 };
      const [first] = serving.values();
      if (!first) return { phase: progress ? 'training' : 'waiting', epoch, epochs, model: null };
      const { name, version, sha256 } = first.predictor.model;
      return { phase: 'serving', epoch, epochs, model: { name, version, sha256 } };
    },
    async run(signal) {
      while (!signal.aborted) {
        await look();
        await pause(pollMs, signal);
      }
    },
  };
}
