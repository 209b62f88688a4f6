import type { LogPosition } from '@candlecast/domain';
import type { Membership } from './fanout.ts';
import type { Ending } from './member.ts';

/** Where a subscription goes on that has shared, and why it no longer does. */
export interface Resumption {
  readonly ending: Ending;
  /** Every durable event up to here has been handed to its connection. */
  readonly reached: LogPosition;
}

/** One stretch in which a subscription is executed by itself. */
export interface Turn {
  /** Absent in the first. */
  readonly resumed: Resumption | undefined;
  /** The subscription shares from here on; its own execution ends. */
  handOver(membership: Membership): void;
}

const DONE: IteratorReturnResult<void> = { done: true, value: undefined };

/**
 * What a subscription yields that is executed by itself and shares in turns. While it shares nothing of its own execution is kept, and
 * nothing is yielded; `begin` is called again when it no longer does. It ends when its execution does without having handed over.
 */
export class Turns<T> implements AsyncGenerator<T, void, undefined> {
  readonly #begin: (turn: Turn) => Promise<AsyncIterator<T>>;
  #own: AsyncIterator<T> | undefined;
  #membership: Membership | undefined;
  #resumed: Resumption | undefined;
  #isOver = false;

  constructor(begin: (turn: Turn) => Promise<AsyncIterator<T>>) {
    this.#begin = begin;
  }

  async next(): Promise<IteratorResult<T, void>> {
    while (!this.#isOver) {
      if (this.#membership && !(await this.#share(this.#membership))) break;
      this.#own ??= await this.#begin({ resumed: this.#resumed, handOver: (membership) => this.#handOver(membership) });
      if (this.#isOver) return this.return();
      const result = await this.#own.next();
      if (!result.done) return result;
      this.#own = undefined;
      if (!this.#membership) break;
    }
    this.#isOver = true;
    return DONE;
  }

  async return(): Promise<IteratorReturnResult<void>> {
    this.#isOver = true;
    this.#membership?.leave();
    await this.#own?.return?.();
    return DONE;
  }

  async throw(cause: unknown): Promise<IteratorResult<T, void>> {
    await this.return();
    throw cause;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #handOver(joined: Membership): void {
    if (this.#isOver) joined.leave();
    else this.#membership = joined;
  }

  /** Waits until it no longer shares; tells whether it goes on. */
  async #share(joined: Membership): Promise<boolean> {
    const ending = await joined.ended;
    this.#resumed = { ending, reached: joined.reached };
    this.#membership = undefined;
    return ending.kind !== 'left';
  }
}
