import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '@candlecast/domain';
import type { SimLog } from './venue/venue.ts';

const RETRY_MS = 50;

/** A server's place on 127.0.0.1, which can be given up for a while. */
export class Listener {
  readonly #server: Server;
  readonly #log: SimLog;
  #port = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(server: Server, log: SimLog) {
    this.#server = server;
    this.#log = log;
  }

  /** Listens and returns the port; 0 takes a free one. Throws `port_unavailable`. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      const refuse = (cause: unknown) => reject(new AppError('port_unavailable', `port ${port} on 127.0.0.1 cannot be used`, { cause }));
      this.#server.once('error', refuse);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', refuse);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
    return this.#port;
  }

  /** Refuses every new connection for so long, then listens on the same port again. Open stream links go on. */
  pause(durationMs: number): void {
    if (this.#server.listening) this.#server.close();
    this.#server.closeIdleConnections();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#resume(), durationMs);
  }

  /** Cuts everything and stops. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#server.closeAllConnections();
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  /** Somebody else may hold the port for a moment. */
  #resume(): void {
    if (this.#isClosed) return;
    this.listen(this.#port).then(
      () => this.#log('connections are taken again', { port: this.#port }),
      () => {
        this.#timer = setTimeout(() => this.#resume(), RETRY_MS);
      },
    );
  }
}
