import { AppError, type JobCadence, type TakenJob, toEpochMs } from '@candlecast/domain';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { eventually } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import type { JobKind } from './job-kind.ts';
import { createJobRunner, type JobRunner } from './job-runner.ts';
import { createJobMetrics } from './metrics.ts';
import { createPlainJob } from './plain-job.ts';
import { ONLY, scheduleJobs } from './schedule-jobs.ts';

const START = toEpochMs(Date.UTC(2022, 0, 3));

let market: TestMarket;
let metrics: ReturnType<typeof createJobMetrics>;

beforeEach(async () => {
  market = await openTestMarket();
  await market.setTime(START);
  metrics = createJobMetrics(createMetrics());
});
afterEach(() => market.drop());

function aRunner(kinds: readonly JobKind[], leaseMs = 60_000, holder = 'one'): JobRunner {
  const ports = { jobs: market.jobs, kinds, now: async () => START, metrics, logger: createLogger('test', 'silent') };
  return createJobRunner(ports, { venue: VENUE, holder, pollMs: 5, leaseMs, mostAttempts: 2, patience: { baseMs: 1, capMs: 5 } });
}

const aJob = (kind: string, cadence: JobCadence | null = null) =>
  market.jobs.ensure({ venue: VENUE, kind, key: ONLY, payload: {}, cadence, dueAt: START });
const readJob = async () => (await market.readSql<Record<string, unknown>>('select * from job'))[0];
const readTries = async () =>
  (await metrics.tries.get()).values.flatMap(({ labels, value }) => Array.from({ length: value }, () => labels.outcome));
const forever = new AbortController().signal;

/** A job that goes on until it is told to stop. */
function endless(name: string) {
  const begun: TakenJob[] = [];
  const kind: JobKind = {
    name,
    run: (job, signal) =>
      new Promise((_, reject) => {
        begun.push(job);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      }),
  };
  return { kind, begun };
}

describe('the runner of jobs', () => {
  it('does what is due once, and has scheduled work again at its next time', async () => {
    const done: string[] = [];
    const kind = createPlainJob('daily', async () => void done.push('work'));
    await scheduleJobs(market.jobs, VENUE, [{ kind: 'daily', cadence: 'DAILY' }], toEpochMs(START - 1));
    const runner = aRunner([kind]);
    expect(await runner.runNext(forever)).toBe(true);
    expect(done).toEqual(['work']);
    expect(await readJob()).toMatchObject({ state: 'WAITING', due_at: START + 86_400_000, attempts: 0, last_failure: null });
    expect(await runner.runNext(forever)).toBe(false);
    expect(await readTries()).toEqual(['done']);
  });

  it('tries again what failed, gives it up in the end, and says why', async () => {
    await aJob('broken');
    const runner = aRunner([createPlainJob('broken', () => Promise.reject(new AppError('history_too_short', 'too short')))]);
    await runner.runNext(forever);
    expect(await readJob()).toMatchObject({ state: 'WAITING', attempts: 1, last_failure: 'history_too_short' });
    await eventually(async () => expect(await runner.runNext(forever)).toBe(true));
    expect(await readJob()).toMatchObject({ state: 'FAILED', attempts: 2 });
    expect(await readTries()).toEqual(['failed', 'failed']);
  });

  it('does not call scheduled work failed for good', async () => {
    await aJob('broken', 'DAILY');
    const runner = aRunner([createPlainJob('broken', () => Promise.reject(new Error('of the unknown kind')))]);
    for (const _ of [1, 2]) await eventually(async () => expect(await runner.runNext(forever)).toBe(true));
    expect(await readJob()).toMatchObject({ state: 'WAITING', attempts: 0, due_at: START + 86_400_000, last_failure: 'internal' });
  });

  it('shows life while it works, so that nobody else begins', async () => {
    await aJob('long');
    const { kind, begun } = endless('long');
    const stop = new AbortController();
    const working = aRunner([kind], 300).runNext(stop.signal);
    await eventually(() => expect(begun).toHaveLength(1));
    const before = (await readJob())?.lease_until as number;
    await eventually(async () => expect((await readJob())?.lease_until).toBeGreaterThan(before + 200), { timeoutMs: 10_000 });
    expect(await aRunner([kind], 300, 'two').runNext(forever)).toBe(false);
    stop.abort();
    await working;
    expect(await readJob()).toMatchObject({ state: 'WAITING', attempts: 0 });
    expect(await readTries()).toEqual(['given back']);
  });

  it('stops work that another process has taken over, and does not end it', async () => {
    await aJob('long');
    const { kind, begun } = endless('long');
    const working = aRunner([kind], 300).runNext(forever);
    await eventually(() => expect(begun).toHaveLength(1));
    await market.runSql(`update job set token = token + 1, holder = 'two'`);
    await working;
    expect(await readJob()).toMatchObject({ state: 'RUNNING', holder: 'two' });
    expect(await readTries()).toEqual(['lost']);
  });

  it('does not begin what several processes have died of', async () => {
    await aJob('deadly');
    await market.runSql(`update job set state = 'RUNNING', attempts = 2, holder = 'dead'`);
    const { kind, begun } = endless('deadly');
    await aRunner([kind]).runNext(forever);
    expect(begun).toEqual([]);
    expect(await readJob()).toMatchObject({ state: 'FAILED', last_failure: 'job_abandoned' });
  });

  it('shares the keys of a kind with others: each is done once', async () => {
    const keys = Array.from({ length: 12 }, (_, index) => `fold-${index}`);
    for (const key of keys) await market.jobs.ensure({ venue: VENUE, kind: 'fold', key, payload: {}, cadence: null, dueAt: START });
    const done: string[] = [];
    const kind: JobKind = { name: 'fold', run: ({ key }) => Promise.resolve(done.push(key)).then(() => null) };
    const stop = new AbortController();
    const running = ['one', 'two', 'three'].map((holder) => aRunner([kind], 60_000, holder).run(stop.signal));
    await eventually(async () => expect(await market.readSql(`select from job where state <> 'DONE'`)).toEqual([]));
    stop.abort();
    await Promise.all(running);
    expect(done.sort()).toEqual(keys.sort());
  });
});
