/** Mean and standard deviation of each feature over the training windows; a scaled value is (x − mean) ÷ std within ±SCALED_LIMIT. */
export interface Scaler {
  readonly mean: Float32Array;
  readonly std: Float32Array;
}

/** Scaled features are cut here: what is further out was not in the training data. */
export const SCALED_LIMIT = 5;

/** A feature that never moved in training has no say: divided by this it stays zero. */
const CONSTANT_STD = 1e9;
const LEAST_STD = 1e-6;

/** Fits a scaler to `windows`, rows of `features` values. Give it training windows only. */
export function fitScaler(windows: Float32Array, features: number): Scaler {
  const rows = windows.length / features;
  const mean = new Float64Array(features);
  const variance = new Float64Array(features);
  windows.forEach((value, index) => {
    mean[index % features] = (mean[index % features] ?? 0) + value / rows;
  });
  windows.forEach((value, index) => {
    const feature = index % features;
    variance[feature] = (variance[feature] ?? 0) + (value - (mean[feature] ?? 0)) ** 2 / rows;
  });
  const std = variance.map((value) => (Math.sqrt(value) < LEAST_STD ? CONSTANT_STD : Math.sqrt(value)));
  return { mean: Float32Array.from(mean), std: Float32Array.from(std) };
}

/** Returns the windows scaled, as the exported model does it inside. */
export function scaleWindows(windows: Float32Array, { mean, std }: Scaler): Float32Array {
  return windows.map((value, index) => {
    const feature = index % mean.length;
    const scaled = (value - (mean[feature] ?? 0)) / (std[feature] ?? 1);
    return Math.max(-SCALED_LIMIT, Math.min(SCALED_LIMIT, scaled));
  });
}
