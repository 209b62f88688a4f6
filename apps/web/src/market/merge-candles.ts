import type { ChartCandle } from './chart-candle.ts';

/** A series after a merge. */
export interface Merged {
  readonly candles: readonly ChartCandle[];
  /** Candles that are new or different, oldest first. */
  readonly changed: readonly ChartCandle[];
}

/**
 * Returns `present` (oldest first, unique) with `incoming` merged in by open time. What comes later wins, except that an
 * open candle never replaces a closed one: an update may be overtaken by its own close. What lies before a closed candle
 * is closed too.
 */
export function mergeCandles(present: readonly ChartCandle[], incoming: Iterable<ChartCandle>): Merged {
  const latest = new Map<number, ChartCandle>();
  for (const candle of incoming) keepLatest(latest, candle);
  const updates = [...latest.values()].sort((a, b) => a.openTime - b.openTime);
  const changed: ChartCandle[] = [];
  const candles = [...present];
  for (const update of updates) {
    const at = insertionIndex(candles, update.openTime);
    const known = candles[at];
    if (known?.openTime !== update.openTime) candles.splice(at, 0, update);
    else if ((known.isClosed && !update.isClosed) || isSame(known, update)) continue;
    else candles[at] = update;
    if (update.isClosed) closeBefore(candles, at);
    changed.push(update);
  }
  return changed.length === 0 ? { candles: present, changed } : { candles, changed };
}

/** Puts a candle in the place of what `latest` (by open time) holds for its time, by the rule of `mergeCandles`. */
export function keepLatest(latest: Map<number, ChartCandle>, candle: ChartCandle): void {
  if (candle.isClosed || !latest.get(candle.openTime)?.isClosed) latest.set(candle.openTime, candle);
}

function closeBefore(candles: ChartCandle[], end: number): void {
  for (let at = end - 1; candles[at]?.isClosed === false; at -= 1) candles[at] = { ...(candles[at] as ChartCandle), isClosed: true };
}

/** Returns the first index whose candle opens at or after `openTime`. */
function insertionIndex(candles: readonly ChartCandle[], openTime: number): number {
  let low = 0;
  let high = candles.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((candles[middle]?.openTime ?? 0) < openTime) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isSame(a: ChartCandle, b: ChartCandle): boolean {
  return (
    a.open === b.open &&
    a.high === b.high &&
    a.low === b.low &&
    a.close === b.close &&
    a.baseVolume === b.baseVolume &&
    a.isClosed === b.isClosed
  );
}
