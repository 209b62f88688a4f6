/** Where a search ended. */
export interface Minimum {
  readonly at: readonly number[];
  readonly value: number;
}

const MAX_STEPS = 900;
const TOLERANCE = 1e-9;

/**
 * Returns the least value of `f` that the simplex of Nelder and Mead finds from `start` within 900 evaluations or so. For likelihoods of
 * a few parameters, without derivatives; values of `f` that are not finite count as the worst.
 */
export function nelderMead(f: (x: readonly number[]) => number, start: readonly number[]): Minimum {
  const evaluate = (at: readonly number[]): Minimum => {
    const value = f(at);
    return { at, value: Number.isFinite(value) ? value : Number.POSITIVE_INFINITY };
  };
  let simplex = [evaluate(start), ...start.map((value, index) => evaluate(start.with(index, value === 0 ? 0.1 : value * 1.15)))];
  for (let step = 0; step < MAX_STEPS; step++) {
    simplex.sort((a, b) => a.value - b.value);
    const [best, worst, second] = [simplex[0], simplex.at(-1), simplex.at(-2)] as [Minimum, Minimum, Minimum];
    if (worst.value - best.value < TOLERANCE * (Math.abs(best.value) + TOLERANCE)) break;
    const centre = start.map((_, index) => simplex.slice(0, -1).reduce((sum, { at }) => sum + (at[index] as number), 0) / start.length);
    const along = (share: number) => evaluate(centre.map((value, index) => value + share * (value - (worst.at[index] as number))));
    const reflected = along(1);
    if (reflected.value < best.value) {
      const expanded = along(2);
      simplex[simplex.length - 1] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < second.value) {
      simplex[simplex.length - 1] = reflected;
    } else {
      const contracted = along(reflected.value < worst.value ? 0.5 : -0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) simplex[simplex.length - 1] = contracted;
      else simplex = simplex.map(({ at }) => evaluate(at.map((value, index) => ((best.at[index] as number) + value) / 2)));
    }
  }
  return simplex.reduce((least, one) => (one.value < least.value ? one : least));
}
