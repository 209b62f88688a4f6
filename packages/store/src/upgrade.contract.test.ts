import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toInstrumentId } from '@candlecast/domain';
import { applyMigrations, CANDLE_RELATIONS, runStatement } from '@candlecast/postgres';
import { createTestDatabase, type TestDatabase } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCandleWriter } from './candle-writer.ts';
import { createDatabase } from './database.ts';
import { createForecastReader } from './forecast-reader.ts';
import { createLedgerReader } from './ledger-reader.ts';
import { createMaintenance } from './maintenance.ts';
import { expectWholeChain } from './testing/expect-whole-chain.ts';
import { candleAt, minute } from './testing/test-store.ts';

/** The schema of the release before this one; its successors are what an upgrade applies. */
const PREVIOUS = ['20261121000000_init'];
const MIGRATIONS = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));

/** What the previous release leaves behind: a live series with a hole, one that went back two weeks, gaps, a log, a ledger. */
const DATA = `
  insert into venue_clock (venue, wall_time, anchor_time, speed) values ('SIM', '2022-01-05Z', '2022-01-05Z', 1);
  insert into instrument (venue, symbol, base_asset, quote_asset, tick_size, state, first_open_time, watermark, live_since) values
    ('SIM', 'AUSDT', 'A', 'USDT', '0.0100', 'LIVE', '2021-12-20Z', '2022-01-04T23:59:00Z', '2022-01-04Z'),
    ('SIM', 'BUSDT', 'B', 'USDT', null, 'PAUSED', '2022-01-03Z', null, null);
  insert into candle_1m (instrument_id, open_time, open, high, low, close, base_volume, quote_volume, trade_count, first_trade_id, last_trade_id, known_at)
  select i.id, t, 10 + n % 7, 20 + n % 5, 5.50 - n % 3, 11.25, n % 13 * 0.00100, case when n % 500 > 0 then n * 0.1 end, n % 9, n * 2, n * 2 + 1, t
  from instrument i, generate_series(timestamptz '2021-12-20 00:00Z', '2022-01-04 23:59Z', interval '1 minute') with ordinality m (t, n)
  where (i.symbol = 'AUSDT' and n not between 8000 and 8100) or (i.symbol = 'BUSDT' and n > 20160);
  insert into gap (instrument_id, from_time, to_time, reason, first_seen_at, attempts, last_attempt_at, resolved_at) values
    (1, '2021-12-25T13:19:00Z', '2021-12-25T15:00:00Z', 'EXCHANGE_OUTAGE', '2022-01-03Z', 3, '2022-01-03Z', null),
    (1, '2021-12-28Z', '2021-12-28T01:00:00Z', 'PENDING', '2022-01-02Z', 1, '2022-01-02Z', '2022-01-03Z');
  insert into model (name, version, kind, feature_schema, card) values ('m', '1', 'LSTM', 1, '{"a": 1}');
  insert into model (name, version, kind, sha256, trained_from, trained_through, feature_schema, card) values
    ('n', '2', 'LSTM', 'ab', '2021-12-01Z', '2022-01-01Z', 2, '{}');
  insert into forecast (instrument_id, model_id, horizon, as_of, target_time, issued_at, timing, ref_price, p_up, log_returns, prices, input_hash)
  select 1, m, h, t, t + h::interval, t + interval '1 second' * n, case when n > 10 then 'LATE' else 'ON_TIME' end::forecast_timing, 11.250,
    0.1::float8 + n / 7::float8 / 10, array(select (q - 5) * 0.01 / n from generate_series(1, 9) q), array(select 11.250 + q * 0.010 from generate_series(1, 9) q), 'x'
  from generate_series(timestamptz '2022-01-01Z', '2022-01-04Z', interval '6 hours') with ordinality g (t, n), unnest('{1,2}'::integer[]) m, unnest('{1h,24h}'::text[]) h;
  insert into forecast_input values (1, 1, '2022-01-04Z', '\\x00ff0a5c', 'x');
  select event_append('2022-01-04Z', array['gap.recorded', 'candle.closed'], array['SIM:AUSDT', 'SIM:AUSDT@1m'], array['{"a": 1}', '{}']::json[]);`;

