import type { EpochMs } from '@candlecast/domain';
import type { DataSet } from '../../dataset/data-set.ts';

/** What kind of row a model is in the ladder of baselines. */
export type ModelFamily = 'point' | 'quantile' | 'direction' | 'network' | 'ensemble';

/** The rows of a data set that a model may learn from: outcomes of all of them had matured by `cutoff`, of training rows before validation began. */
export interface TrainingRows {
  readonly training: Uint32Array;
  /** For early stopping and calibration; none of them overlaps a training row's outcome. */
  readonly validation: Uint32Array;
  readonly cutoff: EpochMs;
}

/** How far the training of a network is. Losses are mean pinball losses of log return ÷ sigma; `baselineLoss` is that of the tuned EWMA. */
export interface LadderProgress {
  readonly seed: number;
  readonly epoch: number;
  readonly trainingLoss: number;
  readonly validationLoss: number;
  readonly baselineLoss: number;
}

/** A fitted row of the ladder. */
export interface LadderPredictor {
  /**
   * Returns quantiles of the log return, [rows, horizons, QUANTILE_LEVELS], for rows of a data set of the same schema and symbols. A row's
   * values depend on nothing after its bar.
   */
  predict(set: DataSet, rows: Uint32Array): Float32Array;
  /** What was found in fitting, for the report. */
  readonly card: Readonly<Record<string, unknown>>;
}

/** One row of the ladder. Every kind of model is one, from persistence to the networks. */
export interface LadderModel {
  readonly name: string;
  readonly family: ModelFamily;
  readonly description: string;
  /** Settings that decide its fits beside the code, where it has any. */
  readonly settings?: unknown;
  /** Fits the model on the rows given and nothing else of their outcomes. The same set, rows and seed give the same model. */
  fit(set: DataSet, rows: TrainingRows, seed: number, onProgress?: (progress: LadderProgress) => void): Promise<LadderPredictor>;
}
