import { createKeyStore } from '@candlecast/store';
import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQuotas } from './guard/quotas.ts';
import { anybodyAt } from './keys/caller.ts';
import { createKeyDesk, type KeyDesk } from './keys/key-desk.ts';
import { CANDLES } from './testing/documents.ts';
import { post } from './testing/post.ts';
import { openRawSocket, type RawSocket } from './testing/raw-socket.ts';
import { subscribeOverSse } from './testing/sse.ts';
import { BTC, startTestMarket, type TestMarket } from './testing/test-market.ts';

const LIMIT = 40;
const HERE = 'address:127.0.0.1';
const BARS = '{ bars(symbol: "SIM:BTCUSDT", interval: "1m", to: 2147483647, countback: 250) { s } }';

let market: TestMarket;
let desk: KeyDesk;

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC);
  await market.close(BTC, 0, 3);
  desk = createKeyDesk(createKeyStore(market.database));
});
afterAll(() => market.stop());

/** A gateway that has not met anybody, in a window that ends after the test. */
async function startFresh(limits: { public?: number; key?: number } = {}) {
  const window = `date_bin('1 minute', clock_timestamp(), 'epoch') + interval '2 minutes'`;
  const hold = `insert into quota_bucket (subject, window_start, taken, granted) values ('${HERE}', ${window}, 0, 0)
    on conflict (subject) do update set window_start = excluded.window_start, taken = 0`;
  await market.database.sessions.pool.query(hold);
  return startAnother(limits);
}

const startAnother = ({ public: open = LIMIT, key = 1_000 } = {}) =>
  market.startGateway(undefined, true, { quotas: { public: open, key }, sockets: { connections: 3, controlsASecond: 20 } });

function subscribe({ send, received }: RawSocket, id: string, query: string) {
  send({ id, type: 'subscribe', payload: { query } });
  return eventually(() => {
    const message = received.find((one) => one.id === id);
    if (!message) throw new Error('no answer yet');
    return message as { type: string; payload: { code?: string; extensions?: Record<string, unknown> } };
  });
}

