import { request as httpRequest } from 'node:http';
import { eventually } from '@candlecast/testkit';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CANDLES } from './testing/documents.ts';
import { post } from './testing/post.ts';
import { openRawSocket } from './testing/raw-socket.ts';
import { subscribeOverSse } from './testing/sse.ts';
import { BTC, startTestMarket, type TestMarket } from './testing/test-market.ts';

let market: TestMarket;
let httpUrl: string;
let wsUrl: string;

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC);
  await market.close(BTC, 0, 3);
  ({ httpUrl, wsUrl } = await market.startGateway());
});

afterAll(() => market.stop());

interface ShownError {
  readonly message: string;
  readonly extensions: Record<string, unknown>;
}

/** Sends a request over each transport and returns the first error that each shows. */
const transports: Record<string, (query: string, variables: Record<string, unknown>) => Promise<ShownError | undefined>> = {
  HTTP: async (query, variables) => (await post(httpUrl, query, variables)).errors[0],
  SSE: async (query, variables) => {
    const cutting = new AbortController();
    const { value } = await subscribeOverSse(httpUrl, query, variables, cutting.signal).next();
    cutting.abort();
    return value?.errors?.[0];
  },
  WebSocket: async (query, variables) => {
    const reader = await openRawSocket(wsUrl);
    reader.send({ id: '1', type: 'subscribe', payload: { query, variables } });
    const answer = await eventually(() => {
      const message = reader.received.find(({ type }) => type === 'next' || type === 'error');
      if (!message) throw new Error('no answer yet');
      return message;
    });
    reader.socket.close();
    return answer.type === 'error' ? (answer.payload as ShownError[])[0] : (answer.payload as { errors?: ShownError[] }).errors?.[0];
  },
};

const deep = `{ __type(name: "Query") ${'{ ofType '.repeat(8)} { name } ${'}'.repeat(8)} }`;
const aliases = `{ ${[...Array(16).keys()].map((n) => `a${n}: instrument(symbol: "X") { id }`).join(' ')} }`;
const tokens = `{ ${'__typename '.repeat(1_001)} }`;
const directives = `{ __typename ${'@include(if: true) '.repeat(51)} }`;
const expensive = `{ a: candles(symbol: "BTCUSDT", interval: "1m", last: 5000) { edges { cursor } } b: candles(symbol: "BTCUSDT", interval: "1m", last: 5000) { edges { cursor } } c: instruments(first: 1) { edges { cursor } } }`;
const manySymbols = [...Array(51).keys()].map((n) => `S${n}`);

describe.each(Object.keys(transports))('over %s', (name) => {
  const send = (query: string, variables: Record<string, unknown> = {}) => transports[name]?.(query, variables);

  it.each([
    ['a document that is too deep', deep, {}, 'GRAPHQL_VALIDATION_FAILED', /depth limit of 8/],
    ['too many aliases', aliases, {}, 'GRAPHQL_VALIDATION_FAILED', /alias/i],
    ['too many tokens', tokens, {}, 'GRAPHQL_VALIDATION_FAILED', /token limit/i],
    ['too many directives', directives, {}, 'GRAPHQL_VALIDATION_FAILED', /directive/i],
    ['a syntax error', '{ candles(', {}, 'GRAPHQL_VALIDATION_FAILED', /syntax error/i],
    [
      'an unknown field',
      '{ candle }',
      {},
      'GRAPHQL_VALIDATION_FAILED',
      /^Cannot query field "candle" on type "Query"\. \[Suggestion hidden]$/,
    ],
    ['too many rows in all', expensive, {}, 'COST_LIMIT_EXCEEDED', /10001 rows/],
    ['too many symbols', CANDLES, { symbols: manySymbols, interval: '1m' }, 'BAD_USER_INPUT', /51 entries/],
    ['too large a snapshot', CANDLES, { symbols: [BTC], interval: '1m', snapshot: 5_001 }, 'RANGE_TOO_LARGE', /at most 5000/],
    [
      'too large a snapshot over several symbols',
      CANDLES,
      { symbols: [BTC, 'X'], interval: '1m', snapshot: 2_501 },
      'RANGE_TOO_LARGE',
      /5002/,
    ],
    ['a symbol that is not tracked', CANDLES, { symbols: ['NOPE'], interval: '1m' }, 'SYMBOL_NOT_FOUND', /"NOPE"/],
    ['an unknown interval', CANDLES, { symbols: [BTC], interval: '7m' }, 'INTERVAL_UNSUPPORTED', /1m, 3m, 5m.*1w/],
    ['a throttle out of bounds', CANDLES, { symbols: [BTC], interval: '1m', throttleMs: -1 }, 'BAD_USER_INPUT', /throttleMs/],
    ['a variable of the wrong type', CANDLES, { symbols: [BTC], interval: '1m', snapshot: 'x' }, 'BAD_USER_INPUT', /snapshot/],
  ])('refuses %s', async (_, query, variables, code, message) => {
    const error = await send(query, variables);
    expect(error?.extensions).toEqual({ code, retryable: false, retryAfterMs: null, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(error?.message).toMatch(message);
  });

  it('answers what GraphiQL and code generators ask of the schema', async () => {
    expect(await send(getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true }))).toBeUndefined();
  });

  it('shows nothing of a failure of ours but a request id', async () => {
    await market.database.sessions.run({ name: 'test-break', text: 'alter table gap rename to gap_away' });
    const error = await send('{ candles(symbol: "BTCUSDT", interval: "1m", last: 1) { certificate { expected } } }');
    await market.database.sessions.run({ name: 'test-mend', text: 'alter table gap_away rename to gap' });
    expect(error?.extensions).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(JSON.stringify(error)).not.toMatch(/gap|relation|sql|stack/i);
  });
});

