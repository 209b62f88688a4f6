import { setTimeout as delay } from 'node:timers/promises';
import { type PostgresServer, type StartPostgresOptions, startPostgres } from '@candlecast/postgres';
import type { LocalEvent } from './local-event.ts';
import { countFailure, restartDelayMs } from './restart-delay.ts';

/** The embedded database, kept running. */
export interface KeptPostgres {
  readonly url: string;
  readonly dataDir: string;
  readonly hasTimescale: boolean;
  pid(): number;
  stop(): Promise<void>;
}

/** Starts the embedded database and starts it again, on the same port and data, when it ends by itself. The first start may throw. */
export async function keepPostgres(options: StartPostgresOptions, onEvent: (event: LocalEvent) => void): Promise<KeptPostgres> {
  const stopping = new AbortController();
  let server: PostgresServer = await startPostgres(options);
  const loop = keepRunning();

  async function keepRunning(): Promise<void> {
    let failures = 0;
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      const code = await server.exited;
      if (stopping.signal.aborted) return;
      failures = countFailure(failures, performance.now() - startedAt);
      server = await restart(code, failures);
    }
  }

  async function restart(code: number | null, failures: number): Promise<PostgresServer> {
    const restartMs = restartDelayMs(failures);
    onEvent({ type: 'app-ended', app: 'postgres', code, signal: null, restartMs });
    await delay(restartMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    if (stopping.signal.aborted) return server;
    try {
      const next = await startPostgres(options);
      onEvent({ type: 'app-restarted', app: 'postgres', pid: next.pid });
      return next;
    } catch (cause) {
      options.log(cause instanceof Error ? cause.message : String(cause));
      return restart(null, failures + 1);
    }
  }

  return {
    url: server.url,
    dataDir: server.dataDir,
    hasTimescale: server.hasTimescale,
    pid: () => server.pid,
    async stop() {
      stopping.abort();
      await server.stop();
      await loop;
      await server.stop();
    },
  };
}
