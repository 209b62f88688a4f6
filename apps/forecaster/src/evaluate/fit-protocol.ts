import type { DataSet } from '../dataset/data-set.ts';
import type { LadderProgress } from '../models/ladder/ladder-model.ts';
import type { Fold } from './folds.ts';

/** What a fitting thread is started with. The arrays are shared, not copied. */
export interface FitWorkerData {
  readonly set: DataSet;
  readonly folds: readonly Fold[];
  readonly seed: number;
}

/** One fit. */
export interface FitTask {
  readonly model: string;
  readonly fold: number;
  /** Whether to also measure what each group of features is worth to it. */
  readonly withImportance: boolean;
}

/** What a fitting thread says. */
export type FitAnswer =
  | { readonly kind: 'progress'; readonly task: FitTask; readonly progress: LadderProgress }
  | { readonly kind: 'fitted'; readonly task: FitTask; readonly quantiles: Float32Array; readonly card: Record<string, unknown> }
  | { readonly kind: 'failed'; readonly task: FitTask; readonly message: string };
