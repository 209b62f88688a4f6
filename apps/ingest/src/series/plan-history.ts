import {
  type CandleValues,
  DAY_MS,
  type EpochMs,
  floorToInterval,
  MINUTE_MS,
  planGaps,
  splitRange,
  type TimeRange,
} from '@candlecast/domain';

/** The history of a series before its first live candle, in the order in which it is wanted. */
export interface HistoryPlan {
  /** Nothing older is wanted. */
  readonly floor: EpochMs;
  /** What makes charts useful: complete before the series counts as live. */
  readonly initial: TimeRange;
  /** The rest, in windows of at most `INITIAL_DAYS`, newest first. */
  readonly background: readonly TimeRange[];
}

/** What one page of history means for the range that was asked for. */
export interface SettledPage {
  /** The candles inside the range. */
  readonly candles: readonly CandleValues[];
  /** Minutes between candles that the exchange passed over; the oldest hole may begin before the range. */
  readonly holes: readonly TimeRange[];
  /** The older part that is still to be read. */
  readonly rest: TimeRange | undefined;
  /** True when the exchange has nothing at all before the end of the range. */
  readonly isBeforeListing: boolean;
}

/** Days of history that are fetched before anything else. */
export const INITIAL_DAYS = 30;

/** Returns the plan for a series whose live candles begin at `liveSince` and whose history begins at `floor`. */
export function planHistory(liveSince: EpochMs, floor: EpochMs): HistoryPlan {
  const initialFrom = Math.min(Math.max(floor, liveSince - INITIAL_DAYS * DAY_MS), liveSince) as EpochMs;
  const background = { from: Math.min(floor, initialFrom) as EpochMs, to: initialFrom };
  return {
    floor: background.from,
    initial: { from: initialFrom, to: liveSince },
    background: splitRange(background, MINUTE_MS, (INITIAL_DAYS * DAY_MS) / MINUTE_MS, true),
  };
}

/** Returns the first open time of `days` days of history before `now`: whole UTC days, so that it stays put over a day. */
export function historyFloor(now: EpochMs, days: number): EpochMs {
  return floorToInterval((now - days * DAY_MS) as EpochMs, '1d');
}

/**
 * Reads a page that was asked for as "the newest before `range.to`" (oldest first). Everything from its oldest row on is settled: what
 * is not in it does not exist. Rows may be older than the range: they show how far a hole reaches, which counts down to `floor`.
 */
export function settlePage(range: TimeRange, rows: readonly CandleValues[], floor: EpochMs): SettledPage {
  const oldest = rows[0];
  if (!oldest) return { candles: [], holes: [], rest: undefined, isBeforeListing: true };
  const times = rows.map(({ openTime }) => openTime);
  const settled = { from: Math.max(oldest.openTime, floor) as EpochMs, to: range.to };
  return {
    candles: rows.filter(({ openTime }) => openTime >= range.from && openTime < range.to),
    holes: planGaps(times, settled, MINUTE_MS).filter(({ to }) => to > range.from),
    rest: oldest.openTime > range.from ? { from: range.from, to: oldest.openTime } : undefined,
    isBeforeListing: false,
  };
}

/** Returns how many minutes the ranges cover. */
export function countMinutes(ranges: readonly TimeRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + Math.max(0, (to - from) / MINUTE_MS), 0);
}
