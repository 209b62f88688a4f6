import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { graphql } from './graphql.ts';
import { createClient } from './index.ts';
import { closed, forever, heartbeat, type ScriptedGateway, startScriptedGateway } from './testing/scripted-gateway.ts';

const INSTRUMENT = graphql('query Instrument($symbol: ID!) { instrument(symbol: $symbol) { id } }');
const CLOSED = graphql('subscription { candles(symbols: ["BTCUSDT"], interval: "1m") { ... on CandleClosed { candle { openTime } } } }');

let gateway: ScriptedGateway;

beforeAll(async () => {
  gateway = await startScriptedGateway([
    async function* (_, socket) {
      yield closed(1);
      socket.terminate();
      await forever(socket);
    },
    async function* () {
      yield closed(2);
      yield heartbeat(2);
    },
  ]);
});

afterAll(() => gateway.close());

describe('query', () => {
  it('returns typed data, with the headers given', async () => {
    const client = createClient({ url: gateway.url, headers: () => ({ 'x-key': 'key-1' }) });
    const { instrument } = await client.query(INSTRUMENT, { symbol: 'BTCUSDT' });
    expect(instrument?.id).toBe('key-1');
  });

  it('throws the code of the gateway, or that no answer came', async () => {
    const client = createClient({ url: gateway.url });
    await expect(client.query(INSTRUMENT, { symbol: 'NOPE' })).rejects.toMatchObject({
      code: 'SYMBOL_NOT_FOUND',
      retryable: false,
      requestId: 'r-1',
    });
    const lost = createClient({ url: 'http://127.0.0.1:1/graphql' });
    await expect(lost.query(INSTRUMENT, { symbol: 'X' })).rejects.toMatchObject({ code: 'NETWORK_ERROR', retryable: true });
    await expect(client.query(INSTRUMENT, { symbol: 'X' }, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('subscribe', () => {
  it('subscribes again after a loss, and ends when the gateway does', async () => {
    const client = createClient({ url: gateway.url, webSocketImpl: WebSocket });
    const seen: unknown[] = [];
    for await (const { candles } of client.subscribe(CLOSED, {})) if ('candle' in candles) seen.push(candles.candle.openTime);
    expect(seen).toEqual([1, 2]);
    await client.close();
  });

  it('says what is missing where the platform has no WebSocket', async () => {
    const client = createClient({ url: gateway.url, webSocketImpl: 'none' });
    await expect(client.subscribe(CLOSED, {}).next()).rejects.toMatchObject({ code: 'WEBSOCKET_MISSING' });
  });
});

describe('an API key', () => {
  it('goes with every request, and with the first message of a socket', async () => {
    const client = createClient({ url: gateway.url, webSocketImpl: WebSocket, apiKey: 'cc_live_x' });
    expect((await client.query(INSTRUMENT, { symbol: 'BTCUSDT' })).instrument?.id).toBe('Bearer cc_live_x');
    await client.subscribe(CLOSED, {}).next();
    expect(gateway.greetings.at(-1)).toEqual({ authorization: 'Bearer cc_live_x' });
    await client.close();
  });
});

describe('parameters of a socket that are fetched', () => {
  it('are fetched anew for every socket, also after a refusal of the ones before', async () => {
    const strict = await startScriptedGateway(
      [
        async function* (_, socket) {
          yield closed(1);
          socket.close(4403, 'The credentials have ended');
          await forever(socket);
        },
        async function* () {
          yield closed(2);
        },
      ],
      0,
      ({ token }) => token !== 'token-2',
    );
    let fetched = 0;
    const client = createClient({ url: strict.url, webSocketImpl: WebSocket, socketParams: async () => ({ token: `token-${++fetched}` }) });
    const seen: unknown[] = [];
    for await (const { candles } of client.subscribe(CLOSED, {})) if ('candle' in candles) seen.push(candles.candle.openTime);
    expect(seen).toEqual([1, 2]);
    expect(strict.greetings).toEqual([{ token: 'token-1' }, { token: 'token-2' }, { token: 'token-3' }]);
    await client.close();
    await strict.close();
  });

  it('that are refused again and again end the subscription', async () => {
    const strict = await startScriptedGateway(
      [
        (_, socket) =>
          (async function* () {
            yield await forever(socket).then(() => closed(0));
          })(),
      ],
      0,
      () => false,
    );
    const client = createClient({ url: strict.url, webSocketImpl: WebSocket, socketParams: async () => ({ token: 'x' }) });
    await expect(client.subscribe(CLOSED, {}).next()).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(strict.greetings).toHaveLength(3);
    await client.close();
    await strict.close();
  });

  it('are tried again when they cannot be had', async () => {
    const strict = await startScriptedGateway([
      async function* () {
        yield closed(7);
      },
    ]);
    let tries = 0;
    const socketParams = () => (++tries === 1 ? Promise.reject(new Error('no token now')) : Promise.resolve({ token: 'x' }));
    const client = createClient({ url: strict.url, webSocketImpl: WebSocket, socketParams });
    expect((await client.subscribe(CLOSED, {}).next()).value).toMatchObject({ candles: { candle: { openTime: 7 } } });
    await client.close();
    await strict.close();
  });
});
