/** Returns 32 bits of a text and a seed: the key under which everything of one kind is drawn. */
export function keyOf(text: string, seed: number): number {
  let bits = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  for (let index = 0; index < text.length; index++) bits = scramble(bits, text.charCodeAt(index));
  return finish(bits ^ text.length);
}

/** Returns 32 random bits that depend on `key` and the whole number `position` alone: any position can be drawn without its forerunners. */
export function bitsAt(key: number, position: number): number {
  return finish(scramble(key, position | 0));
}

/** Returns a number in (0, 1) from 32 bits. */
export function toUniform(bits: number): number {
  return (bits + 0.5) / 4_294_967_296;
}

/**
 * Returns a standard normal number from 32 bits: Acklam's approximation of the inverse distribution function. It needs nothing but
 * `log` and `sqrt`, so that the same seed gives the same market on every machine.
 */
export function toGaussian(bits: number): number {
  const p = toUniform(bits);
  if (p < 0.02425) return tail(Math.sqrt(-2 * Math.log(p)));
  if (p > 0.97575) return -tail(Math.sqrt(-2 * Math.log(1 - p)));
  const q = p - 0.5;
  const r = q * q;
  const above = ((((-39.6968302866538 * r + 220.946098424521) * r - 275.928510446969) * r + 138.357751867269) * r - 30.6647980661472) * r;
  const below = ((((-54.4760987982241 * r + 161.585836858041) * r - 155.698979859887) * r + 66.8013118877197) * r - 13.2806815528857) * r;
  return ((above + 2.50662827745924) * q) / (below + 1);
}

/** A run of random bits from a start (mulberry32), for things that are always drawn together, such as the orders of one minute. */
export class RandomRun {
  #state: number;

  constructor(start: number) {
    this.#state = start | 0;
  }

  /** Returns the next 32 bits. */
  nextBits(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return (bits ^ (bits >>> 14)) >>> 0;
  }

  /** Returns the next number in (0, 1). */
  nextUniform(): number {
    return toUniform(this.nextBits());
  }

  /** Returns a roughly normal number (the sum of four bytes), fast enough for every trade. */
  nextBell(): number {
    const bits = this.nextBits();
    return ((bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24) - 510) / 147.8;
  }
}

function tail(q: number): number {
  const above =
    ((((-0.00778489400243029 * q - 0.322396458041136) * q - 2.40075827716184) * q - 2.54973253934373) * q + 4.37466414146497) * q;
  const below = (((0.00778469570904146 * q + 0.32246712907004) * q + 2.445134137143) * q + 3.75440866190742) * q;
  return (above + 2.93816398269878) / (below + 1);
}

function scramble(bits: number, value: number): number {
  let part = Math.imul(value, 0xcc9e2d51);
  part = Math.imul((part << 15) | (part >>> 17), 0x1b873593);
  const mixed = bits ^ part;
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(bits: number): number {
  let mixed = bits ^ (bits >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
