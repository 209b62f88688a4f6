import { createInProcessLatestChannel } from '@candlecast/bus';
import {
  type CandleValues,
  DAY_MS,
  type EpochMs,
  type FeedStatus,
  floorToInterval,
  HOUR_MS,
  type LatestUpdate,
  MINUTE_MS,
  systemClock,
  type TimeRange,
  toInstrumentId,
  type Venue,
} from '@candlecast/domain';
import { type ExchangeSim, type SimSource, startExchangeSim } from '@candlecast/exchange-sim';
import { createCandleReader, createDatabase, type Database } from '@candlecast/store';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { createTestDatabase } from '@candlecast/testkit';
import { createBinanceExchange } from '../binance/binance-exchange.ts';
import { createDumpHost } from '../binance/dump-host.ts';
import type { Listing } from '../exchange.ts';
import { createIngestMetrics, type IngestMetrics } from '../health/metrics.ts';
import { type Ingest, type IngestOptions, startIngest } from '../ingest.ts';
import { connectStore } from '../write/connect-store.ts';

/** What a test wants of its world. */
export interface WorldOptions {
  readonly symbols?: readonly string[];
  readonly source?: SimSource;
  readonly venue?: Venue;
  readonly speed?: number;
  readonly historyDays?: number;
  /** Long histories come from the simulator's archive first. */
  readonly hasDumps?: boolean;
  /** On the venue's clock; an hour by default. */
  readonly auditIntervalMs?: number;
  /** Hears everything that ingest publishes. */
  readonly onPublish?: (update: LatestUpdate) => void;
  /** Silent by default. */
  readonly logLevel?: string;
}

/** A running ingest with what it told. */
export interface RunningIngest extends Ingest {
  readonly metrics: IngestMetrics;
  /** Every feed status that was published, in order, repetitions left out. */
  readonly feedStates: readonly FeedStatus['state'][];
}

/** What a start may have otherwise. */
export interface StartOptions {
  /** The database at another address. */
  readonly databaseUrl?: string;
  /** What the configuration lists; the symbols of the world by default. */
  readonly wish?: readonly string[];
  /** Changes what the exchange lists. */
  readonly listings?: (listings: Listing[]) => Listing[];
  /** Sources outside and how they are read; none by default. */
  readonly collect?: NonNullable<IngestOptions['collect']>;
}

/** A simulated exchange and an empty database; ingest is started by the test. */
export interface World {
  readonly sim: ExchangeSim;
  readonly database: Database;
  readonly databaseUrl: string;
  readonly symbols: readonly string[];
  /** Starts ingest. */
  start(over?: StartOptions): RunningIngest;
  /** Stored 1m candles that open in the range, as the exchange would say them. Fails when one of them was ever corrected. */
  stored(symbol: string, range: TimeRange): Promise<CandleValues[]>;
  /** Fails unless the store holds exactly the exchange's closed candles of the wanted history, but for the newest two minutes. */
  expectTruth(): Promise<void>;
  close(): Promise<void>;
}

const SYMBOLS = ['BTCUSDT', 'USDCUSDT'];
/** A settled moment of the simulated market. */
export const START = Date.UTC(2026, 4, 20, 10, 30, 20) as EpochMs;

