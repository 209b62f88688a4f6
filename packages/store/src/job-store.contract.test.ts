import { addMs, type FinishedRun, type NewJob, type NewRun, type TakenJob, toEpochMs } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJobStore, createRunStore } from './job-store.ts';
import { minute, openTestStore, type TestStore } from './testing/test-store.ts';

const LONG_MS = 60_000;
const A_JOB: NewJob = { venue: 'SIM', kind: 'train', key: 'first', payload: { seed: 1 }, cadence: null, dueAt: minute(0) };
const A_RUN: NewRun = { venue: 'SIM', name: 'lstm', parameters: { units: 24 }, seed: 7, dataHash: 'd'.repeat(64), codeVersion: 'test' };
const A_MODEL: FinishedRun['model'] = {
  name: 'lstm',
  version: '1',
  kind: 'LSTM',
  sha256: 'a'.repeat(64),
  artifactPath: 'models/lstm-1/model.onnx',
  trainedFrom: minute(0),
  trainedThrough: minute(5),
  featureSchema: 1,
  card: { venue: 'SIM' },
};

let store: TestStore;
let jobs: ReturnType<typeof createJobStore>;
let runs: ReturnType<typeof createRunStore>;

/** Sets the venue's clock, which then stands. */
const setTime = (count: number) =>
  store.instruments.saveClock({ venue: 'SIM', wallTime: toEpochMs(0), anchorTime: minute(count), speed: 0 });
const take = (holder = 'me', forMs = LONG_MS) => jobs.take('SIM', ['train', 'check'], holder, forMs);
const readJobs = () => store.sql<Record<string, unknown>>('select * from job order by kind, key');
const readRuns = () => store.sql<Record<string, unknown>>('select * from run order by started_at');

async function taken(holder?: string, forMs?: number) {
  const job = await take(holder, forMs);
  if (!job) throw new Error('no job is due');
  return job;
}

beforeEach(async () => {
  store = await openTestStore();
  jobs = createJobStore(store.db);
  runs = createRunStore(store.db);
  await setTime(0);
});
afterEach(() => store.close());

