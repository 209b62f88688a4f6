import type { Venue } from '../instrument.ts';
import type { NewJob, TakenJob } from '../job.ts';
import type { EndedRun, FinishedRun, NewRun, RunMetrics } from '../run.ts';
import type { EpochMs } from '../time.ts';

/** Which job a process has taken, and by which taking. */
export type JobLease = Pick<TakenJob, 'id' | 'token'>;

/** How a job ended. `nextDueAt`: when it is due again, by the venue's clock; null for one that is over. */
export type JobOutcome =
  | { readonly kind: 'done'; readonly nextDueAt: EpochMs | null; readonly run: FinishedRun | null }
  /** `failure` is a code. It is tried again after `retryAfterMs` of the database's time; null gives it up. */
  | { readonly kind: 'failed'; readonly failure: string; readonly retryAfterMs: number | null; readonly nextDueAt: EpochMs | null };

/** Work that comes after other work: it is made of what that leaves. */
export interface JobOrder {
  readonly kind: string;
  readonly before: string;
}

/** Which of the due jobs may be taken. */
export interface JobChoice {
  /** A kind that is named here is not taken while one of the kinds before it is due or under way. */
  readonly after?: readonly JobOrder[];
  /** Only jobs of these keys. */
  readonly keys?: readonly string[];
}

/** Work that survives its process. Leases and waits are of the database's time, what is due of the venue's. */
export interface JobStore {
  /** Adds the job unless the venue has it; an existing one takes over the cadence, and with a changed one the time. */
  ensure(job: NewJob): Promise<void>;
  /**
   * As `ensure`, but a job that is over is to be done again, at `dueAt`; where `newestModel` is given, only if no model with a greater id is registered
   * by then: who looked for a model and found none does not ask for what was made while he looked.
   */
  reopen(job: NewJob, newestModel?: number): Promise<void>;
  /** Ends the jobs of a kind, but for those with one of `keys` and those that a process has now. Returns the keys of what it ended. */
  retire(venue: Venue, kind: string, keys: readonly string[]): Promise<string[]>;
  /**
   * Takes the job that is due longest, or one whose process shows no life any more, for `forMs`; undefined where there is none. One process has
   * a job at a time.
   */
  take(venue: Venue, kinds: readonly string[], holder: string, forMs: number, choice?: JobChoice): Promise<TakenJob | undefined>;
  /** Keeps a job for `forMs` more; false when another process has taken it over. */
  renew(lease: JobLease, forMs: number): Promise<boolean>;
  /** Gives a job back at once, as if this try had not been. */
  release(lease: JobLease): Promise<void>;
  /** Ends this try and registers what its run made, in one transaction. Throws `lease_lost` when another process has taken the job over. */
  finish(lease: JobLease, outcome: JobOutcome): Promise<void>;
}

/** Writes down trainings. */
export interface RunStore {
  /** Begins a run of a job, and calls earlier ones of it that are still running abandoned. Returns its id. Throws `lease_lost` as `finish`. */
  begin(run: NewRun, lease: JobLease): Promise<string>;
  /** Adds an epoch's figures to a run that is running; epoch 0 is before the first. */
  noteEpoch(id: string, epoch: number, metrics: RunMetrics): Promise<void>;
  /** Ends a run that made nothing; `failure` is a code. */
  fail(id: string, failure: string): Promise<void>;
  /** Runs of the venue that ended in the last `days` days of the database's clock, in the order in which they began. */
  findEnded(venue: Venue, days: number): Promise<EndedRun[]>;
}
