/** Empirical quantiles of the newest values of one quantity. */
export interface TrailingQuantiles {
  /** Takes the next value; NaN takes its place in the window and has no say. */
  push(value: number): void;
  /** Values that have a say. */
  readonly size: number;
  /** Returns the quantile at `level`, a straight line between neighbouring values; NaN when there are none. */
  at(level: number): number;
}

/** Returns empty quantiles over a window of `room` values. */
export function createTrailingQuantiles(room: number): TrailingQuantiles {
  const ring = new Float64Array(room).fill(Number.NaN);
  const sorted = new Float64Array(room + 1);
  let next = 0;
  let size = 0;

  /** Returns how many of the values are below `value`. */
  function rankOf(value: number): number {
    let [low, high] = [0, size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    get size() {
      return size;
    },
    push(value) {
      const gone = ring[next] as number;
      if (!Number.isNaN(gone)) {
        const rank = rankOf(gone);
        sorted.copyWithin(rank, rank + 1, size);
        size -= 1;
      }
      ring[next] = value;
      next = (next + 1) % room;
      if (Number.isNaN(value)) return;
      const rank = rankOf(value);
      sorted.copyWithin(rank + 1, rank, size);
      sorted[rank] = value;
      size += 1;
    },
    at(level) {
      if (size === 0) return Number.NaN;
      const place = level * (size - 1);
      const below = Math.floor(place);
      const lower = sorted[below] as number;
      return below + 1 < size ? lower + (place - below) * ((sorted[below + 1] as number) - lower) : lower;
    },
  };
}
