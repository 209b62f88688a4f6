import type { ApiScope, EpochMs } from '@candlecast/domain';
import { addMs, systemClock } from '@candlecast/domain';
import { deriveWorkspaceSecret, makeWorkspaceId, mintKey, signWorkspaceToken } from '@candlecast/identity';
import { createKeyStore } from '@candlecast/store';
import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CreatedKey, createKeyDesk, type KeyDesk } from './keys/key-desk.ts';
import { post } from './testing/post.ts';
import { openRawSocket } from './testing/raw-socket.ts';
import { subscribeOverSse } from './testing/sse.ts';
import { startTestMarket, type TestMarket } from './testing/test-market.ts';

const KEYS = '{ apiKeys { id prefix name scopes createdAt expiresAt lastUsedAt usedPoints revokedAt replacedBy } }';
const CREATE = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key apiKey { id prefix name scopes } } }';
const ROTATE = 'mutation ($id: ID!) { rotateApiKey(id: $id) { key apiKey { id scopes } } }';
const REVOKE = 'mutation ($id: ID!) { revokeApiKey(id: $id) { id revokedAt } }';

const webKey = mintKey();
const roomy = { public: 1_000_000, key: 1_000_000 };
let market: TestMarket;
let desk: KeyDesk;
let admin: CreatedKey;
let httpUrl: string;
let wsUrl: string;

beforeAll(async () => {
  market = await startTestMarket();
  const store = createKeyStore(market.database);
  desk = createKeyDesk(store);
  admin = await desk.create({ name: 'admin', scopes: ['ADMIN'], expiresAt: null });
  await store.create({ ...webKey, name: 'web app', scopes: ['READ', 'TRACK', 'NOTIFY'], expiresAt: null });
  ({ httpUrl, wsUrl } = await market.startGateway(undefined, false, { quotas: roomy, webKey }));
});
afterAll(() => market.stop());

const make = (scopes: readonly ApiScope[], expiresAt: EpochMs | null = null) => desk.create({ name: 'partner', scopes, expiresAt });
const bearer = ({ key }: Pick<CreatedKey, 'key'>) => ({ authorization: `Bearer ${key}` });
const ask = (query: string, key?: CreatedKey, variables = {}) =>
  post<Record<string, unknown>>(httpUrl, query, variables, key ? bearer(key) : {});

/** Says hello with a key and tells how that ends: acknowledged, or closed. */
async function hello(params: Record<string, unknown>) {
  const reader = await openRawSocket(wsUrl, { params });
  return { ...reader, isAcknowledged: reader.received[0]?.type === 'connection_ack' };
}

