/** Returns the value below which the share `p` (0 to 1) of `values` lies. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

/** Runs `work` `times` times, one after the other, and returns how many milliseconds each run took. */
export async function timeEach(times: number, work: (index: number) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let index = 0; index < times; index++) {
    const startedAt = performance.now();
    await work(index);
    taken.push(performance.now() - startedAt);
  }
  return taken;
}

/** Runs `work` once and returns how many seconds it took. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const [taken = Number.NaN] = await timeEach(1, work);
  return taken / 1_000;
}
