import { createTestDatabase, eventually, findFreePort, type TestDatabase } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from './database.ts';
import { candleAt, candlesBetween, minute, openTestStore, type TestStore } from './testing/test-store.ts';

let store: TestStore;
let empty: TestDatabase;

beforeAll(async () => {
  store = await openTestStore();
  empty = await createTestDatabase();
});
afterAll(async () => {
  await store.close();
  await empty.drop();
});

describe('createDatabase', () => {
  it('says when nobody answers, and that a retry may help', async () => {
    const url = `postgresql://nobody@127.0.0.1:${await findFreePort()}/nothing`;
    await expect(createDatabase({ url, applicationName: 'test' })).rejects.toMatchObject({ code: 'database_unavailable', retryable: true });
  });

  it('says when the migrations are missing', async () => {
    const admin = await createDatabase({ url: empty.url, applicationName: 'test' });
    await admin.sessions.pool.query('drop function storage_tier()');
    await admin.close();
    await expect(createDatabase({ url: empty.url, applicationName: 'test' })).rejects.toMatchObject({
      code: 'database_not_migrated',
      retryable: false,
    });
  });

  it('runs sessions in UTC under its name and gives up a statement that takes too long', async () => {
    const db = await createDatabase({ url: store.url, applicationName: 'store test', poolSize: 1, statementTimeoutMs: 50 });
    const settings = `select current_setting('TimeZone') as zone, current_setting('application_name') as name`;
    expect((await db.sessions.pool.query(settings)).rows).toEqual([{ zone: 'UTC', name: 'store test' }]);
    await expect(db.sessions.run({ name: 'slow', text: 'select pg_sleep(30)' })).rejects.toMatchObject({
      code: 'database_timeout',
      retryable: true,
    });
    await db.close();
  });

  it('goes on after its connections were cut, with nothing half done', async () => {
    const id = await store.list();
    await store.writer.startLive(id, minute(0));
    const killer = await createDatabase({ url: store.url, applicationName: 'killer', poolSize: 1 });
    const cutting = (async () => {
      for (let round = 0; round < 20; round++) {
        await killer.prisma.$executeRaw`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name = 'test' and pid <> pg_backend_pid()`;
      }
    })();
    let cuts = 0;
    for (let at = 0; at < 120; at++) {
      await eventually(() =>
        store.writer.commitClosed([{ instrumentId: id, candles: [candleAt(at)] }], minute(at + 1)).catch((cause: unknown) => {
          cuts++;
          expect(cause).toMatchObject({ retryable: true });
          throw cause;
        }),
      );
    }
    await cutting;
    await killer.close();
    expect(cuts).toBeGreaterThan(0);
    const log = (await store.readLog()).filter(({ key }) => key === `${id}@1m`);
    expect(log.map(({ payload }) => ('candle' in payload ? payload.candle.openTime : 0))).toEqual(
      candlesBetween(0, 120).map((candle) => candle.openTime),
    );
    const [twoHours] = await store.reader.findCandles({
      instrumentId: id,
      interval: '2h',
      range: { from: minute(0), to: minute(120) },
      limit: 1,
      take: 'oldest',
    });
    expect(twoHours).toMatchObject({ tradeCount: 1_200, isClosed: true });
  });
});
