// Not a library: Bottleneck reads the wall clock, and after a step back of some minutes starts nothing for as long.

/** What a limiter allows. */
export interface LimiterOptions {
  /** Weight under way at one time. */
  readonly maxConcurrent?: number;
  /** Weight that may be started; counts down, and is set or refilled. */
  readonly reservoir?: number;
  /** Adds `amount` to the reservoir every `everyMs`, up to `maximum`. */
  readonly refill?: { readonly amount: number; readonly everyMs: number; readonly maximum: number };
  /** Milliseconds between two starts. */
  readonly minGapMs?: number;
}

/** A smaller priority goes first (default 5), of equal ones the earlier. A weight of 1 is the default. */
export interface JobOptions {
  readonly weight?: number;
  readonly priority?: number;
}

interface Job {
  readonly weight: number;
  readonly priority: number;
  readonly start: () => Promise<void>;
  readonly reject: (cause: Error) => void;
}

/** Starts work at a bounded pace, on this machine's monotonic clock: a step of the wall clock changes nothing. */
export class Limiter {
  #options: LimiterOptions;
  readonly #waiting: Job[] = [];
  #next: Limiter | undefined;
  #reservoir: number;
  #refilledAt = performance.now();
  #startedAt = Number.NEGATIVE_INFINITY;
  #running = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped: string | undefined;
  #idle: (() => void)[] = [];

  constructor(options: LimiterOptions = {}) {
    this.#options = options;
    this.#reservoir = options.reservoir ?? Number.POSITIVE_INFINITY;
  }

  /** What is started here must then be allowed by `next`, too. */
  chain(next: Limiter): this {
    this.#next = next;
    return this;
  }

  /** Runs `work` when it may start; rejects with what `work` rejects with, or when the limiter is stopped before. */
  schedule<T>(options: JobOptions, work: () => Promise<T>): Promise<T> {
    if (this.#stopped !== undefined) return Promise.reject(new Error(this.#stopped));
    const { weight = 1, priority = 5 } = options;
    return new Promise<T>((resolve, reject) => {
      const run = this.#next ? () => this.#next?.schedule(options, work) as Promise<T> : work;
      // In the next turn, and with whatever it throws: a rejection of the work is its caller's.
      const start = () => Promise.resolve().then(run).then(resolve, reject);
      const behind = this.#waiting.findIndex((other) => other.priority > priority);
      this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, { weight, priority, start, reject });
      this.#pump();
    });
  }

  /** Sets what may be started from now on. */
  setReservoir(weight: number): void {
    this.#reservoir = weight;
    this.#pump();
  }

  /** Refills from now on in another way; what the reservoir holds above the new maximum is gone. */
  setRefill(refill: NonNullable<LimiterOptions['refill']>): void {
    this.#refill();
    this.#options = { ...this.#options, refill };
    this.#reservoir = Math.min(this.#reservoir, refill.maximum);
    this.#pump();
  }

  /** Rejects what waits with `message`, and what comes later; resolves when nothing runs any more. */
  async stop(message = 'stopped'): Promise<void> {
    this.#stopped ??= message;
    clearTimeout(this.#timer);
    for (const job of this.#waiting.splice(0)) job.reject(new Error(message));
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #pump(): void {
    this.#refill();
    for (;;) {
      const job = this.#waiting[0];
      if (!job || this.#running + job.weight > (this.#options.maxConcurrent ?? Number.POSITIVE_INFINITY)) return;
      const waitMs = this.#waitMs(job.weight);
      if (waitMs > 0) {
        this.#pumpIn(waitMs);
        return;
      }
      this.#waiting.shift();
      this.#begin(job);
    }
  }

  #begin(job: Job): void {
    this.#reservoir -= job.weight;
    this.#running += job.weight;
    this.#startedAt = performance.now();
    void job.start().then(() => {
      this.#running -= job.weight;
      if (this.#running === 0) for (const wake of this.#idle.splice(0)) wake();
      this.#pump();
    });
  }

  /** How long until a weight may be started as things stand; for ever when only `setReservoir` can help. */
  #waitMs(weight: number): number {
    const { minGapMs = 0, refill } = this.#options;
    const gap = this.#startedAt + minGapMs - performance.now();
    if (this.#reservoir >= weight) return gap;
    if (!refill) return Number.POSITIVE_INFINITY;
    const steps = Math.ceil((weight - this.#reservoir) / refill.amount);
    return Math.max(gap, this.#refilledAt + steps * refill.everyMs - performance.now());
  }

  #refill(): void {
    const { refill } = this.#options;
    if (!refill) return;
    const steps = Math.floor((performance.now() - this.#refilledAt) / refill.everyMs);
    this.#refilledAt += steps * refill.everyMs;
    this.#reservoir = Math.max(this.#reservoir, Math.min(refill.maximum, this.#reservoir + steps * refill.amount));
  }

  #pumpIn(ms: number): void {
    clearTimeout(this.#timer);
    if (Number.isFinite(ms)) this.#timer = setTimeout(() => this.#pump(), Math.ceil(ms));
  }
}
