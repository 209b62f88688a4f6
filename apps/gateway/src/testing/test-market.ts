import { createEventLog, createInProcessLatestChannel } from '@candlecast/bus';
import {
  addMs,
  type CandleValues,
  type CandleWriter,
  type EpochMs,
  type EventLog,
  type ForecastScorer,
  type ForecastWriter,
  type InstrumentId,
  type InstrumentWriter,
  type LatestChannel,
  MINUTE_MS,
  splitInstrumentId,
  toDecimal,
  toEpochMs,
} from '@candlecast/domain';
import {
  createCandleWriter,
  createDatabase,
  createForecastScorer,
  createForecastWriter,
  createInstrumentWriter,
  type Database,
} from '@candlecast/store';
import { createLogger } from '@candlecast/telemetry';
import { aCandle, createTestDatabase, FakeClock } from '@candlecast/testkit';
import { createDatabasePorts } from '../database-ports.ts';
import type { GuardSettings } from '../guard/guard.ts';
import type { StreamLimits } from '../live/stream-durable.ts';
import { type Gateway, startGateway } from '../start-gateway.ts';

/** 2022-01-03T00:00:00Z, a Monday: where every test market begins. */
export const START = toEpochMs(Date.UTC(2022, 0, 3));

/** The pairs of the test market. */
export const BTC = 'SIM:BTCUSDT' as InstrumentId;
export const ETH = 'SIM:ETHUSDT' as InstrumentId;

/** As on one machine; tests that are not about quotas do not meet them. */
const ROOMY: Partial<GuardSettings> = {
  quotas: { public: 100_000_000, key: 100_000_000 },
  sockets: { connections: 100_000, controlsASecond: 20 },
  allowsAnyDocument: true,
  hasIntrospection: true,
};

/** A real database with a simulated market in it, and the gateways over it. */
export interface TestMarket {
  readonly url: string;
  readonly database: Database;
  readonly log: EventLog;
  readonly channel: LatestChannel;
  readonly candles: CandleWriter;
  readonly instruments: InstrumentWriter;
  readonly forecasts: ForecastWriter;
  readonly scorer: ForecastScorer;
  /** The venue's time; it stands still until a test moves it. */
  readonly clock: FakeClock;
  /** Lists `ids`, live since START. */
  list(...ids: InstrumentId[]): Promise<void>;
  /** Commits closed minutes [from, to) counted from START, and moves the clock to their end. */
  close(id: InstrumentId, from: number, to: number): Promise<void>;
  /** Publishes the open minute. */
  open(id: InstrumentId, minute: number, values?: Partial<CandleValues>): void;
  startGateway(
    limits?: Partial<StreamLimits>,
    isTrackingOpen?: boolean,
    guard?: Partial<GuardSettings>,
  ): Promise<Gateway & { readonly httpUrl: string; readonly wsUrl: string }>;
  /** Ends every connection to the database at the server, as its restart would. */
  cutDatabaseConnections(): Promise<void>;
  stop(): Promise<void>;
}

/** Returns the instant `minute` minutes after START. */
export function at(minute: number): EpochMs {
  return addMs(START, minute * MINUTE_MS);
}

/** Returns the values of a minute: every one differs, so that a hole or a swap shows. */
export function minuteOf(minute: number, values: Partial<CandleValues> = {}): CandleValues {
  const price = toDecimal(`${1_000 + minute}.50`);
  const {
    isClosed: _,
    revision: __,
    knownAt: ___,
    reconstructed: ____,
    ...candle
  } = aCandle({
    openTime: at(minute),
    open: toDecimal(`${1_000 + minute}.00`),
    high: toDecimal(`${1_001 + minute}.00`),
    low: toDecimal(`${999 + minute}.00`),
    close: price,
    baseVolume: toDecimal('1.50000000'),
    firstTradeId: minute * 10,
    lastTradeId: minute * 10 + 9,
    tradeCount: 10,
  });
  return { ...candle, ...values };
}

/** Starts an empty market of venue SIM. */
export async function startTestMarket(): Promise<TestMarket> {
  const { url, drop } = await createTestDatabase();
  const database = await createDatabase({ url, applicationName: 'gateway test', poolSize: 6 });
  const log = createEventLog({ url });
  const channel = createInProcessLatestChannel();
  const clock = new FakeClock(START);
  const candles = createCandleWriter(database);
  const instruments = createInstrumentWriter(database);
  const gateways: Gateway[] = [];
  await instruments.saveClock({ venue: 'SIM', wallTime: START, anchorTime: START, speed: 1 });
  return {
    url,
    database,
    log,
    channel,
    candles,
    instruments,
    forecasts: createForecastWriter(database),
    scorer: createForecastScorer(database),
    clock,
    async list(...ids) {
      await instruments.upsertInstruments(
        ids.map((id) => {
          const { venue, symbol } = splitInstrumentId(id);
          const assets = { baseAsset: symbol.replace('USDT', ''), quoteAsset: 'USDT' };
          return { id, venue, symbol, ...assets, tickSize: toDecimal('0.01000000'), stepSize: toDecimal('0.00001000') };
        }),
      );
      for (const id of ids) await candles.startLive(id, START);
    },
    async close(id, from, to) {
      const minutes = Array.from({ length: to - from }, (_, index) => minuteOf(from + index));
      if (at(to) > clock.now()) clock.set(at(to));
      await candles.commitClosed([{ instrumentId: id, candles: minutes }], at(to));
    },
    open(id, minute, values) {
      const time = addMs(at(minute), 1_000);
      const candle = minuteOf(minute, values);
      channel.publish({
        topic: 'candle.open',
        key: id,
        value: { instrumentId: id, candle, exchangeTime: time, receivedAt: addMs(time, 40) },
      });
    },
    async startGateway(limits, isTrackingOpen = true, guard = {}) {
      const gateway = await startGateway({
        ports: {
          ...createDatabasePorts(database),
          log,
          channel,
          clock,
        },
        host: '127.0.0.1',
        port: 0,
        origins: ['http://localhost:3000'],
        logger: createLogger('gateway', 'silent'),
        isTrackingOpen,
        webhookTargets: { isLoopbackAllowed: true },
        limits,
        guard: { ...ROOMY, ...guard },
      });
      gateways.push(gateway);
      const address = `127.0.0.1:${gateway.port}/graphql`;
      return { ...gateway, httpUrl: `http://${address}`, wsUrl: `ws://${address}` };
    },
    async cutDatabaseConnections() {
      const others = 'datname = current_database() and pid <> pg_backend_pid()';
      await database.sessions.run({ name: 'test-cut', text: `select pg_terminate_backend(pid) from pg_stat_activity where ${others}` });
    },
    async stop() {
      await Promise.all(gateways.map((gateway) => gateway.close()));
      await channel.close();
      await log.close();
      await database.close();
      await drop();
    },
  };
}
