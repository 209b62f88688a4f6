import { type Clock, type EpochMs, toEpochMs } from '@candlecast/domain';

/** A clock that stands still until a test moves it. */
export class FakeClock implements Clock {
  #now: EpochMs;

  /** Starts at `now`, in epoch milliseconds. */
  constructor(now: number) {
    this.#now = toEpochMs(now);
  }

  now(): EpochMs {
    return this.#now;
  }

  /** Moves the clock by `ms` milliseconds. */
  advance(ms: number): void {
    this.#now = toEpochMs(this.#now + ms);
  }

  /** Sets the clock to `time`, in epoch milliseconds. */
  set(time: number): void {
    this.#now = toEpochMs(time);
  }
}
