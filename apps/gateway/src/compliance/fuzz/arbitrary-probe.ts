import fc from 'fast-check';
import type { GraphQLSchema } from 'graphql';
import { arbitraryDocument } from './arbitrary-document.ts';

/** Something that somebody may send. */
export type Probe =
  | {
      readonly kind: 'http';
      readonly method: string;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | undefined;
    }
  | { readonly kind: 'socket'; readonly messages: readonly string[] }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array };

const CONTENT_TYPES = [
  ...['application/json', 'application/json', 'application/json', 'application/json; charset=utf-8', 'application/json; charset=x'],
  ...['application/graphql', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', '', 'application/json/'],
];
const ACCEPTS = ['application/json', 'application/graphql-response+json', 'text/html', 'image/png', '*/*', '', 'application/json;q=x'];
const PATHS = ['/graphql', '/graphql/', '/udf/history', '/udf/symbols', '/export/candles.csv', '/schema.graphql', '/health', '/..', '/%00'];
const TYPES = ['subscribe', 'subscribe', 'subscribe', 'complete', 'ping', 'pong', 'connection_init', 'connection_ack', 'next', 'x', ''];

/** Returns everything that is sent: requests over HTTP, messages over WebSocket, and bytes that are neither. */
export function arbitraryProbe(schema: GraphQLSchema): fc.Arbitrary<Probe> {
  const document = arbitraryDocument(schema);
  const variables = fc.oneof(
    fc.constant(undefined),
    fc.dictionary(fc.constantFrom('v', 'symbol', '__proto__'), fc.jsonValue({ maxDepth: 2 })),
    fc.jsonValue(),
  );
  const params = fc.record({
    query: fc.oneof({ weight: 8, arbitrary: document as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 1 }) }),
    variables,
    operationName: fc.constantFrom(undefined, 'Fuzz', 'Other', '', 7),
    extensions: fc.constantFrom(undefined, {}, 7, { persistedQuery: 1 }, { persistedQuery: { version: 1, sha256Hash: 'x' } }),
  });
  const json = fc.oneof(
    { weight: 8, arbitrary: params.map((one) => JSON.stringify(one)) },
    { weight: 1, arbitrary: fc.string({ maxLength: 200 }) },
  );

  const posted = fc.record({
    kind: fc.constant('http' as const),
    method: fc.constantFrom('POST', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
    path: fc.constant('/graphql'),
    headers: headers(),
    body: json,
  });
  const gotten = fc
    .record({
      path: fc.constantFrom(...PATHS),
      params,
      raw: fc.webQueryParameters(),
      headers: headers(),
      method: fc.constantFrom('GET', 'HEAD'),
    })
    .map(({ path, params: given, raw, headers: sent, method }): Probe => {
      const search = path === '/graphql' ? new URLSearchParams(texts(given)).toString() : `symbol=BTCUSDT&${raw}`;
      return { kind: 'http', method, path: `${path}?${search}`, headers: sent, body: undefined };
    });
  const message = fc
    .record({
      type: fc.constantFrom(...TYPES),
      id: fc.constantFrom('1', '2', '', '__proto__', 3, null),
      payload: params as fc.Arbitrary<unknown>,
    })
    .map((one) => JSON.stringify(one));
  const messages = fc.array(fc.oneof({ weight: 6, arbitrary: message }, { weight: 1, arbitrary: fc.string() }), {
    minLength: 1,
    maxLength: 6,
  });
  return fc.oneof(
    { weight: 6, arbitrary: posted },
    { weight: 3, arbitrary: gotten },
    { weight: 3, arbitrary: messages.map((sent): Probe => ({ kind: 'socket', messages: sent })) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes): Probe => ({ kind: 'bytes', bytes })) },
  );
}

function headers(): fc.Arbitrary<Record<string, string>> {
  return fc
    .record({
      type: fc.constantFrom(...CONTENT_TYPES),
      accept: fc.constantFrom(...ACCEPTS),
      authorization: fc.constantFrom(undefined, undefined, undefined, 'Bearer x', 'x', `Bearer cc_live_${'0'.repeat(38)}`),
      origin: fc.constantFrom(undefined, undefined, 'https://evil.example', 'null', 'http://localhost:3000'),
    })
    .map(({ type, accept, authorization, origin }) => ({
      ...(type === '' ? {} : { 'content-type': type }),
      ...(accept === '' ? {} : { accept }),
      ...(authorization === undefined ? {} : { authorization }),
      ...(origin === undefined ? {} : { origin }),
    }));
}

function texts(params: object): Record<string, string> {
  const entries = Object.entries(params).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
}
