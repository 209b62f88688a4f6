import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMigrations, runStatement, startPostgres } from '@candlecast/postgres';
import { createDatabase, type Database, type StorageTier } from '@candlecast/store';
import { findFreePort } from '@candlecast/testkit';

/** A migrated, empty database of one storage tier, with the settings that users run. */
export interface TierServer {
  readonly tier: StorageTier;
  readonly url: string;
  readonly database: Database;
  stop(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL (durable, as users run it) in a folder of its own, or makes a database on the server at `url`, which
 * stays. Statements may take as long as they need.
 */
export async function openTierServer(url?: string): Promise<TierServer> {
  const server = url === undefined ? await startEmbedded() : await makeDatabase(url);
  await applyMigrations(server.url, () => undefined);
  const database = await createDatabase({ url: server.url, applicationName: 'bench', poolSize: 8, statementTimeoutMs: 0 });
  return {
    tier: database.tier,
    url: server.url,
    database,
    async stop() {
      await database.close();
      await server.stop();
    },
  };
}

async function startEmbedded(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'candlecast-bench-'));
  // As root the server runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  const server = await startPostgres({ dataDir: join(folder, 'postgres'), port: await findFreePort(), log: () => undefined });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      for (const path of [server.dataDir, folder]) rmSync(path, { recursive: true, force: true });
    },
  };
}

async function makeDatabase(url: string): Promise<{ url: string; stop(): Promise<void> }> {
  const name = `candlecast_bench_${process.pid}_${Math.round(performance.now())}`;
  await runStatement(url, `create database ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.href, stop: async () => void (await runStatement(url, `drop database if exists ${name} with (force)`)) };
}
