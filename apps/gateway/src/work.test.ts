import { addMs, DAY_MS, type NewRun, type TakenJob } from '@candlecast/domain';
import { createChampionStore, createDriftStore, createJobStore, createRunStore } from '@candlecast/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './testing/post.ts';
import { at, START, startTestMarket, type TestMarket } from './testing/test-market.ts';

const RUN: NewRun = {
  venue: 'SIM',
  name: 'lstm',
  parameters: { trainingDays: 30 },
  seed: 7,
  dataHash: 'd'.repeat(64),
  codeVersion: 'test 1',
};
const MODEL = {
  name: 'lstm',
  version: '1',
  kind: 'LSTM',
  sha256: 'a'.repeat(64),
  artifactPath: 'models/lstm-1/model.onnx',
  trainedFrom: at(0),
  trainedThrough: at(5),
  featureSchema: 1,
  card: { venue: 'SIM' },
} as const;
const RUNS = `query ($first: Int, $after: String) { runs(first: $first, after: $after) {
  edges { node { id name state parameters { name value } seed dataHash codeVersion figures { name value } epochs { epoch figures { name value } }
    artifacts { name sha256 sizeBytes } model { name version } startedAt endedAt failure } } pageInfo { hasNextPage endCursor } } }`;
const JOBS = '{ jobs { id kind key state cadence nextAt attempts lastStartedAt lastEndedAt lastFailure } }';

interface Runs {
  readonly runs: {
    edges: { node: { id: string; state: string } & Record<string, unknown> }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
}

let market: TestMarket;
let httpUrl: string;
const ids: string[] = [];

beforeAll(async () => {
  market = await startTestMarket();
  ({ httpUrl } = await market.startGateway());
  await market.instruments.saveClock({ venue: 'SIM', wallTime: START, anchorTime: START, speed: 0 });
  const jobs = createJobStore(market.database);
  const runs = createRunStore(market.database);
  const take = async (): Promise<TakenJob> => {
    const job = await jobs.take('SIM', ['train-first', 'retrain', 'other'], 'me', 60_000);
    if (!job) throw new Error('no job is due');
    return job;
  };
  await jobs.ensure({ venue: 'SIM', kind: 'train-first', key: 'only', payload: {}, cadence: null, dueAt: START });
  const job = await take();
  ids.push(await runs.begin(RUN, job), await runs.begin(RUN, job));
  await runs.noteEpoch(ids[1] ?? '', 0, { validationLoss: 0.5, baselineLoss: 0.5 });
  await runs.noteEpoch(ids[1] ?? '', 1, { validationLoss: 0.25, baselineLoss: 0.5 });
  const artifacts = [{ name: 'model.onnx', path: MODEL.artifactPath, sha256: MODEL.sha256, sizeBytes: 99 }];
  const run = { id: ids[1] ?? '', parameters: { batch: 256 }, metrics: { 'loss.validation': 0.25 }, artifacts, model: MODEL };
  await jobs.finish(job, { kind: 'done', nextDueAt: null, run });
  await jobs.ensure({ venue: 'SIM', kind: 'retrain', key: 'only', payload: {}, cadence: 'MONTHLY', dueAt: START });
  const retraining = await take();
  ids.push(await runs.begin({ ...RUN, parameters: {} }, retraining));
  await runs.fail(ids[2] ?? '', 'history_too_short');
  const nextDueAt = addMs(START, DAY_MS);
  await jobs.finish(retraining, { kind: 'failed', failure: 'history_too_short', retryAfterMs: null, nextDueAt });
  await jobs.ensure({ venue: 'SIM', kind: 'other', key: 'fold-1', payload: {}, cadence: null, dueAt: START });
  ids.push(await runs.begin(RUN, await take()));
  const champions = createChampionStore(market.database);
  const model = await market.database.prisma.model.findFirstOrThrow();
  const change = {
    venue: 'SIM',
    name: 'lstm',
    modelId: model.id,
    formerName: null,
    reason: 'INSTALLED',
    at: START,
    decidedBy: 'rule',
  } as const;
  const stood = { lossRatio: 0.95, coverage90: 0.9, clippedShare: 0.01, gappedInstruments: 0, alarms: [] };
  const check = { venue: 'SIM', modelId: model.id, horizon: '1h', at: START, ...stood } as const;
  await createDriftStore(market.database).saveChecks([
    { ...check, horizon: '4h', lossRatio: 1.5, clippedShare: null, gappedInstruments: 2, alarms: ['SKILL', 'GAPS'] },
    { ...check, at: addMs(START, -DAY_MS), alarms: ['COVERAGE'] },
    check,
    { ...check, horizon: '30m', at: addMs(START, -4 * DAY_MS) },
    { ...check, horizon: '24h', venue: 'BINANCE' },
  ]);
  for (const horizon of ['1h', '2h'] as const)
    await champions.change([{ ...change, horizon, figures: { z: 2.5, challengers: 3 }, after: null }]);
  const [hour] = await champions.findChampions('SIM');
  const promoted = { ...change, name: 'other', formerName: 'lstm', reason: 'PROMOTED', horizon: '1h', at: at(60) } as const;
  await champions.change([{ ...promoted, figures: {}, after: hour?.id ?? null }]);
  await jobs.ensure({ venue: 'BINANCE', kind: 'other', key: 'fold-1', payload: {}, cadence: null, dueAt: START });
});
afterAll(() => market.stop());

async function ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const { data, errors } = await post<T>(httpUrl, query, variables);
  expect(errors).toEqual([]);
  return data;
}

