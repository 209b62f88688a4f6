import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, type CandleValues, type Clock, DAY_MS, type EpochMs, type TimeRange } from '@candlecast/domain';
import { handleAdmin } from './admin-api.ts';
import type { Fault, FaultRecord } from './faults/fault.ts';
import { FaultBoard } from './faults/fault-board.ts';
import { injectFault } from './faults/inject-fault.ts';
import { Listener } from './listener.ts';
import { toPlantableMarket } from './market/plantable-market.ts';
import { createSimulatedMarket } from './market/simulated-market.ts';
import type { Market } from './market/symbol-market.ts';
import { loadRecordedMarket, type RecordingReport } from './recorded/recorded-market.ts';
import { RestApi } from './rest/rest-api.ts';
import { WEIGHT_PER_MINUTE, WeightLimit } from './rest/weight-limit.ts';
import { StreamHub, type StreamLimits } from './stream/stream-hub.ts';
import { findTruth } from './truth.ts';
import type { KlineInterval } from './venue/kline-interval.ts';
import { createVenue, type SimLog } from './venue/venue.ts';
import { createVenueTime } from './venue/venue-time.ts';

/** Where the simulator's market comes from. */
export type SimSource =
  /** A seeded market; `symbols` are listed whatever else is, `pairCount` is how many are listed in all (at most 1,600). */
  | { readonly kind: 'simulated'; readonly seed?: number; readonly symbols?: readonly string[]; readonly pairCount?: number }
  /** A folder of recorded klines, `SYMBOL-1m-*`: history up to `from` (default: a day before the end), then played. */
  | { readonly kind: 'recorded'; readonly dir: string; readonly from?: EpochMs };

export interface ExchangeSimOptions {
  readonly source: SimSource;
  /** This machine's clock; the venue's is derived from it. */
  readonly wallClock: Clock;
  /** Venue time per wall time, 1 (default) to 1,000. */
  readonly speed?: number;
  /** The venue's time was `anchorTime` when it was `anchorWallTime` (default: now) here. Default: the same; a recording starts at its `from`. */
  readonly anchorWallTime?: EpochMs;
  readonly anchorTime?: EpochMs;
  /** Port on 127.0.0.1; 0 (default) takes a free one. */
  readonly port?: number;
  readonly limits?: Partial<StreamLimits & { readonly weightPerMinute: number }>;
  readonly log?: SimLog;
}

/** A running simulator. */
export interface ExchangeSim {
  /** `http://127.0.0.1:port`: REST under /api/v3, /health, /admin. */
  readonly restUrl: string;
  /** `ws://127.0.0.1:port`: /ws and /stream. */
  readonly wsUrl: string;
  readonly port: number;
  /** The venue's time. */
  now(): EpochMs;
  /** The exact closed candles that open in `range`; throws `symbol_unknown`. */
  truth(symbol: string, interval: KlineInterval, range: TimeRange): Promise<CandleValues[]>;
  inject(fault: Fault): FaultRecord;
  close(): Promise<void>;
}

const LIMITS = {
  messagesPerSecond: 5,
  pingIntervalMs: 20_000,
  pongTimeoutMs: 60_000,
  maxBufferedBytes: 8_388_608,
  connectionsPer5Min: 300,
  weightPerMinute: WEIGHT_PER_MINUTE,
};

/** A recording's clock goes on this long after its last candle, so that readers with a safety margin see it close. */
const AFTER_END_MS = 10_000;

/**
 * Starts an exchange on 127.0.0.1 that speaks Binance Spot's protocol. Throws `clock_speed_invalid`, `port_unavailable`, and what the
 * source throws.
 */
export async function startExchangeSim(options: ExchangeSimOptions): Promise<ExchangeSim> {
  const { source, wallClock, speed = 1, log = () => undefined } = options;
  if (!(speed >= 1 && speed <= 1_000)) throw new AppError('clock_speed_invalid', `clock speed ${speed} is not between 1 and 1000`);
  const { market, start, report } = await openMarket(source);
  const anchorWallTime = options.anchorWallTime ?? wallClock.now();
  const settings = { anchorWallTime, anchorTime: options.anchorTime ?? start ?? anchorWallTime, speed };
  const stopTime = market.endTime === undefined ? undefined : ((market.endTime + AFTER_END_MS) as EpochMs);
  const time = createVenueTime(wallClock, settings, stopTime);

  const limits = { ...LIMITS, ...options.limits };
  const venue = createVenue(toPlantableMarket(market), time, log);
  const faults = new FaultBoard(time, log);
  const hub = new StreamHub(venue, faults, limits);
  const rest = new RestApi(venue, new WeightLimit(limits.weightPerMinute), faults);

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname === '/health') return response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"status":"ok"}');
    const answered = rest.owns(url.pathname) ? rest.handle(request, response, url) : handleAdmin(admin, request, response, url);
    answered.catch((error: unknown) => {
      log('answer failed', { url: url.href, error: String(error) });
      response.destroy();
    });
  });
  const listener = new Listener(server, log);
  const targets = { venue, faults, hub, refuseConnections: (durationMs: number) => listener.pause(durationMs) };
  const admin = { ...targets, describeSource: () => ({ source, recording: report ?? null }) };
  server.on('upgrade', (request, socket, head) => hub.upgrade(request, socket as Socket, head));
  const port = await listener.listen(options.port ?? 0).catch((error: unknown) => {
    hub.close();
    throw error;
  });
  log('exchange simulator listens', { port, pairs: market.symbols.size, venueTime: time.now(), speed, loadedInMs: report?.loadedInMs });

  return {
    restUrl: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    port,
    now: () => time.now(),
    truth: async (name, interval, range) => {
      const symbol = venue.market.symbols.get(name);
      if (!symbol) throw new AppError('symbol_unknown', `symbol "${name}" is not listed`);
      return findTruth(symbol, interval, range, time.now());
    },
    inject: (fault) => injectFault(targets, fault),
    close: () => {
      hub.close();
      return listener.close();
    },
  };
}

async function openMarket(source: SimSource): Promise<{ market: Market; start?: EpochMs; report?: RecordingReport }> {
  if (source.kind === 'simulated') {
    const { seed = 1, symbols = [], pairCount } = source;
    return { market: createSimulatedMarket({ seed, symbols, pairCount }) };
  }
  const market = await loadRecordedMarket(source.dir);
  return { market, start: source.from ?? ((market.endTime - DAY_MS) as EpochMs), report: market.report };
}
