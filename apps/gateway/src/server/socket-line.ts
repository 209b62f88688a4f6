import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { frameBytes, type TextMessage, writeFrame } from './text-frame.ts';

/** The sending side of one WebSocket. Everything leaves in the order in which it was given. */
export interface SocketLine {
  /** Sends a message of the protocol; resolves once it has left, or never will. */
  send(text: string): Promise<void>;
  /** Sends a shared message: all of one turn of the event loop leave in one write. */
  push(message: TextMessage): void;
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
 * holds because it neither compresses nor fragments what it sends (ADR 0016).
 */
export function openSocketLine(socket: WebSocket, stream: Duplex, atTurnEnd: (work: () => void) => void): SocketLine {
  let outbox: TextMessage[] = [];
  let outboxBytes = 0;

  function flush(): void {
    const messages = outbox;
    const bytes = outboxBytes;
    if (messages.length === 0) return;
    outbox = [];
    outboxBytes = 0;
    if (socket.readyState !== socket.OPEN) return;
    // What waits for a slow client must not keep alive a slab of memory that it shares with other clients' frames.
    const frames = stream.writableLength > 0 ? Buffer.allocUnsafeSlow(bytes) : Buffer.allocUnsafe(bytes);
    let offset = 0;
    for (const message of messages) offset = writeFrame(frames, offset, message);
    stream.write(frames);
  }

  return {
    send(text) {
      flush();
      return new Promise((resolve) => {
        if (socket.readyState === socket.OPEN) socket.send(text, () => resolve());
        else resolve();
      });
    },
    push(message) {
      outboxBytes += frameBytes(message);
      if (outbox.push(message) === 1) atTurnEnd(flush);
      if (outboxBytes > OUTBOX_BYTES) flush();
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
