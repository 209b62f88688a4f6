import { WebSocket } from 'ws';

/** A client for tests: keeps every frame that comes, in order. */
export class FrameCollector {
  readonly frames: string[] = [];
  closedWith: { readonly code: number; readonly reason: string } | undefined;
  pings = 0;
  readonly socket: WebSocket;

  /** Connects; `autoPong: false` leaves the server's PINGs unanswered. */
  constructor(url: string, options: { readonly autoPong?: boolean } = {}) {
    this.socket = new WebSocket(url, options);
    this.socket.on('message', (data) => this.frames.push(data.toString()));
    this.socket.on('ping', () => this.pings++);
    this.socket.on('close', (code, reason) => {
      this.closedWith = { code, reason: reason.toString() };
    });
    // A cut link ends in 'close' too.
    this.socket.on('error', () => undefined);
  }

  /** Resolves when the link is open; throws when it is refused. */
  async opened(): Promise<this> {
    await new Promise((resolve, reject) => this.socket.once('open', resolve).once('error', reject));
    return this;
  }

  /** Every frame as JSON. */
  all<T>(): T[] {
    return this.frames.map((frame) => JSON.parse(frame) as T);
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }
}
