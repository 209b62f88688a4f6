import { WebSocket } from 'ws';

/** A class of WebSockets as clients take it. */
export type SocketClass = new (address: string | URL, protocols?: string | string[]) => WebSocket;

/** Returns a class of WebSockets that tells when one has opened and how it ended. Those that never opened are not told of. */
export function watchSockets(
  onOpen: (socket: object) => void,
  onClose: (socket: object, code: number, reason: string) => void,
): SocketClass {
  return class extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      this.once('open', () => {
        this.once('close', (code, reason) => onClose(this, code, String(reason)));
        onOpen(this);
      });
    }
  };
}
