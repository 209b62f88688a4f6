import { AppError } from '@candlecast/domain';
import { type JobOptions, Limiter } from './limiter.ts';
import type { Frame } from './parse-frame.ts';

/** Frames that may be sent: a quarter of a second apart, because more than five a second (PING and PONG count) get the connection closed. */
const GAP_MS = 250;
const REPLY_TIMEOUT_MS = 10_000;

type Method = 'SUBSCRIBE' | 'UNSUBSCRIBE' | 'LIST_SUBSCRIPTIONS';

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (cause: AppError) => void;
}

/** The sending side of a socket. */
export interface ControlSocket {
  send(text: string): void;
  ping(): void;
  pong(echo: Buffer): void;
}

/** A PONG goes before everything else: without one for a minute the exchange cuts the connection. */
const PONG_PRIORITY = 0;

/** Sends all that one connection sends, at the pace that the exchange allows, and matches the replies to control messages. */
export class ControlChannel {
  readonly #socket: ControlSocket;
  // One at a time: then a late timer delays those behind it too, and nothing bunches up.
  readonly #limiter = new Limiter({ minGapMs: GAP_MS, maxConcurrent: 1 });
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #echo: Buffer | undefined;

  constructor(socket: ControlSocket) {
    this.#socket = socket;
  }

  /** Answers a PING with its own bytes. Of several that come faster than answers may be sent the newest is answered. */
  pong(echo: Buffer): void {
    const isWaiting = this.#echo !== undefined;
    this.#echo = echo;
    if (isWaiting) return;
    this.#pace({ priority: PONG_PRIORITY }, () => {
      if (this.#echo) this.#socket.pong(this.#echo);
      this.#echo = undefined;
    });
  }

  /** Asks for a sign of life. */
  ping(): void {
    this.#pace({}, () => this.#socket.ping());
  }

  /** Resolves with the `result` of the reply; rejects when the exchange refuses, does not answer in time, or the channel closes. */
  async request(method: Method, params?: readonly string[]): Promise<unknown> {
    const id = ++this.#lastId;
    let timer: NodeJS.Timeout | undefined;
    const reply = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    reply.catch(() => undefined); // awaited below; it must not count as unhandled before the request is sent
    try {
      await this.#limiter.schedule({}, async () => this.#socket.send(JSON.stringify({ method, params, id })));
      const late = new AppError('stream_timeout', `no reply to ${method} within ${REPLY_TIMEOUT_MS} ms`);
      timer = setTimeout(() => this.#waiting.get(id)?.reject(late), REPLY_TIMEOUT_MS);
      return await reply;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
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
    void this.#limiter.stop(cause.message);
  }

  #pace(options: JobOptions, send: () => void): void {
    // A channel that is closed meanwhile has nobody to send to.
    this.#limiter.schedule(options, async () => send()).catch(() => undefined);
  }
}
