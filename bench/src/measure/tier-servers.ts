import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMigrations, prepareTimescale, runStatement, startPostgres } from '@candlecast/postgres';
import { createDatabase, type Database, type StorageTier } from '@candlecast/store';
import { findFreePort } from '@candlecast/testkit';
import type { Report } from './report.ts';

/** A migrated, empty database of one storage tier, with the settings that users run. */
export interface TierServer {
  readonly tier: StorageTier;
  readonly url: string;
  readonly database: Database;
  stop(): Promise<void>;
}

/**
 * Runs `measure` on each storage tier that this machine has, on a fresh database each: the embedded PostgreSQL, the embedded TimescaleDB
 * (Debian on amd64), and the full edition that TEST_TIMESCALE_URL names. Says which were left out.
 */
export async function onEveryTier(report: Report, title: string, measure: (server: TierServer) => Promise<void>): Promise<void> {
  const timescaleUrl = process.env.TEST_TIMESCALE_URL;
  const obstacle = await prepareTimescale(() => undefined).then(
    () => undefined,
    (cause: unknown) => (cause instanceof Error ? cause.message : String(cause)),
  );
  await onServer(report, title, await openEmbedded(false), measure);
  if (obstacle) report.skip(`${title}, apache`, obstacle);
  else await onServer(report, title, await openEmbedded(true), measure);
  if (timescaleUrl) await onServer(report, title, await openOn(timescaleUrl), measure);
  else report.skip(`${title}, tsl`, 'TEST_TIMESCALE_URL names no server');
}

/** Runs `measure` on the embedded PostgreSQL alone. */
export async function onPlainTier(report: Report, title: string, measure: (server: TierServer) => Promise<void>): Promise<void> {
  await onServer(report, title, await openEmbedded(false), measure);
}

async function onServer(report: Report, title: string, server: TierServer, measure: (server: TierServer) => Promise<void>): Promise<void> {
  try {
    report.section(`${title} (${server.tier})`);
    await measure(server);
  } finally {
    await server.stop();
  }
}

/** Starts an embedded server: durable, as users run it. */
export async function openEmbedded(hasTimescale: boolean): Promise<TierServer> {
  const folder = mkdtempSync(join(tmpdir(), 'candlecast-bench-'));
  // As root the server runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  const server = await startPostgres({ dataDir: join(folder, 'postgres'), port: await findFreePort(), log: () => undefined, hasTimescale });
  return migrate(server.url, async () => {
    await server.stop();
    for (const path of [server.dataDir, folder]) rmSync(path, { recursive: true, force: true });
  });
}

/** Makes a database on a server, which stays. */
export async function openOn(url: string): Promise<TierServer> {
  const name = `candlecast_bench_${process.pid}_${Math.round(performance.now())}`;
  await runStatement(url, `create database ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return migrate(own.href, async () => void (await runStatement(url, `drop database if exists ${name} with (force)`)));
}

/** Statements may take as long as they need. */
async function migrate(url: string, remove: () => Promise<void>): Promise<TierServer> {
  await applyMigrations(url, () => undefined);
  const database = await createDatabase({ url, applicationName: 'bench', poolSize: 8, statementTimeoutMs: 0 });
  return {
    tier: database.tier,
    url,
    database,
    async stop() {
      await database.close();
      await remove();
    },
  };
}
