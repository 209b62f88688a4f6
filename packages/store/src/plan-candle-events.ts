import {
  addMs,
  closeTimeOf,
  type EpochMs,
  floorToInterval,
  INTERVALS,
  type Interval,
  intervalMs,
  MINUTE_MS,
  ROLLUP_LADDER,
} from '@candlecast/domain';
import type { ReadyEvent } from './ready-event.ts';
import type { RowChange } from './sql/candle-rows.ts';

/** What one transaction did to one live series of 1m candles. */
export interface SeriesChange {
  readonly seriesId: number;
  readonly liveSince: EpochMs;
  /** The watermark before and after; null before the first live candle. */
  readonly before: EpochMs | null;
  readonly after: EpochMs | null;
  /** Rows that are new or have new values; unchanged ones are left out, and those that were only completed make no event. */
  readonly rows: readonly { readonly openTime: EpochMs; readonly change: RowChange; readonly ready?: ReadyEvent | undefined }[];
}

/** A candle that the log is to carry: as it is ready, or else as it is stored now. */
export interface CandleEvent {
  readonly topic: 'candle.closed' | 'candle.corrected';
  readonly seriesId: number;
  readonly interval: Interval;
  readonly openTime: EpochMs;
  readonly ready?: ReadyEvent;
}

/**
 * Returns the events of a transaction in the order in which the candles closed, finer intervals first: each new 1m candle above
 * the old watermark and each roll-up whose end the watermark has passed as closed; changed or late 1m candles, and the roll-ups
 * above them that had been closed already, as corrected.
 */
export function planCandleEvents(changes: readonly SeriesChange[]): CandleEvent[] {
  return changes
    .map((change) => ({ ...change, rows: change.rows.filter((row) => row.change !== 'completed') }))
    .flatMap((change) => [...minuteEvents(change), ...closedRollups(change), ...correctedRollups(change)])
    .sort(
      (a, b) =>
        closeTimeOf(a.openTime, a.interval) - closeTimeOf(b.openTime, b.interval) ||
        a.seriesId - b.seriesId ||
        INTERVALS.indexOf(a.interval) - INTERVALS.indexOf(b.interval),
    );
}

/**
 * Returns the corrections that history up to `newest` makes to roll-ups that were closed with their live minutes alone: the buckets in
 * which the live time of a series begins.
 */
export function planSeamCorrections(series: Pick<SeriesChange, 'seriesId' | 'liveSince' | 'before'>, newest: EpochMs): CandleEvent[] {
  const { seriesId, liveSince } = series;
  const closedUntil = closedUntilBefore(series);
  return ROLLUP_LADDER.flatMap(({ interval }) => {
    const openTime = floorToInterval(liveSince, interval);
    const isSeam = openTime <= newest && newest < liveSince && closeTimeOf(openTime, interval) <= closedUntil;
    return isSeam ? [{ topic: 'candle.corrected' as const, seriesId, interval, openTime }] : [];
  });
}

function minuteEvents(change: SeriesChange): CandleEvent[] {
  const closedUntil = closedUntilBefore(change);
  return change.rows.map(({ openTime, change: kind, ready }) => ({
    topic: kind === 'new' && openTime >= closedUntil ? 'candle.closed' : 'candle.corrected',
    seriesId: change.seriesId,
    interval: '1m',
    openTime,
    ...(ready && { ready }),
  }));
}

function closedRollups(change: SeriesChange): CandleEvent[] {
  const from = closedUntilBefore(change);
  const to = change.after === null ? from : closeOfMinute(change.after);
  const events: CandleEvent[] = [];
  for (const { interval } of ROLLUP_LADDER) {
    // The first bucket that ends after `from` is the one that contains it.
    let openTime = floorToInterval(from, interval);
    for (; closeTimeOf(openTime, interval) <= to; openTime = addMs(openTime, intervalMs(interval))) {
      events.push({ topic: 'candle.closed', seriesId: change.seriesId, interval, openTime });
    }
  }
  return events;
}

function correctedRollups(change: SeriesChange): CandleEvent[] {
  const closedUntil = closedUntilBefore(change);
  // Nearly always: what is not older than the watermark lies in no bucket that was closed.
  const late = change.rows.filter(({ openTime }) => openTime < closedUntil);
  if (late.length === 0) return [];
  return ROLLUP_LADDER.flatMap(({ interval }) => {
    const buckets = new Set(late.map(({ openTime }) => floorToInterval(openTime, interval)));
    return [...buckets]
      .filter((openTime) => closeTimeOf(openTime, interval) <= closedUntil)
      .map((openTime) => ({ topic: 'candle.corrected' as const, seriesId: change.seriesId, interval, openTime }));
  });
}

/** Up to here every minute was there before the transaction. */
function closedUntilBefore({ before, liveSince }: Pick<SeriesChange, 'before' | 'liveSince'>): EpochMs {
  return before === null ? floorToInterval(liveSince, '1m') : closeOfMinute(before);
}

function closeOfMinute(openTime: EpochMs): EpochMs {
  return addMs(floorToInterval(openTime, '1m'), MINUTE_MS);
}
