import { addMs, HOUR_MS, type InstrumentId, MINUTE_MS, type NewChampionChange, toEpochMs } from '@candlecast/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createChampionStore } from './champion-store.ts';
import { createForecastReader } from './forecast-reader.ts';
import { createForecastScorer } from './forecast-scorer.ts';
import { createForecastWriter } from './forecast-writer.ts';
import { A_SCORE, aForecastBatch } from './testing/a-forecast-batch.ts';
import { candlesBetween, minute, openTestStore, type TestStore } from './testing/test-store.ts';

let store: TestStore;
let champions: ReturnType<typeof createChampionStore>;
let id: InstrumentId;

beforeEach(async () => {
  store = await openTestStore();
  champions = createChampionStore(store.db);
  id = await store.list();
  await setTime(0);
});
afterEach(() => store.close());

const setTime = (count: number) =>
  store.instruments.saveClock({ venue: 'SIM', wallTime: toEpochMs(0), anchorTime: minute(count), speed: 0 });
const aModel = (name: string, version = '1', kind: 'LSTM' | 'BASELINE' = 'LSTM') =>
  createForecastWriter(store.db).saveModel({
    ...{ name, version, kind, sha256: kind === 'LSTM' ? 'a' : null, artifactPath: null, trainedFrom: null, trainedThrough: null },
    ...{ featureSchema: 1, card: {} },
  });

async function aChange(name: string, values: Partial<NewChampionChange> = {}): Promise<NewChampionChange> {
  const { id: modelId } = await aModel(name);
  const facts = { venue: 'SIM', horizon: '1h', name, modelId, formerName: null, reason: 'INSTALLED', at: minute(0) } as const;
  return { ...facts, decidedBy: 'test', figures: { z: 2 }, after: null, ...values };
}

describe('champions', () => {
  it('are the newest of each horizon, and one that was overtaken is refused with all that came with it', async () => {
    const first = await aChange('one');
    expect(await champions.change([first, { ...first, horizon: '2h' }])).toBe(true);
    const [hour, two] = await champions.findChampions('SIM');
    expect([hour, two]).toMatchObject([
      { horizon: '1h', name: 'one', figures: { z: 2 } },
      { horizon: '2h', name: 'one' },
    ]);
    const second = await aChange('two', { reason: 'PROMOTED', formerName: 'one', after: hour?.id ?? null });
    const both = [{ ...second, horizon: '4h' as const, after: null }, second];
    expect((await Promise.all([champions.change(both), champions.change(both)])).sort()).toEqual([false, true]);
    expect((await champions.findChampions('SIM')).map(({ horizon, name }) => [horizon, name])).toEqual([
      ['1h', 'two'],
      ['2h', 'one'],
      ['4h', 'two'],
    ]);
    expect(await champions.findChampions('BINANCE')).toEqual([]);
  });

  it('cannot be rewritten', async () => {
    await champions.change([await aChange('one')]);
    await expect(store.sql(`update champion_change set name = 'two'`)).rejects.toThrow('append-only');
    await expect(store.sql('delete from champion_change')).rejects.toThrow('append-only');
  });

  it('are whose forecasts are shown, then as now; challengers are not, and what is newer goes before', async () => {
    const [baseline, one, two] = [await aModel('ewma', '1', 'BASELINE'), await aModel('one'), await aModel('two')];
    const writer = createForecastWriter(store.db);
    const reader = createForecastReader(store.db);
    const issue = async (count: number, ...models: readonly { readonly id: number }[]) => {
      await setTime(count);
      await writer.appendForecasts(
        models.map((model) => aForecastBatch(id, model.id, minute(count), { horizons: ['1h'] })),
        60_000,
      );
    };
    const shown = async (at?: number) =>
      (await reader.findLatestForecasts([id], ['1h'], at === undefined ? undefined : { kind: 'knownAt', at: minute(at) })).map(
        ({ modelId }) => modelId,
      );
    await issue(0, baseline, one, two);
    expect(await shown()).toEqual([two.id]); // nobody was chosen: the youngest
    await champions.change([await aChange('one', { at: minute(5) })]);
    expect(await shown()).toEqual([one.id]);
    expect(await shown(4)).toEqual([two.id]);
    expect((await reader.findIssuingModels('SIM', undefined, minute(9)))[0]).toBe(one.id);
    await issue(10, baseline, two);
    expect(await shown()).toEqual([baseline.id]);
    const [champion] = await champions.findChampions('SIM');
    await champions.change([await aChange('two', { at: minute(15), after: champion?.id ?? null })]);
    expect(await shown()).toEqual([two.id]);
    expect(await shown(12)).toEqual([baseline.id]);
  });

  it('are compared at the origins on the hour at which both were scored, over their versions', async () => {
    const [one, two, younger] = [await aModel('one'), await aModel('two'), await aModel('two', '2')];
    const writer = createForecastWriter(store.db);
    await store.writer.startLive(id, minute(0));
    await store.writer.commitClosed([{ instrumentId: id, candles: candlesBetween(0, 400) }], minute(400));
    const reference = { modelId: one.id, sigma: 0.01 };
    const issue = (count: number, model: { readonly id: number }) =>
      writer.appendForecasts([aForecastBatch(id, model.id, minute(count), { horizons: ['1h', '2h'], reference })], 1e9);
    for (const count of [60, 61, 120, 180, 240]) await issue(count, one);
    for (const count of [60, 61, 180]) await issue(count, two);
    for (const count of [180, 240]) await issue(count, younger);
    await setTime(400);
    const score = ({ modelId }: { modelId: number }) =>
      ({ ...A_SCORE, crps: modelId / 100, band: modelId === one.id ? 95 : 90 }) as typeof A_SCORE;
    while ((await createForecastScorer(store.db).resolveMatured({ venue: 'SIM', limit: 100, score })).length > 0);
    const query = { venue: 'SIM', first: 'one', second: 'two', horizons: ['1h'], instruments: 10 } as const;
    const pairs = await champions.findPairedOrigins({ ...query, from: minute(0), to: addMs(minute(240), MINUTE_MS) });
    expect(pairs.map(({ asOf }) => (asOf - minute(0)) / HOUR_MS)).toEqual([1, 3, 4]);
    const ratio = (pair: (typeof pairs)[number] | undefined) => (pair ? pair.secondLoss / pair.firstLoss : 0);
    expect(ratio(pairs[0])).toBeCloseTo(two.id / one.id, 9);
    expect(ratio(pairs[1])).toBeCloseTo(younger.id / one.id, 9);
    expect(pairs[0]).toMatchObject({ horizon: '1h', instruments: 1, firstWithin90: 0, secondWithin90: 1 });
    expect(await champions.findPairedOrigins({ ...query, from: minute(0), to: minute(60) })).toEqual([]);
  });
});
