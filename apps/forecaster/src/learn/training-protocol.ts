import type { MinuteSeries } from '../features/minute-series.ts';
import type { TrainedModel, TrainingProgress } from '../models/estimator.ts';

/** The models that a training process can make, by name. */
export type EstimatorName = 'lstm-short';

/** What a training thread is started with. */
export interface TrainingTask {
  readonly estimator: EstimatorName;
  readonly histories: readonly MinuteSeries[];
  readonly seed: number;
}

/** What a training thread says. */
export type TrainingMessage =
  | { readonly kind: 'progress'; readonly progress: TrainingProgress }
  | { readonly kind: 'trained'; readonly model: TrainedModel }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };
