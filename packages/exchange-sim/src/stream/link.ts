import type { Socket } from 'node:net';
import type { EpochMs } from '@candlecast/domain';
import type { WebSocket } from 'ws';
import type { TimeUnit } from '../rest/json-text.ts';
import { type ControlOutcome, decideControl } from './control.ts';

export interface LinkLimits {
  /** Incoming frames a second, control frames included; one more closes the link. */
  readonly messagesPerSecond: number;
  readonly pingIntervalMs: number;
  /** Silence after a PING that cuts the link. */
  readonly pongTimeoutMs: number;
  /** What may wait for a slow reader before the link is cut. */
  readonly maxBufferedBytes: number;
}

export interface LinkOptions {
  readonly webSocket: WebSocket;
  readonly socket: Socket;
  readonly combined: boolean;
  readonly unit: TimeUnit;
  readonly limits: LinkLimits;
  /** The venue's time of the connection: a link lives for 24 hours of it. */
  readonly openedAt: EpochMs;
  readonly wallNow: () => EpochMs;
  readonly onStreams: (change: 'subscribe' | 'unsubscribe', streams: readonly string[]) => void;
}

/** One client's connection: what it listens to, and the rules that it must keep. */
export class Link {
  readonly openedAt: EpochMs;
  readonly unit: TimeUnit;
  readonly streams = new Set<string>();
  combined: boolean;
  readonly #options: LinkOptions;
  #second = 0;
  #messagesInSecond = 0;
  readonly #openPings = new Set<string>();
  #pingedAt: EpochMs;
  /** When the oldest PING without an answer was sent. */
  #waitingSince: EpochMs | undefined;
  #isDead = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.openedAt = options.openedAt;
    this.unit = options.unit;
    this.combined = options.combined;
    this.#pingedAt = options.wallNow();
    const { webSocket } = options;
    webSocket.on('message', (data, isBinary) => {
      if (this.#takesMessage()) this.#control(isBinary ? '' : data.toString());
    });
    webSocket.on('ping', (data) => {
      if (this.#takesMessage()) webSocket.pong(data);
    });
    webSocket.on('pong', (data) => {
      // Only the echo of our own PING shows life.
      if (!this.#takesMessage() || !this.#openPings.has(data.toString())) return;
      this.#openPings.clear();
      this.#waitingSince = undefined;
    });
    // Broken frames and resets end in 'close', which the hub listens to.
    webSocket.on('error', () => webSocket.terminate());
  }

  /** Sends text; cuts the link when the reader is too far behind. */
  send(text: string): void {
    const { webSocket, limits } = this.#options;
    if (this.#isDead || webSocket.readyState !== webSocket.OPEN) return;
    webSocket.send(text);
    if (webSocket.bufferedAmount > limits.maxBufferedBytes) webSocket.terminate();
  }

  /** Sends an event of a stream, wrapped with the stream's name when the link is combined. */
  sendEvent(stream: string, event: string): void {
    this.send(this.combined ? `{"stream":"${stream}","data":${event}}` : event);
  }

  /** Sends the PING that is due, or cuts the link whose PONG has not come. */
  keepAlive(): void {
    const { webSocket, limits, wallNow } = this.#options;
    if (this.#isDead || webSocket.readyState !== webSocket.OPEN) return;
    const now = wallNow();
    if (this.#waitingSince !== undefined && now - this.#waitingSince > limits.pongTimeoutMs) {
      webSocket.terminate();
      return;
    }
    if (now - this.#pingedAt < limits.pingIntervalMs) return;
    this.#pingedAt = now;
    this.#waitingSince ??= now;
    this.#openPings.add(String(now));
    webSocket.ping(String(now));
  }

  /** Closes with a closing frame. */
  close(code: number, reason: string): void {
    this.#options.webSocket.close(code, reason);
  }

  /** Cuts the TCP connection without a closing frame. */
  cut(how: 'fin' | 'rst'): void {
    this.#isDead = true;
    const { socket } = this.#options;
    if (how === 'rst') socket.resetAndDestroy();
    else socket.end();
  }

  /** Keeps the connection and never sends or answers again, as when a machine in between has lost it. */
  playDead(): void {
    this.#isDead = true;
  }

  #takesMessage(): boolean {
    if (this.#isDead) return false;
    const { limits, wallNow } = this.#options;
    const second = Math.floor(wallNow() / 1_000);
    this.#messagesInSecond = second === this.#second ? this.#messagesInSecond + 1 : 1;
    this.#second = second;
    if (this.#messagesInSecond > limits.messagesPerSecond) this.close(1008, 'Too many requests');
    return this.#messagesInSecond <= limits.messagesPerSecond;
  }

  #control(text: string): void {
    const outcome: ControlOutcome = decideControl(text, this);
    if (outcome.kind === 'ignore') return;
    this.send(outcome.reply);
    if (outcome.kind === 'combined') this.combined = outcome.combined;
    if (outcome.kind === 'subscribe' || outcome.kind === 'unsubscribe') this.#options.onStreams(outcome.kind, outcome.streams);
  }
}
