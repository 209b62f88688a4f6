import {
  type Candle,
  ceilToInterval,
  type Decimal,
  divideDecimals,
  type EpochMs,
  floorToInterval,
  type Gap,
  type GapReason,
  type Interval,
  intervalMs,
  MINUTE_MS,
  planGaps,
  type TimeRange,
  toDecimal,
} from '@candlecast/domain';

/** What a page of candles can prove of its span. */
export interface Certificate {
  readonly expected: number;
  readonly present: number;
  readonly missing: number;
  /** present / expected, six decimals; 1 when nothing is expected. */
  readonly coverage: Decimal;
  readonly gaps: readonly (TimeRange & { readonly reason: GapReason })[];
}

/** How long a minute may take to arrive before it counts as missing, on the venue's clock. */
const ARRIVAL_MS = MINUTE_MS;

/**
 * Counts the closed buckets of `span` against the candles on the page. The newest bucket counts once it is stored or a minute overdue.
 * `recorded` are the gaps known for the span, in 1m ranges; what is missing beyond them is PENDING.
 */
export function certify(page: {
  readonly candles: readonly Candle[];
  readonly span: TimeRange;
  readonly interval: Interval;
  readonly recorded: readonly Gap[];
  readonly watermark: EpochMs | null;
  readonly now: EpochMs;
}): Certificate {
  const { candles, interval, recorded, watermark, now } = page;
  const end = Math.min(page.span.to, settledEnd(interval, watermark, now)) as EpochMs;
  const span = { from: page.span.from, to: Math.max(page.span.from, end) as EpochMs };
  const openTimes = candles.map(({ openTime }) => openTime).filter((openTime) => openTime >= span.from && openTime < span.to);
  const expected = Math.round((span.to - span.from) / intervalMs(interval));
  const unresolved = recorded.filter((gap) => gap.resolvedAt === null).flatMap((gap) => clip(gap, span));
  const excused = unresolved.map((gap) => ({ from: floorToInterval(gap.from, interval), to: ceilToInterval(gap.to, interval) }));
  const unexplained = planGaps(openTimes, span, intervalMs(interval), excused).map((range) => ({ ...range, reason: 'PENDING' as const }));
  return {
    expected,
    present: openTimes.length,
    missing: expected - openTimes.length,
    coverage: expected === 0 ? toDecimal('1.000000') : divideDecimals(toDecimal(`${openTimes.length}`), toDecimal(`${expected}`), 6),
    gaps: [...unresolved, ...unexplained].sort((a, b) => a.from - b.from),
  };
}

/** Returns the end of the newest bucket that counts: it is stored (the watermark has passed it) or has had a minute to arrive. */
export function settledEnd(interval: Interval, watermark: EpochMs | null, now: EpochMs): EpochMs {
  return floorToInterval(Math.max(now - ARRIVAL_MS, watermark === null ? 0 : watermark + MINUTE_MS) as EpochMs, interval);
}

function clip(gap: Gap, span: TimeRange): (TimeRange & { reason: GapReason })[] {
  const from = Math.max(gap.from, span.from) as EpochMs;
  const to = Math.min(gap.to, span.to) as EpochMs;
  return from < to ? [{ from, to, reason: gap.reason }] : [];
}