describe('jobs', () => {
  it('are taken when the venue says that they are due, longest first, each by one', async () => {
    await jobs.ensure({ ...A_JOB, key: 'later', dueAt: minute(10) });
    await jobs.ensure({ ...A_JOB, key: 'b', dueAt: minute(-1) });
    await jobs.ensure({ ...A_JOB, key: 'a', dueAt: minute(-2) });
    await jobs.ensure({ ...A_JOB, kind: 'unknown', dueAt: minute(-3) });
    const both = await Promise.all([take('one'), take('two'), take('three')]);
    expect(
      both
        .flatMap((job) => job ?? [])
        .map(({ key }) => key)
        .sort(),
    ).toEqual(['a', 'b']);
    expect(await take()).toBeUndefined();
    await setTime(10);
    expect(await take()).toMatchObject({ key: 'later', payload: { seed: 1 }, attempts: 1, dueAt: minute(10) });
  });

  it('wait for the kinds that go first while those are due or under way, and no longer', async () => {
    const kinds = ['train', 'check'];
    const takeInOrder = () => jobs.take('SIM', kinds, 'me', LONG_MS, { after: [{ kind: 'check', before: 'train' }] });
    await jobs.ensure({ ...A_JOB, kind: 'check', dueAt: minute(-2) });
    await jobs.ensure({ ...A_JOB, cadence: 'DAILY', dueAt: minute(-1) });
    const first = await takeInOrder();
    expect(first).toMatchObject({ kind: 'train' });
    expect(await takeInOrder()).toBeUndefined();
    await jobs.finish(first as TakenJob, { kind: 'failed', failure: 'oom', retryAfterMs: LONG_MS, nextDueAt: null });
    expect(await takeInOrder()).toBeUndefined();
    await store.sql(`update job set retry_at = clock_timestamp() where kind = 'train'`);
    await jobs.finish((await takeInOrder()) as TakenJob, { kind: 'done', nextDueAt: minute(1_440), run: null });
    expect(await takeInOrder()).toMatchObject({ kind: 'check' });
  });

  it('are taken by who can do them, whatever else is due longer', async () => {
    await jobs.ensure({ ...A_JOB, key: 'a', dueAt: minute(-2) });
    await jobs.ensure({ ...A_JOB, key: 'b', dueAt: minute(-1) });
    const takeOnly = (...keys: string[]) => jobs.take('SIM', ['train'], 'me', LONG_MS, { keys });
    expect(await takeOnly()).toBeUndefined();
    expect(await takeOnly('b', 'c')).toMatchObject({ key: 'b' });
    expect(await takeOnly('b', 'c')).toBeUndefined();
    expect(await take()).toMatchObject({ key: 'a' });
  });

  it('are there once, and take over another cadence', async () => {
    await jobs.ensure(A_JOB);
    await jobs.ensure({ ...A_JOB, payload: { seed: 2 }, dueAt: minute(5) });
    expect(await readJobs()).toMatchObject([{ payload: { seed: 1 }, due_at: minute(0), cadence: null }]);
    await jobs.ensure({ ...A_JOB, cadence: 'DAILY', dueAt: minute(7) });
    expect(await readJobs()).toMatchObject([{ cadence: 'DAILY', due_at: minute(7) }]);
  });

  it('end when nobody wants them any more, and come back', async () => {
    const collect = (key: string, due: number): NewJob => ({
      ...A_JOB,
      kind: 'check',
      key,
      cadence: 'QUARTER_HOURLY',
      dueAt: minute(due),
    });
    for (const key of ['kept', 'left', 'held']) await jobs.reopen(collect(key, key === 'held' ? -5 : 5));
    expect((await taken()).key).toBe('held');
    await jobs.ensure({ ...A_JOB, key: 'of another kind' });
    expect(await jobs.retire('SIM', 'check', ['kept'])).toEqual(['left']);
    expect(await jobs.retire('SIM', 'check', ['kept'])).toEqual([]);
    const states = async () => Object.fromEntries((await readJobs()).map(({ key, state }) => [key, state]));
    expect(await states()).toEqual({ kept: 'WAITING', left: 'DONE', held: 'RUNNING', 'of another kind': 'WAITING' });
    await jobs.reopen(collect('left', 7));
    await jobs.reopen(collect('kept', 7));
    expect(await states()).toMatchObject({ kept: 'WAITING', left: 'WAITING' });
    expect((await readJobs()).find(({ key }) => key === 'kept')).toMatchObject({ due_at: minute(5), cadence: 'QUARTER_HOURLY' });
  });

  it('go to another process once the one that has them shows no life, and the first is refused', async () => {
    await jobs.ensure(A_JOB);
    const first = await taken('one', 1);
    const second = await eventually(async () => {
      const job = await take('two');
      expect(job).toMatchObject({ attempts: 2 });
      return job;
    });
    if (!second) throw new Error('it was not taken over');
    expect(await jobs.renew(first, LONG_MS)).toBe(false);
    await expect(jobs.finish(first, { kind: 'done', nextDueAt: null, run: null })).rejects.toMatchObject({ code: 'lease_lost' });
    await expect(runs.begin(A_RUN, first)).rejects.toMatchObject({ code: 'lease_lost' });
    await jobs.release(first);
    expect(await jobs.renew(second, LONG_MS)).toBe(true);
    await jobs.finish(second, { kind: 'done', nextDueAt: null, run: null });
    expect(await readJobs()).toMatchObject([{ state: 'DONE', last_started_at: minute(0), last_ended_at: minute(0), last_failure: null }]);
    expect(await take()).toBeUndefined();
  });

  it('that are given back are there at once', async () => {
    await jobs.ensure(A_JOB);
    await jobs.release(await taken());
    expect(await take()).toMatchObject({ attempts: 1, token: 2 });
  });

  it('are tried again after a failure, not before their wait is over, and given up in the end', async () => {
    await jobs.ensure(A_JOB);
    await jobs.finish(await taken(), { kind: 'failed', failure: 'history_too_short', retryAfterMs: LONG_MS, nextDueAt: null });
    expect(await take()).toBeUndefined();
    expect(await readJobs()).toMatchObject([{ state: 'WAITING', attempts: 1, last_failure: 'history_too_short' }]);
    await store.sql('update job set retry_at = clock_timestamp()');
    const again = await taken();
    expect(again.attempts).toBe(2);
    await jobs.finish(again, { kind: 'failed', failure: 'history_too_short', retryAfterMs: null, nextDueAt: null });
    expect(await readJobs()).toMatchObject([{ state: 'FAILED' }]);
    expect(await take()).toBeUndefined();
    await jobs.reopen({ ...A_JOB, payload: { seed: 3 } });
    expect(await take()).toMatchObject({ attempts: 1, payload: { seed: 3 } });
  });

  it('that come back wait for their next time, whether they failed or not', async () => {
    await jobs.ensure({ ...A_JOB, cadence: 'DAILY' });
    await jobs.finish(await taken(), { kind: 'done', nextDueAt: minute(10), run: null });
    expect(await take()).toBeUndefined();
    await jobs.reopen(A_JOB); // it is not over
    expect(await take()).toBeUndefined();
    await setTime(10);
    await jobs.finish(await taken(), { kind: 'failed', failure: 'x', retryAfterMs: null, nextDueAt: minute(20) });
    expect(await readJobs()).toMatchObject([{ state: 'WAITING', attempts: 0, due_at: minute(20), last_failure: 'x' }]);
  });
});

