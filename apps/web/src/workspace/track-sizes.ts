/** The narrowest a track of the grid may become, in percent. */
export const LEAST_PERCENT = 12;

/** Returns the sizes of `count` tracks that share the room alike, in percent. */
export function evenSizes(count: number): readonly number[] {
  return Array.from({ length: count }, () => 100 / count);
}

/** Returns sizes as they were chosen if they are as many as the tracks, else even ones. */
export function sizesFor(count: number, chosen: readonly number[]): readonly number[] {
  return chosen.length === count ? chosen : evenSizes(count);
}

/**
 * Returns the sizes after divider `index` (between tracks `index` and `index + 1`) was moved by `delta` percent. Only its two neighbours
 * change, and neither becomes smaller than `LEAST_PERCENT`.
 */
export function moveDivider(sizes: readonly number[], index: number, delta: number): readonly number[] {
  const [before, after] = [sizes[index], sizes[index + 1]];
  if (before === undefined || after === undefined) return sizes;
  const room = before + after;
  const moved = Math.min(Math.max(before + delta, Math.min(LEAST_PERCENT, room / 2)), room - Math.min(LEAST_PERCENT, room / 2));
  return sizes.map((size, at) => (at === index ? moved : at === index + 1 ? room - moved : size));
}

/** Reads "60.40": percents that make a whole (give or take two). Anything else is no wish. */
export function parseSizes(text: string | undefined): readonly number[] {
  const sizes = /^\d{1,2}(\.\d{1,2}){1,2}$/.test(text ?? '') ? (text ?? '').split('.').map((part) => Number.parseInt(part, 10)) : [];
  const sum = sizes.reduce((a, b) => a + b, 0);
  return Math.abs(sum - 100) <= 2 && sizes.every((size) => size >= LEAST_PERCENT - 1) ? sizes : [];
}

/** Returns sizes as an address holds them; empty for even ones. */
export function formatSizes(sizes: readonly number[]): string {
  const rounded = sizes.map(Math.round);
  return rounded.every((size) => Math.abs(size - 100 / rounded.length) < 1) ? '' : rounded.join('.');
}
