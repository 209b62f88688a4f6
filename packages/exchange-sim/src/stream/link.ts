import type { Socket } from 'node:net';
import type { EpochMs } from '@candlecast/domain';
import type { WebSocket } from 'ws';
import type { Cut } from '../faults/fault.ts';
import type { TimeUnit } from '../rest/json-text.ts';
import { type ControlOutcome, decideControl } from './control.ts';
import { cutLink } from './cut-link.ts';

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
  /** The clock of messages per second, PINGs and PONGs. */
  readonly limitNow: () => EpochMs;
  readonly onStreams: (change: 'subscribe' | 'unsubscribe', streams: readonly string[]) => void;
  /** Tells whether a fault loses a message that names so many streams. */
  readonly losesControl: (streams: number) => boolean;
}

const FLOOD = 'flood ';
const HUGE_FROM = 1_048_576;

/** One client's connection: what it listens to, and the rules that it must keep. */
export class Link {
  readonly openedAt: EpochMs;
  readonly unit: TimeUnit;
  readonly streams = new Set<string>();
  combined: boolean;
  /** Its connection is ending in a bad way. */
  isCut = false;
  readonly #options: LinkOptions;
  #second = 0;
  #messagesInSecond = 0;
  readonly #openPings = new Set<string>();
  #pingedAt: EpochMs;
  /** When the oldest PING without an answer was sent. */
  #waitingSince: EpochMs | undefined;
  #isDead = false;
  #isMute = false;
  /** Bytes of faults' huge frames that may wait: they are not the reader's doing. */
  #hugeBytes = 0;
  /** PONGs of a flood that may still come. */
  #floodPongs = 0;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.openedAt = options.openedAt;
    this.unit = options.unit;
    this.combined = options.combined;
    this.#pingedAt = options.limitNow();
    const { webSocket } = options;
    webSocket.on('message', (data, isBinary) => {
      if (this.#takesMessage()) this.#control(isBinary ? '' : data.toString());
    });
    webSocket.on('ping', (data) => {
      if (this.#takesMessage()) webSocket.pong(data);
    });
    webSocket.on('pong', (data) => {
      if (this.#floodPongs > 0 && data.toString().startsWith(FLOOD)) {
        this.#floodPongs--;
        return;
      }
      // Only the echo of our own PING shows life.
      if (!this.#takesMessage() || !this.#openPings.has(data.toString())) return;
      this.#openPings.clear();
      this.#waitingSince = undefined;
    });
    // Broken frames and resets end in 'close', which the hub listens to.
    webSocket.on('error', () => webSocket.terminate());
  }

  /** Sends text, or bytes as text; cuts the link when the reader was too far behind already. */
  send(text: string | Buffer): void {
    const { webSocket, limits } = this.#options;
    if (this.#isDead || webSocket.readyState !== webSocket.OPEN) return;
    if (webSocket.bufferedAmount === 0) this.#hugeBytes = 0;
    if (webSocket.bufferedAmount > limits.maxBufferedBytes + this.#hugeBytes) {
      webSocket.terminate();
      return;
    }
    if (text.length > HUGE_FROM) this.#hugeBytes += text.length;
    webSocket.send(text, { binary: false });
  }

  /** Keeps back what is sent until `uncork`, then writes it in one go. */
  cork(): void {
    this.#options.socket.cork();
  }

  uncork(): void {
    this.#options.socket.uncork();
  }

  /** Sends an event of a stream, wrapped with the stream's name when the link is combined; a fault may change the whole frame. */
  sendEvent(stream: string, event: string, mangle?: (frame: string) => string | Buffer): void {
    if (this.#isMute) return;
    const frame = this.combined ? `{"stream":"${stream}","data":${event}}` : event;
    this.send(mangle ? mangle(frame) : frame);
  }

  /** Sends the PING that is due, or cuts the link whose PONG has not come. */
  keepAlive(): void {
    const { webSocket, limits, limitNow } = this.#options;
    if (this.#isDead || webSocket.readyState !== webSocket.OPEN) return;
    const now = limitNow();
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

  /** Closes with a closing frame, unless it plays dead. */
  close(code: number, reason: string): void {
    if (!this.#isDead) this.#options.webSocket.close(code, reason);
  }

  /** Closes as at the end of the 24 hours that a link lives. */
  expire(): void {
    this.close(1001, 'a connection lives for 24 hours');
  }

  /** Ends the connection in a bad way. */
  cut(how: Cut): void {
    this.#isDead = true;
    this.isCut = true;
    cutLink(this.#options.webSocket, this.#options.socket, how);
  }

  /** Keeps the connection and never sends or answers again, as when a machine in between has lost it. */
  playDead(): void {
    this.#isDead = true;
  }

  /** Sends no event any more; control messages and PINGs are answered as ever. */
  mute(): void {
    this.#isMute = true;
  }

  /** Sends so many PINGs in one go; their PONGs do not count as messages. */
  floodWithPings(pings: number): void {
    const { webSocket } = this.#options;
    if (this.#isDead || webSocket.readyState !== webSocket.OPEN) return;
    this.#floodPongs += pings;
    for (let ping = 0; ping < pings; ping++) webSocket.ping(`${FLOOD}${ping}`);
  }

  #takesMessage(): boolean {
    if (this.#isDead) return false;
    const { limits, limitNow } = this.#options;
    const second = Math.floor(limitNow() / 1_000);
    this.#messagesInSecond = second === this.#second ? this.#messagesInSecond + 1 : 1;
    this.#second = second;
    if (this.#messagesInSecond > limits.messagesPerSecond) this.close(1008, 'Too many requests');
    return this.#messagesInSecond <= limits.messagesPerSecond;
  }

  #control(text: string): void {
    const outcome: ControlOutcome = decideControl(text, this);
    if (outcome.kind === 'ignore') return;
    const changesStreams = outcome.kind === 'subscribe' || outcome.kind === 'unsubscribe';
    if (changesStreams && this.#options.losesControl(outcome.streams.length)) return;
    this.send(outcome.reply);
    if (outcome.kind === 'combined') this.combined = outcome.combined;
    if (changesStreams) this.#options.onStreams(outcome.kind, outcome.streams);
  }
}
