import { rmSync } from 'node:fs';
import { AppError } from '@candlecast/domain';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, type TestContext, vi } from 'vitest';
import { applyMigrations } from '../apply-migrations.ts';
import { runStatement } from '../run-statement.ts';
import type { PostgresServer } from '../start-postgres.ts';
import { makeFolder, startThrowaway } from '../test-server.ts';
import { moveTier } from './move-tier.ts';
import { upgradeDatabase } from './upgrade-database.ts';

// Two instruments, one with a hole, eight days of minutes with a week's bound in them; a row in every other table that has an owner.
const DATA = `
  insert into instrument (venue, symbol, base_asset, quote_asset, state, tick_size, watermark) values
    ('SIM', 'AUSDT', 'A', 'USDT', 'LIVE', '0.0100', '2022-01-07T23:59:00Z'), ('SIM', 'BUSDT', 'B', 'USDT', 'PAUSED', null, null);
  insert into candle_1m (instrument_id, open_time, open, high, low, close, base_volume, quote_volume, trade_count, known_at)
  select i.id, t, 10 + n % 7, 20 + n % 5, 5.50 - n % 3, 11.25, n % 13 * 0.00100, case when n % 500 > 0 then n * 0.1 end, n, t + interval '60.123456 s'
  from instrument i, generate_series(timestamptz '2021-12-31 00:00Z', '2022-01-07 23:59Z', interval '1 minute') with ordinality m (t, n)
  where i.symbol = 'AUSDT' or n not between 4000 and 9000;
  call candle_refresh('2021-12-31T00:00:00Z', '2022-01-08T00:00:00Z');
  insert into gap (instrument_id, from_time, to_time, reason, first_seen_at, last_attempt_at)
    values (2, '2022-01-01T00:00:00Z', '2022-01-02T00:00:00Z', 'PENDING', '2022-01-03T00:00:00Z', '2022-01-03T00:00:00Z');
  insert into model (name, version, kind, feature_schema, card) values ('m', '1', 'BASELINE', 1, '{"a": [1, null]}');
  insert into forecast (instrument_id, model_id, horizon, as_of, target_time, issued_at, timing, ref_price, p_up, log_returns, prices, input_hash,
      ledger_seq, prev_hash, hash)
    values (1, 1, '1h', '2022-01-10Z', '2022-01-10T01:00:00Z', '2022-01-10Z', 'ON_TIME', 11.250, 0.1::float8 + 0.2::float8, '{-0.1,0.3}', '{1.50,2}', 'x',
      1, '\\x00', '\\x5c00');
  insert into ledger_head values ('SIM', 1, '\\x5c00', '2022-01-10Z');
  insert into forecast_due values ('2022-01-10T01:00:00Z', 1, '1h', 1, '2022-01-10Z');
  insert into forecast_score (instrument_id, horizon, as_of, model_id, scored_at, target_time, actual, crps, band)
    values (1, '1h', '2022-01-09Z', 1, '2022-01-09T01:00:00Z', '2022-01-09T01:00:00Z', 11.250, 0.1::float8 / 3, 80);
  insert into calibration values (1, '1h', 'm', '2022-01-10Z', 300, 61, '{0.5,1}');
  insert into paper_trade values (1, '1h', '2022-01-10Z', '2022-01-10T01:00:00Z', 1, -1, 11.250, 22, '2022-01-10T01:00:01Z', 11.150, null, 0.1::float8 / 3);
  insert into track_day select 1, 1, '1h', '2022-01-09', '2022-01-09Z', '2022-01-09Z', 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1, 0.1::float8 / 3, 0.3, 0, 0, 0;
  insert into forecast_input (instrument_id, model_id, as_of, input, sha256) values (1, 1, '2022-01-10Z', '\\x00ff0a5c', 'x');
  insert into agg_trade values (1, 7, '2022-01-10Z', 1.10, 2.20, 1, 2, 'BUY');
  insert into top_of_book values (1, '2022-01-10Z', 1.10, 2.20, 1.20, 0.10, 9);
  update retention set keep = '90 days' where relation = 'agg_trade';
  insert into external_series values ('fear', '2022-01-10Z', '2022-01-11Z', 0.50);
  select event_append('2022-01-10Z', array['gap.recorded'], array['SIM:AUSDT'], array['{}']::json[]);`;

let home: string;
let plain: PostgresServer;
let other: PostgresServer | undefined;
let otherHome: string;
let isApache = true;

beforeAll(async () => {
  home = makeFolder();
  otherHome = makeFolder();
  plain = await startThrowaway(home);
  other = await startThrowaway(otherHome, [], { hasTimescale: true }).catch((cause: unknown) => {
    if (!(cause instanceof AppError) || cause.code !== 'timescale_unavailable') throw cause;
    isApache = false;
    return startThrowaway(otherHome);
  });
  await runStatement(plain.url, 'create database example');
  await applyMigrations(withDatabase(plain, 'example'), () => undefined);
  await runStatement(withDatabase(plain, 'example'), DATA);
}, 120_000);
afterAll(async () => {
  await Promise.all([plain.stop(), other?.stop()]);
  for (const folder of [home, otherHome]) rmSync(folder, { recursive: true, force: true });
});

