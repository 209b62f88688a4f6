import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@candlecast/domain';
import { applyMigrations, type PostgresServer, runStatement, startPostgres } from '@candlecast/postgres';
import { findFreePort } from './find-free-port.ts';

/** What a test server stores with. */
export type TestTier = 'plain' | 'apache' | 'tsl';

/** A database server for tests, with a migrated database that others are cloned from. */
export interface TestServer {
  /** Address of a database on the server from which others can be made. */
  readonly adminUrl: string;
  /** Name of the migrated database. */
  readonly template: string;
  /** What `storage_tier()` says there. */
  readonly tier: TestTier;
  stop(): Promise<void>;
}

/** Which server tests run on: one that is there, or an embedded one, with TimescaleDB's Apache edition or without. */
export interface TestServerChoice {
  readonly url: string | undefined;
  readonly hasTimescale: boolean;
}

/** Starts a throwaway server, or uses the one at `url` (which stays), and migrates a template database on it. */
export async function startTestServer({ url, hasTimescale }: TestServerChoice): Promise<TestServer> {
  const server = url === undefined ? await startThrowaway(hasTimescale) : { url, stop: async () => undefined };
  const template = `candlecast_template_${randomUUID().replaceAll('-', '')}`;
  let tier: TestTier;
  try {
    await runStatement(server.url, `create database ${template}`);
    await applyMigrations(withDatabase(server.url, template), (line) => console.warn(line));
    const [row] = await runStatement(withDatabase(server.url, template), 'select storage_tier() as tier');
    tier = row?.tier as TestTier;
    // TimescaleDB's workers visit every database that can be visited, and one that has a visitor cannot be cloned.
    await runStatement(server.url, `alter database ${template} with allow_connections false`);
    await runStatement(server.url, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${template}'`);
  } catch (cause) {
    await server.stop();
    throw cause;
  }
  return {
    adminUrl: server.url,
    template,
    tier,
    async stop() {
      if (url !== undefined) await runStatement(url, `drop database if exists ${template} with (force)`);
      await server.stop();
    },
  };
}

/** Returns `url` with another database name. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function startThrowaway(hasTimescale: boolean): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'candlecast-test-'));
  // As root the server runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  const server = await startOnFreePort(folder, hasTimescale, 5);
  return {
    url: server.url,
    async stop() {
      await server.stop();
      for (const path of [server.dataDir, folder]) rmSync(path, { recursive: true, force: true });
    },
  };
}

async function startOnFreePort(folder: string, hasTimescale: boolean, attempts: number): Promise<PostgresServer> {
  const port = await findFreePort();
  try {
    const log = (line: string) => console.warn(line);
    return await startPostgres({ dataDir: join(folder, 'postgres'), port, log, isDurable: false, hasTimescale });
  } catch (cause) {
    const isTaken = cause instanceof AppError && cause.code === 'port_in_use';
    if (!isTaken || attempts <= 1) throw cause;
    return await startOnFreePort(folder, hasTimescale, attempts - 1);
  }
}
