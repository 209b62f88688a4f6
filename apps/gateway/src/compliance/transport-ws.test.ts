import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { openRawSocket, type RawSocket } from '../testing/raw-socket.ts';
import { BTC, startTestMarket, type TestMarket } from '../testing/test-market.ts';

// By https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md, message by message.
const TYPENAME = '{ __typename }';
const FEED = 'subscription { feedStatus { state } }';
const CANDLES = `subscription { candles(symbols: ["${BTC}"], interval: "1m", snapshot: 1) { __typename } }`;

let market: TestMarket;
let wsUrl: string;
let open: RawSocket[];

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC);
  await market.close(BTC, 0, 3);
  ({ wsUrl } = await market.startGateway());
});
afterAll(() => market.stop());
beforeEach(() => {
  open = [];
  return () => {
    for (const { socket } of open) socket.terminate();
  };
});

async function connect(options: Parameters<typeof openRawSocket>[1] = {}): Promise<RawSocket> {
  const reader = await openRawSocket(wsUrl, options);
  open.push(reader);
  return reader;
}

const subscribe = (reader: RawSocket, id: string, query: string, payload: object = {}) =>
  reader.send({ id, type: 'subscribe', payload: { query, ...payload } });
const typesOf = ({ received }: RawSocket, id: string) => received.filter((message) => message.id === id).map(({ type }) => type);
const seen = (reader: RawSocket, id: string, types: string[]) => eventually(() => expect(typesOf(reader, id)).toEqual(types));

describe('the connection', () => {
  it('speaks graphql-transport-ws alone, also when others are offered first', async () => {
    const socket = new WebSocket(wsUrl, ['graphql-ws', 'graphql-transport-ws']);
    await new Promise((resolve) => socket.once('open', resolve));
    expect(socket.protocol).toBe('graphql-transport-ws');
    socket.terminate();
    await expect(openRawSocket(wsUrl, { protocol: 'graphql-ws' })).rejects.toThrow();
  });

  it('closes with 4406 when no subprotocol is asked for', async () => {
    const socket = new WebSocket(wsUrl);
    const code = await new Promise((resolve) => socket.once('close', resolve));
    expect(code).toBe(4406);
  });

  it('is acknowledged once it is initialised, with or without a payload', async () => {
    for (const params of [undefined, {}, { anything: 1 }]) {
      expect((await connect(params === undefined ? {} : { params })).received[0]).toMatchObject({ type: 'connection_ack' });
    }
  });

  it('closes with 4408 when it is not initialised in time', async () => {
    expect((await (await connect({ isInitialised: false })).closed).code).toBe(4408);
  });

  it('closes with 4429 when it is initialised twice, also before the first is acknowledged', async () => {
    const late = await connect();
    late.send({ type: 'connection_init' });
    expect((await late.closed).code).toBe(4429);
    const early = await connect({ isInitialised: false });
    early.send({ type: 'connection_init' });
    early.send({ type: 'connection_init' });
    expect((await early.closed).code).toBe(4429);
  });

  it('closes with 4401 when an operation comes before the acknowledgement', async () => {
    const reader = await connect({ isInitialised: false });
    subscribe(reader, '1', TYPENAME);
    expect((await reader.closed).code).toBe(4401);
  });

  it('closes with 4403 when it is initialised with wrong credentials', async () => {
    expect((await (await connect({ params: { authorization: 'Bearer wrong' } })).closed).code).toBe(4403);
  });

  it.each([
    ['no JSON', 'nonsense'],
    ['no object', '[]'],
    ['a null', 'null'],
    ['no type', '{}'],
    ['an unknown type', '{"type":"start","id":"1"}'],
    ['a type of the server', '{"type":"connection_ack"}'],
    ['a result from the client without data', '{"type":"next","id":"1"}'],
    ['an operation without an id', `{"type":"subscribe","payload":{"query":"${TYPENAME}"}}`],
    ['an operation with an empty id', `{"type":"subscribe","id":"","payload":{"query":"${TYPENAME}"}}`],
    ['an operation with a number for an id', `{"type":"subscribe","id":1,"payload":{"query":"${TYPENAME}"}}`],
    ['an operation without a payload', '{"type":"subscribe","id":"1"}'],
    ['an operation without a query', '{"type":"subscribe","id":"1","payload":{}}'],
    ['an operation with a number for a query', '{"type":"subscribe","id":"1","payload":{"query":1}}'],
    ['variables that are no object', '{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":1}}'],
    ['an end without an id', '{"type":"complete"}'],
    ['a ping whose payload is no object', '{"type":"ping","payload":1}'],
  ])('closes with 4400 on %s', async (_, text) => {
    const reader = await connect();
    reader.socket.send(text);
    expect((await reader.closed).code).toBe(4400);
  });

  it('refuses more than 64 KB in a message, and closes', async () => {
    const reader = await connect();
    reader.socket.send('x'.repeat(65_537));
    expect((await reader.closed).code).toBe(1009);
  });
});

