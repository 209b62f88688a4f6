// The gateway as it is, over a log in memory; what else it reads is in a database, which is idle.
import { createInProcessLatestChannel } from '@candlecast/bus';
import { systemClock } from '@candlecast/domain';
import { createDatabase } from '@candlecast/store';
import { createLogger } from '@candlecast/telemetry';
import { createDatabasePorts } from '../../../../apps/gateway/src/database-ports.ts';
import { DEFAULT_GUARD } from '../../../../apps/gateway/src/guard/guard.ts';
import { startGateway } from '../../../../apps/gateway/src/start-gateway.ts';
import { createArrayLog } from '../array-log.ts';
import { eventOf } from '../market.ts';
import { obey } from './drive.ts';

const NO_LIMIT = 1_000_000_000;

obey(async (databaseUrl) => {
  const database = await createDatabase({ url: databaseUrl, applicationName: 'gateway bench', poolSize: 6 });
  const log = createArrayLog();
  const { port } = await startGateway({
    ports: {
      ...createDatabasePorts(database),
      log,
      channel: createInProcessLatestChannel(),
      clock: systemClock,
    },
    host: '127.0.0.1',
    port: 0,
    origins: [],
    logger: createLogger('gateway bench', 'error'),
    isTrackingOpen: false,
    webhookTargets: { isLoopbackAllowed: false },
    guard: {
      ...DEFAULT_GUARD,
      quotas: { public: NO_LIMIT, key: NO_LIMIT },
      sockets: { connections: NO_LIMIT, controlsASecond: NO_LIMIT },
      allowsAnyDocument: true,
    },
  });
  return { port, emit: (symbol, tick, madeAtUs) => log.append(eventOf(symbol, tick, log.nextSeq(), madeAtUs)) };
});
