import type { LogEvent } from '@candlecast/domain';
import { createDatabase, createMaintenance } from '@candlecast/store';
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

async function firstOf<T>(events: AsyncIterable<T>): Promise<T | undefined> {
  for await (const event of events) return event;
  return undefined;
}

const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('the event log', () => {
  it('says that another try may work when the database does not answer', async () => {
    const away = createEventLog({ url: 'postgresql://nobody@127.0.0.1:1/nothing' });
    const failure = { code: 'log_unavailable', retryable: true };
    await expect(away.head()).rejects.toMatchObject(failure);
    await expect(away.read({ after: { epoch: '11111111-1111-4111-8111-111111111111', seq: 0 }, limit: 1 })).rejects.toMatchObject(failure);
    await away.close();
  });

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
    await expect(firstOf(log.follow(start, stop.signal))).rejects.toMatchObject({ code: 'log_epoch_changed' });
  });

  it('finds what was committed without a wake-up', async () => {
    const seen = collect(log.follow(await log.head(), stop.signal));
    await append(1, 1);
    await eventually(() => expect(seen).toEqual([1]));
    await client.query(`
      with head as (update event_log_head set seq = seq + 1 returning epoch, seq)
      insert into event_log select epoch, seq, '2023-07-31', 'gap.recorded', 'SIM:S0', '{}' from head`);
    await eventually(() => expect(seen).toEqual([1, 2]));
  });

  it('follows several writers, some of which roll back, in the order of their commits', async () => {
    const seen = collect(log.follow(await log.head(), stop.signal));
    const writers = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const writer = new pg.Client(database.url);
        await writer.connect();
        return writer;
      }),
    );
    await Promise.all(
      writers.map(async (writer, index) => {
        for (let round = 0; round < 40; round++) {
          await writer.query('begin');
          await writer.query(
            `select event_append(clock_timestamp(), array['gap.recorded', 'gap.recorded'], array['a', 'b'], array['{}', '{}']::json[])`,
          );
          await writer.query((round + index) % 5 === 0 ? 'rollback' : 'commit');
        }
        await writer.end();
      }),
    );
    const { seq } = await log.head();
    expect(seq).toBe(4 * 32 * 2);
    await eventually(() => expect(seen).toHaveLength(seq));
    expect(seen).toEqual(upTo(seq));
  });

  it('says so when the next events have been removed, instead of jumping over them', async () => {
    const start = await log.head();
    await append(1, 10);
    await client.query('delete from event_log where seq <= 5');
    expect(await log.oldest()).toEqual({ epoch: start.epoch, seq: 5 });
    await expect(firstOf(log.follow(start, stop.signal))).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    expect(await firstOf(log.follow({ epoch: start.epoch, seq: 5 }, stop.signal))).toMatchObject({ seq: 6 });
    await client.query('delete from event_log');
    expect(await log.oldest()).toEqual(await log.head());
    await expect(firstOf(log.follow(start, stop.signal))).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
  });

  it('tells of a cursor that retention left behind, and goes on from one that it kept', async () => {
    await client.query(
      `insert into instrument (venue, symbol, base_asset, quote_asset, watermark) values ('SIM', 'S0', 'S', 'U', '2023-07-31T00:00:00Z')`,
    );
    const start = await log.head();
    for (let day = 10; day >= 0; day--) {
      const at = `2023-07-31T00:00:00Z'::timestamptz - interval '${day} days`;
      await client.query(`select event_append('${at}', array['candle.closed'], array['SIM:S0@1m'], array['{}']::json[])`);
    }
    const store = await createDatabase({ url: database.url, applicationName: 'test' });
    await createMaintenance(store).applyRetention();
    await store.close();
    expect([await log.oldest(), await log.head()]).toEqual([
      { epoch: start.epoch, seq: 3 },
      { epoch: start.epoch, seq: 11 },
    ]);
    await expect(firstOf(log.follow({ epoch: start.epoch, seq: 2 }, stop.signal))).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    expect(await firstOf(log.follow({ epoch: start.epoch, seq: 3 }, stop.signal))).toMatchObject({ seq: 4 });
  });

  it('ends what follows it when it is closed', async () => {
    const reading = firstOf(log.follow(await log.head(), new AbortController().signal));
    await log.close();
    expect(await reading).toBeUndefined();
  });
});
