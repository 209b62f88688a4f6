import { ALL_TIME, addMs, type EpochMs, type InstrumentId, type Interval, MINUTE_MS } from '@candlecast/domain';
import { type CandleStreamRequest, toCandleNode } from '../live/candle-stream.ts';
import type { CandleEvent, CandleSnapshotEvent, StreamGapEvent } from '../live/stream-events.ts';
import { isMinute, type KnownEntry, readKnown } from './known-pages.ts';
import { loadPresent } from './load-present.ts';
import { loadSeriesStart } from './load-series-start.ts';
import { playToPresent } from './play-to-present.ts';
import type { ReplayClock } from './replay-clock.ts';
import { comparePlaces, LAST_KEY, parseReplayCursor, type ReplayPlace, toReplayCursor } from './replay-cursor.ts';
import type { ReplaySources } from './replay-sources.ts';
import { createReplayedSeries, type ReplayedSeries } from './replayed-series.ts';
import { createRunningMinutes } from './running-minutes.ts';

/** Above this speed a minute is over before its trades could show. */
export const MAX_TRADE_SPEED = 60;
/** Minutes of all instruments together that are read ahead. */
const MINUTES_AHEAD = 2_000;
const LEAST_UPDATE_MS = 100;

/** Opens a replay of candles; throws CURSOR_INVALID for a cursor of anything else. Nothing runs before the first event is asked for. */
export function openCandleReplay(
  sources: ReplaySources,
  request: CandleStreamRequest,
  { clock, speed }: { readonly clock: ReplayClock; readonly speed: number },
): (signal: AbortSignal) => AsyncGenerator<CandleEvent, void, undefined> {
  const after = request.after === undefined ? undefined : parseReplayCursor(request.after);
  return (signal) => replayCandles(sources, { ...request, resume: after, clock, speed }, signal);
}

interface CandleReplay extends CandleStreamRequest {
  readonly resume: ReplayPlace | undefined;
  readonly clock: ReplayClock;
  readonly speed: number;
}

async function* replayCandles(
  sources: ReplaySources,
  replay: CandleReplay,
  signal: AbortSignal,
): AsyncGenerator<CandleEvent, void, undefined> {
  const { instruments, interval, resume, clock, closedOnly } = replay;
  const ids = instruments.map(({ id }) => id);
  const present = () => loadPresent(sources.venues, instruments);
  const opened = Math.min(clock.now(), await present()) as EpochMs;
  // A place within a moment needs that moment whole: it is played again without a word up to the place.
  const begin = resume ? addMs(resume.time, -1) : opened;
  const silentUntil = resume ?? { time: begin, key: LAST_KEY };

  if (replay.snapshot > 0) yield* await loadSnapshots(sources, replay, opened);
  const series = new Map<InstrumentId, ReplayedSeries>();
  for (const instrument of instruments) {
    const start = await loadSeriesStart(sources, instrument, interval, begin);
    series.set(instrument.id, createReplayedSeries(sources.candles, instrument, interval, start));
  }

  let reached: ReplayPlace = silentUntil;
  async function* play(entry: KnownEntry): AsyncGenerator<CandleEvent, void, undefined> {
    const one = series.get(entry.instrumentId);
    if (!one) return;
    for (const [n, event] of (await toEvents(one, entry, interval)).entries()) {
      const place = { time: entry.time, key: `${entry.key} #${`${n}`.padStart(6, '0')}` };
      if (comparePlaces(place, silentUntil) <= 0) continue;
      reached = place;
      yield { ...event, cursor: toReplayCursor(place) };
    }
  }

  const running = createRunningMinutes(sources.trades);
  async function takeUpdates(now: EpochMs): Promise<CandleEvent[]> {
    if (replay.speed <= MAX_TRADE_SPEED) {
      for (const [id, { values, time }] of await running.find(ids, now)) {
        series.get(id)?.run({ instrumentId: id, candle: values, exchangeTime: time, receivedAt: time });
      }
    }
    return ids.flatMap((symbol) => {
      const candle = series.get(symbol)?.takeOpen();
      return candle ? [{ __typename: 'CandleUpdate' as const, symbol, interval, candle: toCandleNode(candle, interval) }] : [];
    });
  }

  yield* playToPresent<KnownEntry, CandleEvent>({
    clock,
    present,
    start: { time: begin, key: LAST_KEY },
    readPage: (place, until) => readKnown(sources.replay, ids, place, until),
    aheadMs: Math.max(1, Math.floor(MINUTES_AHEAD / ids.length)) * MINUTE_MS,
    play,
    ...(closedOnly ? {} : { updates: { updateMs: Math.max(LEAST_UPDATE_MS, replay.throttleMs), take: takeUpdates } }),
    heartbeatMs: sources.heartbeatMs,
    signal,
    elapsed: sources.elapsed,
    wait: sources.wait,
    position: () => sources.log.head(),
    reached: () => reached,
  });
}

async function toEvents(series: ReplayedSeries, entry: KnownEntry, interval: Interval) {
  if (isMinute(entry)) return (await series.accept(entry)).map((event) => toCandleEvent(entry.instrumentId, interval, event));
  const { instrumentId, from, to, reason, isResolved } = entry;
  const gap: Omit<StreamGapEvent, 'cursor'> = { __typename: 'StreamGap', symbol: instrumentId, interval, from, to, reason, isResolved };
  return [gap, ...series.excuse(entry).map((event) => toCandleEvent(instrumentId, interval, event))];
}

function toCandleEvent(symbol: InstrumentId, interval: Interval, { kind, candle }: Awaited<ReturnType<ReplayedSeries['accept']>>[number]) {
  const __typename = kind === 'closed' ? ('CandleClosed' as const) : ('CandleCorrection' as const);
  return { __typename, symbol, interval, candle: toCandleNode(candle, interval) };
}

async function loadSnapshots({ candles }: ReplaySources, replay: CandleReplay, at: EpochMs): Promise<CandleSnapshotEvent[]> {
  const { interval, closedOnly } = replay;
  return Promise.all(
    replay.instruments.map(async ({ id }) => {
      const asOf = { kind: 'knownAt', at } as const;
      const query = {
        instrumentId: id,
        interval,
        range: { from: ALL_TIME.from, to: addMs(at, 1) },
        limit: replay.snapshot,
        take: 'newest',
        asOf,
      } as const;
      const known = await candles.findCandles(query);
      return {
        __typename: 'CandleSnapshot' as const,
        symbol: id,
        interval,
        candles: known.filter(({ isClosed }) => isClosed || !closedOnly).map((candle) => toCandleNode(candle, interval)),
        cursor: toReplayCursor({ time: at, key: LAST_KEY }),
      };
    }),
  );
}
