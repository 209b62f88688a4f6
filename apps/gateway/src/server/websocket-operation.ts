import { AppError } from '@candlecast/domain';
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { isAsyncIterable } from 'graphql-yoga';
import type { KnownDocuments } from '../guard/known-documents.ts';
import type { RequestScope } from '../guard/request-scope.ts';
import { toClientError } from '../guard/to-client-error.ts';
import { toAudience } from '../keys/audience.ts';
import type { CatchUpTurns } from '../live/catch-up-turns.ts';
import type { Membership } from '../live/fanout.ts';
import type { Outlet, Selection } from '../live/outlet.ts';
import { type Turn, Turns } from '../live/take-turns.ts';
import type { GraphqlEndpoint } from './graphql-endpoint.ts';
import { selectEvents } from './select-events.ts';
import { openRenderer } from './shared-execution.ts';
import type { SocketLine } from './socket-line.ts';
import { toBytes } from './text-frame.ts';

/** An operation of a WebSocket. */
export interface SocketOperation {
  readonly endpoint: GraphqlEndpoint;
  readonly documents: KnownDocuments;
  readonly line: SocketLine;
  readonly id: string;
  readonly payload: SubscribePayload;
  readonly scope: RequestScope;
  readonly turns: CatchUpTurns;
}

/** The enveloped functions of one operation travel from `onSubscribe` to its execution as root value, as Yoga's guide has it. */
export interface Enveloped {
  readonly execute: (args: ExecutionArgs) => unknown;
  readonly subscribe: (args: ExecutionArgs) => unknown;
}

/**
 * Brings an operation through the pipeline up to its execution: parsed, validated, with its context. Returns the errors where it was refused.
 * A subscription may share once it is executed: its events then leave over the line under the operation's id.
 */
export async function prepareOperation(operation: SocketOperation): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const outlet = new OperationOutlet(operation);
  const prepared = await prepare(operation, outlet);
  if (!isArgs(prepared)) return prepared;
  const { execute } = prepared.rootValue as Enveloped;
  const subscribe = (args: ExecutionArgs) => {
    const first = { outlet, args: { ...args, rootValue: prepared.rootValue } };
    // The server keeps its arguments for as long as the subscription lives; nothing of these is needed while it shares.
    Object.assign(args, { contextValue: undefined, rootValue: undefined });
    return subscribeInTurns(operation, first);
  };
  return { ...prepared, rootValue: { execute, subscribe } satisfies Enveloped };
}

type Prepared = { readonly outlet: OperationOutlet; readonly args: ExecutionArgs };

/** Executes a subscription by itself, in turns with what it shares; each turn but the first goes through the pipeline anew. */
function subscribeInTurns(operation: SocketOperation, first: Prepared | undefined): AsyncGenerator<ExecutionResult, void, undefined> {
  let waiting = first;
  return new Turns<ExecutionResult>(async (turn) => {
    const prepared = waiting ?? (await prepareAgain(operation));
    waiting = undefined;
    if (!('args' in prepared)) return once({ errors: prepared });
    prepared.outlet.turn = turn;
    const result = await (prepared.args.rootValue as Enveloped).subscribe(prepared.args);
    return isAsyncIterable<ExecutionResult>(result) ? result[Symbol.asyncIterator]() : once(result as ExecutionResult);
  });
}

async function prepareAgain(operation: SocketOperation): Promise<Prepared | readonly GraphQLError[]> {
  await operation.turns.rest(); // a thousand may fall behind at once
  const outlet = new OperationOutlet(operation);
  const args = await prepare({ ...operation, scope: { ...operation.scope, isPaid: true } }, outlet);
  return isArgs(args) ? { outlet, args } : args;
}

async function prepare(
  { endpoint, documents, payload, scope }: SocketOperation,
  outlet: OperationOutlet,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const connection = { ...scope.connection, outlet };
  const { schema, parse, validate, execute, subscribe, contextFactory } = endpoint.getEnveloped({ ...scope, connection, params: payload });
  try {
    const document = parse(documents.choose(payload, scope.caller).query);
    const errors = validate(schema, document);
    if (errors.length > 0) return errors as readonly GraphQLError[];
    outlet.args = { schema, document, operationName: payload.operationName, variableValues: payload.variables };
    return { ...outlet.args, contextValue: await contextFactory(), rootValue: { execute, subscribe } satisfies Enveloped };
  } catch (cause) {
    if (cause instanceof GraphQLError) return [cause];
    if (cause instanceof AppError) return [toClientError(cause, 'validate', scope.requestId).shown];
    throw cause;
  }
}

function isArgs(prepared: ExecutionArgs | readonly GraphQLError[]): prepared is ExecutionArgs {
  return !Array.isArray(prepared);
}

/** The outlet of an operation; its arguments are known once it is parsed, its turn once it is executed. */
class OperationOutlet implements Outlet {
  args: Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'> | undefined = undefined;
  turn: Turn | undefined = undefined;
  readonly #operation: SocketOperation;
  readonly #line: SocketLine;
  readonly #head: string;

  constructor(operation: SocketOperation) {
    this.#operation = operation;
    this.#line = operation.line;
    this.#head = toBytes(`{"id":${JSON.stringify(operation.id)},"type":"next","payload":`);
  }

  get resumed(): Turn['resumed'] {
    return this.turn?.resumed;
  }

  handOver(membership: Membership): void {
    this.turn?.handOver(membership);
  }

  select(personalArgs: readonly string[]): Selection | undefined {
    const { args } = this;
    if (!args) return undefined;
    const selected = selectEvents(args.schema, args, personalArgs);
    if (selected === undefined) return undefined;
    const { endpoint, scope } = this.#operation;
    const audience = toAudience(scope.caller);
    return { key: `${audience.key}\n${selected}`, open: () => openRenderer(endpoint, args, audience.caller) };
  }

  send(result: string): void {
    this.#line.push(this.#head, result);
  }

  unsentBytes(): number {
    return this.#line.unsentBytes();
  }

  whenDrained(listener: () => void): void {
    this.#line.whenDrained(listener);
  }
}

async function* once<T>(value: T): AsyncGenerator<T, void, undefined> {
  yield value;
}
