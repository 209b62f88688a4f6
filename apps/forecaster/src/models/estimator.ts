import type { EpochMs, Model } from '@candlecast/domain';
import type { MinuteSeries } from '../features/minute-series.ts';
import type { ModelFileName } from '../registry/artifact-store.ts';

/** How far a training is; epoch 0 is its start. Losses are mean pinball losses of log return ÷ sigma over windows, horizons and levels. */
export interface TrainingProgress {
  readonly epoch: number;
  readonly epochs: number;
  readonly validationLoss: number;
  /** The loss of the EWMA-normal forecast, from which every training starts. */
  readonly baselineLoss: number;
}

/** What a training leaves: a file and what is to be said about it. */
export interface TrainedModel {
  readonly name: string;
  readonly kind: Model['kind'];
  readonly file: Uint8Array;
  readonly fileName: ModelFileName;
  readonly trainedFrom: EpochMs;
  readonly trainedThrough: EpochMs;
  readonly featureSchema: number;
  readonly card: Readonly<Record<string, unknown>>;
}

/** A model that can be trained. Every kind of model has one. */
export interface Estimator {
  readonly name: string;
  /**
   * Trains one model on the pooled histories. The same histories and seed give the same model.
   * Throws `history_too_short` when there are too few windows to train and validate on.
   */
  train(histories: readonly MinuteSeries[], seed: number, onProgress: (progress: TrainingProgress) => void): Promise<TrainedModel>;
}
