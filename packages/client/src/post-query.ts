import { CandlecastError, type GraphqlErrorShape, toCandlecastError } from './errors.ts';
import { type TypedDocument, toRequestText } from './typed-document.ts';

/** What a query needs besides its document. */
export interface QueryOptions {
  readonly url: string;
  readonly fetch: typeof globalThis.fetch;
  headers(): Readonly<Record<string, string>>;
}

/** Posts a query and returns its data. Throws a CandlecastError: the gateway's code, or NETWORK_ERROR. */
export async function postQuery<Result, Variables>(
  options: QueryOptions,
  document: TypedDocument<Result, Variables>,
  variables: Variables,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const { query, operationName } = toRequestText(document);
  const answer = await send(options, JSON.stringify({ query, operationName, variables }), signal);
  if (answer.errors && answer.errors.length > 0) throw toCandlecastError(answer.errors);
  return answer.data as Result; // the gateway validated the document that gave the type
}

async function send(
  { url, fetch, headers }: QueryOptions,
  body: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly data?: unknown; readonly errors?: readonly GraphqlErrorShape[] }> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers(), 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json;q=0.9' },
      body,
      signal: signal ?? null,
    });
    return (await response.json()) as { data?: unknown; errors?: GraphqlErrorShape[] };
  } catch (cause) {
    signal?.throwIfAborted();
    throw new CandlecastError('NETWORK_ERROR', `no answer from ${url}`, { retryable: true, cause });
  }
}
