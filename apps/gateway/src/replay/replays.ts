import {
  AppError,
  type Clock,
  type EpochMs,
  type FeedStatus,
  type Instrument,
  type InstrumentId,
  type MarketSummaryRow,
  type Venue,
} from '@candlecast/domain';
import type { CandleStreamRequest } from '../live/candle-stream.ts';
import type { ForecastStreamRequest } from '../live/forecast-stream.ts';
import type { CandleEvent, ForecastEvent } from '../live/stream-events.ts';
import { toSubscription } from '../live/to-subscription.ts';
import type { KnownBook } from '../market/load-books.ts';
import type { ShownTrade } from '../market/trade-tape.ts';
import { openCandleReplay } from './replay-candles.ts';
import { createReplayClock, MAX_SPEED, type ReplayPace } from './replay-clock.ts';
import type { ReplayCounts } from './replay-counts.ts';
import { openForecastReplay } from './replay-forecasts.ts';
import { playLatest } from './replay-latest.ts';
import type { ReplaySources } from './replay-sources.ts';
import { createBookTaker } from './take-books.ts';
import { createFeedTaker } from './take-feed-status.ts';
import { createSummaryTaker } from './take-summaries.ts';
import { createTradeTaker } from './take-trades.ts';

/** Who watches a replay: gone when `signal` aborts. `subject` tells callers apart. */
export interface ReplayViewer {
  readonly signal: AbortSignal;
  readonly subject: string;
}

/** The clock of a replay as it is asked for. */
export interface ClockWish {
  readonly replayFrom: EpochMs;
  readonly speed: number;
  /** This machine's time at which it was `replayFrom`; now when absent. */
  readonly anchoredAt?: EpochMs | null | undefined;
}

/**
 * Opens subscriptions that are played from the past. Each is its reader's own: nothing of it is shared. All end when they have reached the present. What
 * is wrong with a request throws; too many replays at a time are RATE_LIMITED.
 */
export interface Replays {
  candles(wish: ClockWish, request: CandleStreamRequest, viewer: ReplayViewer): Promise<AsyncGenerator<CandleEvent>>;
  forecasts(wish: ClockWish, request: ForecastStreamRequest, viewer: ReplayViewer): Promise<AsyncGenerator<ForecastEvent>>;
  books(wish: ClockWish, instruments: readonly Instrument[], throttleMs: number, viewer: ReplayViewer): Promise<AsyncGenerator<KnownBook>>;
  trades(wish: ClockWish, instruments: readonly Instrument[], viewer: ReplayViewer): Promise<AsyncGenerator<ShownTrade>>;
  summaries(wish: ClockWish, instruments: readonly Instrument[], viewer: ReplayViewer): Promise<AsyncGenerator<MarketSummaryRow>>;
  feedStatus(wish: ClockWish, venue: Venue, viewer: ReplayViewer): Promise<AsyncGenerator<FeedStatus>>;
}

/** Replays that one process plays at a time, and of them those of one caller. */
const MOST_REPLAYS = 200;
const MOST_OF_ONE = 20;
/** A clock may be anchored a little ahead: clients have clocks of their own. */
const MOST_AHEAD_MS = 60_000;
const LEAST_LOOK_MS = 250;
const LOOK_MS = 1_000;

