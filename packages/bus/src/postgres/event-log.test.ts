import type { LogEvent } from '@candlecast/domain';
import { createTestDatabase, eventually, type TestDatabase } from '@candlecast/testkit';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEventLog } from './event-log.ts';

let database: TestDatabase;
let client: pg.Client;
let log: ReturnType<typeof createEventLog>;
let stop: AbortController;

beforeEach(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database.url);
  await client.connect();
  client.on('error', () => undefined);
  log = createEventLog({ url: database.url, pollMs: 200 });
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await log.close();
  await client.end();
  await database.drop();
});

async function append(first: number, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, index) => first + index);
  await client.query(`select event_append('2023-07-31T00:00:00.123Z', $1, $2, $3::json[])`, [
    numbers.map(() => 'gap.recorded'),
    numbers.map((number) => `SIM:S${number % 2}`),
    numbers.map((number) => JSON.stringify({ number })),
  ]);
}

function collect(events: AsyncIterable<LogEvent>): number[] {
  const seen: number[] = [];
  void (async () => {
    for await (const event of events) seen.push(event.seq);
  })();
  return seen;
}

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('the event log', () => {
  it('reads what was appended, by topic and key, exactly after a position', async () => {
    const start = await log.head();
    await append(1, 6);
    expect(await log.head()).toEqual({ epoch: start.epoch, seq: start.seq + 6 });
    expect(await log.oldest()).toEqual(start);
    const events = await log.read({ after: { epoch: start.epoch, seq: start.seq + 2 }, limit: 10, keys: ['SIM:S1'] });
    expect(events).toEqual([
      expect.objectContaining({
        seq: 3,
        key: 'SIM:S1',
        topic: 'gap.recorded',
        at: Date.parse('2023-07-31T00:00:00.123Z'),
        payload: { number: 3 },
      }),
      expect.objectContaining({ seq: 5, payload: { number: 5 } }),
    ]);
    expect(await log.read({ after: start, limit: 10, topics: ['candle.closed'] })).toEqual([]);
  });

  it('follows from history into live without a hole or a repeat', async () => {
    const start = await log.head();
    await append(1, 2_500);
    const seen = collect(log.follow(start, stop.signal));
    for (let round = 0; round < 20; round++) await append(2_501 + round * 10, 10);
    await eventually(() => expect(seen).toHaveLength(2_700));
    expect(seen).toEqual(upTo(2_700));
  });

  it('goes on when its connections are cut', async () => {
    const seen = collect(log.follow(await log.head(), stop.signal));
    await append(1, 1);
    await eventually(() => expect(seen).toEqual([1]));
    await client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await append(2, 3);
    await eventually(() => expect(seen).toEqual([1, 2, 3, 4]));
  });

  it('ends with a clear error when the log was made anew', async () => {
    const start = await log.head();
    await client.query('update event_log_head set epoch = gen_random_uuid(), seq = 0');
    const reading = (async () => {
      for await (const event of log.follow(start, stop.signal)) return event;
      return undefined;
    })();
    await expect(reading).rejects.toMatchObject({ code: 'log_epoch_changed' });
  });
});
