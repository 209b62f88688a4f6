import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** A stream server that acknowledges and lists whatever is asked for, and sends what the test says. */
export interface ScriptedExchange {
  readonly wsUrl: string;
  /** How many connections have been made so far. */
  connections(): number;
  /** Sends text, or bytes as a text frame that may be broken UTF-8, on every connection. */
  send(frame: string | Buffer): void;
  close(): Promise<void>;
}

/** Starts on a free port of this machine. */
export async function startScriptedExchange(): Promise<ScriptedExchange> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  let connections = 0;
  server.on('connection', (socket: WebSocket) => {
    connections += 1;
    const names = new Set<string>();
    socket.on('message', (data) => {
      const { method, params = [], id } = JSON.parse(data.toString()) as { method: string; params?: string[]; id: number };
      if (method === 'SUBSCRIBE') for (const name of params) names.add(name);
      socket.send(JSON.stringify({ result: method === 'LIST_SUBSCRIPTIONS' ? [...names] : null, id }));
    });
  });
  return {
    wsUrl: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    send(frame) {
      for (const socket of server.clients) socket.send(frame, { binary: false });
    },
    async close() {
      for (const socket of server.clients) socket.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
