import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSchema, GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';

/** What the gateway of a test does with one subscription: yields events, throws to refuse, or closes the socket. */
export type Scene = (variables: Record<string, unknown>, socket: WebSocket) => AsyncIterable<object>;

/** A server that speaks the gateway's schema and protocol over a real socket and plays what a test wrote. */
export interface ScriptedGateway {
  readonly url: string;
  /** Variables of the subscriptions received, in order. */
  readonly asked: Record<string, unknown>[];
  /** What clients said of themselves when they opened a socket, in order. */
  readonly greetings: Record<string, unknown>[];
  close(): Promise<void>;
}

const schema = buildSchema(readFileSync(new URL('../../../../apps/gateway/schema.graphql', import.meta.url), 'utf8'));

/** Starts a gateway that plays `scenes` one after the other, the last one again and again; on any free port unless one is given. Sockets that are not welcome are closed with 4403. */
export async function startScriptedGateway(
  scenes: readonly Scene[],
  port = 0,
  welcomes: (params: Readonly<Record<string, unknown>>) => boolean = () => true,
): Promise<ScriptedGateway> {
  const asked: Record<string, unknown>[] = [];
  const greetings: Record<string, unknown>[] = [];
  const http = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += String(chunk);
    });
    request.on('end', () => {
      const { variables } = JSON.parse(body) as { variables: { symbol?: string } };
      const refused = {
        errors: [{ message: 'not tracked', extensions: { code: 'SYMBOL_NOT_FOUND', retryable: false, requestId: 'r-1' } }],
        data: null,
      };
      response.end(
        JSON.stringify(
          variables.symbol === 'NOPE'
            ? refused
            : { data: { instrument: { id: request.headers['x-key'] ?? request.headers.authorization ?? 'SIM:X' } } },
        ),
      );
    });
  });
  const sockets = new WebSocketServer({ server: http, path: '/graphql' });
  const play = (variables: Record<string, unknown>, { extra }: { extra: { socket: WebSocket } }) => {
    const scene = scenes[Math.min(asked.length, scenes.length - 1)];
    asked.push({ ...variables });
    return scene?.(variables, extra.socket);
  };
  const server = useServer<Record<string, unknown>, { socket: WebSocket }>(
    {
      onConnect({ connectionParams }) {
        greetings.push({ ...connectionParams });
        return welcomes({ ...connectionParams });
      },
      schema,
      context: (context) => context,
      roots: { subscription: { candles: play, forecasts: play } as never },
    },
    sockets as never,
  );
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`,
    asked,
    greetings,
    async close() {
      await server.dispose();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

/** Returns the stream cursor of a place in the log of the test. */
export function cursorOf(seq: number, epoch = '11111111-1111-4111-8111-111111111111'): string {
  return btoa(`s1.${epoch}.${seq}`).replaceAll('=', '');
}

const CANDLE = {
  closeTime: 0,
  open: '1.0',
  high: '1.0',
  low: '1.0',
  close: '1.0',
  baseVolume: '1.0',
  isClosed: true,
  revision: 0,
  knownAt: 0,
  reconstructed: false,
};
const series = { symbol: 'SIM:BTCUSDT', interval: '1m' };

/** Events as the gateway sends them; open times are plain numbers here. */
export const closed = (seq: number) => ({
  candles: { __typename: 'CandleClosed', ...series, candle: { ...CANDLE, openTime: seq }, cursor: cursorOf(seq) },
});
export const update = (openTime: number) => ({ candles: { __typename: 'CandleUpdate', ...series, candle: { ...CANDLE, openTime } } });
export const snapshot = (seq: number) => ({
  candles: { __typename: 'CandleSnapshot', ...series, candles: [{ ...CANDLE, openTime: seq }], cursor: cursorOf(seq) },
});
export const heartbeat = (seq: number) => ({ candles: { __typename: 'StreamHeartbeat', at: 0, cursor: cursorOf(seq) } });
export const reset = () => ({ candles: { __typename: 'StreamReset', code: 'CURSOR_EPOCH_MISMATCH', message: 'anew' } });

/** Refuses a subscription as the gateway does: an answer with errors, then the end. */
export function refusal(code: string, retryable = false): GraphQLError {
  return new GraphQLError('refused', { extensions: { code, retryable, retryAfterMs: retryable ? 10 : null, requestId: 'r-1' } });
}

/** Waits until the client leaves. */
export function forever(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}
