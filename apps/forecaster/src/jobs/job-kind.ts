import type { FinishedRun, JobCadence, TakenJob } from '@candlecast/domain';

/** Work that a forecaster knows how to do. */
export interface JobKind {
  readonly name: string;
  /** Kinds that go first: it is not begun while one of them is due or under way, in whichever process. */
  readonly after?: readonly string[];
  /**
   * Does it once and returns the run that is to be registered with its end, if it trained something. Whatever else it stores must be
   * idempotent: a process that dies is followed by one that begins anew. Throws what went wrong; stops when `signal` aborts.
   */
  run(job: TakenJob, signal: AbortSignal): Promise<FinishedRun | null>;
}

/** Work that comes again and again. */
export interface ScheduledJob {
  readonly kind: string;
  readonly cadence: JobCadence;
}