describe('the HTTP door', () => {
  const fetchWith = (headers: Record<string, string>, body = '{"query":"{ __typename }"}') =>
    fetch(httpUrl, { method: 'POST', headers, body });

  it.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain', 'application/graphql'])(
    'refuses a POST of %s',
    async (type) => {
      expect((await fetchWith({ 'content-type': type })).status).toBe(415);
    },
  );

  it('lets only the web app of this machine read from a browser', async () => {
    const allowed = await fetchWith({ 'content-type': 'application/json', origin: 'http://localhost:3000' });
    expect(allowed.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    const stranger = await fetchWith({ 'content-type': 'application/json', origin: 'https://example.com' });
    expect(stranger.headers.get('access-control-allow-origin')).not.toBe('https://example.com');
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('refuses a body that is too large and a batch', async () => {
    const json = { 'content-type': 'application/json' };
    expect((await fetchWith(json, JSON.stringify({ query: `{ __typename } #${'x'.repeat(70_000)}` }))).status).toBe(413);
    expect((await fetchWith(json, '[{"query":"{ __typename }"},{"query":"{ __typename }"}]')).status).toBe(400);
  });

  it('answers health, readiness, metrics and the schema', async () => {
    const get = (path: string) => fetch(httpUrl.replace('/graphql', path));
    expect(await (await get('/health')).json()).toEqual({ healthy: true });
    await eventually(async () => expect((await get('/ready')).status).toBe(200));
    expect(await (await get('/ready')).json()).toMatchObject({ ready: true, storageTier: market.database.tier });
    expect(await (await get('/metrics')).text()).toContain('candlecast_gateway_http_seconds');
    expect(await (await get('/schema.graphql')).text()).toContain('type Subscription');
    expect((await get('/elsewhere')).status).toBe(404);
    expect((await fetchWith({ 'content-type': 'application/json' })).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the WebSocket door', () => {
  it.each([
    ['a foreign page', { origin: 'https://example.com' }],
    ['a page that only looks like ours', { origin: 'http://localhost.example.com:3000' }],
    ['no page at all', { origin: 'null' }],
  ])('refuses %s', async (_, options) => {
    await expect(openRawSocket(wsUrl, options)).rejects.toThrow('403');
  });

  it.each(['http://localhost:3000', 'http://127.0.0.1:8080'])('takes %s', async (origin) => {
    const { socket, closed } = await openRawSocket(wsUrl, { origin });
    socket.close();
    await closed;
  });

  it('refuses another path and another protocol', async () => {
    await expect(openRawSocket(wsUrl.replace('/graphql', '/other'))).rejects.toThrow('404');
    await expect(openRawSocket(wsUrl, { protocol: 'graphql-ws' })).rejects.toThrow();
  });

  it('closes a socket that breaks the protocol', async () => {
    const subscribe = { id: '1', type: 'subscribe', payload: { query: '{ __typename }' } };
    const closeCode = async (send: (reader: Awaited<ReturnType<typeof openRawSocket>>) => void, isInitialised = true) => {
      const reader = await openRawSocket(wsUrl, { isInitialised });
      send(reader);
      return (await reader.closed).code;
    };
    expect(await closeCode(({ socket }) => socket.send('no json'))).toBe(4400);
    expect(await closeCode(({ send }) => send(subscribe), false)).toBe(4401);
    expect(await closeCode(({ send }) => send({ type: 'connection_init' }))).toBe(4429);
    expect(await closeCode(({ socket }) => socket.send('x'.repeat(70_000)))).toBe(1009);
    expect(await closeCode(() => undefined, false)).toBe(4408);
    const twice = { ...subscribe, payload: { query: CANDLES, variables: { symbols: [BTC], interval: '1m' } } };
    expect(
      await closeCode(({ send }) => {
        send(twice);
        send(twice);
      }),
    ).toBe(4409);
  });

  it('runs at most fifty operations a connection', async () => {
    const reader = await openRawSocket(wsUrl);
    const payload = { query: 'subscription { feedStatus { state } }' };
    for (let id = 0; id < 51; id++) reader.send({ id: `${id}`, type: 'subscribe', payload });
    await eventually(() =>
      expect(reader.received.filter(({ type }) => type === 'error')).toMatchObject([
        { id: '50', payload: [{ extensions: { code: 'RATE_LIMITED' } }] },
      ]),
    );
    reader.send({ id: '7', type: 'complete' });
    reader.send({ id: 'again', type: 'subscribe', payload: { query: '{ __typename }' } });
    await eventually(() =>
      expect(reader.received).toContainEqual({
        id: 'again',
        type: 'next',
        payload: { data: { __typename: 'Query' }, extensions: expect.anything() },
      }),
    );
    reader.socket.close();
  });

  it('outlives a client that breaks off in the middle of an upgrade', async () => {
    const { port } = new URL(httpUrl);
    const request = httpRequest({ port, path: '/other', headers: { connection: 'Upgrade', upgrade: 'websocket' } });
    request.on('error', () => undefined);
    request.flushHeaders();
    request.destroy();
    await eventually(async () => expect((await post(httpUrl, '{ __typename }')).status).toBe(200));
  });
});