describe('a quota over HTTP', () => {
  it('is told with every answer, and ends with 429 until the minute is over', async () => {
    const { httpUrl } = await startFresh();
    const first = await post(httpUrl, '{ __typename }');
    expect(first.headers.get('x-ratelimit-limit')).toBe(`${LIMIT}`);
    expect(first.headers.get('x-ratelimit-remaining')).toBe(`${LIMIT - 1}`);
    expect(Number.parseInt(first.headers.get('x-ratelimit-reset') ?? '', 10)).toBeGreaterThan(60);
    for (let n = 1; n < LIMIT; n++) expect((await post(httpUrl, '{ __typename }')).status).toBe(200);
    const refused = await post(httpUrl, '{ __typename }');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe(refused.headers.get('x-ratelimit-reset'));
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(refused.errors).toMatchObject([
      { extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterMs: expect.any(Number), requestId: expect.any(String) } },
    ]);
    expect(refused.errors[0]?.extensions.http).toBeUndefined();
  });

  it('counts the rows that an operation may read, before it reads them', async () => {
    const { httpUrl } = await startFresh();
    const bars = await post(httpUrl, BARS);
    expect(bars.headers.get('x-ratelimit-remaining')).toBe(`${LIMIT - 1 - 2}`); // one for asking, two for 250 rows
    const state = await post<{ rateLimit: { limit: number; remaining: number } }>(httpUrl, '{ rateLimit { limit remaining } }');
    expect(state.data.rateLimit).toEqual({ limit: LIMIT, remaining: LIMIT - 4 });
    for (let n = 0; n < 11; n++) expect((await post(httpUrl, BARS)).status).toBe(200);
    expect((await post(httpUrl, '{ __typename }')).headers.get('x-ratelimit-remaining')).toBe('2');
    const refused = await post(httpUrl, BARS);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(refused.errors[0]).toMatchObject({
      extensions: { code: 'RATE_LIMITED' },
      message: expect.stringContaining('2 points are wanted, 1 of 40'),
    });
    expect(refused.data).toBeUndefined();
  });

  it('refuses for good what costs more than all of it', async () => {
    const { httpUrl } = await startFresh();
    const wide = '{ candles(symbol: "SIM:BTCUSDT", interval: "1m", last: 5000) { edges { cursor } } }';
    expect((await post(httpUrl, wide)).errors[0]).toMatchObject({
      extensions: { code: 'QUOTA_EXCEEDED', retryable: false, retryAfterMs: null },
      message: expect.stringContaining('50 points'),
    });
  });

  it('is the own one of a key', async () => {
    const { httpUrl } = await startFresh({ public: 1 });
    const { key } = await desk.create({ name: 'partner', scopes: ['READ'], expiresAt: null });
    expect((await post(httpUrl, '{ __typename }')).status).toBe(200);
    expect((await post(httpUrl, '{ __typename }')).status).toBe(429);
    const answer = await post(httpUrl, '{ __typename }', {}, { authorization: `Bearer ${key}` });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-ratelimit-limit')).toBe('1000');
  });

  it('is spent by wrong keys', async () => {
    const { httpUrl } = await startFresh();
    const wrong = () => post(httpUrl, '{ __typename }', {}, { authorization: 'Bearer wrong' });
    for (let n = 0; n < 4; n++) expect((await wrong()).status).toBe(401);
    expect((await wrong()).status).toBe(429);
  });

  it('is spent by documents that never run', async () => {
    const { httpUrl } = await startFresh({ public: 2 });
    for (let n = 0; n < 2; n++) expect((await post(httpUrl, '{ nonsense')).status).not.toBe(429);
    expect((await post(httpUrl, '{ nonsense')).status).toBe(429);
  });

  it('is one for all gateways: together they never give more than it', async () => {
    const gateways = [await startFresh({ public: 200 }), await startAnother({ public: 200 }), await startAnother({ public: 200 })];
    const answers = await Promise.all(Array.from({ length: 300 }, (_, n) => post(gateways[n % 3]?.httpUrl ?? '', '{ __typename }')));
    const granted = answers.filter(({ status }) => status === 200).length;
    expect(granted).toBeLessThanOrEqual(200);
    expect(granted).toBeGreaterThanOrEqual(200 - 2 * 10); // what two others may hold of their last slices of 10
    expect(answers.filter(({ status }) => status !== 200 && status !== 429)).toEqual([]);
  });

  it('holds over server-sent events', async () => {
    const { httpUrl } = await startFresh({ public: 2 });
    const cutting = new AbortController();
    const events = subscribeOverSse(httpUrl, CANDLES, { symbols: [BTC], interval: '1m', snapshot: 250 }, cutting.signal);
    expect((await events.next()).value).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    cutting.abort();
  });
});

