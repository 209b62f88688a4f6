import type { NamedBars } from '../dataset/named-bars.ts';
import type { MinuteSeries } from '../features/minute-series.ts';
import type { TrainedModel, TrainingProgress } from '../models/estimator.ts';

/** A model of windows of minutes, and what it is trained on. */
interface MinuteTask {
  readonly estimator: 'lstm-short';
  readonly histories: readonly MinuteSeries[];
  readonly seed: number;
}

/** A model of bars, and what it is trained on: series on one grid. */
interface BarTask {
  readonly estimator: 'har-s' | 'lstm-context';
  readonly bars: readonly NamedBars[];
  readonly seed: number;
}

/** What a training thread is started with. */
export type TrainingTask = MinuteTask | BarTask;

/** The models that a training process can make, by name. */
export type EstimatorName = TrainingTask['estimator'];

/** What a training thread says. */
export type TrainingMessage =
  | { readonly kind: 'progress'; readonly progress: TrainingProgress }
  | { readonly kind: 'trained'; readonly model: TrainedModel }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };
