/** Means over the newest bars of one quantity, over several spans at once. */
export interface RollingMeans {
  /** Takes the quantity of the next bar; NaN for a bar that has none. */
  push(value: number): void;
  /** Returns the mean over the `index`-th span; NaN while less than a quarter of the span (but two bars) is known. */
  mean(index: number): number;
}

/** Returns empty means over `spans`, counts of bars. Bars without a value take their place in the span and have no say. */
export function createRollingMeans(spans: readonly number[]): RollingMeans {
  const room = Math.max(...spans);
  const ring = new Float64Array(room).fill(Number.NaN);
  const sums = new Float64Array(spans.length);
  const counts = new Int32Array(spans.length);
  let next = 0;

  function at(barsBack: number): number {
    return ring[(next - barsBack + 2 * room) % room] as number;
  }

  /** Adds up anew once a round, so that rounding cannot pile up. */
  function resum(): void {
    for (const [index, span] of spans.entries()) {
      let sum = 0;
      for (let barsBack = 1; barsBack <= span; barsBack++) {
        const value = at(barsBack);
        if (!Number.isNaN(value)) sum += value;
      }
      sums[index] = sum;
    }
  }

  return {
    push(value) {
      for (let index = 0; index < spans.length; index++) {
        const gone = at(spans[index] as number);
        if (!Number.isNaN(gone)) {
          sums[index] = (sums[index] as number) - gone;
          counts[index] = (counts[index] as number) - 1;
        }
        if (!Number.isNaN(value)) {
          sums[index] = (sums[index] as number) + value;
          counts[index] = (counts[index] as number) + 1;
        }
      }
      ring[next] = value;
      next = (next + 1) % room;
      if (next === 0) resum();
    },
    mean(index) {
      const span = spans[index] as number;
      const count = counts[index] as number;
      const least = span > 1 ? Math.max(2, Math.floor(span / 4)) : 1;
      return count >= least ? (sums[index] as number) / count : Number.NaN;
    },
  };
}