const KEPT = {
  venue_clock: '*',
  instrument:
    'id, venue, symbol, base_asset, quote_asset, tick_size, step_size, state, state_reason, first_open_time, watermark, live_since',
  gap: 'id, instrument_id, from_time, to_time, reason, first_seen_at, attempts, last_attempt_at, resolved_at',
  event_log: '*',
  event_log_head: '*',
  model: '*',
  forecast: 'id, instrument_id, model_id, horizon, as_of, target_time, issued_at, timing, ref_price, p_up, log_returns, prices, input_hash',
  forecast_input: '*',
  ...Object.fromEntries(CANDLE_RELATIONS.map((relation) => [relation, '*'])),
};

let home: TestDatabase;
let url: string;
const dir = mkdtempSync(join(tmpdir(), 'candlecast-previous-'));

beforeAll(async () => {
  home = await createTestDatabase();
  const name = new URL(home.url).pathname.slice(1).replace('test', 'upgrade');
  await runStatement(home.url, `create database ${name}`);
  url = home.url.replace(/\/[^/]+$/, `/${name}`);
  for (const migration of PREVIOUS) {
    mkdirSync(join(dir, migration));
    cpSync(join(MIGRATIONS, migration, 'migration.sql'), join(dir, migration, 'migration.sql'));
  }
  await applyMigrations(url, () => undefined, dir);
  await runStatement(url, DATA);
  await runStatement(url, `call candle_refresh('2021-12-20T00:00:00Z', '2022-01-05T00:00:00Z')`);
});
afterAll(async () => {
  await runStatement(home.url, `drop database if exists ${new URL(url).pathname.slice(1)} with (force)`);
  await home.drop();
  rmSync(dir, { recursive: true });
});

async function readAll(): Promise<Record<string, unknown>> {
  const contents: Record<string, unknown> = {};
  for (const [relation, columns] of Object.entries(KEPT)) {
    const [row] = await runStatement(
      url,
      `select count(*)::integer as rows, md5(string_agg(r::text, '' order by r::text collate "C")) as hash from (select ${columns} from ${relation}) r`,
    );
    contents[relation] = row;
  }
  return contents;
}

describe('the database of the previous release', () => {
  it('keeps every row and every roll-up when it is upgraded, and works on', async () => {
    const before = await readAll();
    expect(before).toMatchObject({
      candle_1m: { rows: 23_040 - 101 + 2_880 },
      candle_1w: { rows: 4 },
      gap: { rows: 2 },
      event_log: { rows: 2 },
      forecast: { rows: 13 * 4 },
    });
    expect(await applyMigrations(url, () => undefined)).toBeGreaterThan(0);
    expect(await readAll()).toEqual(before);
    expect(await runStatement(url, 'select resolution from gap order by id')).toEqual([{ resolution: null }, { resolution: 'FETCHED' }]);

    const db = await createDatabase({ url, applicationName: 'test', poolSize: 3 });
    const id = toInstrumentId('SIM', 'AUSDT');
    const seven = Array.from({ length: 7 }, (_, index) => candleAt(2 * 1_440 + index));
    await createCandleWriter(db).commitClosed([{ instrumentId: id, candles: seven }], minute(2 * 1_440 + 7));
    await createMaintenance(db).run();
    await expectWholeChain(createLedgerReader(db), createForecastReader(db), 13 * 4);
    await db.close();
    const [differing] = await runStatement<{ count: number }>(
      url,
      `select count(*)::integer from candle_1h c, candle_of_minutes(c.instrument_id, c.open_time, c.open_time + interval '1 hour') f
       where c is distinct from f`,
    );
    expect(differing?.count).toBe(0);
    const closed = await runStatement(url, `select key from event_log where key like '%@5m' and topic = 'candle.closed'`);
    expect(closed).toEqual([{ key: 'SIM:AUSDT@5m' }]);
    expect(await applyMigrations(url, () => undefined)).toBe(0);
  });
});
