import {
  type Candle,
  type CandleReader,
  floorToInterval,
  type Instrument,
  type Interval,
  type KnownGap,
  type KnownMinute,
  type OpenCandleUpdate,
} from '@candlecast/domain';
import { createOpenCandle } from '../live/open-candle.ts';
import { createSeries, type KnownVersion, type SeriesEvent, type SeriesStart } from './series.ts';

/** A series as it is replayed: its durable events, and the candle that is open at the replay's time. */
export interface ReplayedSeries {
  accept(minute: KnownMinute): Promise<SeriesEvent[]>;
  excuse(gap: KnownGap): SeriesEvent[];
  /** Takes the minute that runs, as far as it is known. */
  run(update: OpenCandleUpdate): void;
  /** The open candle as it stands, if it has changed since the last call. */
  takeOpen(): Candle | undefined;
}

/** Returns a series at its start. */
export function createReplayedSeries(
  candles: Pick<CandleReader, 'findCandles'>,
  { id, liveSince }: Instrument,
  interval: Interval,
  start: SeriesStart,
): ReplayedSeries {
  const series = createSeries(interval, liveSince, start, (range, knownAt) =>
    candles.findCandles({
      instrumentId: id,
      interval: '1m',
      range,
      limit: (range.to - range.from) / 60_000,
      take: 'oldest',
      asOf: { kind: 'knownAt', at: knownAt },
    }),
  );
  let open = createOpenCandle(interval);
  let hasChanged = true;
  open.load(series.openMinutes().map(toThen));

  return {
    async accept(minute) {
      const events = await series.accept(minute);
      hasChanged = true;
      if (!open.close(toThen(minute))) {
        open = createOpenCandle(interval);
        open.load(series.openMinutes().map(toThen));
      }
      return events;
    },
    excuse: (gap) => series.excuse(gap),
    run(update) {
      hasChanged = true;
      open.update(update);
    },
    takeOpen() {
      const candle = hasChanged ? open.current() : undefined;
      hasChanged = false;
      return candle && { ...candle, reconstructed: liveSince === null || floorToInterval(candle.openTime, interval) < liveSince };
    },
  };
}

/** The minute as it stood in the replay: what was fetched later counts as known at its close. */
function toThen({ candle, time }: KnownVersion): Candle {
  return { ...candle, knownAt: time };
}
