import {
  AppError,
  addMs,
  type CandleReader,
  type Clock,
  type ForecastReader,
  type ForecastWriter,
  type Instrument,
  type InstrumentReader,
  MINUTE_MS,
  type Model,
  type Venue,
} from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { loadSeries } from '../features/load-series.ts';
import type { MinuteSeries } from '../features/minute-series.ts';
import type { TrainedModel, TrainingProgress } from '../models/estimator.ts';
import type { Predictor } from '../models/predictor.ts';
import type { ArtifactStore } from '../onnx/artifact-store.ts';
import { createOnnxPredictor } from '../onnx/onnx-predictor.ts';
import { openOnnxSession } from '../onnx/onnx-session.ts';
import { findLiveSeries, type HistoryWait } from './find-live-series.ts';
import { findNewestModel, loadArtifact, publishModel } from './registry.ts';
import type { EstimatorName, TrainingTask } from './training-protocol.ts';

/** What the learner needs of the world. */
export interface LearnerPorts {
  readonly instruments: InstrumentReader;
  readonly candles: CandleReader;
  readonly models: ForecastReader & Pick<ForecastWriter, 'saveModel'>;
  readonly artifacts: ArtifactStore;
  /** Trains, somewhere else than on the thread that serves. */
  train(task: TrainingTask, onProgress: (progress: TrainingProgress) => void): Promise<TrainedModel>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface LearnerOptions {
  readonly venue: Venue;
  readonly estimator: EstimatorName;
  /** Newest days of history to train on. */
  readonly trainingDays: number;
  readonly seed: number;
  readonly wait: HistoryWait;
}

/** How far the trained model is, as `/status` shows it. */
export interface LearnerStatus {
  readonly phase: 'waiting' | 'training' | 'serving';
  readonly epoch: number;
  readonly epochs: number;
  readonly model: Pick<Model, 'name' | 'version' | 'sha256'> | null;
}

interface UsableModel {
  readonly model: Model;
  readonly file: Uint8Array;
}

const DAY_MINUTES = 1_440;
const UNUSABLE: readonly string[] = ['artifact_missing', 'artifact_damaged'];

/** Obtains the trained model: the newest registered one whose file is as it was registered, else one that it trains. */
export interface Learner {
  status(): LearnerStatus;
  /** One try; the caller decides about the next. Throws what loading, training and publishing throw. */
  obtain(signal: AbortSignal): Promise<Predictor>;
}

/** Returns a learner that has not begun. */
export function createLearner(ports: LearnerPorts, options: LearnerOptions): Learner {
  let status: LearnerStatus = { phase: 'waiting', epoch: 0, epochs: 0, model: null };

  async function obtain(signal: AbortSignal): Promise<Predictor> {
    const { model, file } = (await findUsable()) ?? (await learn(signal));
    const session = await openOnnxSession(file);
    const { name, version, sha256 } = model;
    status = { ...status, phase: 'serving', model: { name, version, sha256 } };
    ports.logger.info({ model: name, version, sha256 }, 'the trained model serves');
    return createOnnxPredictor(model, session);
  }

  /** Returns the newest registered model unless its file is gone or is not the one that was registered. */
  async function findUsable(): Promise<UsableModel | undefined> {
    const model = await findNewestModel(ports.models, options.estimator, options.venue);
    if (!model) return undefined;
    try {
      return { model, file: await loadArtifact(model, ports.artifacts) };
    } catch (cause) {
      if (!(cause instanceof AppError) || !UNUSABLE.includes(cause.code)) throw cause;
      ports.logger.warn({ err: cause, model: model.name, version: model.version }, 'the registered model cannot be used, training anew');
      return undefined;
    }
  }

  async function learn(signal: AbortSignal): Promise<UsableModel> {
    status = { ...status, phase: 'waiting' };
    const live = await findLiveSeries(ports.instruments, options.venue, options.wait, ports.clock, signal);
    signal.throwIfAborted();
    const histories: MinuteSeries[] = [];
    for (const instrument of live) {
      histories.push(await loadHistory(instrument));
      signal.throwIfAborted();
    }
    ports.logger.info({ instruments: live.length, minutes: histories.reduce((sum, { length }) => sum + length, 0) }, 'training begins');
    status = { ...status, phase: 'training', epoch: 0, epochs: 0 };
    try {
      const trained = await ports.train({ estimator: options.estimator, histories, seed: options.seed }, (progress) => {
        status = { ...status, epoch: progress.epoch, epochs: progress.epochs };
        ports.logger.info(progress, 'training');
      });
      const model = await publishModel(trained, options.venue, ports.artifacts, ports.models);
      return { model, file: trained.onnx };
    } finally {
      status = { ...status, phase: 'waiting' };
    }
  }

  async function loadHistory({ id, watermark }: Instrument): Promise<MinuteSeries> {
    if (watermark === null) throw new AppError('series_not_live', `the series of ${id} has no watermark`);
    const buffer = await loadSeries(ports.candles, id, addMs(watermark, MINUTE_MS), options.trainingDays * DAY_MINUTES);
    return buffer.series();
  }

  return { status: () => status, obtain };
}
