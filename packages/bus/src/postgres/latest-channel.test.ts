import { randomUUID } from 'node:crypto';
import type { LatestChannel, LatestUpdate } from '@candlecast/domain';
import { createTestDatabase, eventually, type TestDatabase } from '@candlecast/testkit';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPostgresLatestChannel } from './latest-channel.ts';

let database: TestDatabase;
let client: pg.Client;
let sender: LatestChannel;
let receiver: LatestChannel;
let seen: LatestUpdate[];
let logged: string[];

beforeEach(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database.url);
  await client.connect();
  logged = [];
  const log = (message: string) => logged.push(message);
  sender = createPostgresLatestChannel({ url: database.url, log });
  receiver = createPostgresLatestChannel({ url: database.url, log });
  seen = [];
  const updates = receiver.subscribe(['feed.status', 'backfill.progress'], new AbortController().signal);
  void (async () => {
    for await (const update of updates) seen.push(update);
  })();
  await eventually(async () => expect(await listeners()).toBe(1));
});

afterEach(async () => {
  await sender.close();
  await receiver.close();
  await client.end();
  await database.drop();
});

function status(detail: string): LatestUpdate {
  return { topic: 'feed.status', key: 'SIM', value: { venue: 'SIM', state: 'LIVE', since: 0, detail } } as LatestUpdate;
}

async function listeners(): Promise<number> {
  const { rowCount } = await client.query(`select from pg_stat_activity where datname = current_database() and query like 'listen %'`);
  return rowCount ?? 0;
}

function cutAllOthers(): Promise<unknown> {
  return client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
}

describe('a latest channel over PostgreSQL', () => {
  it('carries updates between two processes, more than fit one notification', async () => {
    for (let index = 0; index < 300; index++) {
      const key = `SIM:S${index}` as never;
      sender.publish({ topic: 'backfill.progress', key, value: { instrumentId: key, rowsDone: index, rowsWanted: 9, etaMs: null } });
    }
    await eventually(() => expect(new Set(seen.map((update) => update.key)).size).toBe(300));
    expect(logged).toEqual([]);
  });

  it('hears again after its connection was cut', async () => {
    await cutAllOthers();
    await eventually(() => {
      sender.publish(status('again'));
      expect(seen.at(-1)).toEqual(status('again'));
    });
  });

  it('sends what it could not send, though no newer value follows', async () => {
    const role = `sender_${randomUUID().replaceAll('-', '')}`;
    const url = new URL(database.url);
    url.username = role;
    url.password = 'secret';
    await client.query(`create role ${role} nologin password 'secret'`);
    const unlucky = createPostgresLatestChannel({ url: url.href, log: (message) => logged.push(message) });
    try {
      unlucky.publish(status('old'));
      unlucky.publish(status('new'));
      await eventually(() => expect(logged.filter((line) => line.includes('failed')).length).toBeGreaterThan(2));
      await client.query(`alter role ${role} login`);
      await eventually(() => expect(seen).toEqual([status('new')]));
    } finally {
      await unlucky.close();
      await client.query(`drop role ${role}`);
    }
  });

  it('leaves out what is too long and what is not ours, and goes on', async () => {
    sender.publish(status('x'.repeat(8_000)));
    await client.query(`notify candlecast_latest, 'not json'`);
    await client.query(`notify candlecast_latest, '{"topic":"feed.status"}'`);
    sender.publish(status('short'));
    await eventually(() => expect(seen).toEqual([status('short')]));
    expect(logged).toEqual(expect.arrayContaining([expect.stringContaining('larger'), expect.stringContaining('no update')]));
  });
});