describe('runs', () => {
  const finished = (id: string): FinishedRun => ({
    id,
    parameters: { batch: 256 },
    metrics: { validationLoss: 0.25 },
    artifacts: [{ name: 'model.onnx', path: 'models/lstm-1/model.onnx', sha256: 'a'.repeat(64), sizeBytes: 10 }],
    model: A_MODEL,
  });

  it('are registered with the end of their job: model, files, figures', async () => {
    await jobs.ensure(A_JOB);
    const job = await taken();
    const id = await runs.begin(A_RUN, job);
    await runs.noteEpoch(id, 0, { validationLoss: 1 });
    await runs.noteEpoch(id, 1, { validationLoss: 0.5 });
    await jobs.finish(job, { kind: 'done', nextDueAt: null, run: finished(id) });
    const [model] = await store.sql<{ id: number }>('select * from model');
    expect(model).toMatchObject({ name: 'lstm', version: '1', trained_through: minute(5), card: { venue: 'SIM' } });
    expect(await readRuns()).toMatchObject([
      {
        id,
        state: 'DONE',
        model_id: model?.id,
        job_id: job.id,
        metrics: { validationLoss: 0.25 },
        seed: 7,
        parameters: { units: 24, batch: 256 },
      },
    ]);
    expect(await store.sql('select epoch, metrics from run_epoch order by epoch')).toEqual([
      { epoch: 0, metrics: { validationLoss: 1 } },
      { epoch: 1, metrics: { validationLoss: 0.5 } },
    ]);
    expect(await store.sql('select name, size_bytes from run_artifact')).toEqual([{ name: 'model.onnx', size_bytes: 10 }]);
  });

  it('are not asked for again by who looked before their model was there', async () => {
    await jobs.ensure(A_JOB);
    const job = await taken();
    const run = finished(await runs.begin(A_RUN, job));
    await jobs.finish(job, { kind: 'done', nextDueAt: null, run });
    await jobs.reopen(A_JOB, 0);
    expect(await take()).toBeUndefined();
    const [model] = await store.sql<{ id: number }>('select max(id) as id from model');
    await jobs.reopen(A_JOB, model?.id ?? 0);
    expect(await take()).toMatchObject({ attempts: 1 });
  });

  it('of a process that is gone are abandoned by the next, and make no second model', async () => {
    await jobs.ensure(A_JOB);
    const dead = await taken('dead', 1);
    const left = await runs.begin(A_RUN, dead);
    const heir = await eventually(async () => {
      const job = await take('heir');
      expect(job).toBeDefined();
      return job;
    });
    if (!heir) throw new Error('it was not taken over');
    const id = await runs.begin(A_RUN, heir);
    await jobs.finish(heir, { kind: 'done', nextDueAt: null, run: finished(id) });
    await expect(jobs.finish(dead, { kind: 'done', nextDueAt: null, run: finished(left) })).rejects.toMatchObject({ code: 'lease_lost' });
    await runs.noteEpoch(left, 9, { validationLoss: 1 });
    await runs.fail(left, 'late');
    expect(await readRuns()).toMatchObject([
      { id: left, state: 'ABANDONED', model_id: null, failure: null },
      { id, state: 'DONE' },
    ]);
    expect(await store.sql('select count(*)::integer as models from model')).toEqual([{ models: 1 }]);
    expect(await store.sql('select count(*)::integer as epochs from run_epoch')).toEqual([{ epochs: 0 }]);
  });

  it('say why they failed, and none of what they would have made is there', async () => {
    await jobs.ensure(A_JOB);
    const job = await taken();
    const id = await runs.begin(A_RUN, job);
    await runs.fail(id, 'onnx_parity');
    expect(await readRuns()).toMatchObject([{ state: 'FAILED', failure: 'onnx_parity', ended_at: expect.any(Number) }]);
    await expect(jobs.finish(job, { kind: 'done', nextDueAt: null, run: finished(id) })).rejects.toMatchObject({ code: 'run_over' });
    expect(await store.sql('select count(*)::integer as models from model')).toEqual([{ models: 0 }]);
    expect(await jobs.renew(job, LONG_MS)).toBe(true);
  });

  it('begin at a time of this database, and jobs at one of the venue', async () => {
    await jobs.ensure(A_JOB);
    await setTime(3);
    await runs.begin(A_RUN, await taken());
    const [run] = await readRuns();
    expect(run?.started_at).toBeGreaterThan(addMs(minute(0), 0));
    expect(await readJobs()).toMatchObject([{ last_started_at: minute(3) }]);
  });
});
