// A forecaster that begins a training and never ends it: what tests kill. Its argument is the address of the database.
import { toEpochMs } from '@candlecast/domain';
import { createDatabase, createJobStore, createRunStore } from '@candlecast/store';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { createJobRunner } from '../jobs/job-runner.ts';
import { createJobMetrics } from '../jobs/metrics.ts';
import { A_RUN } from './a-run.ts';
import { VENUE } from './test-market.ts';

const database = await createDatabase({ url: process.argv[2] ?? '', applicationName: 'doomed', poolSize: 2 });
const runs = createRunStore(database);
const runner = createJobRunner(
  {
    jobs: createJobStore(database),
    kinds: [
      {
        name: 'retrain',
        async run(job) {
          await runs.noteEpoch(await runs.begin(A_RUN, job), 0, { validationLoss: 1 });
          process.stdout.write('training\n');
          return new Promise(() => setInterval(() => undefined, 1_000));
        },
      },
    ],
    now: async () => toEpochMs(0),
    metrics: createJobMetrics(createMetrics()),
    logger: createLogger('doomed', 'silent'),
  },
  { venue: VENUE, holder: 'doomed', pollMs: 10, leaseMs: 1_000, mostAttempts: 5, patience: { baseMs: 10, capMs: 50 } },
);
await runner.run(new AbortController().signal);
