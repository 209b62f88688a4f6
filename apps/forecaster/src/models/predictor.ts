import type { Model } from '@candlecast/domain';
import type { MinuteSeries } from '../features/minute-series.ts';

/** Quantiles of the log return from the reference price, [SERVED_HORIZONS, QUANTILE_LEVELS] row by row; NaN where a horizon has none. */
export type QuantileGrid = Float64Array;

/** A model that serves. Every kind of model has one, whatever computes it. */
export interface Predictor {
  /** The model as it is registered: its name stands on every forecast. */
  readonly model: Model;
  /** Returns what the model is given of the history up to row `end`: the exact input that is stored. Undefined when the history lacks it. */
  toInput(series: MinuteSeries, end: number): Float32Array | undefined;
  /** Returns one grid for each input. The same input gives the same grid to float32 rounding, whatever stands beside it. */
  predict(inputs: readonly Float32Array[]): Promise<QuantileGrid[]>;
}
