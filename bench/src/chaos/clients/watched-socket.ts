import { WebSocket } from 'ws';
import type { WireWatch } from './watch-wire.ts';

/** A class of WebSockets as clients take it. */
export type SocketClass = new (address: string | URL, protocols?: string | string[]) => WebSocket;

/** Who hears of a client's sockets. */
export interface SocketWatch {
  opened(socket: object): void;
  /** One that never opened is not told of. */
  closed(socket: object, code: number, reason: string): void;
  /** Asked once a socket. */
  watchWire(): WireWatch;
}

/** Returns a class of WebSockets that tells when one has opened, what goes over it and how it ended. */
export function watchSockets(watch: SocketWatch): SocketClass {
  return class extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      const wire = watch.watchWire();
      const send = this.send.bind(this);
      this.send = (data: unknown) => {
        wire.sent(String(data));
        send(String(data)); // the protocol knows texts only, and no options
      };
      this.on('message', (data) => wire.received(String(data)));
      this.once('open', () => {
        this.once('close', (code, reason) => watch.closed(this, code, String(reason)));
        watch.opened(this);
      });
    }
  };
}
