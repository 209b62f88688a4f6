import type { Clock, ConnectTurns, Venue } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { Exchange } from '../exchange.ts';
import type { IngestMetrics } from '../health/metrics.ts';
import { openDepthStreams } from './depth-streams.ts';
import { createEndpoints } from './endpoints.ts';
import { createExchangeClock } from './exchange-clock.ts';
import { createLinkGates } from './link-gates.ts';
import { createRateBudget } from './rate-budget.ts';
import { createRestClient } from './rest-client.ts';
import { openStreamFeed } from './stream-feed.ts';
import { STREAM_KINDS } from './stream-names.ts';

/** Where the exchange is and how its time runs. The simulator differs in these values only. */
export interface BinanceOptions {
  readonly venue: Venue;
  readonly restUrl: string;
  readonly wsUrl: string;
  readonly clockSpeed: number;
  readonly wall: Clock;
  readonly metrics: IngestMetrics;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Turns to connect that processes of one address share; none while the database has not answered. */
  readonly findTurns?: () => ConnectTurns | undefined;
}

/** The limit of a minute until exchangeInfo has been read, as documented. */
const DEFAULT_WEIGHT_PER_MINUTE = 6_000;
/** The exchange itself gives up after ten seconds. */
const REQUEST_TIMEOUT_MS = 15_000;

/** Returns Binance, or whatever speaks its protocol at these addresses. */
export function createBinanceExchange(options: BinanceOptions): Exchange & { close(): Promise<void> } {
  const { venue, wsUrl, wall, metrics, log, signal } = options;
  const gates = createLinkGates({ findTurns: options.findTurns, log });
  const clock = createExchangeClock({ venue, speed: options.clockSpeed, wall, fetchServerTime: () => endpoints.fetchServerTime() });
  const budget = createRateBudget(wall, DEFAULT_WEIGHT_PER_MINUTE);
  const onUsed = (weight: number) => metrics.restUsedWeight.set(weight);
  const rest = createRestClient({ baseUrl: options.restUrl, budget, wall, timeoutMs: REQUEST_TIMEOUT_MS, signal, onUsed });
  const endpoints = createEndpoints(rest, (rows) => metrics.offGridRows.inc(rows));

  // A recording holds candles alone.
  const kinds = STREAM_KINDS.filter((kind) => kind !== 'aggTrade' || venue !== 'REPLAY');

  return {
    clock,
    async fetchListings() {
      const info = await endpoints.fetchExchangeInfo(venue);
      if (info.weightPerMinute !== undefined) budget.setLimit(info.weightPerMinute);
      return [...info.listings];
    },
    fetchCandles: (request) => endpoints.fetchClosedCandles(request, clock),
    findFirstOpenTime: (symbol) => endpoints.findFirstOpenTime(symbol),
    fetchTrades: (request) => endpoints.fetchTrades(request),
    openFeed: (symbols, listener) => openStreamFeed(symbols, listener, { wsUrl, gates, kinds, clock, endpoints, metrics, log }),
    openDepth: (listener) => openDepthStreams(listener, { wsUrl, gates, clock, metrics, log }),
    fetchDepth: (symbol) => endpoints.fetchDepth(symbol),
    setShare(part) {
      budget.setShare(part);
      gates.setShare(part);
    },
    pauseFor: (ms) => budget.pause(ms),
    pausedForMs: () => budget.pausedForMs(),
    async close() {
      await Promise.all([budget.close(), gates.close()]);
    },
  };
}
