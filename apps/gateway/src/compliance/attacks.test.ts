import { createKeyStore } from '@candlecast/store';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeyDesk } from '../keys/key-desk.ts';
import { BTC, startTestMarket, type TestMarket } from '../testing/test-market.ts';
import { sendOver, type Target, TRANSPORTS } from '../testing/transports.ts';

// The twelve checks of graphql-cop (https://github.com/dolevf/graphql-cop), as in production, each over every transport where it applies. With
// a key, which may send any document: the limits must hold for it, too.
let market: TestMarket;
let open: Target;
let target: Target;

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC);
  const { httpUrl, wsUrl } = await market.startGateway(undefined, false, { allowsAnyDocument: false, hasIntrospection: false });
  const { key } = await createKeyDesk(createKeyStore(market.database)).create({ name: 'partner', scopes: ['ADMIN'], expiresAt: null });
  open = { httpUrl, wsUrl };
  target = { ...open, authorization: `Bearer ${key}` };
});
afterAll(() => market.stop());

const REFUSED = 'GRAPHQL_VALIDATION_FAILED';
const circular = `{ __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }`;

describe.each(TRANSPORTS)('over %s', (transport) => {
  const send = (query: string, variables = {}) => sendOver(transport, target)(query, variables);

  it.each([
    ['1 alias overloading', `{ ${Array.from({ length: 101 }, (_, n) => `alias${n}: __typename`).join(' ')} }`],
    ['3 directive overloading', `{ __typename ${'@aa'.repeat(60)} }`],
    ['3 directive overloading with known directives', `{ __typename ${'@include(if: true) '.repeat(51)} }`],
    ['4 circular introspection', circular],
    ['9 introspection', getIntrospectionQuery()],
    ['10 field duplication', `{ ${'__typename '.repeat(500)} }`],
    ['10 field duplication through fragments', `{ ...F ...F ...F } fragment F on Query { ${'__typename '.repeat(400)} }`],
    ['depth', `{ __type(name: "Query") ${'{ ofType '.repeat(8)} { name } ${'}'.repeat(8)} }`],
    ['length', `{ __typename } # ${'x'.repeat(15_000)}`],
    ['tokens', `{ ${'a '.repeat(1_001)} }`],
    ['fragments that hold each other', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
  ])('refuses %s', async (_, query) => {
    const { errors, data } = await send(query);
    expect(data ?? null).toBeNull();
    expect(errors?.[0]?.extensions).toMatchObject({ code: REFUSED, requestId: expect.any(String) });
  });

  it('8 suggests no field', async () => {
    for (const query of [
      '{ candle }',
      '{ instrument(symbo: "X") { id } }',
      'query ($x: Intervall) { __typename }',
      '{ freshness { symbl } }',
    ]) {
      const { errors } = await send(query);
      expect(errors?.[0]?.extensions.code).toBe(REFUSED);
      expect(JSON.stringify(errors)).not.toMatch(/did you mean/i);
    }
  });

  it('11 shows no trace of how it was executed', async () => {
    const { extensions, data } = await send('{ __typename }');
    expect(data).toEqual({ __typename: 'Query' });
    expect(Object.keys(extensions ?? {}).filter((name) => name !== 'rateLimit')).toEqual([]);
  });

  it('shows no cause of what fails', async () => {
    for (const query of ['{ bars(symbol: "X", interval: "1m", to: 1) { s } }', '{{{']) {
      const { errors } = await send(query);
      expect(errors?.[0]?.extensions.requestId).toEqual(expect.any(String));
      expect(JSON.stringify(errors)).not.toMatch(/stack|node_modules|select |prisma|\.ts:/i);
    }
  });

  it('answers strangers only what the web app asks', async () => {
    expect((await sendOver(transport, open)('{ __typename }')).errors?.[0]?.extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
  });
});

describe('over HTTP', () => {
  const body = '{"query":"{ __typename }"}';
  const headers = () => ({ authorization: target.authorization ?? '', 'content-type': 'application/json' });

  it('2 takes no batch', async () => {
    const batch = await fetch(target.httpUrl, { method: 'POST', headers: headers(), body: `[${Array(10).fill(body).join()}]` });
    expect(batch.status).toBe(400);
    expect(await batch.json()).not.toBeInstanceOf(Array);
  });

  it('5 takes no query of a page that only has a link', async () => {
    const link = await fetch(`${target.httpUrl}?query=${encodeURIComponent('{ __typename }')}`);
    expect(await link.json()).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] });
  });

  it('6 makes no mutation by GET, not even with a key', async () => {
    const mutation = encodeURIComponent('mutation { __typename }');
    const answer = await fetch(`${target.httpUrl}?query=${mutation}`, { headers: { authorization: target.authorization ?? '' } });
    expect(answer.status).toBe(405);
    expect(JSON.stringify(await answer.json())).not.toContain('"Mutation"');
  });

  it.each([
    ['application/x-www-form-urlencoded', `query=${encodeURIComponent('{ __typename }')}`],
    ['text/plain', body],
    ['multipart/form-data; boundary=x', `--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n${body}\r\n--x--`],
    ['application/json-patch+json', body],
  ])('7 takes no form: %s', async (type, text) => {
    const answer = await fetch(target.httpUrl, { method: 'POST', headers: { ...headers(), 'content-type': type }, body: text });
    expect(answer.status).toBe(415);
  });

  it.each(['variables', 'extensions'])('tells who sends %s that are no JSON so', async (name) => {
    const answer = await fetch(`${target.httpUrl}?query={__typename}&${name}={`, { headers: headers() });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it('12 has no page to try queries in', async () => {
    for (const path of ['/graphql', '/graphiql', '/playground', '/console', '/altair', '/']) {
      const answer = await fetch(new URL(path, target.httpUrl), { headers: { accept: 'text/html' } });
      expect(await answer.text()).not.toMatch(/<html|graphiql|playground/i);
    }
  });

  it('sets no cookie, lets no other origin read, and asks other origins before they send', async () => {
    const answer = await fetch(target.httpUrl, { method: 'POST', headers: { ...headers(), origin: 'https://evil.example' }, body });
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('access-control-allow-origin')).not.toBe('https://evil.example');
    const question = await fetch(target.httpUrl, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    });
    expect(question.headers.get('access-control-allow-origin')).not.toBe('https://evil.example');
    expect(question.headers.get('access-control-allow-credentials')).toBeNull();
  });
});
