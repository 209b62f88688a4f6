import type { InstrumentId, Model } from '@candlecast/domain';
import type { ServedHorizon } from '../features/feature-schema.ts';
import type { MinuteSeries } from '../features/minute-series.ts';
import type { ServedClose } from '../serve/bar-keeper.ts';

/** Quantiles of the log return from the reference price, [SERVED_HORIZONS, QUANTILE_LEVELS] row by row; NaN where a horizon has none. */
export type QuantileGrid = Float64Array;

/** A model that serves. Every kind of model has one, whatever computes it. */
export interface Predictor {
  /** The model as it is registered: its name stands on every forecast. */
  readonly model: Model;
  /** The horizons that it forecasts, shortest first; all that are served when absent. */
  readonly horizons?: readonly ServedHorizon[];
  /** Reads what these closes need beyond their minutes, where it needs any. Called before `toInput`. */
  prepare?(closes: readonly ServedClose[]): Promise<void>;
  /**
   * Returns what the model is given of an instrument's history up to row `end`: the exact input that is stored. Undefined when the history
   * lacks it.
   */
  toInput(series: MinuteSeries, end: number, instrumentId: InstrumentId): Float32Array | undefined;
  /** Returns one grid for each input. The same input gives the same grid to float32 rounding, whatever stands beside it. */
  predict(inputs: readonly Float32Array[]): Promise<QuantileGrid[]>;
}