/** Returns the replays over `sources`. */
export function createReplays(sources: ReplaySources & { readonly counts: ReplayCounts }): Replays {
  const { venues, wall, counts } = sources;
  const playing = new Map<string, number>();

  async function start(wish: ClockWish, of: readonly Venue[]) {
    const present = async () => Math.min(...(await Promise.all(of.map((venue) => venues.now(venue))))) as EpochMs;
    const pace = readPace(wish, await present(), wall);
    return { present, pace, clock: createReplayClock(pace, wall) };
  }

  /** A place is taken with the first event that is asked for: a replay that never begins holds none. */
  function open<T>(
    { subject, signal: gone }: ReplayViewer,
    run: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
  ): AsyncGenerator<T> {
    return toSubscription(gone, async function* counted(signal) {
      const own = playing.get(subject) ?? 0;
      const all = [...playing.values()].reduce((sum, count) => sum + count, 0);
      if (own >= MOST_OF_ONE || all >= MOST_REPLAYS) {
        throw new AppError(
          'RATE_LIMITED',
          `${own} replays of yours and ${all} in all are played already: at most ${MOST_OF_ONE} and ${MOST_REPLAYS} may`,
        );
      }
      playing.set(subject, own + 1);
      counts.playing.inc();
      counts.started.inc();
      try {
        yield* run(signal);
      } finally {
        const left = (playing.get(subject) ?? 1) - 1;
        if (left === 0) playing.delete(subject);
        else playing.set(subject, left);
        counts.playing.dec();
      }
    });
  }

  async function openLatest<T>(
    wish: ClockWish,
    { of, everyMs, viewer }: { readonly of: readonly Venue[]; readonly everyMs: number; readonly viewer: ReplayViewer },
    toTake: (start: EpochMs) => (now: EpochMs) => Promise<readonly T[]>,
  ): Promise<AsyncGenerator<T>> {
    const { present, clock } = await start(wish, of);
    const take = toTake(clock.now());
    return open(viewer, (signal) => playLatest({ clock, present, take, everyMs, signal, wait: sources.wait }));
  }

  return {
    async candles(wish, request, viewer) {
      const { pace, clock } = await start(wish, venuesOf(request.instruments));
      return open(viewer, openCandleReplay(sources, request, { clock, speed: pace.speed }));
    },
    async forecasts(wish, request, viewer) {
      const { clock } = await start(wish, venuesOf(request.instruments));
      return open(viewer, openForecastReplay(sources, request, { clock }));
    },
    books: (wish, instruments, throttleMs, viewer) =>
      openLatest(wish, { of: venuesOf(instruments), everyMs: Math.max(throttleMs, LEAST_LOOK_MS), viewer }, () =>
        createBookTaker(sources.books, idsOf(instruments)),
      ),
    trades: (wish, instruments, viewer) =>
      openLatest(wish, { of: venuesOf(instruments), everyMs: lookEvery(instruments), viewer }, (from) =>
        createTradeTaker(sources.trades, idsOf(instruments), from),
      ),
    summaries: (wish, instruments, viewer) =>
      openLatest(wish, { of: venuesOf(instruments), everyMs: LOOK_MS, viewer }, () =>
        createSummaryTaker(sources.candles, idsOf(instruments)),
      ),
    feedStatus: (wish, venue, viewer) =>
      openLatest(wish, { of: [venue], everyMs: LOOK_MS, viewer }, () => createFeedTaker(sources.replay, venue)),
  };
}

/** Reads the clock asked for: BAD_USER_INPUT for a beginning that lies ahead, a speed beyond 0 to 3,600, an anchor that lies ahead. */
export function readPace({ replayFrom, speed, anchoredAt }: ClockWish, present: EpochMs, wall: Clock): ReplayPace {
  const now = wall.now();
  if (replayFrom > present) throw new AppError('BAD_USER_INPUT', 'clock.replayFrom lies after the venue’s present time');
  if (!(speed >= 0 && speed <= MAX_SPEED)) throw new AppError('BAD_USER_INPUT', `clock.speed is ${speed}, it must be 0 to ${MAX_SPEED}`);
  if (anchoredAt != null && anchoredAt > now + MOST_AHEAD_MS) {
    throw new AppError('BAD_USER_INPUT', 'clock.anchoredAt lies ahead: it is when the replay stood at replayFrom, in real time');
  }
  return { replayFrom, speed, anchoredAt: anchoredAt ?? now };
}

/** One read an instrument and look. */
function lookEvery(instruments: readonly Instrument[]): number {
  return Math.max(LEAST_LOOK_MS, instruments.length * 20);
}

function venuesOf(instruments: readonly Instrument[]): Venue[] {
  return [...new Set(instruments.map(({ venue }) => venue))];
}

function idsOf(instruments: readonly Instrument[]): InstrumentId[] {
  return instruments.map(({ id }) => id);
}
