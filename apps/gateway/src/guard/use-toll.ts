import { complexityFromQuery } from '@pothos/plugin-complexity';
import { type DocumentNode, type ExecutionArgs, getOperationAST, Kind } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { GatewayContext } from '../context.ts';
import type { RequestScope } from './request-scope.ts';
import { pointsOfRows, type Toll, toExtension } from './toll.ts';

/**
 * Takes the points for the rows that an operation may read, before anything runs, on every transport. The point for asking is taken by the
 * doors, so that documents that never run cost it too. `mostRows` is what the schema allows: what asks for more is refused there, unpaid.
 */
export function useToll(toll: Toll, mostRows: number): Plugin<RequestScope> {
  async function pay(args: ExecutionArgs, stop: (result: { errors: readonly Error[] }) => void): Promise<void> {
    const context = args.contextValue as unknown as GatewayContext & RequestScope;
    if (context.isPaid) return;
    const rows = countRows(args);
    const points = pointsOfRows(rows);
    if (points === 0 || rows > mostRows) return;
    const { state, refusal } = await toll.pay(context.caller, points, context.requestId);
    context.tellQuota?.(state);
    if (refusal) stop({ errors: [refusal] });
  }

  return {
    async onExecute({ args, setResultAndStopExecution }) {
      await pay(args, setResultAndStopExecution as never);
      const { tellQuota, caller } = args.contextValue as unknown as GatewayContext & RequestScope;
      if (tellQuota) return undefined;
      return {
        async onExecuteDone({ result, setResult }) {
          if (isAsyncIterable(result)) return;
          setResult({ ...result, extensions: { ...result.extensions, ...toExtension(await toll.look(caller)) } });
        },
      };
    },
    onSubscribe: ({ args, setResultAndStopExecution }) => pay(args as ExecutionArgs, setResultAndStopExecution as never),
  };
}

/** Returns how many rows an operation may read, by the schema's own count; 0 where its variables do not fit, for then it does not run. */
export function countRows({ schema, document, operationName, variableValues, contextValue }: ExecutionArgs): number {
  const operation = getOperationAST(document, operationName);
  if (!operation) return 0;
  const definitions = document.definitions.filter((one) => one === operation || one.kind !== Kind.OPERATION_DEFINITION);
  const alone: DocumentNode = { kind: Kind.DOCUMENT, definitions };
  try {
    return complexityFromQuery(alone, { schema, ctx: contextValue as object, variables: { ...variableValues } }).complexity;
  } catch {
    return 0; // what is wrong with the variables is said by the execution, in its own words
  }
}