describe('keys over HTTP', () => {
  it('are made by an admin, shown once, and listed without what is secret', async () => {
    const input = { name: ' desk of a partner ', scopes: ['READ', 'READ', 'TRACK'] };
    const { data, errors } = await ask(CREATE, admin, { input });
    expect(errors).toEqual([]);
    const { key, apiKey } = data.createApiKey as { key: string; apiKey: { id: string } };
    expect(key).toMatch(/^cc_live_[0-9A-Za-z]{38}$/);
    expect(apiKey).toMatchObject({ prefix: key.slice(0, 16), name: 'desk of a partner', scopes: ['READ', 'TRACK'] });
    await ask('{ rateLimit { limit } }', { id: apiKey.id, key });
    const listed = await eventually(async () => {
      const keys = (await ask(KEYS, admin)).data.apiKeys as { id: string; usedPoints: string; lastUsedAt: string }[];
      expect(keys.find(({ id }) => id === apiKey.id)).toMatchObject({
        usedPoints: '1',
        createdAt: expect.any(String),
        lastUsedAt: expect.any(String),
      });
      return keys;
    });
    expect(JSON.stringify(listed)).not.toContain(key.slice(16));
    expect(Object.values((await market.database.prisma.apiKey.findUnique({ where: { id: apiKey.id } })) ?? {}).join()).not.toContain(
      key.slice(16),
    );
  });

  it.each([
    ['an empty name', { name: ' ', scopes: ['READ'] }, /name has 0 letters/],
    ['a name that is too long', { name: 'x'.repeat(101), scopes: ['READ'] }, /101/],
    ['no scope', { name: 'x', scopes: [] }, /scopes is empty/],
  ])('are not made with %s', async (_, input, message) => {
    const [error] = (await ask(CREATE, admin, { input })).errors;
    expect(error).toMatchObject({ message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT' } });
  });

  it('open what their scopes name, and nothing else', async () => {
    const reader = await make(['READ']);
    expect((await ask(KEYS)).errors[0]).toMatchObject({
      extensions: { code: 'UNAUTHENTICATED' },
      message: expect.stringContaining('ADMIN'),
    });
    expect((await ask(KEYS, reader)).errors[0]).toMatchObject({
      extensions: { code: 'FORBIDDEN' },
      message: expect.stringMatching(/cc_live_.{8}… has not the scope ADMIN/),
    });
    for (const [query, variables] of [
      [CREATE, { input: { name: 'x', scopes: ['ADMIN'] } }],
      [ROTATE, { id: admin.id }],
      [REVOKE, { id: admin.id }],
      ['mutation { trackInstrument(symbol: "BTCUSDT") { id } }', {}],
      ['mutation { untrackInstrument(symbol: "BTCUSDT") { id } }', {}],
    ] as const) {
      expect((await ask(query, reader, variables)).errors[0]?.extensions.code).toBe('FORBIDDEN');
      expect((await ask(query, undefined, variables)).errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    }
    expect((await ask(KEYS, admin)).errors).toEqual([]);
  });

  it.each([
    ['a mistyped key', `Bearer ${mintKey().key.slice(0, -1)}!`],
    ['a key of another system', 'Bearer sk_live_abcdefgh'],
    ['a key that nobody made', `Bearer ${mintKey().key}`],
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['nothing after Bearer', 'Bearer '],
  ])('refuse %s with 401, and the secret stays out of the answer', async (_, authorization) => {
    const answer = await post(httpUrl, '{ __typename }', {}, { authorization });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', retryable: false, requestId: expect.any(String) } }]);
    const secret = authorization.split(' ')[1];
    if (secret) expect(JSON.stringify(answer)).not.toContain(secret);
  });

  it('are never read from the address', async () => {
    const response = await fetch(`${httpUrl}?query=${encodeURIComponent(KEYS)}&authorization=Bearer%20${admin.key}&apiKey=${admin.key}`);
    expect(((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('work for a day beside their successor, and are revoked within seconds', async () => {
    const old = await make(['ADMIN']);
    const rotated = (await ask(ROTATE, admin, { id: old.id })).data.rotateApiKey as {
      key: string;
      apiKey: { id: string; scopes: string[] };
    };
    const fresh = { key: rotated.key, id: rotated.apiKey.id };
    expect(rotated.apiKey.scopes).toEqual(['ADMIN']);
    for (const key of [old, fresh]) expect((await ask(KEYS, key)).errors).toEqual([]);
    expect((await ask(ROTATE, admin, { id: old.id })).errors[0]?.extensions.code).toBe('NOT_FOUND');
    expect((await ask(REVOKE, admin, { id: fresh.id })).data).toMatchObject({
      revokeApiKey: { id: fresh.id, revokedAt: expect.any(String) },
    });
    await eventually(async () => expect((await ask(KEYS, fresh)).status).toBe(401));
    expect((await ask(REVOKE, admin, { id: 'nonsense' })).errors[0]?.extensions.code).toBe('NOT_FOUND');
  });

  it('hold over server-sent events', async () => {
    const cutting = new AbortController();
    const query = 'subscription { feedStatus { state } }';
    await expect(subscribeOverSse(httpUrl, query, {}, cutting.signal, { authorization: 'Bearer wrong' }).next()).resolves.toMatchObject({
      done: true,
    });
    cutting.abort();
  });
});

describe('keys over WebSocket', () => {
  it('are shown in the parameters of the connection, in any case', async () => {
    for (const name of ['Authorization', 'authorization']) {
      const { socket, received, send } = await hello({ [name]: `Bearer ${admin.key}` });
      expect(received[0]).toMatchObject({ type: 'connection_ack', payload: { rateLimit: { limit: roomy.key } } });
      send({ id: '1', type: 'subscribe', payload: { query: KEYS } });
      await eventually(() => expect(received[1]).toMatchObject({ type: 'next', payload: { data: { apiKeys: expect.any(Array) } } }));
      socket.close();
    }
  });

  it('close the socket with 4403 when they are wrong', async () => {
    for (const authorization of ['Bearer wrong', `Bearer ${mintKey().key}`, '', 7]) {
      const { isAcknowledged, closed } = await hello({ authorization });
      expect(isAcknowledged).toBe(false);
      expect((await closed).code).toBe(4403);
    }
  });

  it('close their sockets with 4403 within seconds of being revoked', async () => {
    const key = await make(['READ']);
    const mine = await hello(bearer(key));
    const other = await hello(bearer(admin));
    await desk.revoke(key.id);
    expect(await mine.closed).toMatchObject({ code: 4403, reason: expect.stringMatching(/revoked/) });
    expect(other.socket.readyState).toBe(other.socket.OPEN);
    other.socket.close();
  });

  it('close their sockets with 4403 when they end', async () => {
    const key = await make(['READ'], addMs(systemClock.now(), 1_500));
    const { isAcknowledged, closed } = await hello(bearer(key));
    expect(isAcknowledged).toBe(true);
    expect((await closed).code).toBe(4403);
    expect((await ask('{ __typename }', key)).status).toBe(401);
  });
});

describe('visitors of the web app', () => {
  const secret = deriveWorkspaceSecret(webKey.key);
  const workspace = makeWorkspaceId();
  const sign = (use: 'request' | 'socket' | 'cookie', lifetimeMs = 300_000) =>
    signWorkspaceToken(secret, use, workspace, systemClock.now(), lifetimeMs);
  const ofVisitor = (token: string, key = webKey.key) => ({ authorization: `Bearer ${key}`, 'x-candlecast-workspace': token });

  it('are known by a token of the web app, which may not track for them', async () => {
    const { errors } = await post(httpUrl, KEYS, {}, ofVisitor(sign('request')));
    expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const track = 'mutation { trackInstrument(symbol: "BTCUSDT") { id } }';
    expect((await post(httpUrl, track, {}, ofVisitor(sign('request')))).errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const { data } = await post(httpUrl, '{ rateLimit { limit } }', {}, ofVisitor(sign('request')));
    expect(data).toEqual({ rateLimit: { limit: roomy.public } });
  });

  it.each([
    ['a token for another use', () => ofVisitor(sign('socket'))],
    ['a cookie', () => ofVisitor(sign('cookie'))],
    ['a token that has ended', () => ofVisitor(sign('request', 0))],
    ['a token beside another key', () => ofVisitor(sign('request'), admin.key)],
    ['a token without the key', () => ({ 'x-candlecast-workspace': sign('request') })],
    ['nonsense', () => ofVisitor('w1.nonsense')],
  ])('are not believed with %s', async (_, headers) => {
    expect((await post(httpUrl, '{ __typename }', {}, headers())).status).toBe(401);
  });

  it('open sockets with the token alone, until it ends', async () => {
    const { isAcknowledged, closed } = await hello({ 'x-candlecast-workspace': sign('socket', 1_000) });
    expect(isAcknowledged).toBe(true);
    expect((await closed).code).toBe(4403);
    for (const params of [{ 'x-candlecast-workspace': sign('request') }, ofVisitor(sign('socket'))]) {
      expect((await (await hello(params)).closed).code).toBe(4403);
    }
  });
});
