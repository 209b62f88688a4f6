import { randomUUID } from 'node:crypto';
import { runStatement } from '@candlecast/postgres';
import { SERVER_DESK } from './server-desk.ts';
import { type TestServer, type TestTier, withDatabase } from './test-server.ts';

/** A database of one test's own, with all migrations applied and no rows. */
export interface TestDatabase {
  readonly url: string;
  /** Removes the database and cuts the sessions that are still on it. */
  drop(): Promise<void>;
}

/**
 * Makes a fresh migrated database on the server that this vitest run shares: an embedded one (with `TEST_STORAGE_TIER=apache` one
 * with TimescaleDB), or the one that `TEST_DATABASE_URL` names (its user must be allowed to create databases). Works under vitest only.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { adminUrl, template } = await askForServer();
  const name = `candlecast_test_${randomUUID().replaceAll('-', '')}`;
  await runStatement(adminUrl, `create database ${name} template ${template}`);
  return {
    url: withDatabase(adminUrl, name),
    async drop() {
      await runStatement(adminUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

/** Tells the storage tier of that server, so that a file registers only the tests that say something about it. */
export async function findTestTier(): Promise<TestTier> {
  return (await askForServer()).tier;
}

async function askForServer(): Promise<Omit<TestServer, 'stop'>> {
  const desk = process.env[SERVER_DESK];
  if (!desk) throw new Error('createTestDatabase needs the global set-up packages/testkit/src/global-setup.ts in the vitest config');
  const response = await fetch(desk);
  const body = await response.text();
  if (!response.ok) throw new Error(`the test database server did not start: ${body}`);
  return JSON.parse(body) as Omit<TestServer, 'stop'>;
}
