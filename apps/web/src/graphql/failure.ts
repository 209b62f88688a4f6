import type { CombinedError } from '@urql/core';

/** What a person is told about a failed request: a code to quote, and a safe sentence. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** Returns the code and sentence of what a request threw. */
export function toFailure(error: unknown): Failure {
  const { graphQLErrors, networkError } = (error ?? {}) as Partial<CombinedError>;
  const first = graphQLErrors?.[0];
  if (first) return { code: `${first.extensions?.code ?? 'INTERNAL_SERVER_ERROR'}`, message: first.message };
  if (networkError) return { code: codeOf(networkError), message: 'the gateway does not answer' };
  return { code: 'CLIENT_ERROR', message: error instanceof Error ? error.message : 'something went wrong' };
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'NETWORK_ERROR';
}
