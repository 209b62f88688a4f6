import type { AddressInfo } from 'node:net';
import type {
  BookReader,
  CandleReader,
  Clock,
  EventLog,
  ExternalReader,
  ForecastReader,
  GapReader,
  HindcastReader,
  InstrumentReader,
  KeyStore,
  LatestChannel,
  QualityReader,
  QuotaStore,
  ReplayReader,
  TrackingDesk,
  TradeReader,
} from '@candlecast/domain';
import type { PrismaClient, StorageTier } from '@candlecast/store';
import type { Logger } from '@candlecast/telemetry';
import { createAdapterRoutes } from './adapters/adapter-routes.ts';
import { createAdmit } from './adapters/admission.ts';
import { createExportAdapters } from './adapters/export/export-adapters.ts';
import { createLlmsAdapters } from './adapters/llms/llms-adapters.ts';
import { createUdfAdapters } from './adapters/udf/udf-adapters.ts';
import { type AlertPorts, startAlerts } from './alerts/alerts.ts';
import { createGuard, type GuardSettings } from './guard/guard.ts';
import { createCatchUpTurns } from './live/catch-up-turns.ts';
import { createEventHub } from './live/event-hub.ts';
import { createFanout } from './live/fanout.ts';
import { followLatest, followLog } from './live/follow.ts';
import { createLatestValues } from './live/latest-values.ts';
import { createOpenCandles } from './live/open-candles.ts';
import type { StreamLimits } from './live/stream-durable.ts';
import { createStreams } from './live/streams.ts';
import { createDepthBooks } from './market/depth-books.ts';
import { createForecastNodes } from './market/forecast-nodes.ts';
import { createLiveSummaries } from './market/live-summaries.ts';
import { createModels } from './market/models.ts';
import { shareReads } from './market/share-reads.ts';
import { createTracker } from './market/tracker.ts';
import { createVenues } from './market/venues.ts';
import { createReplayCounts } from './replay/replay-counts.ts';
import { createReplays } from './replay/replays.ts';
import { steadyTime } from './replay/steady-time.ts';
import { printSortedSchema } from './schema/print-schema.ts';
import { schema } from './schema/schema.ts';
import { startDatabaseProbe } from './server/database-probe.ts';
import type { Graphiql } from './server/graphiql.ts';
import { createGraphqlEndpoint } from './server/graphql-endpoint.ts';
import { createHttpDoor } from './server/http-door.ts';
import { createGatewayMetrics } from './server/metrics.ts';
import { openWebSocketDoor } from './server/websocket-door.ts';
import type { TargetPolicy } from './webhooks/target-rules.ts';
import { startWebhooks, type WebhookPorts } from './webhooks/webhooks.ts';

/** What the gateway reads from. */
export interface GatewayPorts {
  readonly candles: CandleReader;
  readonly instruments: InstrumentReader;
  readonly forecasts: ForecastReader;
  readonly hindcasts: HindcastReader;
  readonly quality: QualityReader;
  readonly gaps: GapReader;
  readonly books: BookReader;
  readonly trades: TradeReader;
  readonly external: ExternalReader;
  readonly tracking: TrackingDesk;
  readonly keys: KeyStore;
  readonly quotas: QuotaStore;
  readonly webhooks: WebhookPorts;
  readonly alerts: AlertPorts;
  readonly replay: ReplayReader;
  readonly prisma: PrismaClient;
  readonly tier: StorageTier;
  readonly log: EventLog;
  readonly channel: LatestChannel;
  readonly clock: Clock;
}

/** How and where to serve. */
export interface GatewayOptions {
  readonly ports: GatewayPorts;
  readonly host: string;
  readonly port: number;
  /** Web origins that browsers may read from. */
  readonly origins: readonly string[];
  readonly logger: Logger;
  /** Anybody may have pairs tracked. */
  readonly isTrackingOpen: boolean;
  readonly webhookTargets: TargetPolicy;
  readonly graphiql?: Graphiql | undefined;
  readonly limits?: Partial<StreamLimits>;
  readonly guard?: Partial<GuardSettings>;
}

/** A gateway that takes requests. */
export interface Gateway {
  readonly port: number;
  /** Stops taking requests, lets running ones finish, and sends subscribers elsewhere. The ports stay open. */
  close(): Promise<void>;
}

