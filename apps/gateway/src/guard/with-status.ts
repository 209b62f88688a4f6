import type { GraphQLError } from 'graphql';

/** Gives an error the status and the headers that a transport over HTTP answers with. Clients do not see them in the error. */
export function withStatus(error: GraphQLError, status: number, headers: Readonly<Record<string, string>> = {}): GraphQLError {
  Object.defineProperty(error.extensions, 'http', { value: { status, headers }, enumerable: false, writable: true });
  return error;
}
