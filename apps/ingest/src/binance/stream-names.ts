/** The streams that are read for every symbol; a recording has no trades of its own. */
export const STREAM_KINDS = ['kline_1m', 'bookTicker', 'aggTrade'] as const;
export type StreamKind = (typeof STREAM_KINDS)[number];

/** A stream and what it carries. */
export interface Stream {
  readonly name: string;
  readonly symbol: string;
  readonly kind: StreamKind;
}

/** Returns the streams of a symbol; names are lower case, symbols upper case. */
export function streamsOf(symbol: string, kinds: readonly StreamKind[] = STREAM_KINDS): Stream[] {
  return kinds.map((kind) => ({ name: `${symbol.toLowerCase()}@${kind}`, symbol, kind }));
}

/** Cuts a list into pieces of at most `size`. */
export function chunk<T>(items: readonly T[], size: number): T[][] {
  const pieces: T[][] = [];
  for (let at = 0; at < items.length; at += size) pieces.push(items.slice(at, at + size));
  return pieces;
}
