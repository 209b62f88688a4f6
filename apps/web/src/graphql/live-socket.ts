import { createClient, type Sink } from 'graphql-ws';
import type { ConnectionStore } from './connection-store.ts';

interface Request {
  readonly query: string;
  readonly variables?: Record<string, unknown> | undefined;
  readonly operationName?: string | undefined;
}

/** Opens the page's one socket to the gateway and reports its state. */
export function openLiveSocket(url: string, connection: ConnectionStore) {
  const client = createClient({
    url,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    on: {
      connected: () => connection.setState({ state: 'connected' }),
      closed: () => connection.setState({ state: 'reconnecting' }),
    },
  });
  return {
    subscribe: ({ query, variables, operationName }: Request, sink: unknown) =>
      client.subscribe({ query, variables: variables ?? null, operationName: operationName ?? null }, sink as Sink<never>),
  };
}
