/** Returns the value below which the share `p` (0 to 1) of `values` lies. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

/** Runs `work` once and returns how many milliseconds it took. */
export async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Runs `work` once and returns how many seconds it took. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  return (await milliseconds(work)) / 1_000;
}

/** Runs `work` `times` times, one after the other, and returns what each run said. */
export async function repeat<T>(times: number, work: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let index = 0; index < times; index++) results.push(await work(index));
  return results;
}

/** Runs `work` `times` times, one after the other, and returns how many milliseconds each run took. */
export function timeEach(times: number, work: (index: number) => Promise<unknown>): Promise<number[]> {
  return repeat(times, (index) => milliseconds(() => work(index)));
}
