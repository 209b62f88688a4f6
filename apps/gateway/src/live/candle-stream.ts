import {
  type Candle,
  candleKey,
  closeTimeOf,
  type Instrument,
  type InstrumentId,
  type Interval,
  type LogEvent,
  toStreamCursor,
  type Venue,
} from '@candlecast/domain';
import type { Venues } from '../market/venues.ts';
import { loadCandleSnapshots } from './candle-snapshots.ts';
import type { HeartbeatClock } from './member.ts';
import type { OpenCandles } from './open-candles.ts';
import { loadResumePosition } from './read-log-after.ts';
import { streamDurable } from './stream-durable.ts';
import type { CandleEvent, CandleNode, StreamGapEvent } from './stream-events.ts';
import type { StreamReader, StreamSources } from './streams.ts';
import { toSubscription } from './to-subscription.ts';
import type { NewestValues, Topic } from './topic.ts';

/** Which candles a subscription wants, its arguments checked. */
export interface CandleStreamRequest {
  /** At least one, of one venue or several. */
  readonly instruments: readonly Instrument[];
  readonly interval: Interval;
  /** How many candles of each instrument to send first; 0 for none. */
  readonly snapshot: number;
  /** Stream cursor to go on after; instead of a snapshot. */
  readonly after: string | undefined;
  readonly throttleMs: number;
  /** Leaves out candles that are still open. */
  readonly closedOnly: boolean;
}

/** Opens a candle subscription; rejects with a `CURSOR_…` error when it cannot go on after the cursor. */
export async function openCandleStream(
  sources: StreamSources,
  request: CandleStreamRequest,
  reader: StreamReader,
): Promise<AsyncGenerator<CandleEvent>> {
  const { log, openCandles, venues } = sources;
  const { instruments, interval, closedOnly } = request;
  const isResumed = reader.outlet?.resumed !== undefined;
  const after = request.after === undefined || isResumed ? undefined : await loadResumePosition(log, request.after);
  const ids = instruments.map(({ id }) => id);
  const venue = instruments[0]?.venue ?? 'BINANCE';

  async function loadSnapshot() {
    const { series, position } = await loadCandleSnapshots(sources, { instruments, interval, count: request.snapshot });
    const events = series.map(({ instrumentId, candles }) => ({
      __typename: 'CandleSnapshot' as const,
      symbol: instrumentId,
      interval,
      candles: candles.filter((candle) => candle.isClosed || !closedOnly).map((candle) => toCandleNode(candle, interval)),
      cursor: toStreamCursor(position),
    }));
    return { events, position };
  }

  const topics: Topic<CandleEvent>[] = ids.map((symbol) => ({
    name: candleKey(symbol, interval),
    logKeys: [candleKey(symbol, interval), symbol],
    ...(closedOnly ? {} : { latest: openCandleOf(openCandles, symbol, interval) }),
  }));

  return toSubscription(reader.signal, (signal) =>
    streamDurable<CandleEvent>(
      sources,
      {
        topics,
        logTopics: ['candle.closed', 'candle.corrected', 'gap.recorded', 'gap.resolved'],
        personalArgs: ['symbols', 'snapshot', 'after', 'throttleMs'],
        throttleMs: request.throttleMs,
        after,
        loadSnapshot: request.snapshot > 0 ? loadSnapshot : undefined,
        toEvent: (event) => toCandleEvent(event, interval),
        clock: toHeartbeatClock(venues, venue),
        outlet: reader.outlet,
        cut: (cursor) => reader.cutSlowReader(cursor),
      },
      signal,
    ),
  );
}

/** Returns the candle with its exclusive close time. */
export function toCandleNode(candle: Candle, interval: Interval): CandleNode {
  return { ...candle, closeTime: closeTimeOf(candle.openTime, interval) };
}

/** Returns the clock of heartbeats at a venue. */
export function toHeartbeatClock(venues: Venues, venue: Venue): HeartbeatClock {
  return { name: venue, now: () => venues.now(venue) };
}

/** Returns a gap of the log as the API shows it to a subscription of `interval`; undefined for other entries. */
export function toGapEvent(event: LogEvent, interval: Interval): StreamGapEvent | undefined {
  if (event.topic !== 'gap.recorded' && event.topic !== 'gap.resolved') return undefined;
  const { instrumentId, from, to, reason } = event.payload;
  const isResolved = event.topic === 'gap.resolved';
  return { __typename: 'StreamGap', symbol: instrumentId, interval, from, to, reason, isResolved, cursor: toStreamCursor(event) };
}

/** The candle that is still open as the newest value of its series' topic. */
function openCandleOf(openCandles: OpenCandles, symbol: InstrumentId, interval: Interval): NewestValues<CandleEvent> {
  return {
    keys: () => [symbol],
    watch: (onChange) => openCandles.watch(symbol, interval, () => onChange(symbol)),
    find: () => openCandles.find(symbol, interval),
    toEvent: (candle) => ({ __typename: 'CandleUpdate', symbol, interval, candle: toCandleNode(candle as Candle, interval) }),
  };
}

function toCandleEvent(event: LogEvent, interval: Interval): CandleEvent | undefined {
  if (event.topic !== 'candle.closed' && event.topic !== 'candle.corrected') return toGapEvent(event, interval);
  const __typename = event.topic === 'candle.closed' ? 'CandleClosed' : 'CandleCorrection';
  const candle = toCandleNode(event.payload.candle, interval);
  return { __typename, symbol: event.payload.instrumentId, interval, candle, cursor: toStreamCursor(event) };
}
