import {
  addMs,
  BANDS,
  type Horizon,
  horizonMs,
  type InstrumentId,
  type Model,
  QUANTILE_LEVELS,
  type Score,
  toDecimal,
  toIso,
} from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './testing/post.ts';
import { at, BTC, ETH, startTestMarket, type TestMarket } from './testing/test-market.ts';

let market: TestMarket;
let httpUrl: string;
let model: Model;
let ewma: Model;

const SCORE: Score = {
  isReference: false,
  logReturn: 0.001,
  hit: true,
  band: 80,
  absErr: toDecimal('0.50'),
  absErrNaive: toDecimal('1.00'),
  crps: 0.9,
  crpsReference: 1,
  brier: 0.16,
  scorer: 1,
};

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC, ETH);
  ({ httpUrl } = await market.startGateway());
  const facts = { artifactPath: null, trainedFrom: at(-9_000), trainedThrough: at(-10), featureSchema: 1, card: {} };
  ewma = await market.forecasts.saveModel({ ...facts, name: 'ewma-normal', version: '1', kind: 'BASELINE', sha256: null });
  await market.forecasts.saveModel({ ...facts, name: 'lstm', version: '0', kind: 'LSTM', sha256: 'b'.repeat(64) });
  model = await market.forecasts.saveModel({ ...facts, name: 'lstm', version: '1', kind: 'LSTM', sha256: 'a'.repeat(64) });
  await market.close(BTC, 0, 3);
  // Closes 3 to 8 are forecast but for 5; 30 m come to their target times 33 to 36 and 38, one is late.
  for (const minute of [3, 4, 6, 7, 8]) {
    await setTime(minute, minute === 8 ? 20_000 : 1_000);
    await issue(BTC, minute, ewma, '30m');
    await issue(BTC, minute, model, '15m', '30m', '1h', '24h');
    await market.close(BTC, minute, minute === 4 ? 6 : minute + 1);
  }
  await setTime(36);
  await market.close(BTC, 9, 36);
  await resolve();
  await market.close(BTC, 36, 40);
  await setTime(40);
  await resolve();
});
afterAll(() => market.stop());

/** Stops the venue's clock some milliseconds after a minute. */
function setTime(minute: number, ms = 0): Promise<void> {
  market.clock.set(addMs(at(minute), ms));
  return market.instruments.saveClock({ venue: 'SIM', wallTime: addMs(at(minute), ms), anchorTime: addMs(at(minute), ms), speed: 0 });
}

function issue(id: InstrumentId, minute: number, by: Model, ...horizons: Horizon[]) {
  const asOf = at(minute);
  const forecasts = horizons.map((horizon) => ({
    instrumentId: id,
    modelId: by.id,
    horizon,
    asOf,
    targetTime: addMs(asOf, horizonMs(horizon)),
    refPrice: toDecimal('1000.50'),
    pUp: 0.6,
    reference: { modelId: ewma.id, sigma: 0.01 * Math.sqrt(horizonMs(horizon) / horizonMs('1h')) },
    quantiles: QUANTILE_LEVELS.map((level, index) => ({ level, logReturn: (index - 4) / 1_000, value: toDecimal(`${1_000 + index}.00`) })),
  }));
  return market.forecasts.appendForecasts(
    [{ instrumentId: id, modelId: by.id, asOf, input: new Uint8Array([minute]), codeVersion: 'test', forecasts }],
    10_000,
  );
}

function resolve() {
  const score = ({ timing }: { timing: string }): Score =>
    timing === 'LATE' ? { ...SCORE, isReference: true, hit: null, crps: 1 } : SCORE;
  return market.scorer.resolveMatured({ venue: 'SIM', limit: 1_000, score });
}

async function ask<T>(query: string): Promise<T> {
  const { data, errors } = await post<T>(httpUrl, query);
  expect(errors).toEqual([]);
  return data;
}

interface Row {
  readonly asOf: string;
  readonly resolution: { readonly actual: string } | null;
}

