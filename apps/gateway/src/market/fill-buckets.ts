import { addMs, type Candle, type EpochMs, type Interval, intervalMs, type TimeRange, toDecimal } from '@candlecast/domain';

/** What stands for a bucket without a candle: nothing at all, its time alone, or the candle before it repeated. */
export const FILLS = ['NONE', 'NULL', 'PREVIOUS_CLOSE'] as const;
export type Fill = (typeof FILLS)[number];

/** A bucket of a page: its candle, a made-up one, or null. */
export interface Bucket {
  readonly openTime: EpochMs;
  readonly candle: (Candle & { readonly isFilled: boolean }) | null;
}

const ZERO = toDecimal('0');

/**
 * Returns the buckets of `range`, oldest first, those without a candle as `fill` says. PREVIOUS_CLOSE repeats the close of the candle before, at
 * first that of `previous`; buckets before any candle are left out. `candles` are sorted and lie in `range`.
 */
export function fillBuckets(page: {
  readonly candles: readonly Candle[];
  readonly range: TimeRange;
  readonly interval: Interval;
  readonly fill: Fill;
  readonly previous: Candle | undefined;
}): Bucket[] {
  const { candles, range, interval, fill } = page;
  if (fill === 'NONE') return candles.map((candle) => ({ openTime: candle.openTime, candle: { ...candle, isFilled: false } }));
  const buckets: Bucket[] = [];
  let last = page.previous;
  let next = 0;
  for (let openTime = range.from; openTime < range.to; openTime = addMs(openTime, intervalMs(interval))) {
    const candle = candles[next]?.openTime === openTime ? candles[next++] : undefined;
    if (candle) buckets.push({ openTime, candle: { ...candle, isFilled: false } });
    else if (fill === 'NULL') buckets.push({ openTime, candle: null });
    else if (last) buckets.push({ openTime, candle: { ...repeatClose(last, openTime), isFilled: true } });
    last = candle ?? last;
  }
  return buckets;
}

/** Nobody traded in it as far as we know: the close before, and zero amounts. */
function repeatClose({ close, knownAt, reconstructed }: Candle, openTime: EpochMs): Candle {
  return {
    openTime,
    open: close,
    high: close,
    low: close,
    close,
    baseVolume: ZERO,
    quoteVolume: ZERO,
    tradeCount: 0,
    takerBuyBaseVolume: ZERO,
    takerBuyQuoteVolume: ZERO,
    firstTradeId: -1,
    lastTradeId: -1,
    isClosed: true,
    revision: 0,
    knownAt,
    reconstructed,
  };
}
