import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { AppError, type CandleValues, type EpochMs, type TimeRange } from '@candlecast/domain';
import { handleAdmin } from './admin-api.ts';
import type { Fault, FaultRecord } from './faults/fault.ts';
import { FaultBoard } from './faults/fault-board.ts';
import { injectFault } from './faults/inject-fault.ts';
import { Listener } from './listener.ts';
import type { Plant } from './market/plant.ts';
import { type ClockOptions, openSource, type SimSource } from './open-source.ts';
import { DumpHost } from './rest/dump-endpoints.ts';
import { RestApi } from './rest/rest-api.ts';
import { WEIGHT_PER_MINUTE, WeightLimit } from './rest/weight-limit.ts';
import { StreamHub, type StreamLimits } from './stream/stream-hub.ts';
import { findTrueTrades, findTruth, type TradeTruth } from './truth.ts';
import type { KlineInterval } from './venue/kline-interval.ts';
import type { SimLog } from './venue/venue.ts';

export interface ExchangeSimOptions extends ClockOptions {
  readonly source: SimSource;
  /** Port on 127.0.0.1; 0 (default) takes a free one. */
  readonly port?: number;
  readonly limits?: Partial<StreamLimits & { readonly weightPerMinute: number }>;
  readonly log?: SimLog;
}

/** A running simulator. */
export interface ExchangeSim {
  /** `http://127.0.0.1:port`: REST under /api/v3, dumps under /data, /health, /admin. */
  readonly restUrl: string;
  /** `ws://127.0.0.1:port`: /ws and /stream. */
  readonly wsUrl: string;
  readonly port: number;
  /** The venue's time. */
  now(): EpochMs;
  /** The exact closed candles that open in `range`; throws `symbol_unknown`. */
  truth(symbol: string, interval: KlineInterval, range: TimeRange): Promise<CandleValues[]>;
  /** The exact aggregate trades of `range`; throws `symbol_unknown`. */
  trueTrades(symbol: string, range: TimeRange): TradeTruth[];
  /** The holes and rows off the grid that were planted into a pair; throws `symbol_unknown`. */
  plants(symbol: string): readonly Plant[];
  /** Arms a fault. Throws `symbol_unknown`, and `plant_invalid` or `plant_too_late` for anomalies of the market. */
  inject(fault: Fault): FaultRecord;
  /** Every fault so far with its hits, oldest first. */
  faults(): readonly FaultRecord[];
  /** The archives under /data, as Binance's dump host has them. */
  readonly dumps: Pick<DumpHost, 'spoil' | 'hits'>;
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

/**
 * Starts an exchange on 127.0.0.1 that speaks Binance Spot's protocol. Throws `clock_speed_invalid`, `port_unavailable`, and what the
 * source throws.
 */
export async function startExchangeSim(options: ExchangeSimOptions): Promise<ExchangeSim> {
  const { source, speed = 1, log = () => undefined } = options;
  const { venue, feeds, endpoints, report } = await openSource(source, { ...options, log });
  const { time, market } = venue;
  const limits = { ...LIMITS, ...options.limits };
  const faults = new FaultBoard(time, log);
  const hub = new StreamHub(venue, feeds, faults, limits);
  const rest = new RestApi(venue, endpoints, new WeightLimit(limits.weightPerMinute), faults);
  const dumps = new DumpHost(venue);

  const symbolOf = (name: string) => {
    const symbol = market.symbols.get(name);
    if (!symbol) throw new AppError('symbol_unknown', `symbol "${name}" is not listed`);
    return symbol;
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname === '/health') return response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"status":"ok"}');
    const owner = [rest, dumps].find((part) => part.owns(url.pathname));
    const answered = owner ? owner.handle(request, response, url) : handleAdmin(admin, request, response, url);
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
    dumps,
    now: () => time.now(),
    truth: async (name, interval, range) => findTruth(symbolOf(name), interval, range, time.now()),
    trueTrades: (name, range) => findTrueTrades(symbolOf(name), range, time.now()),
    plants: (name) => symbolOf(name).plants,
    faults: () => faults.records(),
    inject: (fault) => injectFault(targets, fault),
    close: () => {
      hub.close();
      return listener.close();
    },
  };
}
