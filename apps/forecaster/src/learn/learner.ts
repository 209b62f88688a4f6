import { AppError, type EpochMs, type ForecastReader, type JobStore, type Model, type Venue } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { ONLY } from '../jobs/schedule-jobs.ts';
import type { TrainingProgress } from '../models/estimator.ts';
import type { Predictor } from '../models/predictor.ts';
import type { ArtifactStore } from '../onnx/artifact-store.ts';
import { createOnnxPredictor } from '../onnx/onnx-predictor.ts';
import { type OnnxSession, openOnnxSession } from '../onnx/onnx-session.ts';
import { pause } from '../pause.ts';
import { findNewestModel, loadArtifact } from '../registry/models.ts';
import type { EstimatorName } from './training-protocol.ts';

/** What the learner needs of the world. */
export interface LearnerPorts {
  readonly models: Pick<ForecastReader, 'findModels'>;
  readonly jobs: Pick<JobStore, 'reopen'>;
  readonly artifacts: ArtifactStore;
  /** The venue's time. */
  now(): Promise<EpochMs>;
  readonly logger: Logger;
}

export interface LearnerOptions {
  readonly venue: Venue;
  readonly estimator: EstimatorName;
  /** The kind of job that trains where there is no model. */
  readonly trainingKind: string;
  /** How often to look for a newer model, in milliseconds. */
  readonly pollMs: number;
}

/** How far the trained model is, as `/status` shows it. */
export interface LearnerStatus {
  readonly phase: 'waiting' | 'training' | 'serving';
  readonly epoch: number;
  readonly epochs: number;
  readonly model: Pick<Model, 'name' | 'version' | 'sha256'> | null;
}

/** Keeps the newest usable model of an estimator, whichever process has trained it. */
export interface Learner {
  status(): LearnerStatus;
  /** The model that serves; undefined before there is one. */
  predictor(): Predictor | undefined;
  /** Hears of a training in this process; null when none is under way. */
  noteProgress(progress: Pick<TrainingProgress, 'epoch' | 'epochs'> | null): void;
  /**
   * Looks once: takes over a model that is newer than the one that serves. Where no model can be used, has one trained as a job of the venue.
   * Throws what loading throws.
   */
  look(): Promise<void>;
  /** Looks again and again until `signal` aborts or looking fails; the caller decides about the next try. */
  run(signal: AbortSignal): Promise<void>;
}

const UNUSABLE: readonly string[] = ['artifact_missing', 'artifact_damaged'];

/** Returns a learner that has not begun. */
export function createLearner(ports: LearnerPorts, { venue, estimator, trainingKind, pollMs }: LearnerOptions): Learner {
  let progress: Pick<TrainingProgress, 'epoch' | 'epochs'> | null = null;
  let serving: { readonly predictor: Predictor; readonly session: OnnxSession } | undefined;
  /** Released when the next one follows: a batch may still be asking it. */
  let former: OnnxSession | undefined;
  let unusable: number | undefined;

  async function look(): Promise<void> {
    const model = await findNewestModel(ports.models, estimator, venue);
    if (model && model.id === serving?.predictor.model.id) return;
    const file = model && (await loadUsable(model));
    if (model && file) await serve(model, file);
    else if (!serving)
      await ports.jobs.reopen({ venue, kind: trainingKind, key: ONLY, payload: {}, cadence: null, dueAt: await ports.now() });
  }

  /** Returns the file of a model unless it is gone or is not the one that was registered. */
  async function loadUsable(model: Model): Promise<Uint8Array | undefined> {
    try {
      return await loadArtifact(model, ports.artifacts);
    } catch (cause) {
      if (!(cause instanceof AppError) || !UNUSABLE.includes(cause.code)) throw cause;
      if (unusable !== model.id)
        ports.logger.warn({ err: cause, model: model.name, version: model.version }, 'a registered model cannot be used');
      unusable = model.id;
      return undefined;
    }
  }

  async function serve(model: Model, file: Uint8Array): Promise<void> {
    const session = await openOnnxSession(file);
    await former?.release();
    former = serving?.session;
    serving = { predictor: createOnnxPredictor(model, session), session };
    const { name, version, sha256 } = model;
    ports.logger.info({ model: name, version, sha256 }, 'the trained model serves');
  }

  return {
    look,
    predictor: () => serving?.predictor,
    noteProgress(next) {
      progress = next;
    },
    status() {
      const { epoch, epochs } = progress ?? { epoch: 0, epochs: 0 };
      const phase = serving ? 'serving' : progress ? 'training' : 'waiting';
      if (!serving) return { phase, epoch, epochs, model: null };
      const { name, version, sha256 } = serving.predictor.model;
      return { phase, epoch, epochs, model: { name, version, sha256 } };
    },
    async run(signal) {
      while (!signal.aborted) {
        await look();
        await pause(pollMs, signal);
      }
    },
  };
}