describe('ping and pong', () => {
  it('are answered before and after the acknowledgement, with the same payload', async () => {
    const reader = await connect({ isInitialised: false });
    reader.send({ type: 'ping' });
    await eventually(() => expect(reader.received.at(-1)).toEqual({ type: 'pong' }));
    reader.send({ type: 'connection_init' });
    await eventually(() => expect(reader.received.at(-1)).toMatchObject({ type: 'connection_ack' }));
    reader.send({ type: 'ping', payload: { at: 1 } });
    await eventually(() => expect(reader.received.at(-1)).toEqual({ type: 'pong', payload: { at: 1 } }));
  });

  it('may come unasked from the client', async () => {
    const reader = await connect();
    reader.send({ type: 'pong' });
    reader.send({ type: 'pong', payload: { at: 1 } });
    subscribe(reader, '1', TYPENAME);
    await seen(reader, '1', ['next', 'complete']);
  });

  it('of the WebSocket itself are answered', async () => {
    const reader = await connect();
    const pong = new Promise((resolve) => reader.socket.once('pong', resolve));
    reader.socket.ping('x');
    expect(String(await pong)).toBe('x');
  });
});

describe('an operation', () => {
  it('that has one result ends after it', async () => {
    const reader = await connect();
    subscribe(reader, 'q', TYPENAME);
    await seen(reader, 'q', ['next', 'complete']);
    expect(reader.received.find(({ id }) => id === 'q')).toMatchObject({ payload: { data: { __typename: 'Query' } } });
  });

  it('streams until the client ends it, and then says nothing more', async () => {
    const reader = await connect();
    subscribe(reader, 's', CANDLES);
    await eventually(() => expect(typesOf(reader, 's').length).toBeGreaterThanOrEqual(2));
    reader.send({ id: 's', type: 'complete' });
    subscribe(reader, 'after', TYPENAME);
    await seen(reader, 'after', ['next', 'complete']);
    const count = typesOf(reader, 's').length;
    await market.close(BTC, 3, 5);
    subscribe(reader, 'later', TYPENAME);
    await seen(reader, 'later', ['next', 'complete']);
    expect(typesOf(reader, 's')).toEqual(Array(count).fill('next'));
  });

  it.each([
    ['does not parse', '{ nonsense('],
    ['is not valid', '{ nonsense }'],
    ['names an operation that is not there', 'query A { __typename } query B { __typename }'],
  ])('that %s is an error, and no end follows it', async (_, query) => {
    const reader = await connect();
    subscribe(reader, 'e', query);
    await eventually(() => expect(typesOf(reader, 'e').length).toBeGreaterThan(0));
    subscribe(reader, 'after', TYPENAME);
    await seen(reader, 'after', ['next', 'complete']);
    expect(typesOf(reader, 'e')).toEqual(['error']);
    expect(reader.received.find(({ id }) => id === 'e')?.payload).toEqual([expect.objectContaining({ message: expect.any(String) })]);
    expect(reader.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('takes variables, the name of the operation, and extensions', async () => {
    const reader = await connect();
    const query = 'query A($symbol: ID!) { instrument(symbol: $symbol) { id } } query B { __typename }';
    subscribe(reader, 'v', query, { operationName: 'A', variables: { symbol: BTC }, extensions: { anything: true } });
    await eventually(() =>
      expect(reader.received.find(({ id }) => id === 'v')).toMatchObject({ payload: { data: { instrument: { id: BTC } } } }),
    );
  });

  it('with the id of one that runs closes with 4409', async () => {
    const reader = await connect();
    subscribe(reader, 'same', FEED);
    subscribe(reader, 'same', FEED);
    expect((await reader.closed).code).toBe(4409);
  });

  it('may have the id of one that has ended, by itself or by the client', async () => {
    const reader = await connect();
    subscribe(reader, 'again', TYPENAME);
    await seen(reader, 'again', ['next', 'complete']);
    subscribe(reader, 'again', TYPENAME);
    await seen(reader, 'again', ['next', 'complete', 'next', 'complete']);
    subscribe(reader, 'again', FEED);
    reader.send({ id: 'again', type: 'complete' });
    subscribe(reader, 'again', '{ nonsense }');
    await seen(reader, 'again', ['next', 'complete', 'next', 'complete', 'error']);
  });

  it('that is ended though it is not there changes nothing', async () => {
    const reader = await connect();
    reader.send({ id: 'never', type: 'complete' });
    subscribe(reader, '1', TYPENAME);
    await seen(reader, '1', ['next', 'complete']);
  });

  it.each(['__proto__', 'constructor', 'hasOwnProperty', '💥"\\'])('may be called %s', async (id) => {
    const reader = await connect();
    subscribe(reader, id, TYPENAME);
    await seen(reader, id, ['next', 'complete']);
  });
});

describe('many operations', () => {
  it('a thousand of them, interleaved, each with its own results and none twice', async () => {
    const reader = await connect();
    const total = 1_000;
    let next = 0;
    const start = () => {
      const id = `op ${next++}`;
      const wanted = { symbol: BTC, limit: next % 2 };
      const query = next % 3 === 0 ? '{ nonsense }' : 'query ($symbol: ID!) { instrument(symbol: $symbol) { id } }';
      subscribe(reader, id, query, { variables: { symbol: wanted.symbol } });
    };
    // At most as many at a time as a connection may have.
    reader.socket.on('message', (data) => {
      const { type } = JSON.parse(String(data)) as { type: string };
      if ((type === 'complete' || type === 'error') && next < total) start();
    });
    for (let n = 0; n < 50; n++) start();
    await eventually(() => expect(reader.received.filter(({ type }) => type === 'complete' || type === 'error')).toHaveLength(total), {
      timeoutMs: 60_000,
    });
    const byId = new Map<string, string[]>();
    for (const { id, type } of reader.received) if (id !== undefined) byId.set(id, [...(byId.get(id) ?? []), type]);
    expect(byId.size).toBe(total);
    for (let n = 0; n < total; n++) {
      expect(byId.get(`op ${n}`), `op ${n}`).toEqual((n + 1) % 3 === 0 ? ['error'] : ['next', 'complete']);
    }
  }, 90_000);
});

describe('the end', () => {
  it('is 1012 for everybody when the gateway goes away', async () => {
    const gateway = await market.startGateway();
    const reader = await openRawSocket(gateway.wsUrl);
    subscribe(reader, 's', CANDLES);
    await eventually(() => expect(typesOf(reader, 's').length).toBeGreaterThanOrEqual(2));
    const closing = gateway.close();
    expect((await reader.closed).code).toBe(1012);
    await closing;
  });
});
