import { Client, fetchExchange, type SSRData, ssrExchange, subscriptionExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { persistedExchange } from '@urql/exchange-persisted';
import { cacheKeys } from './cache-keys.ts';
import { cacheUpdates } from './cache-updates.ts';
import type { ConnectionStore } from './connection-store.ts';
import { forwardToSocket } from './forward-to-socket.ts';

/** What the page's client is made of. */
export interface BrowserClientOptions {
  /** What the server asked for while it rendered the page. */
  readonly rendered: SSRData;
  readonly socketUrl: string;
  readonly connection: ConnectionStore;
}

/** Makes the page's one GraphQL client: queries over the page's own origin (those that caches may keep by GET), subscriptions over one resuming socket. */
export function createBrowserClient({ rendered, socketUrl, connection }: BrowserClientOptions): Client {
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    exchanges: [
      // Events are not entities: they go past the cache, as they came.
      subscriptionExchange({ forwardSubscription: forwardToSocket(socketUrl, connection) }),
      cacheExchange({ keys: cacheKeys, updates: cacheUpdates }),
      ssrExchange({ isClient: true, initialState: rendered }),
      persistedExchange({
        enforcePersistedQueries: true,
        preferGetForPersistedQueries: 'force',
        generateHash: async (_, document) => (await import('./persisted.ts')).hashOf(document),
      }),
      fetchExchange,
    ],
  });
}
