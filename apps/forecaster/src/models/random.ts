/** Draws numbers that look random and are the same for the same seed. */
export interface Random {
  /** At least 0, below 1. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Puts the items in a random order, in place. */
  shuffle(items: Uint32Array): void;
}

/** Returns a generator (mulberry32). Training and tests take one instead of `Math.random`, so that a run can be repeated. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function uniform(): number {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    shuffle(items) {
      for (let last = items.length - 1; last > 0; last--) {
        const other = Math.floor(uniform() * (last + 1));
        const item = items[last] ?? 0;
        items[last] = items[other] ?? 0;
        items[other] = item;
      }
    },
  };
}
