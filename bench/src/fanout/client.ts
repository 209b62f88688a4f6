// A process of subscribers: decodes every message and checks the number of every candle.
import { randomUUID } from 'node:crypto';
import { toStreamCursor } from '@candlecast/domain';
import { WebSocket } from 'ws';
import type { ClientOrder, ClientState, SocketPlan } from './commands.ts';
import { DOCUMENT, EPOCH, idOf, nowUs, SYMBOLS } from './market.ts';

interface Message {
  readonly type: string;
  readonly id: string;
  readonly payload: { readonly data?: { readonly candles: { readonly symbol?: string; readonly candle: Candle } } | null };
}
interface Candle {
  readonly quoteVolume: string;
  readonly tradeCount: number;
}

const BUCKETS_A_MS = 20;
const LONGEST_MS = 60_000;
/** So many connect at a time. */
const AT_ONCE = 100;

const latencies = new Uint32Array(LONGEST_MS * BUCKETS_A_MS);
const sockets = new Set<WebSocket>();
const closes: Record<string, number> = {};
let deliveries = 0;
let bytes = 0;
let wrong = 0;
let complete = 0;
let refused = 0;

type ConnectOrder = Extract<ClientOrder, { do: 'connect' }>;

/** What a subscription expects next of each of its symbols; undefined where any will do. */
type Expected = Map<string, { next: number | undefined; hasCome: boolean }>;

const ONE_ID = '00000000-0000-4000-8000-000000000000';
/** Every message carries its operation's id: with this one the system's buffers of a reader that has stopped are soon full. */
const LONG_ID = '-'.repeat(2_000);

function connect({ port, isStalled, hasOneId }: ConnectOrder, plan: SocketPlan): Promise<void> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', { perMessageDeflate: false });
    const expected = new Map<string, Expected>();
    sockets.add(socket);
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('error', () => undefined); // a close follows
    socket.on('close', (code) => {
      closes[code] = (closes[code] ?? 0) + 1;
      sockets.delete(socket);
      resolve();
    });
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      if (message.type === 'next') return count(expected.get(message.id), message, data.length);
      if (message.type === 'error') refused += 1;
      if (message.type !== 'connection_ack') return;
      for (const { symbols, after } of plan) {
        const id = hasOneId ? ONE_ID : `${randomUUID()}${isStalled ? LONG_ID : ''}`;
        expected.set(id, new Map(symbols.map((symbol) => [idOf(symbol), { next: firstAfter(symbol, after), hasCome: false }])));
        const cursor = after === undefined ? null : toStreamCursor({ epoch: EPOCH, seq: after });
        const payload = { query: DOCUMENT, variables: { symbols: symbols.map(idOf), after: cursor } };
        socket.send(JSON.stringify({ id, type: 'subscribe', payload }));
      }
      // What it is sent from now on stays where it is; the subscriptions are on their way.
      if (isStalled) setTimeout(() => socket.pause(), 500);
      resolve();
    });
  });
}

function count(expected: Expected | undefined, { payload }: Message, length: number): void {
  if (!payload.data) {
    refused += 1;
    return;
  }
  const { symbol, candle } = payload.data.candles;
  if (symbol === undefined) return; // a heartbeat
  const series = expected?.get(symbol);
  if (!series || (series.next !== undefined && series.next !== candle.tradeCount)) wrong += 1;
  if (!series || !expected) return;
  series.next = candle.tradeCount + 1;
  if (!series.hasCome) {
    series.hasCome = true;
    if ([...expected.values()].every(({ hasCome }) => hasCome)) complete += 1;
  }
  deliveries += 1;
  bytes += length;
  const bucket = Math.floor(((Number(nowUs()) - Number(candle.quoteVolume)) / 1_000) * BUCKETS_A_MS);
  const last = Math.max(0, Math.min(latencies.length - 1, bucket));
  latencies[last] = (latencies[last] ?? 0) + 1;
}

/** The first tick of a symbol after a position of the log. */
function firstAfter(symbol: number, after: number | undefined): number | undefined {
  if (after === undefined) return undefined;
  return after > symbol ? Math.floor((after - symbol - 1) / SYMBOLS) + 1 : 0;
}

function percentileMs(p: number): number {
  let left = p * latencies.reduce((sum, each) => sum + each, 0);
  for (const [bucket, each] of latencies.entries()) {
    left -= each;
    if (left <= 0) return bucket / BUCKETS_A_MS;
  }
  return LONGEST_MS;
}

async function follow(order: ClientOrder): Promise<ClientState> {
  if (order.do === 'connect') {
    for (let from = 0; from < order.sockets.length; from += AT_ONCE) {
      await Promise.all(order.sockets.slice(from, from + AT_ONCE).map((plan) => connect(order, plan)));
    }
  }
  if (order.do === 'reset') {
    latencies.fill(0);
    deliveries = 0;
    bytes = 0;
  }
  if (order.do === 'close') for (const socket of sockets) socket.terminate();
  return { deliveries, bytes, wrong, complete, refused, open: sockets.size, closes, p50Ms: percentileMs(0.5), p99Ms: percentileMs(0.99) };
}

process.on('SIGINT', () => process.exit(0));
process.on('message', (order: ClientOrder) => {
  void follow(order).then(
    (state) => process.send?.({ state }),
    (cause: unknown) => process.send?.({ failure: String((cause as Error).stack) }),
  );
});

// The parent is gone: so is what this is for.
process.on('disconnect', () => process.exit());
