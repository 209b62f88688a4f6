import { AppError } from '@candlecast/domain';
import Bottleneck from 'bottleneck';
import type { Frame } from './parse-frame.ts';

/** Control messages that may be sent: a quarter of a second apart, because more than five a second get the connection closed. */
const GAP_MS = 250;
const REPLY_TIMEOUT_MS = 10_000;

type Method = 'SUBSCRIBE' | 'UNSUBSCRIBE' | 'LIST_SUBSCRIPTIONS';

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (cause: AppError) => void;
}

/** Sends control messages of one connection at the pace that the exchange allows and matches its replies. */
export class ControlChannel {
  readonly #send: (text: string) => void;
  readonly #limiter = new Bottleneck({ minTime: GAP_MS });
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  /** Resolves with the `result` of the reply; rejects when the exchange refuses, does not answer in time, or the channel closes. */
  request(method: Method, params?: readonly string[]): Promise<unknown> {
    return this.#limiter.schedule(() => this.#exchange(method, params));
  }

  /** Takes a reply that came over the connection. A failure without an id cannot be matched and fails everything that waits. */
  settle(frame: Extract<Frame, { kind: 'reply' | 'failure' }>): void {
    if (frame.kind === 'reply') {
      this.#waiting.get(frame.id)?.resolve(frame.result);
      return;
    }
    const cause = new AppError('stream_refused', `the exchange refused a control message (${frame.code}): ${frame.message}`);
    for (const [id, waiting] of this.#waiting) if (frame.id === null || frame.id === id) waiting.reject(cause);
  }

  close(): void {
    const cause = new AppError('stream_closed', 'the stream connection is closed');
    for (const waiting of this.#waiting.values()) waiting.reject(cause);
    void this.#limiter.stop({ dropWaitingJobs: true, dropErrorMessage: cause.message });
  }

  async #exchange(method: Method, params: readonly string[] | undefined): Promise<unknown> {
    const id = ++this.#lastId;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<unknown>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject });
        const late = () => reject(new AppError('stream_timeout', `no reply to ${method} within ${REPLY_TIMEOUT_MS} ms`));
        timer = setTimeout(late, REPLY_TIMEOUT_MS);
        this.#send(JSON.stringify({ method, params, id }));
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }
}
