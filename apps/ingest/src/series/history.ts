import { AppError, type CandleValues, type EpochMs, type InstrumentId, type TimeRange } from '@candlecast/domain';
import { pause } from '../pause.ts';
import { WakeUp } from '../wake-up.ts';
import { countMinutes, type HistoryPlan, settlePage } from './plan-history.ts';

/** History that is wanted of one instrument. */
export interface HistoryTask {
  readonly instrumentId: InstrumentId;
  readonly symbol: string;
  readonly plan: HistoryPlan;
}

/** How many minutes of the part that is being fetched are settled (stored, or known not to exist). */
export interface HistoryProgress {
  readonly phase: 'initial' | 'background' | 'complete';
  readonly rowsDone: number;
  readonly rowsWanted: number;
  /** False while what is stored is still being found out: rows that are settled meanwhile have not been fetched now. */
  readonly isCompared: boolean;
}

/** What the fetching of history needs. Requests and commits repeat by themselves what another try can cure. */
export interface HistoryOptions {
  /** Minutes of a range that are neither stored nor recorded as a gap, oldest first. */
  readonly findMissing: (instrumentId: InstrumentId, range: TimeRange) => Promise<TimeRange[]>;
  /** Fills as much of a long stretch of old history as there are dump files for; absent where there is no dump host. */
  readonly prefill?: ((instrumentId: InstrumentId, symbol: string, range: TimeRange) => Promise<void>) | undefined;
  /** The newest closed candles before `to`, oldest first. */
  readonly fetchBefore: (symbol: string, to: EpochMs, limit: number) => Promise<CandleValues[]>;
  readonly findFirstOpenTime: (symbol: string) => Promise<EpochMs | undefined>;
  readonly ask: <T>(work: () => Promise<T>) => Promise<T>;
  readonly commit: (instrumentId: InstrumentId, candles: readonly CandleValues[]) => Promise<void>;
  readonly reportGap: (instrumentId: InstrumentId, hole: TimeRange) => Promise<void>;
  readonly recordBeforeListing: (instrumentId: InstrumentId, range: TimeRange) => Promise<void>;
  readonly onInitialComplete: (instrumentId: InstrumentId) => void;
  readonly onProgress: (instrumentId: InstrumentId, progress: HistoryProgress) => void;
  readonly onFailure: (instrumentId: InstrumentId, cause: unknown) => void;
}

/** Pages under way at one time: enough to hide the exchange's answering time, few enough to leave live series alone. */
const WORKERS = 4;
/** Nobody waits for the background: fewer pages at a time, and after each as long a pause as it took. */
const BACKGROUND_WORKERS = 2;
const PAGE = 1_000;
/** Fewer missing minutes than this are five requests: no reason to fetch a month. */
const WORTH_A_DUMP_MINUTES = 5_000;

/** An instrument in the rotation. */
interface Job {
  readonly task: HistoryTask;
  phase: 'initial' | 'background';
  /** Windows that have not been compared with the store yet, newest first. */
  windows: TimeRange[];
  /** Missing ranges of the windows that have been compared, newest first. */
  missing: TimeRange[];
  /** The exchange has nothing older. */
  isAtListing: boolean;
  /** Nobody wants it any more. */
  isDropped: boolean;
}

/**
 * Fetches history page by page, newest first, in turns over all instruments, the first part of each before the rest of any. There is
 * no bookkeeping beside the store: what is missing there is planned anew at each start, so a killed process just goes on.
 */
export class History {
  readonly #options: HistoryOptions;
  readonly #wakeUps = Array.from({ length: WORKERS }, () => new WakeUp());
  readonly #progress = new Map<InstrumentId, HistoryProgress>();
  readonly #initialProgress = new Map<InstrumentId, HistoryProgress>();
  readonly #jobs = new Map<InstrumentId, Job>();
  #initial: Job[] = [];
  #background: Job[] = [];

  constructor(options: HistoryOptions) {
    this.#options = options;
  }

  /** Adds an instrument to the rotation. */
  add(task: HistoryTask): void {
    this.remove(task.instrumentId);
    const job: Job = { task, phase: 'initial', windows: [task.plan.initial], missing: [], isAtListing: false, isDropped: false };
    this.#jobs.set(task.instrumentId, job);
    this.#enqueue(job);
  }

