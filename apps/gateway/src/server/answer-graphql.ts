import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { Guard } from '../guard/guard.ts';
import { createKeeping } from '../guard/keeping.ts';
import { POINTS_AN_OPERATION, toHeaders } from '../guard/toll.ts';
import { readCredentials } from '../keys/read-credentials.ts';
import type { GraphqlEndpoint } from './graphql-endpoint.ts';
import type { GatewayMetrics } from './metrics.ts';

/** What answers are made of. */
export interface GraphqlAnswering {
  readonly endpoint: GraphqlEndpoint;
  readonly guard: Guard;
  readonly metrics: GatewayMetrics;
  /** Web origins that browsers may read from. */
  readonly origins: readonly string[];
}

interface HttpHint {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a request over HTTP or server-sent events: lets it in, and hands it to the pipeline. */
export async function answerGraphql(answering: GraphqlAnswering, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { endpoint, guard, metrics, origins } = answering;
  const gone = new AbortController();
  const done = metrics.requestSeconds.startTimer();
  response.once('close', () => {
    gone.abort();
    done();
  });
  const requestId = randomUUID();
  response.setHeader('x-request-id', requestId);
  const refuse = (error: GraphQLError) => sendRefusal(request, response, error, origins);

  const arrival = await guard.reception.receive(readCredentials(request, guard.trustedProxies), 'request', requestId);
  if ('refusal' in arrival) return refuse(arrival.refusal);
  const { caller } = arrival;
  // A browser's question whether it may ask is free.
  if (request.method !== 'OPTIONS') {
    const { state, refusal } = await guard.reception.pay(caller, POINTS_AN_OPERATION, requestId);
    if (refusal) return refuse(refusal);
    for (const [name, value] of Object.entries(toHeaders(state))) response.setHeader(name, value);
  }
  if (gone.signal.aborted) return;
  const connection = {
    signal: gone.signal,
    // Over server-sent events the stream itself ends with the error; a reader that never takes it meets the idle limit.
    cutSlowReader: () => metrics.slowReaders.inc({ transport: 'sse' }),
  };
  await endpoint(request, response, {
    requestId,
    caller,
    connection,
    keeping: createKeeping(),
    tellQuota(state) {
      if (response.headersSent) return;
      for (const [name, value] of Object.entries(toHeaders(state))) response.setHeader(name, value);
    },
  });
}

/** A page of ours may read why it was refused, as it may read answers. */
function sendRefusal(request: IncomingMessage, response: ServerResponse, error: GraphQLError, origins: readonly string[]): void {
  const { status = 500, headers = {} } = (error.extensions.http ?? {}) as HttpHint;
  const { origin } = request.headers;
  const cors = origin !== undefined && origins.includes(origin) ? { 'access-control-allow-origin': origin, vary: 'Origin' } : {};
  response.writeHead(status, { 'content-type': 'application/json', ...headers, ...cors }).end(JSON.stringify({ errors: [error.toJSON()] }));
}
