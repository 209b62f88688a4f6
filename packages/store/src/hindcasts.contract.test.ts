import {
  addMs,
  DAY_MS,
  type HindcastModel,
  type HindcastQuery,
  HORIZONS,
  HOUR_MS,
  type InstrumentId,
  MINUTE_MS,
  QUANTILE_LEVELS,
} from '@candlecast/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createForecastWriter } from './forecast-writer.ts';
import { createHindcastReader, createHindcastWriter } from './hindcast-store.ts';
import { createReplayReader } from './replay-reader.ts';
import { aForecastBatch } from './testing/a-forecast-batch.ts';
import { aHindcast, aHindcastModel } from './testing/a-hindcast.ts';
import { MONDAY, minute, openTestStore, type TestStore } from './testing/test-store.ts';

let store: TestStore;
let writer: ReturnType<typeof createHindcastWriter>;
let reader: ReturnType<typeof createHindcastReader>;
let id: InstrumentId;
let model: HindcastModel;

beforeAll(async () => {
  store = await openTestStore();
  writer = createHindcastWriter(store.db);
  reader = createHindcastReader(store.db);
});
afterAll(() => store.close());
beforeEach(async () => {
  id = await store.list();
  model = await writer.saveModel(aHindcastModel(id));
});

const hour = (count: number) => addMs(MONDAY, count * HOUR_MS);
const walked = (count: number) => ({ grid: 'hours', walkedUntil: hour(count) });
const query = (values: Partial<HindcastQuery> = {}): HindcastQuery => ({
  instrumentId: id,
  horizons: HORIZONS,
  range: { from: MONDAY, to: hour(100) },
  limit: 1_000,
  take: 'oldest',
  beyond: undefined,
  ...values,
});