describe('a quota over WebSocket', () => {
  it('is told in the acknowledgement and in the extensions of results, and refuses operations', async () => {
    const { wsUrl } = await startFresh();
    const reader = await openRawSocket(wsUrl);
    expect(reader.received[0]).toMatchObject({ type: 'connection_ack', payload: { rateLimit: { limit: LIMIT, remaining: LIMIT } } });
    const { payload } = await subscribe(reader, 'first', BARS);
    expect(payload.extensions).toMatchObject({ rateLimit: { limit: LIMIT, remaining: LIMIT - 3, reset: expect.any(Number) } });
    for (let n = 0; n < 12; n++) await subscribe(reader, `${n}`, BARS);
    await subscribe(reader, 'one more', '{ __typename }');
    const { type, payload: errors } = await subscribe(reader, 'last', '{ __typename }');
    expect(type).toBe('error');
    expect(errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', retryable: true, retryAfterMs: expect.any(Number) } }]);
    reader.socket.close();
  });
});

describe('sockets', () => {
  it('are as many as an address may have', async () => {
    const { wsUrl } = await startFresh();
    const open = [await openRawSocket(wsUrl), await openRawSocket(wsUrl), await openRawSocket(wsUrl)];
    await expect(openRawSocket(wsUrl)).rejects.toThrow('429');
    open[0]?.socket.close();
    await open[0]?.closed;
    await eventually(async () => (await openRawSocket(wsUrl)).socket.close());
    for (const { socket } of open) socket.close();
  });

  it('are as many as a key may have, wherever they come from', async () => {
    const { wsUrl, port } = await market.startGateway(undefined, true, {
      quotas: { public: 1_000, key: 1_000 },
      sockets: { connections: 2, controlsASecond: 20 },
      trustedProxies: 1,
    });
    expect(wsUrl).toContain(`${port}`);
    const { key } = await desk.create({ name: 'partner', scopes: ['READ'], expiresAt: null });
    const from = (address: string) =>
      openRawSocket(wsUrl, { params: { authorization: `Bearer ${key}` }, headers: { 'x-forwarded-for': `203.0.113.9, ${address}` } });
    const open = [await from('198.51.100.1'), await from('198.51.100.2')];
    const third = await from('198.51.100.3');
    expect(await third.closed).toMatchObject({ code: 4403, reason: 'At most 2 connections for a key' });
    for (const { socket } of open) socket.close();
  });

  it('are cut when they send more control messages than anybody needs', async () => {
    const { wsUrl } = await startFresh();
    for (const flood of [
      ({ socket }: RawSocket) => socket.ping(),
      ({ socket }: RawSocket) => socket.pong(),
      ({ send }: RawSocket) => send({ type: 'ping' }),
      ({ send }: RawSocket) => send({ type: 'pong' }),
    ]) {
      const reader = await openRawSocket(wsUrl);
      for (let n = 0; n < 60; n++) flood(reader);
      expect((await reader.closed).code).toBe(1008);
    }
  });
});

describe('createQuotas', () => {
  it('lets a process grant by itself while the database does not answer', async () => {
    const { createLogger } = await import('@candlecast/telemetry');
    const away = { lease: () => Promise.reject(new Error('away')), sweep: () => Promise.resolve() };
    const quotas = createQuotas({ store: away, limits: { public: 5, key: 5 }, logger: createLogger('gateway', 'silent') });
    const caller = anybodyAt('192.0.2.1');
    const granted = await Promise.all(Array.from({ length: 8 }, () => quotas.spend(caller, 1)));
    expect(granted.filter(({ isGranted }) => isGranted)).toHaveLength(5);
    expect(quotas.failures()).toBe(1);
  });

  it('takes from both a workspace and its address, or from neither', async () => {
    const taken = new Map<string, number>();
    const store = {
      async lease(subject: string, wanted: number, limit: number) {
        const granted = Math.max(0, Math.min(wanted, limit - (taken.get(subject) ?? 0)));
        taken.set(subject, (taken.get(subject) ?? 0) + granted);
        return { granted, taken: taken.get(subject) ?? 0, windowStart: 0 as never, resetInMs: 60_000 };
      },
      sweep: () => Promise.resolve(),
    };
    const { createLogger } = await import('@candlecast/telemetry');
    const quotas = createQuotas({ store, limits: { public: 10, key: 10 }, logger: createLogger('gateway', 'silent') });
    const visitor = (workspaceId: string) => ({ ...anybodyAt('192.0.2.1'), workspaceId });
    expect(await quotas.spend(visitor('a'), 6)).toMatchObject({ isGranted: true, remaining: 4 });
    expect(await quotas.spend(visitor('b'), 6)).toMatchObject({ isGranted: false, remaining: 4 });
    expect(await quotas.spend({ ...anybodyAt('192.0.2.2'), workspaceId: 'b' }, 10)).toMatchObject({ isGranted: true, remaining: 0 });
  });
});