/** Starts a world. `speed` is how fast the exchange's time runs (default 200: a minute in 300 ms). */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { symbols = SYMBOLS, speed = 200, historyDays = 1, venue = 'SIM' } = options;
  const source = options.source ?? { kind: 'simulated', seed: 7, symbols };
  const anchor = source.kind === 'simulated' ? { anchorTime: START } : {};
  const sim = await startExchangeSim({ source, wallClock: systemClock, speed, ...anchor });
  const { url, drop } = await createTestDatabase();
  const database = await createDatabase({ url, applicationName: 'ingest test', poolSize: 8 });
  const stores: { close(): Promise<void> }[] = [database];
  const reader = createCandleReader(database);
  const started: (() => Promise<void>)[] = [];
  const beginning = source.kind === 'simulated' ? floorToInterval((START - historyDays * DAY_MS) as EpochMs, '1d') : (0 as EpochMs);

  async function stored(symbol: string, range: TimeRange): Promise<CandleValues[]> {
    const query = { instrumentId: toInstrumentId(venue, symbol), interval: '1m', range, limit: 1_000_000, take: 'oldest' } as const;
    const candles = await reader.findCandles(query);
    // The simulator never restates a candle: a revision means that something was stored before it was true.
    const revised = candles.find(({ revision }) => revision > 0);
    if (revised) throw new Error(`${symbol}: ${JSON.stringify(revised)} was corrected`);
    return candles.map(toValues);
  }

  return {
    sim,
    database,
    databaseUrl: url,
    symbols,
    stored,
    start(over) {
      const log = createLogger('ingest', options.logLevel ?? 'silent');
      const metrics = createIngestMetrics(createMetrics());
      const latest = createInProcessLatestChannel();
      const stop = new AbortController();
      const feedStates: FeedStatus['state'][] = [];
      const publish: typeof latest.publish = (update) => {
        if (update.topic === 'feed.status' && update.value.state !== feedStates.at(-1)) feedStates.push(update.value.state);
        options.onPublish?.(update);
        latest.publish(update);
      };
      const { restUrl, wsUrl } = sim;
      const edge = { venue, restUrl, wsUrl, clockSpeed: speed, wall: systemClock, metrics, log, signal: stop.signal };
      const binance = createBinanceExchange(edge);
      const change = over?.listings ?? ((listings: Listing[]) => listings);
      const exchange = { ...binance, fetchListings: async () => change(await binance.fetchListings()) };
      const ingest = startIngest({
        venue,
        wish: source.kind === 'recorded' ? 'everything' : (over?.wish ?? symbols),
        historyDays: source.kind === 'recorded' ? 'everything' : historyDays,
        dumpHost: options.hasDumps ? createDumpHost(restUrl, stop.signal) : undefined,
        auditIntervalMs: options.auditIntervalMs ?? HOUR_MS,
        market: { storeTrades: true, sampleBook: true, depthBooks: 2 },
        exchange,
        ...(over?.collect && { collect: over.collect }),
        latest: { ...latest, publish },
        metrics,
        log,
        name: 'test',
        address: 'here',
        async connect(leaseOf) {
          const store = await connectStore(over?.databaseUrl ?? url, leaseOf);
          stores.push(store);
          return store;
        },
      });
      const close = async () => {
        stop.abort();
        await ingest.close();
        await exchange.close();
      };
      started.push(close);
      return { ...ingest, metrics, feedStates, close };
    },

    async expectTruth() {
      const to = (floorToInterval(sim.now(), '1m') - 2 * MINUTE_MS) as EpochMs;
      for (const symbol of symbols) {
        const truth = await sim.truth(symbol, '1m', { from: beginning, to });
        const rows = await stored(symbol, { from: beginning, to });
        expectSame(symbol, rows, truth);
      }
    },

    async close() {
      await Promise.all(started.map((close) => close()));
      await sim.close();
      await Promise.all(stores.map((store) => store.close()));
      await drop();
    },
  };
}

/** Compares field by field. Trade ids are compared where the store has them: requested candles have none. */
function expectSame(symbol: string, rows: readonly CandleValues[], truth: readonly CandleValues[]): void {
  const stored = new Map(rows.map((row) => [row.openTime, row]));
  for (const candle of truth) {
    const row = stored.get(candle.openTime);
    if (!row)
      throw new Error(`${symbol}: ${new Date(candle.openTime).toISOString()} is missing (${rows.length} stored, ${truth.length} true)`);
    const ids = row.firstTradeId === null ? { firstTradeId: null, lastTradeId: null } : {};
    const wanted: CandleValues = { ...candle, ...ids };
    if (JSON.stringify(row) !== JSON.stringify(wanted)) {
      throw new Error(`${symbol}: stored ${JSON.stringify(row)} is not ${JSON.stringify(wanted)}`);
    }
  }
  if (rows.length !== truth.length) throw new Error(`${symbol}: ${rows.length} stored, ${truth.length} true`);
}

function toValues(candle: CandleValues): CandleValues {
  return {
    openTime: candle.openTime,
    open: candle.open,
    high: candle.high,
    low: candle.low,
    close: candle.close,
    baseVolume: candle.baseVolume,
    quoteVolume: candle.quoteVolume,
    tradeCount: candle.tradeCount,
    takerBuyBaseVolume: candle.takerBuyBaseVolume,
    takerBuyQuoteVolume: candle.takerBuyQuoteVolume,
    firstTradeId: candle.firstTradeId,
    lastTradeId: candle.lastTradeId,
  };
}
