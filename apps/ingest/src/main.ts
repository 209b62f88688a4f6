import { hostname } from 'node:os';
import { createPostgresLatestChannel } from '@candlecast/bus';
import { createLogger, createMetrics, runService, startHealthServer } from '@candlecast/telemetry';
import { createBinanceExchange } from './binance/binance-exchange.ts';
import { createDumpHost } from './binance/dump-host.ts';
import { createBodyReader } from './collect/body-reader.ts';
import { readSourcesFile } from './collect/read-sources-file.ts';
import { readSource } from './collect/source-kinds.ts';
import { readConfig } from './config.ts';
import { createIngestMetrics } from './health/metrics.ts';
import { startIngest } from './ingest.ts';
import { steadyClock, withSystemTime } from './steady-clock.ts';
import { keepUp } from './upkeep.ts';
import { connectStore } from './write/connect-store.ts';

const settings = readConfig(process.env);
if (!settings.ok) {
  console.error(settings.error.message);
  process.exit(1);
}
const config = settings.value;
const sources = config.seriesFile === undefined ? undefined : await readSourcesFile(config.seriesFile);
if (sources && !sources.ok) {
  console.error(sources.error.message);
  process.exit(1);
}
const log = createLogger('ingest', config.logLevel);

runService(log, async ({ signal, onStop }) => {
  const registry = createMetrics();
  const metrics = createIngestMetrics(registry);

  let store: Awaited<ReturnType<typeof connectStore>> | undefined;
  onStop('database', () => store?.close());
  const latest = createPostgresLatestChannel({
    url: config.databaseUrl,
    log: (message, cause) => log.warn({ err: cause }, message),
  });
  onStop('latest channel', () => latest.close());
  const exchange = createBinanceExchange({
    ...config,
    wall: steadyClock,
    metrics,
    log,
    signal,
    findTurns: () => store?.connectTurns(config.venue, config.address),
  });
  onStop('exchange', () => exchange.close());
  const bodies = createBodyReader();
  onStop('sources outside', () => bodies.close());

  const ingest = startIngest({
    ...config,
    exchange,
    dumpHost: config.dumpUrl === undefined ? undefined : createDumpHost(config.dumpUrl, signal),
    latest,
    collect: { sources: sources?.value ?? [], read: (source, aborted) => readSource(source, { bodies, signal: aborted }) },
    metrics,
    log,
    name: `${hostname()}:${process.pid}`,
    async connect(leaseOf) {
      store = await connectStore(config.databaseUrl, leaseOf);
      log.info({ tier: store.tier }, 'the database answers');
      return { ...store, instrumentWriter: withSystemTime(store.instrumentWriter) };
    },
  });
  onStop('ingest', () => ingest.close());
  const status = () => ({ ...ingest.status(), storageTier: store?.tier ?? null });
  const health = await startHealthServer({ ...config, checks: ingest.checks, metrics: registry, status });
  onStop('health server', () => health.close());
  log.info({ venue: config.venue, port: health.port }, 'ingest runs');

  const upkeep = keepUp({ find: () => store?.maintenance, metrics, log, signal });
  await ingest.done;
  await upkeep;
});
