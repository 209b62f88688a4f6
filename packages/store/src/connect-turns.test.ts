import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConnectTurns } from './connect-turns.ts';
import { createDatabase, type Database } from './database.ts';
import { openTestStore, type TestStore } from './testing/test-store.ts';

let store: TestStore;
let other: Database;

beforeEach(async () => {
  store = await openTestStore();
  other = await createDatabase({ url: store.url, applicationName: 'another process', poolSize: 4 });
});
afterEach(async () => {
  await other.close();
  await store.close();
});

const takeMany = (turns: ReturnType<typeof createConnectTurns>, count: number) =>
  Promise.all(Array.from({ length: count }, () => turns.take()));

describe('turns to connect', () => {
  it('are 90 at once and then one every 1.5 s, over all processes of an address, and at most 290 in five minutes', async () => {
    const startedAt = performance.now();
    const ours = createConnectTurns(store.db, 'SIM', 'here');
    const theirs = createConnectTurns(other, 'SIM', 'here');
    const all = (await Promise.all([takeMany(ours, 130), takeMany(theirs, 130)])).flat();
    const elapsedMs = performance.now() - startedAt;
    const waits = all.filter((wait) => wait !== undefined).sort((a, b) => a - b);
    expect(waits[89]).toBe(0);
    // Each turn comes 1.5 s after the one before it; what the asking took makes the wait shorter.
    for (const [index, wait] of waits.slice(90).entries()) {
      expect(wait).toBeLessThanOrEqual((index + 1) * 1_500);
      expect(wait).toBeGreaterThan((index + 1) * 1_500 - elapsedMs - 1);
    }
    // 200 are what fits into the five minutes ahead; the others ask again.
    expect(waits.length).toBeGreaterThanOrEqual(200);
    expect(waits.length).toBeLessThanOrEqual(200 + Math.ceil(elapsedMs / 1_500));
    expect(all.filter((wait) => wait === undefined)).toHaveLength(260 - waits.length);
  });

  it('stay taken when a process starts anew; those of another address are its own', async () => {
    await takeMany(createConnectTurns(other, 'SIM', 'here'), 95);
    expect(await createConnectTurns(store.db, 'SIM', 'here').take()).toBeGreaterThan(0);
    expect(await createConnectTurns(store.db, 'SIM', 'there').take()).toBe(0);
    expect(await createConnectTurns(store.db, 'BINANCE', 'here').take()).toBe(0);
  });

  it('come within five minutes when the clock of the database was set back', async () => {
    const turns = createConnectTurns(store.db, 'SIM', 'here');
    await turns.take();
    await store.sql(`update ingest_turn set taken_until = taken_until + interval '1 day'`);
    const wait = await turns.take();
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(300_000);
  });
});
