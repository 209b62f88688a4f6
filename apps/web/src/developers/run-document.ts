import { type AnyVariables, type Client, createRequest, type OperationResult } from '@urql/core';
import { Kind, OperationTypeNode } from 'graphql';
import { type Failure, toFailure } from '../graphql/failure.ts';
import { hashOf } from '../graphql/persisted.ts';

/** What the box sends: text as somebody typed it. */
export interface Draft {
  readonly text: string;
  /** JSON. */
  readonly variables: string;
  /** An API key; empty: as a visitor of this page. */
  readonly key: string;
}

/** A document that can be sent. */
export interface ReadyDraft {
  readonly kind: OperationTypeNode;
  readonly request: ReturnType<typeof createRequest<unknown, AnyVariables>>;
}

/** An answer as it came, without what this page's cache adds to it; or why there is none. */
export type Shown = { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly failure: Failure };

const MOST_LETTERS = 20_000;

/** Reads what was typed. Returns a failure that says what is wrong with it. */
export function readDraft({
  text,
  variables,
}: Draft): { readonly ok: true; readonly draft: ReadyDraft } | { readonly ok: false; readonly failure: Failure } {
  if (text.length > MOST_LETTERS) return refuse(`the document has ${text.length} letters, ${MOST_LETTERS} are allowed`);
  let values: unknown;
  try {
    values = JSON.parse(variables.trim() || '{}');
  } catch (cause) {
    return refuse(`the variables are no JSON: ${cause instanceof Error ? cause.message : cause}`);
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return refuse('the variables are no JSON object');
  try {
    const request = createRequest<unknown, AnyVariables>(text, values as AnyVariables);
    const operations = request.query.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    const [operation] = operations;
    if (!operation || operations.length > 1) return refuse(`the document has ${operations.length} operations, one is needed`);
    if (hashOf(request.query) !== '') return refuse(`"${operation.name?.value}" is the name of a query of these pages: choose another`);
    return { ok: true, draft: { kind: operation.operation, request } };
  } catch (cause) {
    return refuse(cause instanceof Error ? cause.message : `${cause}`);
  }
}

/** Sends a draft. `onShown` gets the answer, or each event of a stream. Returns how to stop: nothing is shown after that. */
export function sendDraft(client: Client, { kind, request }: ReadyDraft, key: string, onShown: (shown: Shown) => void): () => void {
  if (kind === OperationTypeNode.SUBSCRIPTION) {
    const { unsubscribe } = client.executeSubscription(request).subscribe((result) => onShown(toShown(result, (data) => data)));
    return unsubscribe;
  }
  let isStopped = false;
  const context = { requestPolicy: 'network-only' as const, ...withKey(key) };
  const running = kind === OperationTypeNode.MUTATION ? client.executeMutation(request, context) : client.executeQuery(request, context);
  void running.toPromise().then((result) => isStopped || onShown(toShown(result, withoutTypenames)));
  return () => {
    isStopped = true;
  };
}

/** Returns the part of a request's context that sends it under a key instead of as a visitor. */
export function withKey(key: string): { readonly fetchOptions?: { readonly headers: Readonly<Record<string, string>> } } {
  return key === '' ? {} : { fetchOptions: { headers: { authorization: `Bearer ${key}` } } };
}

/** Returns the answer without the names of types that the cache asks for. */
export function withoutTypenames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTypenames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (name === '__typename' ? [] : [[name, withoutTypenames(inner)]])),
  );
}

function toShown({ data, error }: OperationResult<unknown, AnyVariables>, clean: (data: unknown) => unknown): Shown {
  return error ? { ok: false, failure: toFailure(error) } : { ok: true, data: clean(data) };
}

function refuse(message: string): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure: { code: 'BAD_USER_INPUT', message } };
}
