import { createEventLog, createPostgresLatestChannel } from '@candlecast/bus';
import { systemClock } from '@candlecast/domain';
import { createLogger, runService } from '@candlecast/telemetry';
import { readConfig } from './config.ts';
import { connectPatiently } from './connect-patiently.ts';
import { createDatabasePorts } from './database-ports.ts';
import { loadGraphiql } from './server/graphiql.ts';
import { startGateway } from './start-gateway.ts';

const config = readConfig(process.env);
const logger = createLogger('gateway', config.ok ? config.value.logLevel : 'info');

runService(logger, async ({ signal, onStop }) => {
  if (!config.ok) throw config.error;
  const { databaseUrl, host, port, origins, hasGraphiql, isTrackingOpen, guard, slowReaderMs, isWebhookLoopbackAllowed } = config.value;
  const busLog = (message: string, cause?: unknown) => logger.warn({ err: cause }, message);

  const database = await connectPatiently({ url: databaseUrl, applicationName: 'gateway', statementTimeoutMs: 5_000 }, logger, signal);
  onStop('database', () => database.close());
  const log = createEventLog({ url: databaseUrl, log: busLog });
  onStop('event log', () => log.close());
  const channel = createPostgresLatestChannel({ url: databaseUrl, log: busLog });
  onStop('latest channel', () => channel.close());

  const gateway = await startGateway({
    ports: {
      ...createDatabasePorts(database),
      log,
      channel,
      clock: systemClock,
    },
    host,
    port,
    origins,
    logger,
    isTrackingOpen,
    guard,
    limits: { behindLimitMs: slowReaderMs },
    webhookTargets: { isLoopbackAllowed: isWebhookLoopbackAllowed },
    graphiql: hasGraphiql ? await loadGraphiql() : undefined,
  });
  onStop('gateway', () => gateway.close());
  logger.info({ port: gateway.port, tier: database.tier }, 'ready for requests');
});
