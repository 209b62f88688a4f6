import { randomUUID } from 'node:crypto';
import { type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Connection } from '../context.ts';
import type { Caller } from '../keys/caller.ts';
import type { Renderer } from '../live/outlet.ts';
import type { GraphqlEndpoint } from './graphql-endpoint.ts';
import { toBytes } from './text-frame.ts';

/** A subscription that is executed for many: its document and what its fields beyond the shared arguments need. */
export type SharedOperation = Pick<ExecutionArgs, 'document' | 'operationName' | 'variableValues'>;

/** The root value of a shared subscription: holds the event that is executed next. */
class SharedEvent {
  value: unknown;
}

/** Nobody's connection: what is executed for all must not depend on one. */
const NOBODY: Connection = { signal: new AbortController().signal, cutSlowReader: () => undefined };

/**
 * Lets a subscription whose root value is a shared event execute that event instead of its own stream. The result passes every other plugin
 * as that of any subscription does.
 */
export function useSharedExecution(): Plugin {
  return {
    onSubscribe({ args, setSubscribeFn }) {
      if (args.rootValue instanceof SharedEvent) setSubscribeFn((each) => executeEach(each as ExecutionArgs) as never);
    },
  };
}

/** Begins a subscription of its own, in nobody's name, that executes one event after the other for everybody in `audience`. */
export async function openRenderer(
  endpoint: GraphqlEndpoint,
  { document, ...operation }: SharedOperation,
  audience: Caller,
): Promise<Renderer> {
  const scope = { requestId: randomUUID(), caller: audience, connection: NOBODY, isPaid: true };
  const { schema, subscribe, contextFactory } = endpoint.getEnveloped(scope);
  const next = new SharedEvent();
  const results: unknown = await subscribe({ schema, document, ...operation, rootValue: next, contextValue: await contextFactory() });
  if (!isAsyncIterable<ExecutionResult>(results)) throw new Error(`not to be executed for all: ${JSON.stringify(results)}`);
  const iterator = results[Symbol.asyncIterator]();
  return {
    /** A message in the frame of its operation: the closing brace is that of the message. */
    async render(event) {
      next.value = event;
      const { value, done } = await iterator.next();
      if (done) throw new Error('the execution for all has ended');
      return toBytes(`${JSON.stringify(value)}}`);
    },
    close: () => void iterator.return?.(),
  };
}

async function* executeEach(args: ExecutionArgs): AsyncGenerator<ExecutionResult, void, undefined> {
  for (;;) yield await execute({ ...args, rootValue: (args.rootValue as SharedEvent).value });
}
