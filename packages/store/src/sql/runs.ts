// pg, not Prisma: what a run made is registered in the transaction that ends its job, behind the lock on it.
import { AppError, type EndedRun, type FinishedRun, type NewRun, type RunMetrics, toIso, type Venue } from '@candlecast/domain';
import type { Session } from './session.ts';

type Runner = Pick<Session, 'run'>;

const ABANDON = {
  name: 'run-abandon',
  text: `update run set state = 'ABANDONED', ended_at = clock_timestamp() where job_id = $1::uuid and state = 'RUNNING'`,
};
const BEGIN = {
  name: 'run-begin',
  text: `
    insert into run (venue, name, parameters, seed, data_hash, code_version, job_id)
    values ($1, $2, $3::jsonb, $4, $5, $6, $7::uuid) returning id`,
};

/** Begins a run of a job; what was left of it is abandoned. */
export async function insertRun(session: Runner, run: NewRun, jobId: string): Promise<string> {
  await session.run(ABANDON, [jobId]);
  const { venue, name, parameters, seed, dataHash, codeVersion } = run;
  const [row] = await session.run<{ id: string }>(BEGIN, [venue, name, JSON.stringify(parameters), seed, dataHash, codeVersion, jobId]);
  if (!row) throw new AppError('run_broken', `the run of ${name} has no id`);
  return row.id;
}

const NOTE = {
  name: 'run-note-epoch',
  text: `
    insert into run_epoch (run_id, epoch, metrics)
    select id, $2, $3::jsonb from run where id = $1::uuid and state = 'RUNNING' on conflict do nothing`,
};

/** Adds an epoch to a run that is running. */
export async function insertEpoch(session: Runner, id: string, epoch: number, metrics: RunMetrics): Promise<void> {
  await session.run(NOTE, [id, epoch, JSON.stringify(metrics)]);
}

const FAIL = {
  name: 'run-fail',
  text: `update run set state = 'FAILED', failure = $2, ended_at = clock_timestamp() where id = $1::uuid and state = 'RUNNING'`,
};

/** Ends a run that made nothing. */
export async function failRun(session: Runner, id: string, failure: string): Promise<void> {
  await session.run(FAIL, [id, failure]);
}

const REGISTER = {
  name: 'run-register-model',
  text: `
    with added as (
      insert into model (name, version, kind, sha256, artifact_path, trained_from, trained_through, feature_schema, card)
      values ($1, $2, $3::model_kind, $4, $5, $6::timestamptz, $7::timestamptz, $8, $9::jsonb) on conflict (name, version) do nothing returning id)
    select id from added union all select id from model where name = $1 and version = $2 limit 1`,
};
const FILES = {
  name: 'run-add-artifacts',
  text: `
    insert into run_artifact (run_id, name, path, sha256, size_bytes)
    select $1::uuid, * from unnest($2::text[], $3::text[], $4::text[], $5::integer[])`,
};
const DONE = {
  name: 'run-done',
  text: `
    update run set state = 'DONE', metrics = $2::jsonb, model_id = $3, parameters = parameters || $4::jsonb, ended_at = clock_timestamp()
    where id = $1::uuid and state = 'RUNNING' returning id`,
};

/** Registers a run's model and files and ends it. Within a transaction; throws `run_over` when the run has ended before. */
export async function completeRun(session: Runner, { id, parameters, metrics, artifacts, model }: FinishedRun): Promise<void> {
  const [registered] = await session.run<{ id: number }>(REGISTER, [
    model.name,
    model.version,
    model.kind,
    model.sha256,
    model.artifactPath,
    model.trainedFrom === null ? null : toIso(model.trainedFrom),
    model.trainedThrough === null ? null : toIso(model.trainedThrough),
    model.featureSchema,
    JSON.stringify(model.card),
  ]);
  await session.run(FILES, [
    id,
    artifacts.map(({ name }) => name),
    artifacts.map(({ path }) => path),
    artifacts.map(({ sha256 }) => sha256),
    artifacts.map(({ sizeBytes }) => sizeBytes),
  ]);
  const ended = await session.run(DONE, [id, JSON.stringify(metrics), registered?.id ?? null, JSON.stringify(parameters)]);
  if (ended.length === 0) throw new AppError('run_over', `run ${id} is not running any more`);
}

const FIND_ENDED = {
  name: 'run-find-ended',
  text: `
    select r.id, r.venue, r.name, r.parameters, r.seed, r.data_hash as "dataHash", r.code_version as "codeVersion", r.state, r.metrics,
      (select coalesce(json_agg(json_build_object('epoch', e.epoch, 'metrics', e.metrics) order by e.epoch), '[]')
       from run_epoch e where e.run_id = r.id) as epochs,
      r.started_at as "startedAt", r.ended_at as "endedAt",
      case when m.id is not null then json_build_object('name', m.name, 'version', m.version, 'artifactPath', m.artifact_path) end as model
    from run r left join model m on m.id = r.model_id
    where r.venue = $1 and r.state <> 'RUNNING' and r.ended_at >= clock_timestamp() - make_interval(days => $2::integer)
    order by r.started_at, r.id`,
};

/** Returns runs that have ended lately, oldest first. */
export function findEndedRuns(session: Runner, venue: Venue, days: number): Promise<EndedRun[]> {
  return session.run<EndedRun>(FIND_ENDED, [venue, days]);
}
