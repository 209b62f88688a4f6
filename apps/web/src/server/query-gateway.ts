import { type AnyVariables, Client, cacheExchange, fetchExchange, type SSRData, type TypedDocumentNode } from '@urql/core';
import { persistedExchange } from '@urql/exchange-persisted';
import { registerUrql } from '@urql/next/rsc';
import { hashOf } from '../graphql/persisted.ts';
import { readWebSettings } from './config.ts';
import { fetchKept } from './edge-cache.ts';
import { gatewayUrl } from './gateway-address.ts';
import { webHeaders } from './visitor.ts';

/** One client a request: pages share its answers while they render. What is the same for everybody comes from this server's cache. */
const { getClient } = registerUrql(
  () =>
    new Client({
      url: gatewayUrl(readWebSettings(), '/graphql'),
      preferGetMethod: false,
      exchanges: [
        cacheExchange,
        persistedExchange({
          enforcePersistedQueries: true,
          preferGetForPersistedQueries: 'force',
          generateHash: async (_, document) => hashOf(document),
        }),
        fetchExchange,
      ],
      fetch: (input) => fetchMarked(`${input}`),
    }),
);

/** An answer, and the same for the browser's client, so that it does not ask again. */
export interface GatewayAnswer<T> {
  readonly data: T;
  readonly rendered: SSRData;
  /** How old it is when the gateway does not answer, in seconds; undefined when it does. */
  readonly staleSeconds: number | undefined;
}

/** Asks the gateway while a page is rendered; throws what it answers when that is no data. Takes documents that are asked by GET only. */
export async function queryGateway<T, V extends AnyVariables>(document: TypedDocumentNode<T, V>, variables: V): Promise<GatewayAnswer<T>> {
  const { data, error, operation, extensions } = await getClient().query<T, V>(document, variables).toPromise();
  if (error || !data) throw error ?? new Error('the gateway answered without data');
  const rendered = { [operation.key]: { data: JSON.stringify(data), hasNext: false } };
  return { data, rendered, staleSeconds: extensions?.[STALE] as number | undefined };
}

const STALE = 'staleSeconds';

/** The age of an answer travels where the client hands it on. */
async function fetchMarked(url: string): Promise<Response> {
  const { response, staleSeconds } = await fetchKept(url, webHeaders());
  if (staleSeconds === undefined) return response;
  const body = (await response.json()) as { readonly extensions?: object };
  return Response.json({ ...body, extensions: { ...body.extensions, [STALE]: staleSeconds } });
}
