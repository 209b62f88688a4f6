import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** A stream server that acknowledges and lists whatever is asked for, and sends what the test says. */
export interface ScriptedExchange {
  readonly wsUrl: string;
  /** How many connections have been made so far. */
  connections(): number;
  /** How many connections are open. */
  open(): number;
  /** Sends text, or bytes as a text frame that may be broken UTF-8, on every connection. */
  send(frame: string | Buffer): void;
  ping(text: string): void;
  /** Takes a stream off every connection without a word. */
  forget(name: string): void;
  /** Streams that the newest connection is subscribed to, sorted. */
  subscribed(): string[];
  /** What has come so far, PONGs as `pong TEXT`, and when on a steady clock. */
  received(): readonly { readonly text: string; readonly atMs: number }[];
  close(): Promise<void>;
}

/** Starts on a free port of this machine. */
export async function startScriptedExchange(): Promise<ScriptedExchange> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  let connections = 0;
  const received: { text: string; atMs: number }[] = [];
  const subscriptions: Set<string>[] = [];
  const note = (text: string) => received.push({ text, atMs: performance.now() });
  server.on('connection', (socket: WebSocket) => {
    connections += 1;
    const names = new Set<string>();
    subscriptions.push(names);
    socket.on('pong', (data) => note(`pong ${data.toString()}`));
    socket.on('message', (data) => {
      note(data.toString());
      const { method, params = [], id } = JSON.parse(data.toString()) as { method: string; params?: string[]; id: number };
      if (method === 'SUBSCRIBE') for (const name of params) names.add(name);
      if (method === 'UNSUBSCRIBE') for (const name of params) names.delete(name);
      socket.send(JSON.stringify({ result: method === 'LIST_SUBSCRIPTIONS' ? [...names] : null, id }));
    });
  });
  return {
    wsUrl: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => connections,
    open: () => server.clients.size,
    send(frame) {
      for (const socket of server.clients) socket.send(frame, { binary: false });
    },
    ping(text) {
      for (const socket of server.clients) socket.ping(text);
    },
    forget(name) {
      for (const names of subscriptions) names.delete(name);
    },
    subscribed: () => [...(subscriptions.at(-1) ?? [])].sort(),
    received: () => received,
    async close() {
      for (const socket of server.clients) socket.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