describe('runs', () => {
  it('are whole: what they were given, how they went, what they made or failed of', async () => {
    const nodes = (await ask<Runs>(RUNS)).runs.edges.map(({ node }) => node);
    expect(nodes.map(({ id, state }) => [id, state])).toEqual([
      [ids[3], 'RUNNING'],
      [ids[2], 'FAILED'],
      [ids[1], 'DONE'],
      [ids[0], 'ABANDONED'],
    ]);
    expect(nodes[2]).toMatchObject({
      name: 'lstm',
      parameters: [
        { name: 'batch', value: '256' },
        { name: 'trainingDays', value: '30' },
      ],
      seed: 7,
      dataHash: 'd'.repeat(64),
      codeVersion: 'test 1',
      figures: [{ name: 'loss.validation', value: 0.25 }],
      artifacts: [{ name: 'model.onnx', sha256: 'a'.repeat(64), sizeBytes: 99 }],
      model: { name: 'lstm', version: '1' },
      startedAt: expect.any(String),
      endedAt: expect.any(String),
      failure: null,
    });
    expect(nodes[2]?.epochs).toEqual(
      [0.5, 0.25].map((value, epoch) => ({
        epoch,
        figures: [
          { name: 'baselineLoss', value: 0.5 },
          { name: 'validationLoss', value },
        ],
      })),
    );
    expect(nodes[1]).toMatchObject({ model: null, failure: 'history_too_short', epochs: [], artifacts: [] });
    expect(nodes[0]).toMatchObject({ endedAt: null });
  });

  it('come in pages, the newest first, without hole or repeat', async () => {
    const seen: string[] = [];
    for (let after: string | null = null; ; ) {
      const { runs }: Runs = await ask<Runs>(RUNS, { first: 3, after });
      seen.push(...runs.edges.map(({ node }) => node.id));
      if (!runs.pageInfo.hasNextPage) break;
      after = runs.pageInfo.endCursor;
    }
    expect(seen).toEqual([...ids].reverse());
  });
});

describe('championHistory', () => {
  const page = (args: string) =>
    ask<{ championHistory: { edges: { node: Record<string, unknown> }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } }>(
      `{ championHistory(${args}) { edges { cursor node { id horizon champion model { name version } former reason at decidedBy figures { name value } } }
        pageInfo { hasNextPage endCursor } } }`,
    );

  it('says who took over, when, why, and by which numbers, page by page', async () => {
    const { championHistory: first } = await page('first: 2');
    expect(first.edges.map(({ node }) => node)).toMatchObject([
      { horizon: '1h', champion: 'other', former: 'lstm', reason: 'PROMOTED', at: '2022-01-03T01:00:00.000Z', figures: [] },
      {
        ...{ horizon: '2h', champion: 'lstm', former: null, reason: 'INSTALLED', decidedBy: 'rule', model: { name: 'lstm', version: '1' } },
        figures: [
          { name: 'challengers', value: 3 },
          { name: 'z', value: 2.5 },
        ],
      },
    ]);
    const { championHistory: rest } = await page(`first: 2, after: "${first.pageInfo.endCursor}"`);
    expect(rest.edges.map(({ node }) => node.horizon)).toEqual(['1h']);
    expect(rest.pageInfo.hasNextPage).toBe(false);
  });
});

describe('drift', () => {
  it('tells how each champion stood last, shortest horizon first, and nothing that is days old', async () => {
    const { drift } = await ask<{ drift: Record<string, unknown>[] }>(
      '{ drift { horizon at model { name } alarms lossRatio coverage90 clippedShare gappedInstruments } }',
    );
    const at = '2022-01-03T00:00:00.000Z';
    const model = { name: 'lstm' };
    expect(drift).toEqual([
      { horizon: '1h', at, model, alarms: [], lossRatio: 0.95, coverage90: 0.9, clippedShare: 0.01, gappedInstruments: 0 },
      { horizon: '4h', at, model, alarms: ['SKILL', 'GAPS'], lossRatio: 1.5, coverage90: 0.9, clippedShare: null, gappedInstruments: 2 },
    ]);
  });
});

describe('jobs', () => {
  it('show what waits and runs before what is over, of the running venue alone', async () => {
    const { jobs } = await ask<{ jobs: Record<string, unknown>[] }>(JOBS);
    const start = '2022-01-03T00:00:00.000Z';
    const last = { lastStartedAt: start, lastEndedAt: start };
    expect(jobs).toMatchObject([
      {
        kind: 'retrain',
        key: 'only',
        state: 'WAITING',
        cadence: 'MONTHLY',
        nextAt: '2022-01-04T00:00:00.000Z',
        attempts: 0,
        ...last,
        lastFailure: 'history_too_short',
      },
      {
        kind: 'other',
        key: 'fold-1',
        state: 'RUNNING',
        cadence: null,
        nextAt: start,
        attempts: 1,
        lastStartedAt: start,
        lastEndedAt: null,
      },
      { kind: 'train-first', state: 'DONE', nextAt: null, ...last, lastFailure: null },
    ]);
    expect(jobs.every(({ id }) => typeof id === 'string')).toBe(true);
  });
});
