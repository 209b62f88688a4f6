import { addMs, BANDS, type Model, toIso } from '@candlecast/domain';
import { createChampionStore, createPaceStore } from '@candlecast/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScoredMarket, startScoredMarket } from './testing/scored-market.ts';
import { at, BTC, type TestMarket } from './testing/test-market.ts';

let market: TestMarket;
let model: Model;
let ewma: Model;
let ask: ScoredMarket['ask'];

beforeAll(async () => {
  ({ market, model, ewma, ask } = await startScoredMarket());
});
afterAll(() => market.stop());

describe('trackRecord', () => {
  const record = async (args: string) =>
    (
      await ask<{ trackRecord: { model: { id: string }; horizons: Record<string, unknown>[] } }>(
        `{ trackRecord(${args}) { model { id } from to disclaimer
          horizons { horizon n onTime late void missing waiting calls brier skill { value n verdict } coverage { level share } maeRatio { value } hitRate { value } } } }`,
      )
    ).trackRecord;

  it('counts every forecast of the model that is shown first: in time, late, missing, waiting', async () => {
    const { model: whose, horizons } = await record('symbol: "BTCUSDT", window: DAYS_30');
    expect(whose.id).toBe(`${model.id}`);
    expect(horizons.map(({ horizon }) => horizon)).toEqual(['15m', '30m']);
    // Closes up to 40 - 30 = 10 were due from the first on, 3 to 10: eight, of which five were issued.
    expect(horizons[1]).toMatchObject({ n: 5, onTime: 4, late: 1, void: 0, missing: 3, waiting: 0, calls: 4 });
    expect(horizons[1]).toMatchObject({ maeRatio: { value: 0.5 }, hitRate: { value: 1 }, skill: { n: 5, verdict: 'TOO_FEW' } });
    const { skill } = horizons[1] as { skill: { value: number } };
    expect(skill.value).toBeCloseTo(0.4 / 8, 12);
    expect((horizons[1] as { coverage: unknown[] }).coverage).toEqual(
      BANDS.map((band) => ({ level: band / 100, share: band >= 80 ? 1 : 0 })),
    );
  });

  it('says of every instrument together what it says of one that is alone, and of another model its own', async () => {
    const one = await record('symbol: "BTCUSDT", horizon: "30m", window: ALL');
    expect((await record('horizon: "30m", window: ALL')).horizons).toEqual(one.horizons);
    expect((await record(`horizon: "30m", modelId: ${ewma.id}, window: ALL`)).model.id).toBe(`${ewma.id}`);
    expect((await record('symbol: "ETHUSDT", window: ALL')).horizons).toEqual([]);
  });

  it('stands as it stood then', async () => {
    const then = await record(`symbol: "BTCUSDT", horizon: "30m", window: DAYS_7, asOf: { knownAt: "${toIso(at(39))}" }`);
    expect(then.horizons).toMatchObject([{ n: 3, late: 0, waiting: 2, missing: 2 }]);
    const happened = await record(`symbol: "BTCUSDT", horizon: "30m", window: DAYS_7, asOf: { eventTime: "${toIso(at(34))}" }`);
    expect(happened.horizons).toMatchObject([{ n: 2, late: 0, missing: 0 }]);
  });

  it('does not count as missing what a recorded gap explains', async () => {
    await market.candles.recordGap(BTC, { from: at(4), to: at(5) }, 'EXCHANGE_OUTAGE', at(40));
    const { horizons } = await record('symbol: "BTCUSDT", horizon: "30m", window: DAYS_7');
    expect(horizons).toMatchObject([{ missing: 2 }]);
  });

  it('counts what was due by how often the instrument was forecast then', async () => {
    const missing = async () => {
      const { horizons } = await record('symbol: "BTCUSDT", horizon: "30m", window: DAYS_7');
      return (horizons[0] as { missing: number }).missing;
    };
    const paces = createPaceStore(market.database);
    // Closes 9 and 10 are no full hours.
    await paces.notePaces([{ instrumentId: BTC, pace: 'HOURLY' }], at(9));
    expect(await missing()).toBe(0);
    await paces.notePaces([{ instrumentId: BTC, pace: 'EVERY_CLOSE' }], at(10));
    expect(await missing()).toBe(1);
    await paces.notePaces([{ instrumentId: BTC, pace: 'EVERY_CLOSE' }], at(11));
    expect(await market.database.prisma.forecastPace.count()).toBe(2);
  });
});

