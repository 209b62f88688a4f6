const PLACES = 8;
const ZEROS = '00000000';

/** Returns whole `units` of 10^-`scale` (scale at most 8) as decimal text with eight places, as the exchange writes every amount. */
export function toPlaces8(units: number | bigint, scale: number): string {
  const digits = units.toString();
  if (scale === 0) return `${digits}.${ZEROS}`;
  const padded = digits.length > scale ? digits : digits.padStart(scale + 1, '0');
  const point = padded.length - scale;
  return `${padded.slice(0, point)}.${padded.slice(point)}${ZEROS.slice(0, PLACES - scale)}`;
}

/** Adds whole numbers exactly, however large the sum gets. Each part must be a safe integer below 2^52. */
export class ExactSum {
  #carried = 0n;
  #small = 0;

  add(part: number): void {
    this.#small += part;
    if (this.#small > 4_503_599_627_370_496) {
      this.#carried += BigInt(this.#small);
      this.#small = 0;
    }
  }

  /** Returns the sum so far. */
  total(): number | bigint {
    return this.#carried === 0n ? this.#small : this.#carried + BigInt(this.#small);
  }
}
