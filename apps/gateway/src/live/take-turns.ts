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
 * Returns what a subscription yields that is executed by itself and shares in turns. While it shares nothing of its own execution is kept, and
 * nothing is yielded; `begin` is called again when it no longer does. It ends when its execution does without having handed over.
 */
export function takeTurns<T>(begin: (turn: Turn) => Promise<AsyncIterator<T>>): AsyncGenerator<T, void, undefined> {
  let own: AsyncIterator<T> | undefined;
  let membership: Membership | undefined;
  let resumed: Resumption | undefined;
  let isOver = false;

  function handOver(joined: Membership): void {
    if (isOver) joined.leave();
    else membership = joined;
  }

  async function stop(): Promise<IteratorReturnResult<void>> {
    isOver = true;
    membership?.leave();
    await own?.return?.();
    return DONE;
  }

  /** Waits until it no longer shares; tells whether it goes on. */
  async function share(joined: Membership): Promise<boolean> {
    const ending = await joined.ended;
    resumed = { ending, reached: joined.reached() };
    membership = undefined;
    return ending.kind !== 'left';
  }

  async function next(): Promise<IteratorResult<T, void>> {
    while (!isOver) {
      if (membership && !(await share(membership))) break;
      own ??= await begin({ resumed, handOver });
      if (isOver) return stop();
      const result = await own.next();
      if (!result.done) return result;
      own = undefined;
      if (!membership) break;
    }
    isOver = true;
    return DONE;
  }

  return {
    next,
    return: stop,
    async throw(cause) {
      await stop();
      throw cause;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