interface Band {
  readonly level: number;
  readonly lower: number[];
  readonly upper: number[];
}

describe('forecastPath', () => {
  it('goes through the served forecasts, minute by minute, and its bands do not cross', async () => {
    const { forecastPath: path } = await ask<{
      forecastPath: { t: number[]; median: number[]; bands: { level: number; lower: number[]; upper: number[] }[] } & Record<
        string,
        unknown
      >;
    }>(
      `{ forecastPath(symbol: "BTCUSDT", at: "${toIso(addMs(at(6), 5_000))}") { asOf issuedAt refPrice model { id } t median bands { level lower upper } disclaimer } }`,
    );
    expect(path).toMatchObject({
      asOf: toIso(at(6)),
      issuedAt: toIso(addMs(at(6), 1_000)),
      refPrice: '1000.50',
      model: { id: `${model.id}` },
    });
    expect(path.t).toEqual(Array.from({ length: 1_440 }, (_, index) => at(7 + index) / 1_000));
    expect(path.bands.map(({ level }) => level)).toEqual([0.5, 0.8, 0.9, 0.95]);
    expect(path.bands[3]?.upper[59]).toBeCloseTo(1000.5 * Math.exp(0.009), 8);
    expect(path.bands[0]?.lower[14]).toBeCloseTo(1000.5 * Math.exp(0.004), 8);
    expect(path.bands[0]?.lower[0]).toBeCloseTo(1000.5 * Math.exp(0.004 / Math.sqrt(15)), 8);
    const columns = [...path.bands.map(({ lower }) => lower)].reverse().concat(
      [path.median],
      path.bands.map(({ upper }) => upper),
    );
    for (const [index, column] of columns.slice(1).entries())
      for (const [minute, price] of column.entries()) expect(price).toBeGreaterThanOrEqual(columns[index]?.[minute] ?? 0);
  });
});

describe('jointBands', () => {
  it('widen the outermost band by what had been measured by then, and are null without that', async () => {
    const { prisma } = market.database;
    const [{ id: instrumentId }, { name: modelName }] = [await prisma.instrument.findFirstOrThrow({ where: { symbol: 'BTCUSDT' } }), model];
    const paths = async () =>
      (
        await ask<{ forecastPath: { median: number[]; bands: Band[]; jointBands: Band[] | null } }>(
          `{ forecastPath(symbol: "BTCUSDT", at: "${toIso(addMs(at(6), 5_000))}") { median bands { level lower upper } jointBands { level lower upper } } }`,
        )
      ).forecastPath;
    const madeAt = (minute: number) => new Date(at(minute));
    const row = { instrumentId, modelName, paths: 500 };
    await prisma.pathWidening.createMany({
      data: [
        { ...row, madeAt: madeAt(7), factors: [9, 9] },
        { ...row, madeAt: madeAt(-3 * 1_440), factors: [8, 8] },
        { ...row, modelName: 'another', madeAt: madeAt(5), factors: [7, 7] },
      ],
    });
    expect((await paths()).jointBands).toBeNull();
    await prisma.pathWidening.create({ data: { ...row, madeAt: madeAt(4), factors: [1.25, 1.5] } });
    const { median, bands, jointBands } = await paths();
    expect(jointBands?.map(({ level }) => level)).toEqual([0.8, 0.9]);
    const [outer, [narrow, wide]] = [bands.at(-1), jointBands ?? []];
    const minute = 700;
    const ratio = (price: number | undefined) => Math.log((price ?? Number.NaN) / (median[minute] ?? Number.NaN));
    expect(ratio(narrow?.upper[minute])).toBeCloseTo(1.25 * ratio(outer?.upper[minute]), 12);
    expect(ratio(wide?.lower[minute])).toBeCloseTo(1.5 * ratio(outer?.lower[minute]), 12);
  });
});

