import { WebSocket } from 'ws';

/** A graphql-transport-ws connection without a client library: what is sent and received is exactly what stands here. */
export interface RawSocket {
  readonly socket: WebSocket;
  /** Messages received, in order. */
  readonly received: { readonly type: string; readonly id?: string; readonly payload?: unknown }[];
  /** Code and reason of the close, once it has closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  send(message: unknown): void;
}

/** Opens a socket; initialises the protocol unless told otherwise. */
export async function openRawSocket(
  url: string,
  {
    isInitialised = true,
    origin,
    protocol = 'graphql-transport-ws',
    params,
    headers = {},
  }: {
    isInitialised?: boolean;
    origin?: string;
    protocol?: string;
    params?: Record<string, unknown>;
    headers?: Record<string, string>;
  } = {},
): Promise<RawSocket> {
  const socket = new WebSocket(url, protocol, origin === undefined ? { headers } : { origin, headers });
  const received: RawSocket['received'] = [];
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const send = (message: unknown) => socket.send(JSON.stringify(message));
  if (isInitialised) {
    const acknowledged = new Promise<void>((resolve) => socket.once('message', () => resolve()));
    send({ type: 'connection_init', ...(params ? { payload: params } : {}) });
    await Promise.race([acknowledged, closed]);
  }
  return { socket, received, closed, send };
}
