import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createPostgresLatestChannel } from '@candlecast/bus';
import { systemClock } from '@candlecast/domain';
import { findFreePort } from '@candlecast/testkit';
import { buildProgram, type Program, startProgram } from '../api/program.ts';
import { ROOT } from '../measure/bundle.ts';
import { openEmbedded } from '../measure/tier-servers.ts';
import { type LiveMarket, startLiveMarket } from './live-market.ts';
import { openQuickSocket, type QuickSocket } from './quick-socket.ts';

/** The built web app before a gateway and a live market of nine pairs. */
export interface Stage {
  readonly webUrl: string;
  readonly market: LiveMarket;
  readonly socket: QuickSocket;
  stop(): Promise<void>;
}

const WEB = 'apps/web/.next/standalone/apps/web/server.js';

/** Builds the web app and starts it with a gateway, a database and a market whose prices move `updatesASecond` times a second. */
export async function openStage(updatesASecond: number): Promise<Stage> {
  execFileSync(join(ROOT, 'node_modules/.bin/turbo'), ['run', 'build', '--filter=@candlecast/web'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const server = await openEmbedded(false);
    stops.push(server.stop);
    const channel = createPostgresLatestChannel({ url: server.url });
    stops.push(() => channel.close());
    const market = await startLiveMarket({ database: server.database, channel, updatesASecond, clock: systemClock });
    stops.push(market.stop);
    const webPort = await findFreePort();
    const gateway = await startProgram(
      await buildProgram('apps/gateway/src/main.ts'),
      {
        ...{ DATABASE_URL: server.url, CANDLECAST_LOG_LEVEL: 'warn', CANDLECAST_WEB_PORT: `${webPort}` },
        ...{ CANDLECAST_QUOTA_PUBLIC: '1000000', CANDLECAST_CONNECTIONS: '1000' },
      },
      '/ready',
      undefined,
    );
    stops.push(gateway.stop);
    const socket = await openQuickSocket(gateway.port, Math.floor(1_000 / updatesASecond));
    stops.push(socket.stop);
    const web = await startWeb(webPort, gateway, socket);
    stops.push(web.stop);
    return { webUrl: `http://127.0.0.1:${webPort}`, market, socket, stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
}

function startWeb(port: number, gateway: Program, socket: QuickSocket): Promise<Program> {
  const environment = {
    ...{ PORT: `${port}`, HOSTNAME: '127.0.0.1', CANDLECAST_GATEWAY_PORT: `${gateway.port}` },
    CANDLECAST_GATEWAY_PUBLIC_URL: `http://127.0.0.1:${socket.port}`,
  };
  return startProgram(join(ROOT, WEB), environment, '/health', undefined, port);
}
