import { createKeyStore } from '@candlecast/store';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import known from './guard/known-documents.json' with { type: 'json' };
import { hashDocument } from './guard/known-documents.ts';
import { createKeyDesk } from './keys/key-desk.ts';
import { post } from './testing/post.ts';
import { openRawSocket } from './testing/raw-socket.ts';
import { at, BTC, startTestMarket, type TestMarket } from './testing/test-market.ts';

const BARS = Object.entries(known).find(([, text]) => text.startsWith('query Chunk(')) ?? ['', ''];
const VARIABLES = { symbol: BTC, interval: '1m', from: at(0) / 1_000, to: at(480) / 1_000, revision: null };
const OTHER = 'query Other { freshness { symbol } }';

let market: TestMarket;
let httpUrl: string;
let wsUrl: string;
let authorization: string;

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC);
  await market.close(BTC, 0, 5);
  ({ httpUrl, wsUrl } = await market.startGateway(undefined, false, { allowsAnyDocument: false, hasIntrospection: false }));
  const { key } = await createKeyDesk(createKeyStore(market.database)).create({ name: 'x', scopes: ['READ'], expiresAt: null });
  authorization = `Bearer ${key}`;
});
afterAll(() => market.stop());

const persisted = (hash: string) => ({ persistedQuery: { version: 1, sha256Hash: hash } });
function get(hash: string, variables: object, headers: Record<string, string> = {}): Promise<Response> {
  const query = new URLSearchParams({ extensions: JSON.stringify(persisted(hash)), variables: JSON.stringify(variables) });
  return fetch(`${httpUrl}?${query}`, { headers });
}

describe('documents', () => {
  it('are named by the hash of their text without what GraphQL ignores', () => {
    for (const [hash, text] of Object.entries(known)) expect(hashDocument(`# comment\n${text}\n`)).toBe(hash);
    expect(hashDocument('{ "')).toBeUndefined();
  });

  it('run without a key when they are on the list, by hash or in full', async () => {
    const [hash, text] = BARS;
    const byGet = await get(hash, VARIABLES);
    expect(byGet.status).toBe(200);
    const { data } = (await byGet.json()) as { data: { bars: { t: number[] } } };
    expect(data.bars.t).toHaveLength(5);
    expect((await post(httpUrl, text.replaceAll('{', '\n{ '), VARIABLES)).data).toEqual(data);
    const byPost = await fetch(httpUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ extensions: persisted(hash), variables: VARIABLES }),
    });
    expect(await byPost.json()).toEqual({ data });
  });

  it('are refused otherwise: without a key, and by a hash that is not on the list', async () => {
    const refused = await post(httpUrl, OTHER);
    expect(refused.status).toBe(400);
    expect(refused.errors).toMatchObject([{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', requestId: expect.any(String) } }]);
    expect((await post(httpUrl, OTHER, {}, { authorization })).errors).toEqual([]);
    const unknown = await get('0'.repeat(64), {});
    expect(unknown.status).toBe(400);
    expect(await unknown.json()).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] });
    const none = await get('', {});
    expect(await none.json()).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] });
    expect((await fetch(`${httpUrl}?variables={}`)).status).toBe(400);
  });

  it('are held to the same rule over WebSocket', async () => {
    const open = await openRawSocket(wsUrl);
    const withKey = await openRawSocket(wsUrl, { params: { authorization } });
    const ask = (reader: typeof open, payload: object) =>
      new Promise<unknown>((resolve) => {
        reader.socket.once('message', (data) => resolve(JSON.parse(String(data))));
        reader.send({ id: '1', type: 'subscribe', payload });
      });
    expect(await ask(open, { query: OTHER })).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }],
    });
    expect(await ask(open, { query: '', extensions: persisted(BARS[0]), variables: VARIABLES })).toMatchObject({ type: 'next' });
    expect(await ask(withKey, { query: OTHER })).toMatchObject({ type: 'next' });
    for (const { socket } of [open, withKey]) socket.close();
  });

  it('tell nothing of the schema in production, with or without a key', async () => {
    for (const query of [getIntrospectionQuery(), '{ __type(name: "Query") { name } }']) {
      const { errors } = await post(httpUrl, query, {}, { authorization });
      expect(errors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
    expect((await post(httpUrl, '{ __typename }', {}, { authorization })).data).toEqual({ __typename: 'Query' });
  });
});

describe('what a cache may keep', () => {
  it('is what a GET of a known document answers, as long as it is the newest', async () => {
    const first = await get(BARS[0], VARIABLES);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    expect(first.headers.get('cache-control')).toBe('public, max-age=1, stale-if-error=86400');
    const again = await get(BARS[0], VARIABLES, { 'if-none-match': `"other", ${etag}` });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    expect(again.headers.get('etag')).toBe(etag);
    await market.close(BTC, 5, 6);
    const changed = await get(BARS[0], VARIABLES, { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  it('is no error, no other document, and nothing that was posted', async () => {
    const wrong = await get(BARS[0], { ...VARIABLES, symbol: 'NOPE' });
    expect(wrong.headers.get('cache-control')).toBeNull();
    expect(wrong.headers.get('etag')).toBeNull();
    const other = await fetch(`${httpUrl}?query=${encodeURIComponent(OTHER)}`, { headers: { authorization } });
    expect(other.status).toBe(200);
    expect(other.headers.get('cache-control')).toBeNull();
    expect((await post(httpUrl, BARS[1], VARIABLES)).headers.get('cache-control')).toBeNull();
  });
});
