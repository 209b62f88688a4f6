import { type Model, toIso } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './testing/post.ts';
import { type ScoredMarket, startScoredMarket } from './testing/scored-market.ts';
import { at, type TestMarket } from './testing/test-market.ts';

let market: TestMarket;
let httpUrl: string;
let model: Model;
let ewma: Model;
let ask: ScoredMarket['ask'];

beforeAll(async () => {
  ({ market, httpUrl, model, ewma, ask } = await startScoredMarket());
});
afterAll(() => market.stop());

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
       skill { value n days verdict lower upper statement }`,
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
      skill: { n: 5, days: 1, verdict: 'TOO_FEW', lower: null, upper: null, statement: expect.stringContaining('Too few') },
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
