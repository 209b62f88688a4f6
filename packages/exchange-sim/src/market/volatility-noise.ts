import { bitsAt, toGaussian } from './random.ts';

/** One layer of noise: a new random value every `periodMin` minutes, joined by straight lines. */
export interface NoiseLayer {
  readonly periodMin: number;
  readonly amplitude: number;
}

/**
 * Log volatility as a sum of noise layers from minutes to weeks. Together they give volatility its long memory: calm and wild hours,
 * days and weeks follow their own kind. Any minute can be drawn without the ones before it.
 */
export class VolatilityNoise {
  readonly #layers: readonly (NoiseLayer & { readonly key: number })[];
  /** The variance of the noise, taken off so that exp(2 × noise) has mean one. */
  readonly #centre: number;

  constructor(key: number, layers: readonly NoiseLayer[]) {
    this.#layers = layers.map((layer, index) => ({ ...layer, key: bitsAt(key, index) }));
    // Between two knots the variance of a straight line is two thirds of theirs on average.
    this.#centre = layers.reduce((sum, { amplitude }) => sum + (amplitude * amplitude * 2) / 3, 0);
  }

  /** Writes the factor of variance, with mean one, for the minutes from `firstMinute` on. */
  fillVarianceFactors(firstMinute: number, factors: Float64Array): void {
    factors.fill(-this.#centre);
    for (const { key, periodMin, amplitude } of this.#layers) {
      let knot = Math.floor(firstMinute / periodMin);
      let left = toGaussian(bitsAt(key, knot)) * amplitude;
      let right = toGaussian(bitsAt(key, knot + 1)) * amplitude;
      for (let index = 0; index < factors.length; index++) {
        const position = (firstMinute + index) / periodMin;
        if (position >= knot + 1) {
          knot++;
          left = right;
          right = toGaussian(bitsAt(key, knot + 1)) * amplitude;
        }
        factors[index] = (factors[index] ?? 0) + left + (right - left) * (position - knot);
      }
    }
    for (let index = 0; index < factors.length; index++) factors[index] = Math.exp(2 * (factors[index] ?? 0));
  }
}
