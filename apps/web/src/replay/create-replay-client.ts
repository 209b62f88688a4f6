import type { EpochMs } from '@candlecast/domain';
import { Client, fetchExchange, type SubscriptionForwarder, stringifyDocument, subscriptionExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { cacheKeys } from '../graphql/cache-keys.ts';
import { type BrowserClientOptions, createBrowserClient } from '../graphql/create-browser-client.ts';
import { toFailure } from '../graphql/failure.ts';
import { forwardToSocket } from '../graphql/forward-to-socket.ts';
import { answerFromThePast } from './past-queries.ts';
import { type ReplayPace, toClockInput } from './replay-clock.ts';
import { toPageResults, toReplayed } from './replayed-subscriptions.ts';

interface Asked {
  readonly query: string;
  readonly operationName: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Makes the GraphQL client of a replay, whose time `moment` tells: to the page it is its client, but every subscription runs with the replay's clock and every query is
 * asked as of the replay's moment, both over the same connections as those of the live page.
 */
export function createReplayClient(options: BrowserClientOptions, pace: ReplayPace, moment: () => EpochMs): Client {
  const live = createBrowserClient(options);
  const forward = forwardToSocket(options.socketUrl, options.connection, { isPausable: false });
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    exchanges: [
      subscriptionExchange({ forwardSubscription: forwardReplayed(forward, pace) }),
      cacheExchange({ keys: cacheKeys }),
      fetchExchange,
    ],
    fetch: async (_, init) => {
      const { query, operationName, variables } = JSON.parse(`${init?.body}`) as Asked;
      const result = await answerFromThePast(live, { name: operationName, document: query, variables }, moment()).then(
        (data) => ({ data }),
        (error: unknown) => {
          const { code, message } = toFailure(error);
          return { errors: [{ message, extensions: { code } }] };
        },
      );
      return new Response(JSON.stringify(result), { headers: { 'content-type': 'application/json' } });
    },
  });
}

/** Returns the way to the socket on which every subscription runs with the clock. One that has no past brings nothing. */
export function forwardReplayed(forward: SubscriptionForwarder, pace: ReplayPace): SubscriptionForwarder {
  return (request, operation) => {
    const replayed = toReplayed(request.operationName ?? '', request.variables ?? {}, toClockInput(pace));
    if (!replayed) return { subscribe: () => ({ unsubscribe: () => undefined }) };
    const query = stringifyDocument(replayed.document);
    const source = forward({ ...request, query, operationName: undefined, variables: { ...replayed.variables } }, operation);
    return {
      subscribe: (sink) =>
        source.subscribe({
          ...sink,
          next(result) {
            for (const part of toPageResults(result)) sink.next(part);
          },
        }),
    };
  };
}
