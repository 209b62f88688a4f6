import { toEpochMs } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ONLY } from '../jobs/schedule-jobs.ts';
import { A_RUN, aFinishedRun } from '../testing/a-run.ts';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import { startTrackingServer } from '../testing/tracking-server.ts';
import { createMlflow } from './mlflow.ts';

const { signal } = new AbortController();
let market: TestMarket;
let server: Awaited<ReturnType<typeof startTrackingServer>>;

beforeAll(async () => {
  server = await startTrackingServer();
  market = await openTestMarket();
  const start = toEpochMs(Date.UTC(2022, 0, 3));
  await market.setTime(start);
  await market.jobs.ensure({ venue: VENUE, kind: 'retrain', key: ONLY, payload: {}, cadence: null, dueAt: start });
  const job = await market.jobs.take(VENUE, ['retrain'], 'me', 60_000);
  if (!job) throw new Error('no job is due');
  await market.runs.begin(A_RUN, job); // abandoned by the next
  const id = await market.runs.begin({ ...A_RUN, parameters: { units: 24 } }, job);
  for (const epoch of [0, 1]) await market.runs.noteEpoch(id, epoch, { validationLoss: 1 - epoch / 4 });
  await market.jobs.finish(job, { kind: 'done', nextDueAt: null, run: aFinishedRun(id) });
});
afterAll(async () => {
  server.close();
  await market.drop();
});

describe('the export to MLflow', () => {
  it('takes over runs with parameters, curves and models, each once', async () => {
    const mlflow = createMlflow({ uri: `${server.uri}/`, experiment: 'candlecast SIM', timeoutMs: 5_000 });
    for (const _ of [1, 2]) await mlflow.exportRuns(await market.runs.findEnded(VENUE, 35), signal);
    expect([...server.experiments.keys()]).toEqual(['candlecast SIM']);
    const [abandoned, done, ...more] = server.runs.values();
    expect(more).toEqual([]);
    expect(abandoned).toMatchObject({ info: { status: 'KILLED' }, metrics: [] });
    expect(done).toMatchObject({
      info: { status: 'FINISHED', experiment_id: '1', start_time: expect.any(Number), end_time: expect.any(Number) },
    });
    expect(Object.fromEntries(done?.params.map(({ key, value }) => [key, value]) ?? [])).toEqual({
      ...{ units: '24', seed: '1', dataHash: A_RUN.dataHash, codeVersion: 'test', venue: VENUE },
    });
    expect(done?.metrics.map(({ key, value, step }) => [key, value, step])).toEqual([
      ['validationLoss', 1, 0],
      ['validationLoss', 0.75, 1],
      ['final.validationLoss', 0.5, 0],
    ]);
    expect([...server.models]).toEqual([
      ['planted', [expect.objectContaining({ source: 'models/planted-1/model.onnx', run_id: 'run-2' })]],
    ]);
  });

  it('says that another try is worth it when nobody answers', async () => {
    const away = createMlflow({ uri: 'http://127.0.0.1:9', experiment: 'x', timeoutMs: 1_000 });
    const refused = away.exportRuns(await market.runs.findEnded(VENUE, 35), signal);
    await expect(refused).rejects.toMatchObject({ code: 'mlflow_unavailable', retryable: true });
  });
});
