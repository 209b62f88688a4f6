import {
  AppError,
  addMs,
  type BackoffRange,
  compareDecimals,
  type EpochMs,
  type ExternalPoint,
  type ExternalReader,
  type ExternalWriter,
  type JobStore,
  jitteredDelayMs,
  nextOccasion,
  type TakenJob,
  type Venue,
} from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { pause } from '../pause.ts';
import { isStopped } from '../retry.ts';
import type { createCollectorMetrics } from './collector-metrics.ts';
import type { SourceReading } from './source-kind.ts';
import type { Source } from './source-kinds.ts';
import { toPoint } from './to-point.ts';

/** What collecting needs. */
export interface CollectorOptions {
  readonly venue: Venue;
  readonly sources: readonly Source[];
  readonly read: (source: Source, signal: AbortSignal) => Promise<SourceReading>;
  readonly store: {
    readonly jobs: Pick<JobStore, 'reopen' | 'retire' | 'take' | 'finish' | 'release'>;
    readonly externalWriter: ExternalWriter;
    readonly externalReader: Pick<ExternalReader, 'findPoints'>;
  };
  /** Name of this process among those that share the work. */
  readonly holder: string;
  /** The venue's time. */
  readonly now: () => EpochMs;
  readonly metrics: ReturnType<typeof createCollectorMetrics>;
  readonly log: Logger;
  /** Milliseconds of this machine's time between two looks for work. */
  readonly pollMs?: number;
  readonly backoff?: BackoffRange;
}

/** How a source stands, by what this process did: another one may have read it since. */
export interface SourceStatus {
  readonly key: string;
  readonly kind: Source['kind'];
  readonly value: string | null;
  readonly knownAt: EpochMs | null;
  /** Code of what failed last; null after a success. */
  readonly failure: string | null;
  readonly failuresInARow: number;
}

/** Kind of the jobs by which processes share the sources. */
export const COLLECT_JOB = 'collect-series';
const CADENCE = 'QUARTER_HOURLY';
const POLL_MS = 2_000;
/** Longer than a reading may last (`timeoutMs` and the store): a process that stands still longer loses its source to another. */
const LEASE_MS = 60_000;
/** Tries of a quarter of an hour, for failures that may pass. */
const MOST_TRIES = 4;
const SOURCE_BACKOFF: BackoffRange = { baseMs: 20_000, capMs: 120_000 };
const REST_MS = 30_000;