  /** Takes an instrument out of the rotation: a page that is under way is the last. */
  remove(instrumentId: InstrumentId): void {
    const job = this.#jobs.get(instrumentId);
    if (job) job.isDropped = true;
    for (const known of [this.#jobs, this.#progress, this.#initialProgress]) known.delete(instrumentId);
  }

  /** Undefined for an instrument that was never added. */
  progressOf(instrumentId: InstrumentId): HistoryProgress | undefined {
    return this.#progress.get(instrumentId);
  }

  /** The same of the first part alone, also when that is long complete. */
  initialProgressOf(instrumentId: InstrumentId): HistoryProgress | undefined {
    return this.#initialProgress.get(instrumentId);
  }

  /** The rows of the first parts of all instruments. */
  initialTotal(): { rowsDone: number; rowsWanted: number } {
    const total = { rowsDone: 0, rowsWanted: 0 };
    for (const { rowsDone, rowsWanted } of this.#initialProgress.values()) {
      total.rowsDone += rowsDone;
      total.rowsWanted += rowsWanted;
    }
    return total;
  }

  /** Runs until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#wakeUps.map((wakeUp, index) => this.#work(wakeUp, index < BACKGROUND_WORKERS, signal)));
  }

  async #work(wakeUp: WakeUp, hasTimeForBackground: boolean, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const job = this.#initial.shift() ?? (hasTimeForBackground ? this.#background.shift() : undefined);
      if (!job) {
        await wakeUp.wait(Number.POSITIVE_INFINITY, signal);
        continue;
      }
      const startedAt = performance.now();
      const { phase } = job;
      try {
        if (await this.#step(job)) this.#enqueue(job);
        if (phase === 'background') await pause(performance.now() - startedAt, signal);
      } catch (cause) {
        if (!signal.aborted && !job.isDropped) this.#options.onFailure(job.task.instrumentId, cause);
      }
    }
  }

  #enqueue(job: Job): void {
    if (job.isDropped) return;
    this.#note(job);
    if (job.phase === 'initial') this.#initial.push(job);
    else this.#background.push(job);
    for (const wakeUp of this.#wakeUps) wakeUp.notify();
  }

  /**
   * Does one thing for a job: compares a window with the store, or fetches a page. All windows come first, so that after a restart the
   * progress goes on where it was. Tells whether there is more to do.
   */
  async #step(job: Job): Promise<boolean> {
    if (job.isDropped) return false;
    const [window] = job.windows;
    if (window) {
      job.missing.push(...(await this.#findMissing(job, window)));
      job.windows = job.windows.slice(1);
      return true;
    }
    const range = job.missing[0];
    if (!range) return this.#finishPhase(job);
    await this.#fetchPage(job, range);
    return true;
  }

  /** Dumps go first; what they lack is requested: the exchange's answer decides whether a minute exists. */
  async #findMissing({ phase, task }: Job, window: TimeRange): Promise<TimeRange[]> {
    const { findMissing, prefill } = this.#options;
    const missing = await findMissing(task.instrumentId, window);
    const [first, last] = [missing[0], missing.at(-1)];
    if (!prefill || phase === 'initial' || !first || !last || countMinutes(missing) < WORTH_A_DUMP_MINUTES) return missing.reverse();
    await prefill(task.instrumentId, task.symbol, { from: first.from, to: last.to });
    return (await findMissing(task.instrumentId, window)).reverse();
  }

  async #fetchPage(job: Job, range: TimeRange): Promise<void> {
    const { ask, fetchBefore, commit, reportGap } = this.#options;
    const { instrumentId, symbol } = job.task;
    const limit = Math.min(PAGE, countMinutes([range]));
    const page = await ask(async () => {
      const settled = settlePage(range, await fetchBefore(symbol, range.to, limit), job.task.plan.floor);
      if (settled.isBeforeListing) await this.#confirmListing(symbol, range);
      return settled;
    });
    if (page.candles.length > 0) await commit(instrumentId, page.candles);
    for (const hole of page.holes) await reportGap(instrumentId, hole);
    if (page.isBeforeListing) return this.#stopAtListing(job, range.to);
    job.missing = page.rest ? [page.rest, ...job.missing.slice(1)] : job.missing.slice(1);
  }

  /** An empty page may be a fault of the exchange. It is believed only when the oldest candle that there is says the same. */
  async #confirmListing(symbol: string, range: TimeRange): Promise<void> {
    const first = await this.#options.findFirstOpenTime(symbol);
    if (first === undefined || first >= range.to) return;
    throw new AppError('history_inconsistent', `${symbol}: nothing before ${range.to}, but the first candle is of ${first}`, {
      retryable: true,
    });
  }

  async #stopAtListing(job: Job, listedAt: EpochMs): Promise<void> {
    const { instrumentId, plan } = job.task;
    if (plan.floor < listedAt) await this.#options.recordBeforeListing(instrumentId, { from: plan.floor, to: listedAt });
    job.missing = [];
    job.windows = [];
    job.isAtListing = true;
  }

  #finishPhase(job: Job): boolean {
    const { instrumentId, plan } = job.task;
    if (job.phase === 'initial') {
      this.#options.onInitialComplete(instrumentId);
      job.phase = 'background';
      job.windows = job.isAtListing ? [] : [...plan.background];
      return true;
    }
    this.#set(instrumentId, {
      ...(this.#progress.get(instrumentId) ?? { rowsDone: 0, rowsWanted: 0 }),
      phase: 'complete',
      isCompared: true,
    });
    return false;
  }

  #note({ task, phase, windows, missing }: Job): void {
    const rowsWanted = countMinutes(phase === 'initial' ? [task.plan.initial] : task.plan.background);
    const first = this.#initialProgress.get(task.instrumentId);
    // Where nothing is wanted beyond the first part, what is told stays that of the first part: all of it.
    if (phase === 'background' && rowsWanted === 0 && first) {
      this.#set(task.instrumentId, { ...first, phase });
      return;
    }
    const rowsDone = rowsWanted - countMinutes(windows) - countMinutes(missing);
    this.#set(task.instrumentId, { phase, rowsDone, rowsWanted, isCompared: windows.length === 0 });
  }

  #set(instrumentId: InstrumentId, progress: HistoryProgress): void {
    this.#progress.set(instrumentId, progress);
    if (progress.phase === 'initial') this.#initialProgress.set(instrumentId, progress);
    this.#options.onProgress(instrumentId, progress);
  }
}
