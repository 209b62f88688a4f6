import { createRandom } from '../models/random.ts';

/** A share with what it may be by chance. */
export interface ShareEstimate {
  readonly n: number;
  readonly share: number;
  readonly lower: number;
  readonly upper: number;
}

const RESAMPLES = 500;
const SEED = 20_230_801;

/**
 * Returns the share of 1 among values in time order (1, 0, or NaN for none) with its 95 % interval by a moving-block bootstrap: blocks of
 * `block` origins, so that what hangs together stays together.
 */
export function bootstrapShare(values: Float64Array, block: number): ShareEstimate {
  const length = values.length;
  const ones = new Float64Array(length + 1);
  const counts = new Float64Array(length + 1);
  values.forEach((value, index) => {
    ones[index + 1] = (ones[index] as number) + (value === 1 ? 1 : 0);
    counts[index + 1] = (counts[index] as number) + (Number.isNaN(value) ? 0 : 1);
  });
  const n = counts[length] as number;
  if (n === 0) return { n, share: Number.NaN, lower: Number.NaN, upper: Number.NaN };
  const size = Math.min(block, length);
  const random = createRandom(SEED);
  const shares = Float64Array.from({ length: RESAMPLES }, () => {
    let [hits, all] = [0, 0];
    for (let drawn = 0; drawn < length; drawn += size) {
      const from = Math.floor(random.uniform() * (length - size + 1));
      hits += (ones[from + size] as number) - (ones[from] as number);
      all += (counts[from + size] as number) - (counts[from] as number);
    }
    return all === 0 ? Number.NaN : hits / all;
  }).filter((share) => !Number.isNaN(share));
  shares.sort();
  const at = (level: number) => shares[Math.floor(level * (shares.length - 1))] ?? Number.NaN;
  return { n, share: (ones[length] as number) / n, lower: at(0.025), upper: at(0.975) };
}
