import { Client, type ExecutionResult, fetchExchange, subscriptionExchange } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { cacheKeys } from '../graphql/cache-keys.ts';
import { cacheUpdates } from '../graphql/cache-updates.ts';

/** A query or subscription as it reached the gateway. */
export interface Asked {
  readonly name: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** The page's own GraphQL client over a gateway that a test answers for. */
export interface ScriptedGateway {
  readonly client: Client;
  readonly asked: Asked[];
  /** Answers the queries of this name from now on. */
  answer(name: string, reply: Reply): void;
  /** Sends data to every running subscription of this name. */
  send(name: string, data: Record<string, unknown>): void;
  /** Names of the subscriptions that run. */
  running(): string[];
}

type Reply = (variables: Readonly<Record<string, unknown>>) => ExecutionResult | Promise<ExecutionResult>;
type Sink = { next(result: ExecutionResult): void };

/** Makes a client like the page's, without the network. A query that nobody answers for is an error. */
export function createScriptedGateway(): ScriptedGateway {
  const asked: Asked[] = [];
  const replies = new Map<string, Reply>();
  const sinks = new Set<{ readonly name: string; readonly sink: Sink }>();
  const client = new Client({
    url: 'http://gateway.test/graphql',
    preferGetMethod: false,
    fetch: async (_input, init) => {
      const { operationName, variables } = JSON.parse(`${init?.body}`) as { operationName: string; variables: Record<string, unknown> };
      asked.push({ name: operationName, variables });
      const result = (await replies.get(operationName)?.(variables)) ?? { errors: [{ message: `nobody answers ${operationName}` }] };
      return new Response(JSON.stringify(result), { headers: { 'content-type': 'application/json' } });
    },
    exchanges: [
      subscriptionExchange({
        forwardSubscription: ({ operationName = '', variables = {} }) => ({
          subscribe(sink) {
            const entry = { name: operationName, sink };
            asked.push({ name: operationName, variables });
            sinks.add(entry);
            return { unsubscribe: () => void sinks.delete(entry) };
          },
        }),
      }),
      cacheExchange({ keys: cacheKeys, updates: cacheUpdates }),
      fetchExchange,
    ],
  });
  return {
    client,
    asked,
    answer: (name, reply) => void replies.set(name, reply),
    send(name, data) {
      for (const entry of [...sinks]) if (entry.name === name) entry.sink.next({ data });
    },
    running: () => [...sinks].map(({ name }) => name).sort(),
  };
}
