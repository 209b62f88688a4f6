import { AppError, type Clock, DAY_MS, type EpochMs } from '@candlecast/domain';
import { type PlantableMarket, toPlantableMarket } from './market/plantable-market.ts';
import { createSimulatedMarket } from './market/simulated-market.ts';
import { loadRecordedMarket, type RecordingReport } from './recorded/recorded-market.ts';
import type { Endpoint } from './rest/endpoint.ts';
import { MARKET_ENDPOINTS } from './rest/rest-api.ts';
import { loadSession } from './session/load-session.ts';
import { toSessionEndpoints } from './session/session-endpoints.ts';
import { SessionFeeds } from './session/session-feed.ts';
import { SessionTime } from './session/session-time.ts';
import type { FeedSource } from './stream/feed.ts';
import { MarketFeeds } from './stream/market-feeds.ts';
import { createVenue, type SimLog, type Venue } from './venue/venue.ts';
import { createVenueTime, type LimitClock } from './venue/venue-time.ts';

/** Where the simulator's market comes from. */
export type SimSource =
  /** A seeded market; `symbols` are listed whatever else is, `pairCount` is how many are listed in all (at most 1,600). */
  | { readonly kind: 'simulated'; readonly seed?: number; readonly symbols?: readonly string[]; readonly pairCount?: number }
  /** A folder of recorded klines, `SYMBOL-1m-*`: history up to `from` (default: a day before the end), then played. */
  | { readonly kind: 'recorded'; readonly dir: string; readonly from?: EpochMs }
  /** A file of recorded stream frames, sent byte for byte from the first listener on, with the REST answers of the same session. */
  | { readonly kind: 'recorded-frames'; readonly file: string };

/** How the venue's clock is set. */
export interface ClockOptions {
  /** This machine's clock; the venue's is derived from it. */
  readonly wallClock: Clock;
  /** Venue time per wall time, 1 (default) to 1,000. */
  readonly speed?: number;
  /** The venue's time was `anchorTime` when it was `anchorWallTime` (default: now) here. Default: the same; a recording starts at its `from`. */
  readonly anchorWallTime?: EpochMs;
  readonly anchorTime?: EpochMs;
  /** The clock of weights, bans, messages per second, connection attempts, PING and PONG. Default: this machine's. */
  readonly limitClock?: LimitClock;
}

/** What the source makes of the exchange. */
export interface OpenSource {
  readonly venue: Venue;
  readonly feeds: FeedSource;
  readonly endpoints: readonly Endpoint[];
  /** Of recorded klines: what was made of the files. */
  readonly report: RecordingReport | undefined;
}

/** A recording's clock goes on this long after its last candle, so that readers with a safety margin see it close. */
const AFTER_END_MS = 10_000;

/** Opens a source. Throws `clock_speed_invalid` and what the source throws. */
export async function openSource(source: SimSource, options: ClockOptions & { readonly log: SimLog }): Promise<OpenSource> {
  const { wallClock, speed = 1, log } = options;
  if (!(speed >= 1 && speed <= 1_000)) throw new AppError('clock_speed_invalid', `clock speed ${speed} is not between 1 and 1000`);
  if (source.kind === 'recorded-frames') {
    const session = await loadSession(source.file);
    const time = new SessionTime(wallClock, { from: session.startTime, to: session.endTime, speed });
    const venue = createVenue({ symbols: new Map(), endTime: session.endTime }, time, log);
    return { venue, feeds: new SessionFeeds(session, time), endpoints: toSessionEndpoints(session), report: undefined };
  }
  const { market, start, report } = await openMarket(source);
  const anchorWallTime = options.anchorWallTime ?? wallClock.now();
  const settings = { anchorWallTime, anchorTime: options.anchorTime ?? start ?? anchorWallTime, speed };
  const stopTime = market.endTime === undefined ? undefined : ((market.endTime + AFTER_END_MS) as EpochMs);
  const venue = createVenue(market, createVenueTime(wallClock, settings, stopTime, options.limitClock), log);
  return { venue, feeds: new MarketFeeds(venue), endpoints: MARKET_ENDPOINTS, report };
}

async function openMarket(
  source: Exclude<SimSource, { kind: 'recorded-frames' }>,
): Promise<{ market: PlantableMarket; start?: EpochMs; report?: RecordingReport }> {
  if (source.kind === 'simulated') {
    const { seed = 1, symbols = [], pairCount } = source;
    return { market: toPlantableMarket(createSimulatedMarket({ seed, symbols, pairCount })) };
  }
  const market = await loadRecordedMarket(source.dir);
  const start = source.from ?? ((market.endTime - DAY_MS) as EpochMs);
  return { market: toPlantableMarket(market), start, report: market.report };
}