describe('models and the ledger', () => {
  it('lists who has issued, in the order in which they are shown', async () => {
    const list = async (args: string) =>
      (await ask<{ models: { edges: { node: { id: string } }[] } }>(`{ models${args} { edges { node { id name } } } }`)).models.edges.map(
        ({ node }) => node.id,
      );
    expect(await list('')).toEqual([`${model.id}`, `${ewma.id}`]);
    expect(await list('(role: BASELINE)')).toEqual([`${ewma.id}`]);
    expect(await list('(role: RETIRED)')).toEqual([]);
    expect(await list('(symbol: "ETHUSDT")')).toEqual([]);
    const page = (after: string) =>
      ask<{ models: Record<string, unknown> }>(
        `{ models(first: 1 ${after}) { edges { node { id } } pageInfo { hasNextPage endCursor } } }`,
      );
    const { models } = await page('');
    expect(models).toMatchObject({ edges: [{ node: { id: `${model.id}` } }], pageInfo: { hasNextPage: true } });
    const { endCursor } = models.pageInfo as { endCursor: string };
    expect(await page(`after: "${endCursor}"`)).toMatchObject({
      models: { edges: [{ node: { id: `${ewma.id}` } }], pageInfo: { hasNextPage: false } },
    });
    expect(await list(`(asOf: { knownAt: "${toIso(at(2))}" })`)).toEqual([]);
  });

  it('tells the head of the chain, now and then', async () => {
    const head = async (args: string) =>
      (await ask<{ ledgerHead: { seq: number; hash: string } }>(`{ ledgerHead${args} { venue seq hash at } }`)).ledgerHead;
    expect(await head('')).toMatchObject({ venue: 'SIM', seq: 25, at: toIso(addMs(at(8), 20_000)) });
    const kept = await head(`(at: "${toIso(at(7))}")`);
    expect(kept).toMatchObject({ seq: 15, at: toIso(addMs(at(6), 1_000)) });
    // A superuser who makes the chain anew cannot give it the head that somebody kept.
    await market.database.sessions.pool.query(
      `set session_replication_role = replica; update ledger_head set hash = sha256(hash) where seq = 15; set session_replication_role = origin`,
    );
    expect((await head(`(at: "${toIso(at(7))}")`)).hash).not.toBe(kept.hash);
    expect(await head(`(venue: BINANCE)`)).toMatchObject({ seq: 0, hash: '0'.repeat(64) });
  });

  it('tells the champions from those that try to replace them, now and then', async () => {
    const list = async (args: string) =>
      (await ask<{ models: { edges: { node: { id: string } }[] } }>(`{ models(${args}) { edges { node { id } } } }`)).models.edges.map(
        ({ node }) => node.id,
      );
    expect(await list('role: SERVING')).toEqual([`${model.id}`]);
    expect(await list('role: CHALLENGER')).toEqual([]);
    const change = { venue: 'SIM', modelId: ewma.id, reason: 'INSTALLED', decidedBy: 'rule', figures: {}, at: at(30) } as const;
    await createChampionStore(market.database).change([{ ...change, horizon: '1h', name: ewma.name, formerName: null, after: null }]);
    expect(await list('role: SERVING')).toEqual([]);
    expect(await list('role: CHALLENGER')).toEqual([`${model.id}`]);
    expect(await list('role: BASELINE')).toEqual([`${ewma.id}`]);
    expect(await list(`role: SERVING, asOf: { knownAt: "${toIso(at(20))}" }`)).toEqual([`${model.id}`]);
  });

  it('gives a name its record, whichever version is asked for', async () => {
    const { id: _, createdAt: __, ...facts } = model;
    const younger = await market.forecasts.saveModel({ ...facts, version: '2' });
    const read = async (id: number) =>
      (
        await ask<{ trackRecord: { horizons: { n: number; onTime: number; skill: { value: number } }[] } }>(
          `{ trackRecord(symbol: "BTCUSDT", horizon: "30m", modelId: ${id}, window: ALL) { horizons { n onTime skill { value } } } }`,
        )
      ).trackRecord.horizons;
    expect(await read(younger.id)).toMatchObject([{ n: 5, onTime: 4 }]);
    // Its predecessor had said nothing.
    expect(await read(model.id - 1)).toMatchObject([{ n: 0 }]);
  });
});
