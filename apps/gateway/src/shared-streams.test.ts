import { toDecimal, toIso, toStreamCursor } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CANDLES } from './testing/documents.ts';
import { openRawSocket, type RawSocket } from './testing/raw-socket.ts';
import { subscribeOverSse } from './testing/sse.ts';
import { at, BTC, ETH, startTestMarket, type TestMarket } from './testing/test-market.ts';

let market: TestMarket;
let gateway: Awaited<ReturnType<TestMarket['startGateway']>>;
let sockets: RawSocket[];

beforeEach(async () => {
  market = await startTestMarket();
  await market.list(BTC, ETH);
  gateway = await market.startGateway({ unsentBytes: 100_000 });
  sockets = [];
});

afterEach(async () => {
  for (const { socket } of sockets) socket.terminate();
  await market.stop();
});

async function connect(): Promise<RawSocket> {
  const socket = await openRawSocket(gateway.wsUrl);
  sockets.push(socket);
  return socket;
}

type Event = {
  readonly __typename: string;
  readonly symbol?: string;
  readonly candle?: { readonly openTime: string; readonly close: string };
};

const eventsOf = (socket: RawSocket, id: string) =>
  socket.received
    .filter((message) => message.type === 'next' && message.id === id)
    .map(({ payload }) => (payload as { data: { candles: Event } }).data.candles);
const ofType = (socket: RawSocket, id: string, type: string) => eventsOf(socket, id).filter(({ __typename }) => __typename === type);
const hasCaughtUp = (socket: RawSocket, id: string) =>
  eventually(() => expect(ofType(socket, id, 'StreamHeartbeat').length).toBeGreaterThan(0));

async function readCount(name: string): Promise<number> {
  const text = await (await fetch(gateway.httpUrl.replace('graphql', 'metrics'))).text();
  return Number.parseFloat(new RegExp(`^candlecast_gateway_fanout_${name} (\\S+)$`, 'm').exec(text)?.[1] ?? 'NaN');
}

describe('subscriptions that ask the same', () => {
  it('share one execution a topic, whatever their symbols, cursors, snapshots, throttles and transports’ ids', async () => {
    await market.close(BTC, 0, 5);
    const first = toStreamCursor({ ...(await market.log.head()), seq: 0 });
    const asked: Record<string, unknown>[] = [
      { symbols: [BTC] },
      { symbols: ['BTCUSDT', ETH], snapshot: 3 },
      { symbols: [ETH, BTC], after: first, throttleMs: 0 },
      { symbols: [BTC], throttleMs: 50 },
    ];
    const literal = CANDLES.replace(/\([^)]*\)/, '').replace(/\([^)]*\)/, '(symbols: ["SIM:BTCUSDT"], interval: "1")');
    const [a, b] = [await connect(), await connect()];
    for (const [index, variables] of asked.entries())
      (index % 2 ? a : b).send({
        id: `${index}`,
        type: 'subscribe',
        payload: { query: CANDLES, variables: { interval: '1m', ...variables } },
      });
    a.send({ id: '4', type: 'subscribe', payload: { query: literal } });
    const readers = [b, a, b, a, a].map((socket, index) => ({ socket, id: `${index}` }));
    for (const { socket, id } of readers) await hasCaughtUp(socket, id);
    await eventually(async () =>
      expect([await readCount('members'), await readCount('cohorts'), await readCount('topics')]).toEqual([5, 1, 2]),
    );
    const [executions, deliveries] = [await readCount('executions_total'), await readCount('deliveries_total')];
    await market.close(BTC, 5, 15);
    await market.close(ETH, 0, 4);
    for (const { socket, id } of readers) {
      const wanted = [...Array(15).keys()].slice(id === '2' ? 0 : 5).map((minute) => toIso(at(minute)));
      await eventually(() =>
        expect(
          ofType(socket, id, 'CandleClosed')
            .filter(({ symbol }) => symbol === BTC)
            .map(({ candle }) => candle?.openTime),
        ).toEqual(wanted),
      );
    }
    for (const { socket, id } of readers.slice(1, 3))
      await eventually(() => expect(ofType(socket, id, 'CandleClosed').filter(({ symbol }) => symbol === ETH)).toHaveLength(4));
    expect((await readCount('executions_total')) - executions).toBe(14);
    expect((await readCount('deliveries_total')) - deliveries).toBe(5 * 10 + 2 * 4);
    a.send({ id: '1', type: 'complete' });
    await eventually(async () => expect(await readCount('members')).toBe(4));
    for (const { socket } of sockets) socket.terminate();
    await eventually(async () =>
      expect([await readCount('members'), await readCount('cohorts'), await readCount('topics')]).toEqual([0, 0, 0]),
    );
  });

  it('get byte for byte what a subscription that is executed by itself gets', async () => {
    const stopping = new AbortController();
    const alone: unknown[] = [];
    const reading = (async () => {
      for await (const result of subscribeOverSse(
        gateway.httpUrl,
        CANDLES,
        { symbols: [BTC], interval: '1m', throttleMs: 0 },
        stopping.signal,
      ))
        alone.push(result);
    })().catch(() => undefined); // cut when the test ends
    const socket = await connect();
    const variables = { symbols: [BTC], interval: '1m', throttleMs: 0 };
    socket.send({ id: 's', type: 'subscribe', payload: { query: CANDLES, variables } });
    await hasCaughtUp(socket, 's');
    await eventually(() => expect(alone).not.toEqual([]));
    await market.close(BTC, 0, 3);
    await market.candles.recordGap(BTC, { from: at(3), to: at(4) }, 'PENDING', at(5));
    const shared = () => socket.received.filter(({ type }) => type === 'next').map(({ payload }) => payload);
    await eventually(() => expect(shared()).toHaveLength(5));
    await eventually(() => expect(alone).toEqual(shared()));
    expect(shared().map((each) => JSON.stringify(each))).toEqual(alone.map((each) => JSON.stringify(each)));
    stopping.abort();
    await reading;
  });

  it('end as any other: on request, with the socket, and without a message after', async () => {
    const socket = await connect();
    const variables = { symbols: [BTC], interval: '1m' };
    socket.send({ id: 's', type: 'subscribe', payload: { query: CANDLES, variables } });
    await hasCaughtUp(socket, 's');
    socket.send({ id: 's', type: 'complete' });
    await eventually(async () => expect(await readCount('members')).toBe(0));
    socket.send({ id: 's', type: 'subscribe', payload: { query: CANDLES, variables } });
    await eventually(() => expect(ofType(socket, 's', 'StreamHeartbeat')).toHaveLength(2));
    await market.close(BTC, 0, 1);
    await eventually(() => expect(ofType(socket, 's', 'CandleClosed')).toHaveLength(1));
    expect(socket.received.filter(({ type }) => type === 'complete')).toEqual([]);
  });
});