/** Reads sources outside at every quarter of an hour; each is a job, so that of several processes one does it. */
export class Collector {
  readonly #options: CollectorOptions;
  readonly #sources: ReadonlyMap<string, Source>;
  readonly #states = new Map<string, SourceStatus>();

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#sources = new Map(options.sources.map((source) => [source.key, source]));
  }

  /** How each source stands, in the order of the file. */
  status(): SourceStatus[] {
    const unread = { value: null, knownAt: null, failure: null, failuresInARow: 0 };
    return this.#options.sources.map(({ key, kind }) => this.#states.get(key) ?? { key, kind, ...unread });
  }

  /** Runs until `signal` aborts. Nothing that a source or the database does ends it. */
  async run(signal: AbortSignal): Promise<void> {
    const { log, pollMs = POLL_MS } = this.#options;
    const running = new Set<Promise<void>>();
    for (let isPlanned = false; !signal.aborted; ) {
      try {
        if (!isPlanned) await this.#plan();
        isPlanned = true;
        // Each source has one job, so no more run at a time than there are sources: one that hangs holds up no other.
        for (let job = await this.#take(); job; job = signal.aborted ? undefined : await this.#take()) {
          const one: Promise<void> = this.#collect(job, signal).finally(() => running.delete(one));
          running.add(one);
        }
        await pause(pollMs, signal);
      } catch (cause) {
        if (isStopped(cause)) break;
        log.warn({ err: cause }, 'series from outside are not collected for now, trying again later');
        await pause(REST_MS, signal);
      }
    }
    await Promise.all(running);
  }

  async #plan(): Promise<void> {
    const { venue, sources, store, now, log } = this.#options;
    for (const { key } of sources) await store.jobs.reopen({ venue, kind: COLLECT_JOB, key, payload: {}, cadence: CADENCE, dueAt: now() });
    const ended = await store.jobs.retire(
      venue,
      COLLECT_JOB,
      sources.map(({ key }) => key),
    );
    log.info({ sources: sources.length, ended }, 'series from outside are collected');
  }

  /** Only sources of this process' file: another process may have another one. */
  #take(): Promise<TakenJob | undefined> {
    const { venue, store, holder } = this.#options;
    return store.jobs.take(venue, [COLLECT_JOB], holder, LEASE_MS, { keys: [...this.#sources.keys()] });
  }

  /** Ends the job in any case; never rejects. */
  async #collect(job: TakenJob, signal: AbortSignal): Promise<void> {
    const { store, now, log, backoff = SOURCE_BACKOFF } = this.#options;
    const next = () => nextOccasion(CADENCE, Math.max(now(), job.dueAt) as EpochMs);
    try {
      const failure = await this.#read(job.key, signal);
      if (signal.aborted) return await store.jobs.release(job);
      if (!failure) return await store.jobs.finish(job, { kind: 'done', nextDueAt: next(), run: null });
      log.warn({ err: failure, series: job.key, attempts: job.attempts }, 'a source outside could not be read');
      const isLast = !failure.retryable || job.attempts >= MOST_TRIES;
      const retryAfterMs = isLast ? null : backoff.baseMs + jitteredDelayMs(job.attempts, backoff, Math.random());
      await store.jobs.finish(job, { kind: 'failed', failure: failure.code, retryAfterMs, nextDueAt: isLast ? next() : null });
    } catch (cause) {
      if (!isStopped(cause)) log.warn({ err: cause, series: job.key }, 'the end of a reading could not be written down');
    }
  }

  /** Returns what went wrong. */
  async #read(key: string, signal: AbortSignal): Promise<AppError | undefined> {
    const { read, now, metrics } = this.#options;
    const source = this.#sources.get(key);
    if (!source) throw new Error(`no source "${key}" is configured here`);
    const before = this.#states.get(key);
    try {
      const point = toPoint(source, await read(source, signal), now());
      const isNew = await this.#store(point);
      metrics.collectedValues.inc({ key, result: isNew ? 'stored' : 'unchanged' });
      const { value, knownAt } = point;
      this.#states.set(key, { key, kind: source.kind, value, knownAt, failure: null, failuresInARow: 0 });
      return undefined;
    } catch (cause) {
      if (signal.aborted || isStopped(cause)) return undefined;
      const failure = cause instanceof AppError ? cause : new AppError('internal', `reading ${key} failed`, { cause });
      metrics.collectFailures.inc({ key, code: failure.code });
      const known = { value: before?.value ?? null, knownAt: before?.knownAt ?? null };
      const failuresInARow = (before?.failuresInARow ?? 0) + 1;
      this.#states.set(key, { key, kind: source.kind, ...known, failure: failure.code, failuresInARow });
      return failure;
    } finally {
      metrics.failingSources.set([...this.#states.values()].filter((state) => state.failure !== null).length);
    }
  }

  /** A value that is known already of its time is not stored again: a market that is closed says the same all night. */
  async #store(point: ExternalPoint): Promise<boolean> {
    const { externalReader, externalWriter } = this.#options.store;
    const { key, eventTime, knownAt, value } = point;
    const range = { from: eventTime, to: addMs(eventTime, 1) };
    const [known] = await externalReader.findPoints({ key, range, knownAt, limit: 1, take: 'newest' });
    if (known && compareDecimals(known.value, value) === 0) return false;
    return (await externalWriter.storePoints([point])) > 0;
  }
}
