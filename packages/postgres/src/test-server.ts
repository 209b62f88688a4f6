import { chmodSync, mkdtempSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PostgresServer, type StartPostgresOptions, startPostgres } from './start-postgres.ts';

/** Makes a temporary folder that PostgreSQL's user may pass through (this package's own tests cannot use testkit, which uses it). */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'candlecast-postgres-'));
  chmodSync(folder, 0o711);
  return folder;
}

/** Starts a throwaway server in `folder`/postgres on a free port; lines for the user go to `lines`. */
export async function startThrowaway(
  folder: string,
  lines: string[] = [],
  options: Partial<StartPostgresOptions> = {},
): Promise<PostgresServer> {
  const { port } = await listenAnywhere();
  return startPostgres({ dataDir: join(folder, 'postgres'), port, log: (line) => lines.push(line), isDurable: false, ...options });
}

/** Returns a port that is free, or with `keep` a server that holds one. */
export async function listenAnywhere(keep = false): Promise<{ port: number; server: Server }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  if (!keep) await new Promise((resolve) => server.close(resolve));
  return { port, server };
}