describe('a reader that has stopped reading', () => {
  const BALLAST =
    'subscription { candles(symbols: ["ETHUSDT"], interval: "1m", snapshot: 5000) { ... on CandleSnapshot { candles { openTime closeTime open high low close knownAt } } } }';

  it('gets every durable event and only the newest open candle once it reads on; the others wait for nothing', async () => {
    await market.close(ETH, 0, 5_000);
    const [slow, healthy] = [await connect(), await connect()];
    const payload = { query: CANDLES, variables: { symbols: [BTC], interval: '1m', throttleMs: 0 } };
    for (const socket of [slow, healthy]) {
      socket.send({ id: 's', type: 'subscribe', payload });
      await hasCaughtUp(socket, 's');
    }
    await eventually(async () => expect(await readCount('members')).toBe(2));
    slow.socket.pause();
    for (let id = 0; id < 12; id++) slow.send({ id: `ballast ${id}`, type: 'subscribe', payload: { query: BALLAST } });
    // Once the kernel takes no more, newest values wait.
    let change = 0;
    await eventually(
      async () => {
        market.open(BTC, 0, { close: toDecimal(`${++change}`) });
        expect(await readCount('conflated_total')).toBeGreaterThan(0);
      },
      { timeoutMs: 30_000, intervalMs: 20 },
    );
    const before = await readCount('conflated_total');
    for (let more = 0; more < 20; more++) {
      market.open(BTC, 0, { close: toDecimal(`${++change}`) });
      await eventually(() => expect(ofType(healthy, 's', 'CandleUpdate').at(-1)?.candle?.close).toBe(`${change}`));
    }
    expect((await readCount('conflated_total')) - before).toBe(20);
    await market.close(BTC, 0, 30);
    await eventually(() => expect(ofType(healthy, 's', 'CandleClosed')).toHaveLength(30));
    expect(await readCount('behind_total')).toBe(1);
    market.open(BTC, 30, { close: toDecimal('777') });
    slow.socket.resume();
    await eventually(() => expect(ofType(slow, 's', 'CandleClosed')).toEqual(ofType(healthy, 's', 'CandleClosed')), { timeoutMs: 30_000 });
    await eventually(() => expect(ofType(slow, 's', 'CandleUpdate').at(-1)?.candle?.close).toBe('777'), { timeoutMs: 30_000 });
    expect(ofType(slow, 's', 'CandleUpdate').length).toBeLessThan(ofType(healthy, 's', 'CandleUpdate').length);
    await eventually(async () => expect(await readCount('members')).toBeGreaterThanOrEqual(2));
  });
});
