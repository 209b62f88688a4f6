import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { toEpochMs } from '@candlecast/domain';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { A_RUN, aFinishedRun } from '../testing/a-run.ts';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import { createJobRunner } from './job-runner.ts';
import { createJobMetrics } from './metrics.ts';
import { ONLY } from './schedule-jobs.ts';

const START = toEpochMs(Date.UTC(2022, 0, 3));
const DOOMED = fileURLToPath(new URL('../testing/train-forever.mjs', import.meta.url));

let market: TestMarket;
beforeAll(async () => {
  market = await openTestMarket();
  await market.setTime(START);
});
afterAll(() => market.drop());

describe('a forecaster that is killed while it trains', { timeout: 90_000 }, () => {
  it('is followed by one that trains once: one model, and the run that was left is on record', async () => {
    await market.jobs.ensure({ venue: VENUE, kind: 'retrain', key: ONLY, payload: {}, cadence: 'MONTHLY', dueAt: START });
    const doomed = spawn(process.execPath, [DOOMED, market.url], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(doomed.stdout, 'data');
    doomed.kill('SIGKILL');
    await once(doomed, 'exit');
    let trainings = 0;
    const heirs = ['one', 'two'].map((holder) =>
      createJobRunner(
        {
          jobs: market.jobs,
          kinds: [
            {
              name: 'retrain',
              async run(job) {
                trainings++;
                return aFinishedRun(await market.runs.begin(A_RUN, job));
              },
            },
          ],
          now: async () => START,
          metrics: createJobMetrics(createMetrics()),
          logger: createLogger('test', 'silent'),
        },
        { venue: VENUE, holder, pollMs: 10, leaseMs: 10_000, mostAttempts: 5, patience: { baseMs: 10, capMs: 50 } },
      ),
    );
    const stop = new AbortController();
    const running = heirs.map((heir) => heir.run(stop.signal));
    await eventually(async () => expect(await market.reader.findModels()).toHaveLength(1), { timeoutMs: 30_000 });
    stop.abort();
    await Promise.all(running);
    expect(trainings).toBe(1);
    expect(await market.readSql('select state, model_id from run order by started_at')).toEqual([
      { state: 'ABANDONED', model_id: null },
      { state: 'DONE', model_id: 1 },
    ]);
    expect(await market.readSql('select state, due_at, attempts, last_failure from job')).toEqual([
      { state: 'WAITING', due_at: toEpochMs(Date.UTC(2022, 1, 1)), attempts: 0, last_failure: null },
    ]);
  });
});