describe('hindcasts', () => {
  it('come in order, page by page, each with its model, its floats as they were and its prices as decimals', async () => {
    await writer.appendHindcasts(model, [aHindcast(hour(1)), aHindcast(addMs(hour(1), MINUTE_MS), 2), aHindcast(hour(2))], walked(3));
    const all = await reader.findHindcasts(query());
    expect(all.map(({ asOf, horizon }) => `${(asOf - MONDAY) / MINUTE_MS} ${horizon}`)).toEqual([
      ...['60 15m', '60 1h', '60 4h', '60 24h', '61 15m', '61 1h'],
      ...['120 15m', '120 1h', '120 4h', '120 24h'],
    ]);
    const { logReturns, pUps } = aHindcast(hour(1));
    expect(all[1]).toEqual({
      ...{ model, instrumentId: id, horizon: '1h', asOf: hour(1), targetTime: hour(2), refPrice: '46250.10', pUp: pUps[1] },
      quantiles: QUANTILE_LEVELS.map((level, index) => ({
        level,
        logReturn: logReturns[9 + index],
        value: (46_250.1 * Math.exp(logReturns[9 + index] ?? 0)).toFixed(2),
      })),
    });
    const pages: typeof all = [];
    for (let page = await reader.findHindcasts(query({ limit: 3 })); page.length > 0; ) {
      pages.push(...page);
      page = await reader.findHindcasts(query({ limit: 3, beyond: pages.at(-1) }));
    }
    expect(pages).toEqual(all);
    expect(await reader.findHindcasts(query({ limit: 3, take: 'newest' }))).toEqual(all.slice(-3));
    expect(await reader.findHindcasts(query({ limit: 3, take: 'newest', beyond: all.at(-3) }))).toEqual(all.slice(-6, -3));
    const some = await reader.findHindcasts(query({ horizons: ['24h'], range: { from: hour(1), to: hour(2) } }));
    expect(some).toEqual([all[3]]);
    expect(await reader.findHindcast({ instrumentId: id, horizon: '1h', asOf: addMs(hour(1), MINUTE_MS) })).toEqual(all[5]);
    expect(await reader.findHindcast({ instrumentId: id, horizon: '4h', asOf: addMs(hour(1), MINUTE_MS) })).toBeUndefined();
  });

  it('are refused by the database where the training of their model does not lie before them', async () => {
    const looking = [aHindcast(model.trainedThrough)];
    await expect(writer.appendHindcasts(model, looking, walked(1))).rejects.toMatchObject({ code: 'look_ahead' });
    expect(await writer.findWalks(id, 'har-s')).toEqual([]);
    const insert = (through: string) =>
      store.sql(`insert into hindcast select instrument_id, trained_through, id, ${through}, 1, '{0.5}', '{1,2,3,4,5,6,7,8,9}'
        from hindcast_model where id = ${model.id}`);
    await expect(insert('trained_through')).rejects.toMatchObject({ constraint: 'hindcast_no_look_ahead' });
    await expect(insert(`trained_through - interval '1 day'`)).rejects.toMatchObject({ constraint: 'hindcast_model_id_fkey' });
  });

  it('stay as they were made, and the first of a moment stays the only one', async () => {
    expect(await writer.appendHindcasts(model, [aHindcast(hour(1))], walked(1))).toBe(1);
    const other = await writer.saveModel(aHindcastModel(id, { dataHash: 'cd'.repeat(32) }));
    expect(other.id).not.toBe(model.id);
    expect(await writer.saveModel(aHindcastModel(id))).toEqual(model);
    expect(await writer.appendHindcasts(other, [aHindcast(hour(1), 4, '1.00'), aHindcast(hour(2))], walked(2))).toBe(1);
    const found = await reader.findHindcasts(query({ horizons: ['1h'] }));
    expect(found.map((each) => [each.model.id, each.refPrice])).toEqual([
      [model.id, '46250.10'],
      [other.id, '46250.10'],
    ]);
    for (const change of [
      'update hindcast set ref_price = 1',
      'delete from hindcast',
      'truncate hindcast',
      'update hindcast_model set name = $$x$$',
      'delete from hindcast_model',
    ])
      await expect(store.sql(change)).rejects.toThrow('stay as they were made');
  });

  it('remember how far they have walked, never less far than before', async () => {
    await writer.appendHindcasts(model, [aHindcast(hour(1))], walked(5));
    await writer.appendHindcasts(model, [], walked(2));
    await writer.appendHindcasts(model, [], { grid: 'minutes', walkedUntil: hour(1) });
    const walks = await writer.findWalks(id, 'har-s');
    expect(walks.sort((a, b) => (a.grid < b.grid ? -1 : 1))).toEqual([
      { grid: 'hours', trainedThrough: model.trainedThrough, walkedUntil: hour(5) },
      { grid: 'minutes', trainedThrough: model.trainedThrough, walkedUntil: hour(1) },
    ]);
    expect(await writer.findWalks(id, 'other')).toEqual([]);
  });

  it('give the fan of the newest moment that reaches a day', async () => {
    await writer.appendHindcasts(model, [aHindcast(hour(1)), aHindcast(addMs(hour(1), MINUTE_MS), 2), aHindcast(hour(3))], walked(4));
    const fan = await reader.findHindcastFan(id, hour(2));
    expect(fan.map(({ asOf, horizon }) => [asOf, horizon])).toEqual(['15m', '1h', '4h', '24h'].map((horizon) => [hour(1), horizon]));
    expect((await reader.findHindcastFan(id, addMs(hour(3), DAY_MS - 1)))[0]?.asOf).toBe(hour(3));
    expect(await reader.findHindcastFan(id, addMs(hour(3), DAY_MS))).toEqual([]);
  });

  it('are played where nothing was issued, and leave no trace in ledger, scores or log', async () => {
    await store.instruments.saveClock({ venue: 'SIM', wallTime: minute(0), anchorTime: addMs(hour(2), 700), speed: 0 });
    const forecasts = createForecastWriter(store.db);
    const facts = { sha256: null, artifactPath: null, trainedFrom: null, trainedThrough: null, featureSchema: 1, card: {} };
    const issuing = await forecasts.saveModel({ ...facts, name: 'ewma', version: '1', kind: 'BASELINE' });
    await forecasts.appendForecasts([aForecastBatch(id, issuing.id, hour(2), { horizons: ['1h', '4h'] })], 10_000);
    const counts = () =>
      store.sql(`select (select count(*) from forecast) f, (select count(*) from forecast_input) n, (select count(*) from forecast_due) d,
        (select count(*) from forecast_score) s, (select count(*) from track_day) t, (select count(*) from ledger_head) h,
        (select count(*) from event_log) e, (select count(*) from paper_trade) p, (select count(*) from model) m`);
    const before = await counts();
    await writer.appendHindcasts(model, [aHindcast(hour(1)), aHindcast(hour(2)), aHindcast(hour(3))], walked(4));
    expect(await counts()).toEqual(before);

    const replay = createReplayReader(store.db);
    const known = (values = {}) =>
      replay.findKnownHindcasts({
        ...{ instrumentIds: [id], horizons: HORIZONS, after: { time: MONDAY, key: '' }, until: hour(3), limit: 100 },
        ...values,
      });
    const all = await known();
    expect(all.map(({ time, hindcast }) => `${(time - MONDAY) / HOUR_MS} ${hindcast.horizon}`)).toEqual([
      ...['1 15m', '1 1h', '1 4h', '1 24h', '2 15m', '2 24h', '3 15m', '3 1h', '3 4h', '3 24h'],
    ]);
    expect(all[0]?.hindcast).toEqual(await reader.findHindcast({ instrumentId: id, horizon: '15m', asOf: hour(1) }));
    const pages: typeof all = [];
    for (let page = await known({ limit: 3 }); page.length > 0; page = await known({ limit: 3, after: pages.at(-1) })) pages.push(...page);
    expect(pages).toEqual(all);
    expect(await known({ until: addMs(hour(1), -1) })).toEqual([]);
    expect((await known({ horizons: ['4h'] })).map(({ time }) => time)).toEqual([hour(1), hour(3)]);
  });
});
