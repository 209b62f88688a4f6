import {
  addMs,
  type CandleValues,
  type CommitResult,
  closeTimeOf,
  floorToInterval,
  MINUTE_MS,
  SECOND_MS,
  type TimeRange,
} from '@candlecast/domain';
import type { CandleRequest, ExchangeClock } from '../exchange.ts';
import { WakeUp } from '../wake-up.ts';
import type { Tail } from './tail.ts';

/** What a series needs. `ask` repeats a request until the exchange answers and reports the failures in between. */
export interface SeriesOptions {
  readonly symbol: string;
  readonly tail: Tail;
  readonly clock: ExchangeClock;
  readonly ask: <T>(work: () => Promise<T>, onFailure: () => void) => Promise<T>;
  readonly fetchCandles: (request: CandleRequest) => Promise<CandleValues[]>;
  /** Runs a request when its turn among those of all series has come. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Resolves when the candles are committed, with what became of them. */
  readonly commit: (candles: readonly CandleValues[]) => Promise<Pick<CommitResult, 'inserted' | 'corrected'>>;
  readonly reportGap: (hole: TimeRange) => Promise<void>;
  /** Hears how many closed candles had to be requested although the stream was running. */
  readonly onLateCloses: (count: number) => void;
  /** Runs whenever `isLive` may have changed. */
  readonly onChange: () => void;
}

/** A close that has not come this long after its time is requested (exchange's time; see `graceMs` for fast clocks). */
const CLOSE_GRACE_MS = 5 * SECOND_MS;
const CLOSE_GRACE_WALL_MS = 250;
/** Margin after which the exchange's time alone says that a candle is closed. */
const CLOSED_BY_TIME_MS = 2 * SECOND_MS;
/** While the exchange has nothing newer it is asked again after 5 s, 10 s, … 60 s of its time. */
const EMPTY_READ_STEP_MS = 5 * SECOND_MS;
const EMPTY_READ_CAP_MS = MINUTE_MS;
const CLOCK_MAX_AGE_MS = 5_000;
const PAGE = 1_000;

/**
 * Keeps one 1m series complete from its first live candle on. One loop does it all: commit what is next in line; when the next close
 * is overdue, at the start and after each loss of the connection, request it and whatever else is missing; else wait. What the stream
 * brings meanwhile does not wait for the request.
 */
export class Series {
  readonly #options: SeriesOptions;
  readonly #wakeUp = new WakeUp();
  #isLinked = false;
  #isCaughtUp = false;
  #isHistoryReady = false;
  #emptyReads = 0;
  #askAgainAt = Number.NEGATIVE_INFINITY;

  constructor(options: SeriesOptions) {
    this.#options = options;
  }

  /** Its streams run, everything up to now is committed, and the first part of its history is there. */
  get isLive(): boolean {
    return this.#isLinked && this.#isCaughtUp && this.#isHistoryReady;
  }

  get symbol(): string {
    return this.#options.symbol;
  }

  /** Everything up to now is committed. */
  get isCaughtUp(): boolean {
    return this.#isCaughtUp;
  }

  /** Takes a closed candle from the stream. */
  takeClosed(candle: CandleValues): void {
    const verdict = this.#options.tail.offer(candle);
    if (verdict === 'held' || verdict === 'late') this.#wakeUp.notify();
  }

  /** Takes closed candles that were requested once more; what differs is committed. Returns how many the store changed. */
  async takeAgain(candles: readonly CandleValues[]): Promise<number> {
    const changed = this.#options.tail.compare(candles);
    if (changed.length === 0) return 0;
    const { inserted, corrected } = await this.#options.commit(changed);
    return inserted + corrected;
  }

  /** The streams of the series run, or are lost: then closes may have been missed and it is not live before they are made up for. */
  setLinked(isLinked: boolean): void {
    this.#isLinked = isLinked;
    this.#isCaughtUp = false;
    this.#askAgainAt = Number.NEGATIVE_INFINITY;
    this.#wakeUp.notify();
    this.#options.onChange();
  }

  setHistoryReady(): void {
    this.#isHistoryReady = true;
    this.#options.onChange();
  }

  /** Runs until `signal` aborts; rejects when the exchange or the database refuses the series for good. */
  async run(signal: AbortSignal): Promise<void> {
    const { tail, clock, commit } = this.#options;
    let isAsking = false;
    let failure: { readonly cause: unknown } | undefined;
    const request = async () => {
      isAsking = true;
      try {
        await this.#request();
      } catch (cause) {
        failure = { cause };
      }
      isAsking = false;
      this.#wakeUp.notify();
    };
    while (!signal.aborted) {
      if (failure) throw failure.cause;
      const batch = tail.take(PAGE);
      if (batch.length > 0) {
        await commit(batch);
        continue;
      }
      const waitMs = isAsking ? Number.POSITIVE_INFINITY : this.#nextRequestAt() - clock.now();
      if (waitMs <= 0) void request();
      else await this.#wakeUp.wait(clock.toWallMs(waitMs), signal);
    }
  }

  #nextRequestAt(): number {
    const overdueAt = this.#isCaughtUp ? closeTimeOf(this.#options.tail.next, '1m') + this.#graceMs() : Number.NEGATIVE_INFINITY;
    return Math.max(overdueAt, this.#askAgainAt);
  }

  async #request(): Promise<void> {
    const { symbol, tail, clock, ask, inTurn, fetchCandles, reportGap } = this.#options;
    const wasCaughtUp = this.#isCaughtUp;
    const onFailure = () => this.#setCaughtUp(false);
    await ask(() => clock.refresh(CLOCK_MAX_AGE_MS), onFailure);
    const to = floorToInterval(addMs(clock.now(), -CLOSED_BY_TIME_MS - clock.errorMs()), '1m');
    if (tail.next >= to) return this.#setCaughtUp(true);
    const from = tail.next;
    const fetch = async () => (tail.next === from ? fetchCandles({ symbol, from, to, limit: PAGE, purpose: 'repair' }) : undefined);
    const rows = await ask(() => inTurn(fetch), onFailure);
    // The stream was faster: what is missing now, if anything, is another question.
    if (!rows) return;
    if (wasCaughtUp) this.#options.onLateCloses(rows.length);
    for (const hole of tail.merge(rows)) {
      await reportGap(hole);
      tail.excuse(hole);
    }
    if (rows.length > 0) {
      this.#emptyReads = 0;
      this.#askAgainAt = Number.NEGATIVE_INFINITY;
      return;
    }
    // Nothing newer there. What the stream brought beyond it has to wait: without the minutes before it the log would be out of order.
    this.#emptyReads += 1;
    this.#askAgainAt = clock.now() + Math.min(this.#emptyReads * EMPTY_READ_STEP_MS, EMPTY_READ_CAP_MS);
    this.#setCaughtUp(tail.size === 0);
  }

  #setCaughtUp(isCaughtUp: boolean): void {
    if (this.#isCaughtUp === isCaughtUp) return;
    this.#isCaughtUp = isCaughtUp;
    this.#options.onChange();
  }

  /** A quarter of a second of this machine's time at least: a fast clock must not mistake the way through the network for a lost close. */
  #graceMs(): number {
    return Math.max(CLOSE_GRACE_MS, CLOSE_GRACE_WALL_MS / this.#options.clock.toWallMs(1));
  }
}
