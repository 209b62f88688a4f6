import type { Logger } from '@candlecast/telemetry';
import type { ExecutionResult, GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { isClientError, type RequestPhase, toClientError } from './to-client-error.ts';

/** What every context holds from the first phase on. */
interface RequestScope {
  readonly requestId: string;
}

/**
 * Turns every error of every phase into what a client may see, on every transport that runs through the enveloped pipeline, and logs the
 * causes that are ours under the request's id.
 */
export function useClientErrors(logger: Logger): Plugin<RequestScope> {
  function show(error: unknown, phase: RequestPhase, requestId: string): GraphQLError {
    const { shown, isOurs } = toClientError(error, phase, requestId);
    if (isOurs) logger.error({ err: error, requestId }, 'a request failed');
    return shown;
  }

  function showAll(result: ExecutionResult, requestId: string): ExecutionResult {
    return { ...result, errors: result.errors?.map((error) => (isClientError(error) ? error : show(error, 'execute', requestId))) };
  }

  return {
    onParse:
      ({ context }) =>
      ({ result, replaceParseResult }) => {
        if (result instanceof Error) replaceParseResult(show(result, 'parse', context.requestId));
      },
    onValidate:
      ({ context }) =>
      ({ valid, result, setResult }) => {
        if (!valid) setResult(result.map((error) => show(error, 'validate', context.requestId)));
      },
    onExecute: ({ args }) => ({
      onExecuteDone({ result, setResult }) {
        if (!isAsyncIterable(result) && result.errors) setResult(showAll(result, args.contextValue.requestId));
      },
    }),
    onSubscribe: ({ args }) => ({
      onSubscribeResult({ result, setResult }) {
        const { requestId } = args.contextValue;
        if (!isAsyncIterable(result)) return void (result.errors && setResult(showAll(result, requestId)));
        return { onNext: (event) => void (event.result.errors && event.setResult(showAll(event.result, requestId))) };
      },
      onSubscribeError({ error, setError }) {
        setError(isClientError(error) ? error : show(error, 'execute', args.contextValue.requestId));
      },
    }),
  };
}
