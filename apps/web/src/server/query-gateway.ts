import { type AnyVariables, Client, cacheExchange, fetchExchange, type SSRData, type TypedDocumentNode } from '@urql/core';
import { registerUrql } from '@urql/next/rsc';
import { readWebSettings } from './config.ts';
import { gatewayUrl } from './gateway-address.ts';
import { webHeaders } from './visitor.ts';

const TIMEOUT_MS = 5_000;

/** One client a request: pages share its answers while they render, and never with another visitor. */
const { getClient } = registerUrql(
  () =>
    new Client({
      url: gatewayUrl(readWebSettings(), '/graphql'),
      preferGetMethod: false,
      exchanges: [cacheExchange, fetchExchange],
      fetch: (input, init) =>
        fetch(input, {
          ...init,
          headers: { ...Object.fromEntries(new Headers(init?.headers)), ...webHeaders() },
          cache: 'no-store',
          signal: AbortSignal.timeout(TIMEOUT_MS),
        }),
    }),
);

/** An answer, and the same for the browser's client, so that it does not ask again. */
export interface GatewayAnswer<T> {
  readonly data: T;
  readonly rendered: SSRData;
}

/** Asks the gateway while a page is rendered; throws what it answers when that is no data. */
export async function queryGateway<T, V extends AnyVariables>(document: TypedDocumentNode<T, V>, variables: V): Promise<GatewayAnswer<T>> {
  const { data, error, operation } = await getClient().query<T, V>(document, variables).toPromise();
  if (error || !data) throw error ?? new Error('the gateway answered without data');
  return { data, rendered: { [operation.key]: { data: JSON.stringify(data), hasNext: false } } };
}
