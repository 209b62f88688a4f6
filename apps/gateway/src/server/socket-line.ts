import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { frameHeader } from './text-frame.ts';

/** The sending side of one WebSocket. Everything leaves in the order in which it was given. */
export interface SocketLine {
  /** Sends a message of the protocol; resolves once it has left, or never will. */
  send(text: string): Promise<void>;
  /** Sends a message given in two parts, each as its UTF-8 bytes, one a character: all of one turn of the event loop leave in one write. */
  push(head: string, body: string): void;
  /** What the client has not taken yet, in bytes. */
  unsentBytes(): number;
  /** Calls back when the client has taken everything. */
  whenDrained(listener: () => void): void;
  close(code: number, reason: string): void;
}

/** Bytes that may wait for the end of the turn. */
const OUTBOX_BYTES = 64 * 1024;

/** Returns a function that runs pieces of work together at the end of the turn of the event loop in which they were given. */
export function createTurnEnd(): (work: () => void) => void {
  let waiting: (() => void)[] = [];
  const run = () => {
    const pieces = waiting;
    waiting = [];
    for (const piece of pieces) piece();
  };
  return (work) => {
    if (waiting.push(work) === 1) setImmediate(run);
  };
}

/**
 * Returns the line of `socket`, whose frames go over `stream`. Shared frames are written to the stream past the socket, between its own: that
 * holds because it neither compresses nor fragments what it sends. They are kept as text because that is what costs least (ADR 0016).
 */
export function openSocketLine(socket: WebSocket, stream: Duplex, atTurnEnd: (work: () => void) => void): SocketLine {
  let outbox = '';

  function flush(): void {
    const frames = outbox;
    if (frames === '') return;
    outbox = '';
    if (socket.readyState === socket.OPEN) stream.write(frames, 'latin1');
  }

  return {
    send(text) {
      flush();
      return new Promise((resolve) => {
        if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
        else resolve();
      });
    },
    push(head, body) {
      if (outbox === '') atTurnEnd(flush);
      outbox += headerOf(head.length + body.length) + head + body;
      if (outbox.length > OUTBOX_BYTES) flush();
    },
    unsentBytes: () => stream.writableLength,
    whenDrained(listener) {
      if (stream.writableLength > 0) stream.once('drain', listener);
      else atTurnEnd(listener);
    },
    close(code, reason) {
      flush();
      socket.close(code, reason);
    },
  };
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
