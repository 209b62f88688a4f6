import { FEATURES } from '../features/feature-schema.ts';
import { WINDOW_FLOATS } from '../features/model-input.ts';
import type { NetworkWeights } from '../models/lstm/network.ts';
import { HEAD_COLUMNS } from '../models/quantile-head.ts';
import { createRandom } from '../models/random.ts';
import type { Scaler } from '../models/scaler.ts';

/** Returns weights that no training would give, with a head as large as `headScale`: 0 is the baseline. */
export function randomWeights(seed: number, units: number, headScale: number): NetworkWeights {
  const random = createRandom(seed);
  const draw = (size: number, scale: number) => Float32Array.from({ length: size }, () => scale * random.normal());
  return {
    kernel: draw(FEATURES.length * 4 * units, 0.4),
    recurrent: draw(units * 4 * units, 0.4),
    bias: draw(4 * units, 0.4),
    headKernel: draw(units * HEAD_COLUMNS, headScale),
    headBias: draw(HEAD_COLUMNS, headScale),
  };
}

/** Returns a scaler with a mean and a deviation of its own for every feature. */
export function randomScaler(seed: number): Scaler {
  const random = createRandom(seed);
  return {
    mean: Float32Array.from(FEATURES, () => random.normal()),
    std: Float32Array.from(FEATURES, () => 0.5 + random.uniform()),
  };
}

/** Returns `rows` windows of unscaled features. */
export function randomWindows(seed: number, rows: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: rows * WINDOW_FLOATS }, () => 2 * random.normal());
}
