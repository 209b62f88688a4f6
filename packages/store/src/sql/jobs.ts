// pg, not Prisma: leases run on the database's clock and what is due on the venue's, inside the statements.
import {
  AppError,
  type JobChoice,
  type JobLease,
  type JobOutcome,
  type NewJob,
  type TakenJob,
  toIso,
  type Venue,
} from '@candlecast/domain';
import type { Session } from './session.ts';

type Runner = Pick<Session, 'run'>;

const ENSURE = {
  name: 'job-ensure',
  text: `
    insert into job (venue, kind, key, payload, cadence, due_at) values ($1, $2, $3, $4::jsonb, $5::job_cadence, $6::timestamptz)
    on conflict (venue, kind, key) do update set cadence = excluded.cadence, due_at = excluded.due_at
    where job.cadence is distinct from excluded.cadence and job.state <> 'RUNNING'`,
};

/** An app that registers no models may not read them: it asks without them. */
function reopening(name: string, condition: string) {
  return {
    name,
    text: `
    insert into job (venue, kind, key, payload, cadence, due_at) values ($1, $2, $3, $4::jsonb, $5::job_cadence, $6::timestamptz)
    on conflict (venue, kind, key) do update set
      state = 'WAITING', payload = excluded.payload, due_at = excluded.due_at, attempts = 0, retry_at = clock_timestamp()
    where job.state in ('DONE', 'FAILED') ${condition}`,
  };
}

const REOPEN = reopening('job-reopen', '');
const REOPEN_WITHOUT_MODEL = reopening('job-reopen-without-model', 'and not exists (select from model where id > $7::integer)');

/** Adds a job that is not there. */
export async function ensureJob(session: Runner, job: NewJob): Promise<void> {
  await session.run(ENSURE, valuesOf(job));
}

const LOCK = { name: 'job-lock', text: 'select id from job where venue = $1 and kind = $2 and key = $3 for update' };

/** Adds a job, or has one that is over done again. */
export async function reopenJob(session: Runner, job: NewJob): Promise<void> {
  await session.run(REOPEN, valuesOf(job));
}

/** The same, unless a model has been registered after `newestModel`. Within a transaction: once the job is locked, what it has made is there to be seen. */
export async function reopenJobWithoutModel(session: Runner, job: NewJob, newestModel: number): Promise<void> {
  await session.run(LOCK, [job.venue, job.kind, job.key]);
  await session.run(REOPEN_WITHOUT_MODEL, [...valuesOf(job), newestModel]);
}

function valuesOf({ venue, kind, key, payload, cadence, dueAt }: NewJob): unknown[] {
  return [venue, kind, key, JSON.stringify(payload), cadence, toIso(dueAt)];
}

const RETIRE = {
  name: 'job-retire',
  text: `
    update job set state = 'DONE', attempts = 0, last_failure = null
    where venue = $1 and kind = $2 and key <> all ($3::text[])
      and (state = 'WAITING' or (state = 'RUNNING' and lease_until <= clock_timestamp())) returning key`,
};

/** Ends jobs that nobody wants any more; `reopenJob` brings one back. */
export async function retireJobs(session: Runner, venue: Venue, kind: string, keys: readonly string[]): Promise<string[]> {
  return (await session.run<{ key: string }>(RETIRE, [venue, kind, keys])).map(({ key }) => key);
}

/**
 * Two that look at the same time get different jobs: the one that is being taken is locked and passed over. What comes before another is seen
 * as it was committed: one that was taken meanwhile is still due, or under way, to whoever looks.
 */
const TAKE = {
  name: 'job-take',
  text: `
    update job j set state = 'RUNNING', holder = $3, token = j.token + 1, attempts = j.attempts + 1,
      lease_until = clock_timestamp() + make_interval(secs => $4::double precision), last_started_at = venue_now($1)
    where j.id = (
      select id from job
      where venue = $1 and kind = any ($2::text[]) and ($7::text[] is null or key = any ($7::text[])) and (
        (state = 'WAITING' and due_at <= venue_now($1) and retry_at <= clock_timestamp())
        or (state = 'RUNNING' and lease_until <= clock_timestamp()))
        and not exists (
          select from unnest($5::text[], $6::text[]) o (kind, before) join job b on b.venue = $1 and b.kind = o.before
          where o.kind = job.kind and (b.state = 'RUNNING' or (b.state = 'WAITING' and b.due_at <= venue_now($1))))
      order by due_at, id limit 1 for update skip locked)
    returning j.id, j.venue, j.kind, j.key, j.payload, j.cadence, j.due_at as "dueAt", j.token, j.attempts`,
};

/** Takes the job that is due longest and need not wait for another. */
export async function takeJob(
  session: Runner,
  venue: Venue,
  kinds: readonly string[],
  holder: string,
  forMs: number,
  { after = [], keys }: JobChoice = {},
) {
  const order = [after.map(({ kind }) => kind), after.map(({ before }) => before)];
  const [job] = await session.run<TakenJob>(TAKE, [venue, kinds, holder, forMs / 1_000, ...order, keys ?? null]);
  return job;
}

const RENEW = {
  name: 'job-renew',
  text: `
    update job set lease_until = clock_timestamp() + make_interval(secs => $3::double precision)
    where id = $1::uuid and token = $2 and state = 'RUNNING' returning id`,
};

/** Keeps a job; false when it is another's by now. */
export async function renewJob(session: Runner, { id, token }: JobLease, forMs: number): Promise<boolean> {
  return (await session.run(RENEW, [id, token, forMs / 1_000])).length > 0;
}

const RELEASE = {
  name: 'job-release',
  text: `update job set state = 'WAITING', attempts = greatest(attempts - 1, 0), holder = null where id = $1::uuid and token = $2 and state = 'RUNNING'`,
};

/** Gives a job back, if it is still this process's. */
export async function releaseJob(session: Runner, { id, token }: JobLease): Promise<void> {
  await session.run(RELEASE, [id, token]);
}

const HOLD = { name: 'job-hold', text: `select id from job where id = $1::uuid and token = $2 and state = 'RUNNING' for update` };

/** Keeps everybody else from taking the job until the transaction ends; throws `lease_lost` when somebody has. */
export async function holdJob(session: Runner, { id, token }: JobLease): Promise<void> {
  const held = await session.run(HOLD, [id, token]);
  if (held.length === 0) throw new AppError('lease_lost', `taking ${token} of job ${id} is over: another process has taken the job`);
}

const END = {
  name: 'job-end',
  text: `
    update job set
      state = case when $5::double precision is null and $4::timestamptz is null
                then case when $3::text is null then 'DONE' else 'FAILED' end else 'WAITING' end::job_state,
      due_at = case when $5::double precision is null then coalesce($4::timestamptz, due_at) else due_at end,
      attempts = case when $5::double precision is null and $4::timestamptz is not null then 0 else attempts end,
      retry_at = clock_timestamp() + make_interval(secs => coalesce($5::double precision, 0)),
      holder = null, lease_until = clock_timestamp(), last_ended_at = venue_now(venue), last_failure = $3
    where id = $1::uuid and token = $2`,
};

/** Ends a try of a job that `holdJob` holds. */
export async function endJob(session: Runner, { id, token }: JobLease, outcome: JobOutcome): Promise<void> {
  const { failure, retryAfterMs } = outcome.kind === 'failed' ? outcome : { failure: null, retryAfterMs: null };
  const next = outcome.nextDueAt === null ? null : toIso(outcome.nextDueAt);
  await session.run(END, [id, token, failure, next, retryAfterMs === null ? null : retryAfterMs / 1_000]);
}
