import { AppError, type EpochMs, type JobOutcome, type JobStore, nextOccasion, type TakenJob, type Venue } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { keepTrying, type Patience } from '../keep-trying.ts';
import { pause } from '../pause.ts';
import type { JobKind } from './job-kind.ts';
import type { JobMetrics } from './metrics.ts';

/** What running jobs needs of the world. */
export interface JobRunnerPorts {
  readonly jobs: JobStore;
  readonly kinds: readonly JobKind[];
  /** The venue's time. */
  now(): Promise<EpochMs>;
  readonly metrics: JobMetrics;
  readonly logger: Logger;
}

export interface JobRunnerOptions {
  readonly venue: Venue;
  /** Name of this process among those that share the jobs. */
  readonly holder: string;
  /** How long to rest, in milliseconds, when nothing is due. */
  readonly pollMs: number;
  /** How long after its last sign of life another process takes a job over. It is given every third of that. */
  readonly leaseMs: number;
  /** Tries before a job is given up, or waits for its next time. */
  readonly mostAttempts: number;
  readonly patience: Patience;
}

/** Does the venue's jobs, one at a time, beside other processes that do the same. */
export interface JobRunner {
  /** Does what is due until `signal` aborts; then gives back what is under way. */
  run(signal: AbortSignal): Promise<void>;
  /** Tries one job that is due; false when there is none. */
  runNext(signal: AbortSignal): Promise<boolean>;
}

/** Returns a runner that has not begun. */
export function createJobRunner(
  { jobs, kinds, now, metrics, logger }: JobRunnerPorts,
  { venue, holder, pollMs, leaseMs, mostAttempts, patience }: JobRunnerOptions,
): JobRunner {
  const kindOf = new Map(kinds.map((kind) => [kind.name, kind]));
  const order = kinds.flatMap(({ name, after = [] }) => after.map((before) => ({ kind: name, before })));

  async function runNext(signal: AbortSignal): Promise<boolean> {
    const job = await jobs.take(venue, [...kindOf.keys()], holder, leaseMs, { after: order });
    if (!job) return false;
    const startedAt = performance.now();
    const outcome = await tryJob(job, signal);
    metrics.tries.inc({ kind: job.kind, outcome });
    metrics.durationMs.observe({ kind: job.kind }, performance.now() - startedAt);
    return true;
  }

  async function tryJob(job: TakenJob, signal: AbortSignal): Promise<'done' | 'failed' | 'lost' | 'given back'> {
    const about = { kind: job.kind, key: job.key, attempts: job.attempts };
    const lost = new AbortController();
    const keeping = keep(job, lost);
    try {
      // Processes that had it died: whatever it does to them it is not to do to this one.
      if (job.attempts > mostAttempts) throw new AppError('job_abandoned', `${mostAttempts} tries of ${job.kind} have not come to an end`);
      const run = (await kindOf.get(job.kind)?.run(job, AbortSignal.any([signal, lost.signal]))) ?? null;
      await end(job, { kind: 'done', nextDueAt: await nextDue(job), run }, signal);
      logger.info(about, 'a job is done');
      return 'done';
    } catch (cause) {
      if (lost.signal.aborted || codeOf(cause) === 'lease_lost') {
        logger.warn({ ...about, err: cause }, 'a job was taken over by another process');
        return 'lost';
      }
      if (signal.aborted) {
        await jobs.release(job);
        return 'given back';
      }
      logger.warn({ ...about, err: cause }, 'a try of a job failed');
      const isLast = job.attempts >= mostAttempts;
      const retryAfterMs = isLast ? null : Math.min(patience.capMs, patience.baseMs * 2 ** (job.attempts - 1));
      await end(job, { kind: 'failed', failure: codeOf(cause), retryAfterMs, nextDueAt: isLast ? await nextDue(job) : null }, signal);
      return 'failed';
    } finally {
      clearInterval(keeping);
    }
  }

  /** Shows life; tells `lost` when the job is another's. A database that is away takes no job from anybody until it is back. */
  function keep(job: TakenJob, lost: AbortController): NodeJS.Timeout {
    return setInterval(() => {
      jobs.renew(job, leaseMs).then(
        (isMine) => {
          if (!isMine) lost.abort(new AppError('lease_lost', `job ${job.kind} ${job.key} is another process's by now`));
        },
        (cause: unknown) => logger.warn({ err: cause, kind: job.kind }, 'a job could not show life'),
      );
    }, leaseMs / 3);
  }

  /** What took long is not thrown away because the database is away for a moment. */
  async function end(job: TakenJob, outcome: JobOutcome, signal: AbortSignal): Promise<void> {
    const ended = await keepTrying(
      'ending a job',
      () =>
        jobs.finish(job, outcome).then(
          () => ({ refusal: null }),
          (cause: unknown) => {
            if (cause instanceof AppError && cause.retryable) throw cause;
            return { refusal: cause };
          },
        ),
      { logger, signal, patience },
    );
    if (!ended) signal.throwIfAborted();
    if (ended?.refusal) throw ended.refusal;
  }

  async function nextDue({ cadence, dueAt }: TakenJob): Promise<EpochMs | null> {
    if (cadence === null) return null;
    const time = await now();
    return nextOccasion(cadence, time > dueAt ? time : dueAt);
  }

  return {
    runNext,
    async run(signal) {
      const work = async () => {
        while (!signal.aborted) if (!(await runNext(signal))) await pause(pollMs, signal);
      };
      await keepTrying('running jobs', work, { logger, signal, patience });
    },
  };
}

function codeOf(cause: unknown): string {
  return cause instanceof AppError ? cause.code : 'internal';
}
