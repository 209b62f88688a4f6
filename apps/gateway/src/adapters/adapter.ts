import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ClientError } from '../guard/to-client-error.ts';

/** A request to an adapter, its method and path already matched. */
export interface AdapterCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly parameters: URLSearchParams;
  /** Takes points from the caller's quota, besides the one for asking; rejects with the refusal when they are not there. */
  pay(points: number): Promise<void>;
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal;
}

/** A read-only address beside GraphQL: another protocol over the same market functions, limits and errors. */
export interface Adapter {
  readonly path: string;
  /** Answers, or throws before it has sent anything: then the failure is shown in the shape of the protocol. */
  answer(call: AdapterCall): Promise<void>;
  /** Returns the body that tells a failure in the words of the protocol. */
  toErrorBody(error: ClientError['shown']): unknown;
}

/** Sends JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  sendText(response, status, 'application/json; charset=utf-8', JSON.stringify(body));
}

/** Sends a whole text. */
export function sendText(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type }).end(text);
}

/** Returns a failure in the shape that GraphQL answers have. */
export function toGraphqlErrorBody({ message, extensions }: ClientError['shown']): unknown {
  return { errors: [{ message, extensions }] };
}