describe('moveTier', () => {
  let from: string;
  let to: string;
  beforeEach(async () => {
    from = await fresh(plain, 'example');
    to = await fresh(other, 'template1');
  });
  afterEach(() => vi.restoreAllMocks());

  it('carries every table over and makes equal roll-ups, from plain PostgreSQL to the Apache edition', async (context) => {
    needsApache(context);
    const { fromTier, toTier, hashes } = await moveTier({ from, to, log: () => undefined });
    expect([fromTier, toTier]).toEqual(['plain', 'apache']);
    const rows = Object.fromEntries(hashes.map((hash) => [hash.relation, hash.rows]));
    expect(rows).toMatchObject({ candle_1m: 2 * 11_520 - 5_001, candle_1w: 4, agg_trade: 1, forecast: 1, forecast_input: 1, gap: 1 });
    expect(new Set(hashes.map(({ hash }) => hash)).size).toBeGreaterThan(15);
    expect(await runStatement(to, `select keep::text from retention where relation = 'agg_trade'`)).toEqual([{ keep: '90 days' }]);
    const texts = `select a.input, f.p_up, f.prices::text, i.tick_size::text from forecast_input a, forecast f, instrument i where i.id = 1`;
    expect(await runStatement(to, texts)).toEqual(await runStatement(from, texts));
  });

  it('begins a new log and goes on counting ids', async () => {
    await moveTier({ from, to, log: () => undefined });
    const head = `select epoch, seq, (select count(*)::integer from event_log) as events from event_log_head`;
    const [[old], [made]] = await Promise.all([runStatement(from, head), runStatement(to, head)]);
    expect(made).toMatchObject({ seq: '0', events: 0 });
    expect(made?.epoch).not.toBe(old?.epoch);
    const added = `insert into instrument (venue, symbol, base_asset, quote_asset) values ('SIM', 'CUSDT', 'C', 'USDT') returning id`;
    expect(await runStatement(to, added)).toEqual([{ id: 3 }]);
  });

  it('refuses a database that has rows', async () => {
    await moveTier({ from, to, log: () => undefined });
    await expect(moveTier({ from, to, log: () => undefined })).rejects.toMatchObject({ code: 'move_refused' });
  });

  it('refuses what was written to meanwhile', async () => {
    await applyMigrations(to, () => undefined);
    const gate = new pg.Client({ connectionString: to });
    await gate.connect();
    await gate.query('begin; lock table model in exclusive mode');
    const moving = moveTier({ from, to, log: () => undefined });
    moving.catch(() => undefined);
    await vi.waitFor(async () => expect(await runStatement(to, 'select from pg_locks where not granted')).toHaveLength(1), 20_000);
    await runStatement(from, `select event_append('2022-01-10Z', array['gap.recorded'], array['SIM:AUSDT'], array['{}']::json[])`);
    await gate.end();
    await expect(moving).rejects.toMatchObject({ code: 'move_refused', message: expect.stringContaining('written to') });
  });

  it('finds what is not equal', async () => {
    await applyMigrations(to, () => undefined);
    await runStatement(
      to,
      `create function spoil() returns trigger language plpgsql as $$ begin new.high := new.high + 0.00000001; return new; end $$;
       create trigger spoil before insert on candle_1m for each row when (new.open_time = '2022-01-02T03:04:00Z' and new.instrument_id = 1) execute function spoil()`,
    );
    await expect(moveTier({ from, to, log: () => undefined })).rejects.toMatchObject({
      code: 'move_differs',
      message: expect.stringContaining('candle_1m'),
    });
  });
});

describe('upgradeDatabase', () => {
  it('turns a plain data folder that is opened with TimescaleDB into one of the Apache edition, once', async (context) => {
    needsApache(context);
    const folder = makeFolder();
    let server = await startThrowaway(folder);
    await applyMigrations(server.url, () => undefined);
    await runStatement(server.url, DATA);
    const count = `select count(*)::integer as weeks, sum(base_volume)::text as volume, storage_tier() as tier from candle_1w`;
    const [before] = await runStatement(server.url, count);
    await server.stop();
    server = await startThrowaway(folder, [], { hasTimescale: true });
    const lines: string[] = [];
    expect(await upgradeDatabase(server.url, (line) => lines.push(line))).toBe(true);
    expect(await runStatement(server.url, count)).toEqual([{ ...before, tier: 'apache' }]);
    expect(lines).toEqual([expect.stringContaining('18039 candles')]);
    expect(await upgradeDatabase(server.url, (line) => lines.push(line))).toBe(false);
    const databases = await runStatement(server.url, `select datname from pg_database where datname like 'candlecast%'`);
    expect(databases).toEqual([{ datname: 'candlecast' }]);
    await server.stop();
    rmSync(folder, { recursive: true });
  });
});

function needsApache(context: TestContext): void {
  if (!isApache) context.skip("this machine cannot have Debian's TimescaleDB");
}

let made = 0;
async function fresh(server: PostgresServer | undefined, template: string): Promise<string> {
  if (!server) throw new Error('the server did not start');
  const name = `move_${++made}`;
  await runStatement(server.url, `create database ${name} template ${template}`);
  return withDatabase(server, name);
}

function withDatabase(server: PostgresServer, name: string): string {
  return server.url.replace(/candlecast$/, name);
}
