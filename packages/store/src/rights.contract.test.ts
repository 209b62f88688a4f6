import { addMs, type InstrumentId, MINUTE_MS, toDecimal } from '@candlecast/domain';
import { openAppLogins } from '@candlecast/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAlertBook, createAlertRegister } from './alert-store.ts';
import { createBookReader } from './book-store.ts';
import { createCandleImporter } from './candle-importer.ts';
import { createCandleReader } from './candle-reader.ts';
import { createCandleWriter } from './candle-writer.ts';
import { createChampionStore } from './champion-store.ts';
import { createDatabase, type Database } from './database.ts';
import { createForecastReader } from './forecast-reader.ts';
import { createForecastScorer } from './forecast-scorer.ts';
import { createForecastWriter } from './forecast-writer.ts';
import { createGapReader } from './gap-reader.ts';
import { createInstrumentReader } from './instrument-reader.ts';
import { createInstrumentWriter } from './instrument-writer.ts';
import { createJobStore, createRunStore } from './job-store.ts';
import { createKeyStore } from './key-store.ts';
import { createMaintenance } from './maintenance.ts';
import { createQualityReader } from './quality-reader.ts';
import { createQuotaStore } from './quota-store.ts';
import { createReplayReader } from './replay-reader.ts';
import { A_SCORE, aForecastBatch } from './testing/a-forecast-batch.ts';
import { APPS, RIGHTS } from './testing/rights.ts';
import { candlesBetween, minute, openTestStore, type TestStore } from './testing/test-store.ts';
import { createTradeReader, createTradeWriter } from './trade-store.ts';
import { createWebhookQueue, createWebhookRegister } from './webhook-store.ts';

// What each app must be able to do is shown by doing it; what it must not, by the table of rights and by trying.
type App = (typeof APPS)[number];

let store: TestStore;
let as: Record<App, Database>;
let id: InstrumentId;

beforeAll(async () => {
  store = await openTestStore();
  const logins = await openAppLogins(store.url);
  const open = (app: App) => createDatabase({ url: logins[app], applicationName: app, poolSize: 3 });
  as = { ingest: await open('ingest'), forecaster: await open('forecaster'), gateway: await open('gateway') };
  id = await store.list();
});
afterAll(async () => {
  for (const app of APPS) await as[app].close();
  await store.close();
});

describe('the rights', () => {
  it('are these and no others', async () => {
    const granted = await store.sql<{ relation: string; app: string; rights: string }>(
      `select regexp_replace(regexp_replace(c.relname, '^candle_\\d+[mhdw]_mat$', 'candle_mat'), '^candle_(?!1m$)\\d+[mhdw]$', 'candle_rollup') as relation,
         app, string_agg(distinct left(r.name, 1), '') as rights
       from pg_class c cross join unnest('{ingest,forecaster,gateway}'::text[]) app
       left join lateral (select name from unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) name
                          where has_table_privilege('candlecast_' || app, c.oid, name)) r on true
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'p')
       group by 1, 2`,
    );
    const seen: Record<string, string[]> = {};
    for (const { relation, app, rights } of granted) {
      const ordered = [...'SIUDTR'].filter((letter) => (rights ?? '').includes(letter)).join('');
      const row = seen[relation] ?? ['', '', ''];
      row[APPS.indexOf(app as App)] = ordered;
      seen[relation] = row;
    }
    const expected = { ...RIGHTS };
    if (store.db.tier === 'tsl') delete (expected as Record<string, unknown>).candle_mat;
    expect(seen).toEqual(expected);
  });

  it('leave no app anything of the owner', async () => {
    for (const app of APPS) {
      const run = (text: string) => as[app].sessions.pool.query(text);
      await expect(run('create table loot (id int)')).rejects.toThrow('permission denied');
      await expect(run('delete from candle_1m')).rejects.toThrow('permission denied');
      await expect(run('truncate event_log')).rejects.toThrow('permission denied');
      await expect(run('alter table gap add column loot int')).rejects.toThrow('must be owner');
      await expect(run('drop table forecast')).rejects.toThrow('must be owner');
      await expect(run('update retention set keep = null')).rejects.toThrow('permission denied');
      await expect(run('select rolpassword from pg_authid')).rejects.toThrow('permission denied');
    }
    await expect(as.gateway.sessions.pool.query('set role candlecast_maintenance')).rejects.toThrow('permission denied');
    await expect(as.forecaster.sessions.pool.query('set role candlecast_maintenance')).rejects.toThrow('permission denied');
  });

  it('do not let the ledger be changed by those who write it', async () => {
    for (const app of APPS) {
      await expect(as[app].sessions.pool.query(`update forecast set ref_price = 1`)).rejects.toThrow('permission denied');
      await expect(as[app].sessions.pool.query(`delete from forecast`)).rejects.toThrow('permission denied');
      await expect(as[app].sessions.pool.query(`update forecast_input set sha256 = 'x'`)).rejects.toThrow('permission denied');
      await expect(as[app].sessions.pool.query(`update ledger_head set seq = 1`)).rejects.toThrow('permission denied');
      await expect(as[app].sessions.pool.query(`delete from ledger_head`)).rejects.toThrow('permission denied');
      await expect(as[app].sessions.pool.query(`update event_log set payload = '{}'`)).rejects.toThrow('permission denied');
    }
  });

  it('give each login its statement timeout', async () => {
    const rows = await store.sql<{ name: string; settings: string[] }>(
      `select rolname as name, rolconfig as settings from pg_roles where rolname ~ '^candlecast_(ingest|forecaster|gateway)$' order by 1`,
    );
    expect(rows).toEqual([
      { name: 'candlecast_forecaster', settings: ['statement_timeout=30s'] },
      { name: 'candlecast_gateway', settings: ['statement_timeout=5s'] },
      { name: 'candlecast_ingest', settings: ['statement_timeout=30s'] },
    ]);
  });
});