describe('forecasts', () => {
  const page = async (args: string, fields = 'asOf resolution { actual }') =>
    (
      await ask<{ forecasts: { edges: { node: Row; cursor: string }[]; pageInfo: Record<string, unknown> } }>(
        `{ forecasts(symbol: "BTCUSDT" ${args}) { edges { cursor node { ${fields} } } pageInfo { hasNextPage hasPreviousPage endCursor startCursor } } }`,
      )
    ).forecasts;
  const minutes = (rows: { edges: { node: Row }[] }) => rows.edges.map(({ node }) => (Date.parse(node.asOf) - at(0)) / 60_000);

  it('come in order, page by page, from either end, without hole or repeat', async () => {
    const seen: number[] = [];
    const cursors: string[] = [];
    for (let after = ''; ; ) {
      const rows = await page(`modelId: ${model.id}, first: 3 ${after}`);
      seen.push(...minutes(rows));
      cursors.push(...rows.edges.map(({ cursor }) => cursor));
      if (!rows.pageInfo.hasNextPage) break;
      after = `after: "${rows.pageInfo.endCursor}"`;
    }
    expect(seen).toEqual([3, 4, 6, 7, 8].flatMap((minute) => [minute, minute, minute, minute]));
    expect(new Set(cursors).size).toBe(20);
    const last = await page(`modelId: ${model.id}, last: 5`);
    expect(minutes(last)).toEqual([7, 8, 8, 8, 8]);
    expect(last.pageInfo).toMatchObject({ hasPreviousPage: true });
    expect(minutes(await page(`modelId: ${model.id}, last: 2, before: "${last.pageInfo.startCursor}"`))).toEqual([7, 7]);
  });

  it('are those of a horizon, a model and a time of issue', async () => {
    expect(minutes(await page(`horizon: "30m", modelId: ${ewma.id}`))).toEqual([3, 4, 6, 7, 8]);
    expect(minutes(await page(`horizon: "30m", modelId: ${model.id}, issuedFrom: "${toIso(at(4))}", issuedTo: "${toIso(at(7))}"`))).toEqual(
      [4, 6],
    );
  });

  it('carry what came of them, and from the past nothing that was known or happened later', async () => {
    const actual = (minute: number) => `${1_000 + minute - 1}.50`;
    const of = (rows: { edges: { node: Row }[] }) => rows.edges.map(({ node }) => node.resolution?.actual ?? null);
    expect(of(await page(`horizon: "30m", modelId: ${model.id}`))).toEqual([33, 34, 36, 37, 38].map(actual));
    // Scored at 36 and at 40.
    const known = await page(`horizon: "30m", modelId: ${model.id}, asOf: { knownAt: "${toIso(at(39))}" }`);
    expect(of(known)).toEqual([actual(33), actual(34), actual(36), null, null]);
    expect(of(await page(`horizon: "30m", modelId: ${model.id}, asOf: { eventTime: "${toIso(at(34))}" }`))).toEqual([
      actual(33),
      actual(34),
      null,
      null,
      null,
    ]);
    expect(minutes(await page(`horizon: "30m", modelId: ${model.id}, asOf: { knownAt: "${toIso(at(6))}" }`))).toEqual([3, 4]);
    expect(minutes(await page(`horizon: "30m", modelId: ${model.id}, asOf: { eventTime: "${toIso(at(6))}" }`))).toEqual([3, 4, 6]);
  });

  it('are whole: baseline, ledger, resolution and skill', async () => {
    const { edges } = await page(
      `horizon: "30m", modelId: ${model.id}, first: 1`,
      `id hash prevHash ledgerSeq codeVersion baseline { kind value sigma }
       resolution { resolvedAt hit inBand outer: inBand(level: 0.5) absErr absErrNaive crps crpsBaseline isReference voidReason }
       skill { value n days verdict lower statement }`,
    );
    const [edge] = edges;
    if (!edge) throw new Error('there is no forecast');
    const { id, ...node } = edge.node as unknown as { id: string } & Record<string, unknown>;
    expect(node).toMatchObject({
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      codeVersion: 'test',
      baseline: { kind: 'EWMA_NORMAL', value: '1000.50', sigma: 0.01 * Math.sqrt(0.5) },
      resolution: {
        resolvedAt: toIso(at(36)),
        hit: true,
        inBand: true,
        outer: false,
        absErr: '0.50',
        crps: 0.9,
        crpsBaseline: 1,
        isReference: false,
      },
      skill: { n: 5, days: 1, verdict: 'TOO_FEW', lower: null, statement: expect.stringContaining('Too few') },
    });
    expect((node.skill as { value: number }).value).toBeCloseTo(1 - (4 * 0.9 + 1) / 5, 12);
    expect((await ask<{ forecast: unknown }>(`{ forecast(id: "${id}") { id hash } }`)).forecast).toEqual({ id, hash: node.hash });
    expect(
      (await ask<{ forecast: unknown }>(`{ forecast(id: "${id.replace(/^./, (c) => (c === '0' ? '1' : '0'))}") { id } }`)).forecast,
    ).toBeNull();
  });

  it.each([
    ['forecast(id: "7") { id }', 'BAD_USER_INPUT'],
    ['forecasts(symbol: "BTCUSDT", modelId: "x") { edges { node { id } } }', 'BAD_USER_INPUT'],
    ['forecasts(symbol: "BTCUSDT", first: 5001) { edges { node { id } } }', 'RANGE_TOO_LARGE'],
    ['forecasts(symbol: "BTCUSDT", first: 5, after: "x") { edges { node { id } } }', 'CURSOR_INVALID'],
    ['trackRecord(window: DAYS_7, modelId: 999) { to }', 'NOT_FOUND'],
    ['forecastPath(symbol: "ETHUSDT") { t }', 'NOT_FOUND'],
    ['ledgerHead(at: "2999-01-01T00:00:00Z") { seq }', 'BAD_USER_INPUT'],
  ])('refuse %s', async (query, code) => {
    const { errors } = await post(httpUrl, `{ ${query} }`);
    expect(errors).toMatchObject([{ extensions: { code } }]);
  });
});

