import { AppError } from '@candlecast/domain';
import { WebSocket } from 'ws';
import { stopped } from '../retry.ts';
import { ControlChannel } from './control-channel.ts';
import { type DataFrame, parseFrame } from './parse-frame.ts';
import { chunk } from './stream-names.ts';

/** What a connection reports. */
export interface LinkEvents {
  onData(frame: DataFrame): void;
  onRefused(reason: string): void;
  /** The exchange announced that it will close this connection. */
  onShutdown(): void;
}

/** Names in one control message: larger messages have been dropped without a reply. */
const NAMES_PER_MESSAGE = 200;
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** A connection on which nothing at all came for the first time is pinged, for the second it is dead. */
const QUIET_MS = 10_000;
const DEAD_MS = 20_000;
const CHECK_EVERY_MS = 2_500;
const MAX_FRAME_BYTES = 1 << 20;

/** One WebSocket connection to the combined streams. It never reconnects: it is open once and then closed for a reason. */
export class StreamLink {
  readonly #socket: WebSocket;
  readonly #control: ControlChannel;
  readonly #heard = new Set<string>();
  #listed: ReadonlySet<unknown> = new Set();
  #lastSignAt = performance.now();
  #reason: string | undefined;
  /** Resolves with the reason when the connection is gone. */
  readonly closed: Promise<string>;

  private constructor(socket: WebSocket, events: LinkEvents) {
    this.#socket = socket;
    this.#control = new ControlChannel(socket);
    const timer = setInterval(() => this.#checkLife(), CHECK_EVERY_MS);
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, text) => {
        clearInterval(timer);
        this.#control.close();
        resolve(this.#reason ?? `closed with code ${code}${text.length > 0 ? ` (${text.toString()})` : ''}`);
      });
    });
    socket.on('error', (cause) => {
      this.#reason ??= cause.message;
    });
    socket.on('pong', () => this.#sawLife());
    socket.on('ping', (echo) => {
      this.#sawLife();
      this.#control.pong(echo);
    });
    socket.on('message', (data, isBinary) => this.#read(isBinary ? undefined : data.toString(), events));
  }

  /** Connects to `url`; rejects when that fails or takes longer than ten seconds, or when `signal` aborts. */
  static async open(url: string, events: LinkEvents, signal: AbortSignal): Promise<StreamLink> {
    if (signal.aborted) throw stopped();
    const socket = new WebSocket(url, {
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      perMessageDeflate: false,
      // Answers count among the five frames a second that may be sent.
      autoPong: false,
      maxPayload: MAX_FRAME_BYTES,
      // A frame with broken text is refused by our own checks; validating here would cost the whole connection.
      skipUTF8Validation: true,
    });
    const link = new StreamLink(socket, events);
    const onAbort = () => link.close('the service was asked to stop');
    signal.addEventListener('abort', onAbort, { once: true });
    void link.closed.then(() => signal.removeEventListener('abort', onAbort));
    const opened = new Promise<'opened'>((resolve) => socket.once('open', () => resolve('opened')));
    const outcome = await Promise.race([opened, link.closed]);
    if (outcome !== 'opened' || signal.aborted) throw new AppError('stream_unreachable', `${url}: ${outcome}`, { retryable: true });
    return link;
  }

  get isClosed(): boolean {
    return this.#socket.readyState === WebSocket.CLOSED;
  }

  /** Streams on which data came over this connection. */
  get heard(): ReadonlySet<string> {
    return this.#heard;
  }

  /** Tells whether the exchange listed the stream when it was last asked. */
  lists(name: string): boolean {
    return this.#listed.has(name);
  }

  /**
   * Brings the subscriptions to exactly `names` and has the exchange list them: an acknowledgement alone proves nothing. Returns how
   * many of those that it had listed before were not there any more.
   */
  async subscribe(names: readonly string[]): Promise<number> {
    let forgotten = 0;
    for (let round = 0; round < 3; round += 1) {
      const before = this.#listed;
      for (const piece of chunk(difference(names, before), NAMES_PER_MESSAGE)) await this.#control.request('SUBSCRIBE', piece);
      for (const piece of chunk(difference(before, names), NAMES_PER_MESSAGE)) await this.#control.request('UNSUBSCRIBE', piece);
      const reply = await this.#control.request('LIST_SUBSCRIPTIONS');
      this.#listed = new Set(Array.isArray(reply) ? reply : []);
      const missing = difference(names, this.#listed);
      forgotten += missing.filter((name) => before.has(name)).length;
      if (missing.length === 0 && difference(this.#listed, names).length === 0) return forgotten;
    }
    throw new AppError('stream_incomplete', `the exchange lists ${this.#listed.size} of ${names.length} streams`, { retryable: true });
  }

  /** Ends the connection without waiting for the other side. */
  close(reason: string): void {
    this.#reason ??= reason;
    this.#socket.terminate();
  }

  #read(text: string | undefined, events: LinkEvents): void {
    this.#sawLife();
    const frame = text === undefined ? ({ kind: 'refused', reason: 'binary' } as const) : parseFrame(text);
    switch (frame.kind) {
      case 'candle':
      case 'book':
      case 'trade':
      case 'depth':
        this.#heard.add(frame.stream);
        events.onData(frame);
        break;
      case 'reply':
      case 'failure':
        this.#control.settle(frame);
        break;
      case 'shutdown':
        events.onShutdown();
        break;
      case 'refused':
        events.onRefused(frame.reason);
        break;
    }
  }

  #sawLife(): void {
    this.#lastSignAt = performance.now();
  }

  #checkLife(): void {
    const quietMs = performance.now() - this.#lastSignAt;
    if (quietMs >= DEAD_MS) this.close(`nothing came for ${Math.round(quietMs)} ms`);
    else if (quietMs >= QUIET_MS && this.#socket.readyState === WebSocket.OPEN) this.#control.ping();
  }
}

function difference(names: Iterable<unknown>, others: Iterable<unknown>): string[] {
  const known = new Set(others);
  return [...names].filter((name): name is string => typeof name === 'string' && !known.has(name));
}
