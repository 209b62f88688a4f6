import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { frameHeader } from './text-frame.ts';

/** Bytes that may wait for the end of the turn. */
const OUTBOX_BYTES = 64 * 1024;

/** Runs pieces of work together at the end of the turn of the event loop in which they were given. */
export type AtTurnEnd = (work: Flushed) => void;

interface Flushed {
  flush(): void;
}

/** Returns the end of turns, with nothing to do at it. */
export function createTurnEnd(): AtTurnEnd {
  let waiting: Flushed[] = [];
  const run = () => {
    const pieces = waiting;
    waiting = [];
    for (const piece of pieces) piece.flush();
  };
  return (work) => {
    if (waiting.push(work) === 1) setImmediate(run);
  };
}

/**
 * The sending side of `socket`, whose frames go over `stream`. Everything leaves in the order in which it was given. Shared frames are written to
 * the stream past the socket, between its own: that holds because it neither compresses nor fragments what it sends. They are kept as text
 * because that is what costs least (ADR 0016).
 */
export class SocketLine {
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #atTurnEnd: AtTurnEnd;
  #outbox = '';

  constructor(socket: WebSocket, stream: Duplex, atTurnEnd: AtTurnEnd) {
    this.#socket = socket;
    this.#stream = stream;
    this.#atTurnEnd = atTurnEnd;
  }

  /** Sends a message of the protocol; resolves once it has left, or never will. */
  send(text: string): Promise<void> {
    this.flush();
    return new Promise((resolve) => {
      if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(text, () => resolve());
      else resolve();
    });
  }

  /** Sends a message given in two parts, each as its UTF-8 bytes, one a character: all of one turn of the event loop leave in one write. */
  push(head: string, body: string): void {
    if (this.#outbox === '') this.#atTurnEnd(this);
    this.#outbox += headerOf(head.length + body.length) + head + body;
    if (this.#outbox.length > OUTBOX_BYTES) this.flush();
  }

  /** Writes what was pushed. */
  flush(): void {
    const frames = this.#outbox;
    if (frames === '') return;
    this.#outbox = '';
    if (this.#socket.readyState === this.#socket.OPEN) this.#stream.write(frames, 'latin1');
  }

  /** What the client has not taken yet, in bytes. */
  unsentBytes(): number {
    return this.#stream.writableLength;
  }

  /** Calls back when the client has taken everything. */
  whenDrained(listener: () => void): void {
    if (this.#stream.writableLength > 0) this.#stream.once('drain', listener);
    else this.#atTurnEnd({ flush: listener });
  }

  close(code: number, reason: string): void {
    this.flush();
    this.#socket.close(code, reason);
  }
}

/** Messages of one event have as a rule one length. */
let lastLength = -1;
let lastHeader = '';

function headerOf(length: number): string {
  if (length !== lastLength) {
    lastHeader = frameHeader(length);
    lastLength = length;
  }
  return lastHeader;
}
