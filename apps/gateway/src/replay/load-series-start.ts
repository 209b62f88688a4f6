import {
  ALL_TIME,
  addMs,
  type Candle,
  type CandleReader,
  type EpochMs,
  floorToInterval,
  type GapReader,
  HOUR_MS,
  type Instrument,
  type Interval,
  MINUTE_MS,
  type TimeRange,
} from '@candlecast/domain';
import type { SeriesStart } from './series.ts';

/** More minutes than wait behind a hole. */
const MOST_MINUTES = 20_000;
const MOST_GAPS = 1_000;
/** What is missing for longer than this is not waited for. */
const LOOK_BACK_MS = 6 * HOUR_MS;

/** Returns how a series stood at `at`, as it was known then: its front is before the first live minute that is missing, else the newest. */
export async function loadSeriesStart(
  { candles, gaps }: { readonly candles: Pick<CandleReader, 'findCandles'>; readonly gaps: GapReader },
  { id, liveSince }: Instrument,
  interval: Interval,
  at: EpochMs,
): Promise<SeriesStart> {
  const asOf = { kind: 'knownAt', at } as const;
  const past = { from: ALL_TIME.from, to: addMs(at, MINUTE_MS) };
  const [newest] = await candles.findCandles({ instrumentId: id, interval: '1m', range: past, limit: 1, take: 'newest', asOf });
  if (!newest) return { front: undefined, minutes: [], excused: [] };
  const past6h = addMs(newest.openTime, -LOOK_BACK_MS);
  const since = liveSince === null || newest.openTime < liveSince ? newest.openTime : (Math.max(liveSince, past6h) as EpochMs);
  const span = { from: since, to: past.to };
  const lines = await gaps.findGapLines({ instrumentId: id, range: span, isResolved: false, asOf, limit: MOST_GAPS, take: 'newest' });
  const excused = lines.filter(({ reason }) => reason !== 'PENDING');
  const recent = await candles.findCandles({ instrumentId: id, interval: '1m', range: span, limit: MOST_MINUTES, take: 'newest', asOf });
  const front = toFront(since, newest.openTime, recent, excused);
  const open = floorToInterval(addMs(front, MINUTE_MS), interval);
  const early =
    open >= since
      ? []
      : await candles.findCandles({
          instrumentId: id,
          interval: '1m',
          range: { from: open, to: since },
          limit: MOST_MINUTES,
          take: 'newest',
          asOf,
        });
  return {
    front,
    excused: excused.filter(({ to }) => to > front + MINUTE_MS),
    minutes: [...early, ...recent]
      .filter(({ openTime }) => openTime >= open)
      .map((candle) => ({ candle, time: Math.min(candle.knownAt, at) as EpochMs })),
  };
}

/** The last minute that is there before the first one that is missing and not excused, from `since` on. */
function toFront(since: EpochMs, newest: EpochMs, minutes: readonly Candle[], excused: readonly TimeRange[]): EpochMs {
  const present = new Set(minutes.map(({ openTime }) => openTime));
  let front = addMs(since, -MINUTE_MS);
  for (let time = since; time <= newest; time = addMs(time, MINUTE_MS)) {
    if (present.has(time)) front = time;
    else if (!excused.some(({ from, to }) => from <= time && time < to)) break;
  }
  return front;
}
