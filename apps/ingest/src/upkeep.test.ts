import { createDatabase, createMaintenance, type Database } from '@candlecast/store';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { createTestDatabase, eventually, type TestDatabase } from '@candlecast/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createIngestMetrics } from './health/metrics.ts';
import { keepUp } from './upkeep.ts';

let test: TestDatabase;
let database: Database;
let stop: AbortController;
let metrics: ReturnType<typeof createIngestMetrics>;

beforeEach(async () => {
  test = await createTestDatabase();
  database = await createDatabase({ url: test.url, applicationName: 'test' });
  stop = new AbortController();
  metrics = createIngestMetrics(createMetrics());
});
afterEach(async () => {
  stop.abort();
  await database.close();
  await test.drop();
});

const outcomes = async () =>
  Object.fromEntries((await metrics.maintenanceRuns.get()).values.map(({ labels, value }) => [labels.outcome, value]));

it('maintains the database when it answers, unless another process does so, and goes on after a failure', async () => {
  let isConnected = false;
  const log = createLogger('test', 'silent');
  const maintenance = createMaintenance(database);
  const find = () => (isConnected ? maintenance : undefined);
  const ended = keepUp({ find, metrics, log, signal: stop.signal, everyMs: 20 });
  await database.sessions.pool.query(
    `insert into instrument (venue, symbol, base_asset, quote_asset, watermark) values ('SIM', 'A', 'A', 'B', '2026-11-24Z')`,
  );
  await database.sessions.pool.query(`insert into agg_trade values (1, 1, '2026-11-16Z', 1, 1, 1, 1, 'SELL')`);
  await database.sessions.runLocked(7_224_001, async () => {
    isConnected = true;
    await eventually(async () => expect(await outcomes()).toHaveProperty('left to another'), { timeoutMs: 20_000 });
  });
  await eventually(async () => expect(await outcomes()).toHaveProperty('done'), { timeoutMs: 20_000 });
  expect((await database.sessions.pool.query('select from agg_trade')).rowCount).toBe(0);
  await database.sessions.pool.query('alter procedure retention_apply() rename to away');
  await eventually(async () => expect(await outcomes()).toHaveProperty('failed'), { timeoutMs: 20_000 });
  const { done = 0 } = await outcomes();
  await database.sessions.pool.query('alter procedure away() rename to retention_apply');
  await eventually(async () => expect((await outcomes()).done).toBeGreaterThan(done), { timeoutMs: 20_000 });
  stop.abort();
  await ended;
}, 100_000);
