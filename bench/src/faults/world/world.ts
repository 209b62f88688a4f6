import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type EpochMs, MINUTE_MS, systemClock, toInstrumentId } from '@candlecast/domain';
import { type ExchangeSim, startExchangeSim } from '@candlecast/exchange-sim';
import pg from 'pg';
import { type FaultLine, layFaultLine } from '../line/fault-line.ts';
import { translateBans, watchRequests, watchStreams } from '../line/toxics.ts';
import type { DatabaseServer } from './database-server.ts';
import type { Space } from './space.ts';
import { type Supervisor, superviseApp } from './supervisor.ts';

/** What a world is made of. */
export interface WorldOptions {
  /** Seeds the market, and chooses where in its time the world begins and in which time zone ingest runs. */
  readonly seed: number;
  readonly server: DatabaseServer;
  readonly space: Space;
  /** The program of ingest; the built app by default. */
  readonly program?: string;
}

/** One exchange, one database and one supervised ingest, with a line between each two of them. */
export interface World {
  readonly sim: ExchangeSim;
  readonly server: DatabaseServer;
  readonly space: Space;
  /** Between ingest and the exchange. */
  readonly exchange: FaultLine;
  /** Between ingest and the database. */
  readonly database: FaultLine;
  readonly ingest: Supervisor;
  /** What is tracked now. */
  readonly symbols: readonly string[];
  /** Moves the exchange's clock ahead by so many minutes, at once. */
  advance(minutes: number): void;
  /** Tracks one more from the next start of ingest on; undefined when all are tracked. */
  trackMore(): string | undefined;
  /** Runs a statement on the database itself, not over the line; waits while the server is away. */
  query<Row>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Address of the database itself. */
  readonly databaseUrl: string;
  /** Paths that ingest has requested, and when on the monotonic clock. */
  readonly requests: readonly { readonly path: string; readonly atMs: number }[];
  /** Chunks that came over the streams so far. */
  readonly streamChunks: number;
  /** How fast the exchange's time runs. */
  readonly speed: number;
  close(): Promise<void>;
}

/** The exchange's time beside ours: a minute is a fifth of a second. */
export const SPEED = 300;
export const VENUE = 'SIM';
/** The third is a quiet pair: most of its minutes have no trade. */
const FIRST_SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'USDCUSDT'];
const MORE_SYMBOLS = ['SOLUSDT', 'XRPUSDT', 'ADAUSDT'];
const TIME_ZONES = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia', 'Europe/Berlin'];
const BUILT_INGEST = fileURLToPath(new URL('../../../../apps/ingest/dist/main.js', import.meta.url));
const FIRST_START = Date.UTC(2026, 0, 5, 7, 30);

/** Starts a world on a database of its own; ingest starts at once. */
export async function startWorld({ seed, server, space, program = BUILT_INGEST }: WorldOptions): Promise<World> {
  const name = `world_${seed}_${process.pid}`;
  await server.createDatabase(name);
  const anchorTime = (FIRST_START + (seed % 300) * 1_440 * MINUTE_MS + ((seed * 7_919) % 86_400) * 1_000) as EpochMs;
  const symbols = [...FIRST_SYMBOLS, ...MORE_SYMBOLS];
  let aheadMs = 0;
  const sim = await startExchangeSim({
    source: { kind: 'simulated', seed, symbols, pairCount: symbols.length },
    wallClock: { now: () => (systemClock.now() + aheadMs) as EpochMs },
    speed: SPEED,
    anchorTime,
  });
  const exchange = await layFaultLine(sim.port);
  const database = await layFaultLine(server.port);
  const requests: { path: string; atMs: number }[] = [];
  exchange.apply(watchRequests((path) => requests.push({ path, atMs: performance.now() })));
  exchange.apply(translateBans(() => aheadMs));
  let streamChunks = 0;
  exchange.apply(
    watchStreams(() => {
      streamChunks += 1;
    }),
  );
  const pool = new pg.Pool({ connectionString: server.urlOf(name), max: 4, application_name: 'faults' });
  // The server may end under every connection at any time.
  pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined));
  const address = new URL(server.urlOf(name));
  address.port = `${database.port}`;
  const tracked = [...FIRST_SYMBOLS];
  const ingest = superviseApp(({ symbols: wanted = tracked, nodeOptions = [], clockOffsetMs = 0 }) => ({
    program,
    nodeOptions,
    clockOffsetMs,
    environment: {
      DATABASE_URL: address.href,
      CANDLECAST_SOURCE: 'simulated',
      CANDLECAST_BINANCE_REST_URL: `http://127.0.0.1:${exchange.port}`,
      CANDLECAST_BINANCE_WS_URL: `ws://127.0.0.1:${exchange.port}`,
      CANDLECAST_CLOCK_SPEED: `${SPEED}`,
      CANDLECAST_INSTRUMENTS: wanted.join(','),
      CANDLECAST_HISTORY_DAYS: '1',
      // A hole must not be healed by the next audit before it is seen.
      CANDLECAST_AUDIT_INTERVAL: '1d',
      CANDLECAST_INGEST_PORT: '0',
      CANDLECAST_HOST: '127.0.0.1',
      TZ: TIME_ZONES[seed % TIME_ZONES.length] ?? 'UTC',
    },
  }));

  return {
    sim,
    server,
    space,
    exchange,
    database,
    ingest,
    symbols: tracked,
    databaseUrl: server.urlOf(name),
    requests,
    get streamChunks() {
      return streamChunks;
    },
    speed: SPEED,
    advance(minutes) {
      aheadMs += (minutes * MINUTE_MS) / SPEED;
    },
    trackMore() {
      const next = MORE_SYMBOLS.find((symbol) => !tracked.includes(symbol));
      if (next !== undefined) tracked.push(next);
      return next;
    },
    query: (text, values) => queryPatiently(pool, text, values),
    async close() {
      await ingest.stop();
      await Promise.all([exchange.close(), database.close(), sim.close()]);
      await pool.end();
      if (server.isRunning) await server.dropDatabase(name);
    },
  };
}

/** The instrument's id as the store names it. */
export function idOf(symbol: string): string {
  return toInstrumentId(VENUE, symbol);
}

const QUERY_PATIENCE_MS = 60_000;

async function queryPatiently<Row>(pool: pg.Pool, text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const deadline = performance.now() + QUERY_PATIENCE_MS;
  for (;;) {
    try {
      return (await pool.query(text, [...values])).rows as Row[];
    } catch (cause) {
      const code = cause instanceof pg.DatabaseError ? (cause.code ?? '') : '';
      // While it is down another server may have its port for a moment, and knows nobody here (28P01).
      const isPassing = !(cause instanceof pg.DatabaseError) || /^(57|53|08|28P01)/.test(code);
      if (!isPassing || performance.now() > deadline) throw cause;
      await delay(50);
    }
  }
}