describe('under its own login', () => {
  it('ingest writes the market and maintains the database', async () => {
    const db = as.ingest;
    const instruments = createInstrumentWriter(db);
    const [known] = await createInstrumentReader(db).findInstruments('SIM');
    if (!known) throw new Error('the instrument is not listed');
    await instruments.upsertInstruments([{ ...known, tickSize: toDecimal('0.5') }]);
    await instruments.saveClock({ venue: 'SIM', wallTime: minute(0), anchorTime: minute(0), speed: 1 });
    const writer = createCandleWriter(db);
    await createCandleImporter(db).importCandles(id, candlesBetween(-3_000, -100), minute(0));
    await writer.commitHistory({ instrumentId: id, candles: candlesBetween(-90, -10) }, minute(0));
    for (const reason of ['PENDING', 'CONFIRMED_EMPTY'] as const) {
      await writer.recordGap(id, { from: minute(-100), to: minute(-90) }, reason, minute(0));
    }
    await writer.startLive(id, minute(0));
    await writer.commitClosed([{ instrumentId: id, candles: candlesBetween(0, 40) }], minute(40));
    await writer.commitClosed([{ instrumentId: id, candles: candlesBetween(20, 21).map((c) => ({ ...c, tradeCount: 99 })) }], minute(41));
    await writer.commitClosed([{ instrumentId: id, candles: candlesBetween(40, 60) }], minute(60));
    const hours = await store.sql(`select 1 from event_log where topic = 'candle.closed' and key like '%@1h'`);
    expect(hours).toHaveLength(1);
    const sides = { price: toDecimal('1'), size: toDecimal('1'), firstTradeId: 1, lastTradeId: 1, takerSide: 'BUY' } as const;
    await createTradeWriter(db).storeTrades([{ instrumentId: id, aggTradeId: 1, tradeTime: minute(1), ...sides }]);
    expect(await createMaintenance(db).run()).toBe(true);
    await createMaintenance(db).refreshRollups();
    const owner = await store.sql<{ owner: string }>(`select distinct tableowner as owner from pg_tables where schemaname = 'public'`);
    expect(owner).toHaveLength(1);
  });

  it('forecaster reads the market and writes the ledger', async () => {
    const db = as.forecaster;
    const range = { from: minute(0), to: minute(60) };
    const candles = await createCandleReader(db).findCandles({ instrumentId: id, interval: '5m', range, limit: 20, take: 'oldest' });
    expect(candles).toHaveLength(12);
    const writer = createForecastWriter(db);
    const model = await writer.saveModel({
      name: 'ewma',
      version: '1',
      kind: 'BASELINE',
      sha256: null,
      artifactPath: null,
      trainedFrom: null,
      trainedThrough: null,
      featureSchema: 1,
      card: {},
    });
    expect(model.id).toBeGreaterThan(0);
    expect(await createForecastReader(db).findModels()).toHaveLength(1);
    await store.instruments.saveClock({ venue: 'SIM', wallTime: minute(0), anchorTime: minute(40), speed: 0 });
    expect(await writer.appendForecasts([aForecastBatch(id, model.id, minute(39), { horizons: ['1m'] })], 100_000)).toHaveLength(1);
    expect(await createForecastScorer(db).resolveMatured({ venue: 'SIM', limit: 9, score: () => A_SCORE })).toHaveLength(1);
    const jobs = createJobStore(db);
    await jobs.ensure({ venue: 'SIM', kind: 'train', key: '', payload: {}, cadence: null, dueAt: minute(0) });
    const job = await jobs.take('SIM', ['train'], 'me', 60_000);
    if (!job) throw new Error('no job is due');
    const run = { venue: 'SIM', name: 'lstm', parameters: {}, seed: 1, dataHash: 'd', codeVersion: 'test' } as const;
    const runId = await createRunStore(db).begin(run, job);
    await createRunStore(db).noteEpoch(runId, 0, { loss: 1 });
    const { id: _, createdAt: __, ...made } = { ...model, version: '2' };
    const artifacts = [{ name: 'model.onnx', path: 'p', sha256: 's', sizeBytes: 1 }];
    await jobs.finish(job, { kind: 'done', nextDueAt: null, run: { id: runId, parameters: {}, metrics: {}, artifacts, model: made } });
    expect(await db.prisma.run.findMany({ include: { model: true } })).toMatchObject([{ state: 'DONE', model: { version: '2' } }]);
    const champion = {
      venue: 'SIM',
      horizon: '1h',
      name: 'lstm',
      modelId: model.id,
      formerName: null,
      reason: 'INSTALLED',
      at: minute(0),
    } as const;
    expect(await createChampionStore(db).change([{ ...champion, decidedBy: 'test', figures: {}, after: null }])).toBe(true);
    expect(await createChampionStore(db).findChampions('SIM')).toHaveLength(1);
    const pairs = { venue: 'SIM', first: 'a', second: 'b', horizons: ['1h'], from: minute(0), to: minute(9), instruments: 1 } as const;
    expect(await createChampionStore(db).findPairedOrigins(pairs)).toEqual([]);
    await expect(db.sessions.pool.query('update champion_change set name = name')).rejects.toThrow('permission denied');
    await expect(db.sessions.pool.query('delete from run')).rejects.toThrow('permission denied');
    await expect(db.sessions.pool.query('update forecast_score set actual = 1')).rejects.toThrow('permission denied');
    await expect(db.sessions.pool.query('delete from forecast_score')).rejects.toThrow('permission denied');
  });

  it('gateway reads everything it serves and asks for instruments', async () => {
    const db = as.gateway;
    const reader = createCandleReader(db);
    for (const interval of ['1m', '3m', '1w'] as const) {
      const range = { from: addMs(minute(0), -9_000 * MINUTE_MS), to: minute(60) };
      const candles = await reader.findCandles({ instrumentId: id, interval, range, limit: 5, take: 'newest' });
      expect(candles.length).toBeGreaterThan(0);
    }
    expect(await createInstrumentReader(db).findInstruments('SIM')).toHaveLength(1);
    expect(await createForecastReader(db).findModels()).toHaveLength(2);
    const asOf = { kind: 'knownAt', at: minute(40) } as const;
    const past = { instrumentId: id, range: { from: minute(0), to: minute(60) }, limit: 9, take: 'newest', asOf } as const;
    expect(await reader.findCandles({ ...past, interval: '5m' })).toHaveLength(8);
    expect((await reader.findBars({ ...past, interval: '5m' })).columns.t).toHaveLength(9);
    expect(await reader.findSummaries([id], minute(40), true)).toHaveLength(1);
    expect(await createInstrumentReader(db).findFreshnessAsOf([id], asOf)).toMatchObject([{ watermark: minute(39) }]);
    const ledger = { ...past, range: { from: minute(-200), to: minute(60) }, isResolved: undefined };
    expect(await createGapReader(db).findGapLines(ledger)).toMatchObject([{ reason: 'CONFIRMED_EMPTY' }]);
    await createBookReader(db).findBooksAt([id], minute(1), minute(0));
    const range = { from: minute(0), to: minute(60) };
    expect(await createTradeReader(db).findTrades({ instrumentId: id, range, limit: 5, take: 'newest' })).toHaveLength(1);
    await createQualityReader(db).findQuality(id, range);
    const known = { instrumentIds: [id], after: { time: minute(0), key: '' }, until: minute(60), limit: 100 };
    expect((await createReplayReader(db).findKnownMinutes(known)).length).toBeGreaterThan(40);
    await createReplayReader(db).findKnownGaps(known);
    await createReplayReader(db).wasAlive('SIM', minute(1), 60_000);
    expect(await db.prisma.gap.count()).toBe(1);
    const key = { prefix: 'cc_live_rights00', sha256: '0'.repeat(64), name: 'rights', scopes: ['READ'], expiresAt: null } as const;
    const keyId = await createKeyStore(db).create(key);
    await createKeyStore(db).noteUse(new Map([[keyId, 1]]));
    expect(await createKeyStore(db).revoke(keyId)).toBe(true);
    expect(await createQuotaStore(db).lease('address:192.0.2.1', 1, 1)).toMatchObject({ granted: 1 });
    await createQuotaStore(db).sweep();
    await db.prisma.trackingRequest.create({ data: { venue: 'SIM', symbol: 'ETHUSDT', action: 'TRACK' } });
    const webhooks = createWebhookRegister(db);
    const webhookId = await webhooks.create(
      { owner: 'o', url: 'https://a.example', secret: 's', events: ['a'], symbols: [], intervals: [] },
      1,
    );
    const queue = createWebhookQueue(db);
    const head = await db.prisma.eventLogHead.findFirstOrThrow();
    const to = { epoch: head.epoch, seq: 0 };
    const delivery = { id: '0a0a0a0a-0000-4000-8000-000000000000', webhookId: webhookId ?? '', source: 's', event: 'a', body: '{}' };
    const told = [{ topic: 'feed.status', key: 'SIM', value: 'LIVE' }];
    await queue.savePlan((await queue.takeLease('me', 60_000))?.token ?? 0, { to, deliveries: [delivery], told }, 10);
    await queue.saveAttempt(delivery.id, { status: 200, error: null, retryAfterMs: null });
    await queue.removeOld(0);
    expect(await webhooks.remove(webhookId ?? '', ['o'])).toBe(true);
    const alerts = createAlertRegister(db);
    const rule = { kind: 'k', rule: {}, note: null, once: false, cooldownMs: 0, expiresAt: null };
    const alertId = (await alerts.create({ owner: 'o', instrumentId: id, ...rule }, 1)) ?? '';
    const book = createAlertBook(db);
    const fired = {
      crossed: 'UP',
      value: toDecimal('2'),
      level: toDecimal('1'),
      reason: 'r',
      source: 's',
      at: minute(1),
      loggedAt: minute(1),
    } as const;
    const firing = { id: delivery.id, alertId, owner: 'o', instrumentId: id, kind: 'k', note: null, ...fired };
    const changes = [{ alertId, state: 'ACTIVE', memory: null, lastFiredAt: minute(1) }] as const;
    const leased = (await book.takeLease('me', 60_000))?.token ?? 0;
    expect(await book.savePass(leased, { to, changes, firings: [firing] })).toHaveLength(1);
    await book.removeOld(0);
    expect(await alerts.remove(alertId, ['o'])).toBe(true);
    await expect(db.prisma.gap.deleteMany()).rejects.toThrow('permission denied');
    await expect(db.prisma.instrument.updateMany({ data: { state: 'FAILED' } })).rejects.toThrow('permission denied');
  });
});