describe('latestForecasts', () => {
  it('shows what was the latest then, without what came of it later', async () => {
    const latest = (then: string) =>
      ask<{ latestForecasts: Row[] }>(
        `{ latestForecasts(symbols: ["BTCUSDT"], horizons: ["30m"], asOf: { ${then} }) { asOf issuedAt resolution { actual } } }`,
      );
    expect((await latest(`knownAt: "${toIso(at(7))}"`)).latestForecasts).toMatchObject([{ asOf: toIso(at(6)), resolution: null }]);
    expect((await latest(`eventTime: "${toIso(at(7))}"`)).latestForecasts).toMatchObject([{ asOf: toIso(at(7)), resolution: null }]);
    expect((await latest(`knownAt: "${toIso(at(40))}"`)).latestForecasts).toMatchObject([
      { asOf: toIso(at(8)), resolution: { actual: '1037.50' } },
    ]);
  });
});

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
});

describe('forecastPath', () => {
  it('goes through the served forecasts, minute by minute, and its bands do not cross', async () => {
    const { forecastPath: path } = await ask<{
      forecastPath: { t: number[]; median: number[]; bands: { level: number; lower: number[]; upper: number[] }[] } & Record<
        string,
        unknown
      >;
    }>(
      `{ forecastPath(symbol: "BTCUSDT", at: "${toIso(addMs(at(6), 5_000))}") { asOf refPrice model { id } t median bands { level lower upper } disclaimer } }`,
    );
    expect(path).toMatchObject({ asOf: toIso(at(6)), refPrice: '1000.50', model: { id: `${model.id}` } });
    expect(path.t).toEqual(Array.from({ length: 1_440 }, (_, index) => at(7 + index) / 1_000));
    expect(path.bands.map(({ level }) => level)).toEqual([0.5, 0.8, 0.9, 0.95]);
    expect(path.bands[3]?.upper[59]).toBeCloseTo(1000.5 * Math.exp(0.004), 8);
    expect(path.bands[0]?.lower[14]).toBeCloseTo(1000.5 * Math.exp(-0.001), 8);
    expect(path.bands[0]?.lower[0]).toBeCloseTo(1000.5 * Math.exp(-0.001 / Math.sqrt(15)), 8);
    const columns = [...path.bands.map(({ lower }) => lower)].reverse().concat(
      [path.median],
      path.bands.map(({ upper }) => upper),
    );
    for (const [index, column] of columns.slice(1).entries())
      for (const [minute, price] of column.entries()) expect(price).toBeGreaterThanOrEqual(columns[index]?.[minute] ?? 0);
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
});

it('reads no more often for many forecasts than for one', async () => {
  const { sessions } = market.database;
  const run = sessions.run;
  const count = async (first: number) => {
    const statements: string[] = [];
    Object.assign(sessions, {
      run: (...args: Parameters<typeof run>) => {
        statements.push(args[0].name);
        return run(...args);
      },
    });
    await ask(
      `{ forecasts(symbol: "BTCUSDT", first: ${first}) { edges { node { id model { id } resolution { actual } skill { value } } } } }`,
    );
    Object.assign(sessions, { run });
    return statements.filter((name) => /^(forecasts|scores|track)-/.test(name)); // venues are read once a second by themselves
  };
  await count(20); // every model has been read
  expect(await count(1)).toEqual(['forecasts-find-page-oldest', 'track-find-days-of']);
  expect(await count(20)).toEqual(await count(1));
});
