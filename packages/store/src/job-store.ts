import type { JobStore, RunStore } from '@candlecast/domain';
import type { Database } from './database.ts';
import { endJob, ensureJob, holdJob, releaseJob, renewJob, reopenJob, reopenJobWithoutModel, retireJobs, takeJob } from './sql/jobs.ts';
import { completeRun, failRun, findEndedRuns, insertEpoch, insertRun } from './sql/runs.ts';

/** Returns the store of jobs. */
export function createJobStore({ sessions }: Pick<Database, 'sessions'>): JobStore {
  return {
    ensure: (job) => ensureJob(sessions, job),
    reopen: (job, newestModel) =>
      newestModel === undefined
        ? reopenJob(sessions, job)
        : sessions.transact((session) => reopenJobWithoutModel(session, job, newestModel)),
    retire: (venue, kind, keys) => retireJobs(sessions, venue, kind, keys),
    take: (venue, kinds, holder, forMs, choice) => takeJob(sessions, venue, kinds, holder, forMs, choice),
    renew: (lease, forMs) => renewJob(sessions, lease, forMs),
    release: (lease) => releaseJob(sessions, lease),
    finish: (lease, outcome) =>
      sessions.transact(async (session) => {
        await holdJob(session, lease);
        if (outcome.kind === 'done' && outcome.run) await completeRun(session, outcome.run);
        await endJob(session, lease, outcome);
      }),
  };
}

/** Returns the store of runs. */
export function createRunStore({ sessions }: Pick<Database, 'sessions'>): RunStore {
  return {
    begin: (run, lease) =>
      sessions.transact(async (session) => {
        await holdJob(session, lease);
        return insertRun(session, run, lease.id);
      }),
    noteEpoch: (id, epoch, metrics) => insertEpoch(sessions, id, epoch, metrics),
    fail: (id, failure) => failRun(sessions, id, failure),
    findEnded: (venue, days) => findEndedRuns(sessions, venue, days),
  };
}
