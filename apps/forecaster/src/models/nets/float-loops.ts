// One kind of array throughout: a second one would make every access in these loops several times slower.

/** Adds `factor` times `count` values from `from` on to those of `into` from `at` on. */
export function addScaled(into: Float32Array, at: number, factor: number, values: Float32Array, from: number, count: number): void {
  for (let j = 0; j < count; j++) into[at + j] = (into[at + j] as number) + factor * (values[from + j] as number);
}

/** Returns the product of `count` values of `a` from `at` on with those of `b` from `from` on. */
export function dotOf(a: Float32Array, at: number, b: Float32Array, from: number, count: number): number {
  let sum = 0;
  for (let j = 0; j < count; j++) sum += (a[at + j] as number) * (b[from + j] as number);
  return sum;
}
