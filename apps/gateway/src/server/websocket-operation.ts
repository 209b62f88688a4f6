import { AppError } from '@candlecast/domain';
import { type ExecutionArgs, GraphQLError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { KnownDocuments } from '../guard/known-documents.ts';
import type { RequestScope } from '../guard/request-scope.ts';
import { toClientError } from '../guard/to-client-error.ts';
import { toAudience } from '../keys/audience.ts';
import type { Caller } from '../keys/caller.ts';
import type { Outlet } from '../live/outlet.ts';
import type { GraphqlEndpoint } from './graphql-endpoint.ts';
import { selectEvents } from './select-events.ts';
import { openRenderer } from './shared-execution.ts';
import type { SocketLine } from './socket-line.ts';

/** The enveloped functions of one operation travel from `onSubscribe` to its execution as root value, as Yoga's guide has it. */
export interface Enveloped {
  readonly execute: (args: ExecutionArgs) => unknown;
  readonly subscribe: (args: ExecutionArgs) => unknown;
}

/**
 * Brings one operation of a WebSocket through the pipeline up to its execution: parsed, validated, with its context. Returns the errors
 * where it was refused. A subscription can share its events: they leave over `line` under the operation's `id`.
 */
export async function prepareOperation(
  endpoint: GraphqlEndpoint,
  documents: KnownDocuments,
  line: SocketLine,
  id: string,
  payload: SubscribePayload,
  scope: RequestScope,
): Promise<ExecutionArgs | readonly GraphQLError[]> {
  const outlet = openOutlet(endpoint, line, id, scope.caller);
  const connection = { ...scope.connection, outlet };
  const { schema, parse, validate, execute, subscribe, contextFactory } = endpoint.getEnveloped({ ...scope, connection, params: payload });
  try {
    const document = parse(documents.choose(payload, scope.caller).query);
    const errors = validate(schema, document);
    if (errors.length > 0) return errors as GraphQLError[];
    outlet.operation = { schema, document, operationName: payload.operationName, variableValues: payload.variables };
    return {
      ...outlet.operation,
      contextValue: await contextFactory(),
      rootValue: { execute, subscribe } satisfies Enveloped,
    };
  } catch (cause) {
    if (cause instanceof GraphQLError) return [cause];
    if (cause instanceof AppError) return [toClientError(cause, 'validate', scope.requestId).shown];
    throw cause;
  }
}

type OperationArgs = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>;

interface OperationOutlet extends Outlet {
  operation: OperationArgs | undefined;
}

/** Returns the outlet of an operation, which is known once it is parsed. */
function openOutlet(endpoint: GraphqlEndpoint, line: SocketLine, id: string, caller: Caller): OperationOutlet {
  const audience = toAudience(caller);
  const head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
  const outlet: OperationOutlet = {
    operation: undefined,
    select(personalArgs) {
      const { operation } = outlet;
      if (!operation) return undefined;
      const selected = selectEvents(operation.schema, operation, personalArgs);
      if (selected === undefined) return undefined;
      return { key: `${audience.key}\n${selected}`, open: () => openRenderer(endpoint, operation, audience.caller) };
    },
    send: (result) => line.push({ head, body: result }),
    unsentBytes: line.unsentBytes,
    whenDrained: line.whenDrained,
  };
  return outlet;
}