const LIMITS: StreamLimits = { queueCapacity: 10_000, behindLimitMs: 20_000, heartbeatMs: 15_000, unsentBytes: 128 * 1024 };
/** How long a client may take to answer a closing handshake. */
const FAREWELL_MS = 2_000;

/** Starts the gateway on its port. Needs the database to answer once; outlives its later absences, during which it is not ready. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { ports, logger, origins } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const limits = { ...LIMITS, ...options.limits };

  const hub = createEventHub();
  const latest = createLatestValues();
  const venues = createVenues(ports.instruments, ports.clock);
  const models = createModels(ports.forecasts);
  const nodes = createForecastNodes({ forecasts: ports.forecasts, models, venues });
  const openCandles = createOpenCandles({ hub, latest, candles: ports.candles, logger });
  const metrics = createGatewayMetrics();
  const counts = metrics.fanout;
  const { queueCapacity, heartbeatMs, unsentBytes } = limits;
  const fanout = createFanout({ hub, counts, logger, queueCapacity, heartbeatMs, unsentLimit: unsentBytes });
  metrics.showFanout(fanout.size);
  const turns = createCatchUpTurns();
  const { log, clock } = ports;
  const streams = createStreams({
    log,
    hub,
    latest,
    openCandles,
    candles: ports.candles,
    nodes,
    venues,
    fanout,
    turns,
    counts,
    limits,
  });
  const { candles, forecasts, quality, gaps, books, trades, external, prisma } = ports;
  // A thousand that reconnect at once ask for the same list.
  const instruments = { ...ports.instruments, findInstruments: shareReads(ports.instruments.findInstruments) };
  const depth = createDepthBooks({ channel: ports.channel, latest, now: () => performance.now() });
  const summaries = createLiveSummaries({ hub, candles, venues, logger });
  const tracker = createTracker({ desk: ports.tracking, venues, isOpen: options.isTrackingOpen });
  const readers = { instruments, candles, forecasts, hindcasts: ports.hindcasts, quality, gaps, books, trades, external, prisma };
  const guard = createGuard({ settings: options.guard ?? {}, keys: ports.keys, quotas: ports.quotas, logger, signal });
  const { keys, toll } = guard;
  const webhookParts = { ...ports.webhooks, policy: options.webhookTargets, log, latest, clock, registry: metrics.registry };
  const webhooks = startWebhooks({ ...webhookParts, logger, signal });
  const alerts = startAlerts({ ...ports.alerts, log, latest, candles, forecasts, venues, registry: metrics.registry, logger, signal });
  const past = { replay: ports.replay, candles, gaps, trades, books, nodes, venues, log };
  const replays = createReplays({ ...past, wall: clock, heartbeatMs, counts: createReplayCounts(metrics.registry), ...steadyTime });
  const made = { keys, toll, webhooks: webhooks.desk, alerts: alerts.desk, replays };
  const services = { ...readers, venues, models, nodes, latest, streams, tracker, depth, summaries, ...made };

  const probe = startDatabaseProbe(ports.log, signal);
  const endpoint = createGraphqlEndpoint({ schema, services, guard, logger, corsOrigins: origins, graphiql: options.graphiql });
  const http = createHttpDoor({
    endpoint,
    guard,
    origins,
    logger,
    printedSchema: printSortedSchema(),
    adapters: createAdapterRoutes([...createUdfAdapters(services), ...createExportAdapters(services), ...createLlmsAdapters()], {
      ...{ admit: createAdmit(guard), origins, logger },
    }),
    checks: [probe.check],
    storageTier: ports.tier,
    metrics,
  });
  const webSockets = openWebSocketDoor({ server: http.server, endpoint, guard, allowedOrigins: origins, turns, metrics, logger });
  hub.moveTo(await ports.log.head()); // so that the first subscription finds a place to begin
  const following = [followLog({ log: ports.log, hub, logger, signal }), followLatest({ channel: ports.channel, latest, logger, signal })];

  await new Promise<void>((resolve, reject) => {
    http.server.once('error', reject);
    http.server.listen(options.port, options.host, resolve);
  });
  return {
    port: (http.server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => http.server.close(() => resolve()));
      http.drain();
      webSockets.drain(FAREWELL_MS);
      await closed;
      stopping.abort();
      await Promise.all([...following, webhooks.done, alerts.done, probe.done, guard.done]);
    },
  };
}
