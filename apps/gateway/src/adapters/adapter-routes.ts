import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@candlecast/telemetry';
import type { QuotaState } from '../guard/quotas.ts';
import { isClientError, toClientError } from '../guard/to-client-error.ts';
import { POINTS_AN_OPERATION, toHeaders } from '../guard/toll.ts';
import { type Adapter, sendJson } from './adapter.ts';
import type { Admit } from './admission.ts';
import { statusOfCode } from './status-of-code.ts';

/** The addresses beside GraphQL. */
export interface AdapterRoutes {
  /** Answers a request to one of them; false when it is to none. */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
  /** Breaks off files that are being sent: the process is going away. */
  drain(): void;
}

/** What all of them share. */
export interface AdapterRoutesOptions {
  readonly admit: Admit;
  /** Web origins that browsers may read from. */
  readonly origins: readonly string[];
  readonly logger: Logger;
}

/** Web pages may read what is sent for as long as their origin is listed. */
const EXPOSED_HEADERS =
  'x-request-id, x-candlecast-certificate, content-disposition, retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset';

/**
 * Returns the routes of `adapters`: GET and HEAD only, the keys and quotas of GraphQL, browsers of the listed `origins`, every failure as a
 * code with a request id.
 */
export function createAdapterRoutes(adapters: readonly Adapter[], options: AdapterRoutesOptions): AdapterRoutes {
  const { admit, origins, logger } = options;
  const answering = new Set<ServerResponse>();
  const byPath = new Map(adapters.map((adapter) => [adapter.path, adapter]));

  async function run(adapter: Adapter, request: IncomingMessage, response: ServerResponse, query: string): Promise<void> {
    const requestId = randomUUID();
    response.setHeader('x-request-id', requestId);
    const gone = new AbortController();
    answering.add(response);
    response.once('close', () => {
      answering.delete(response);
      gone.abort();
    });
    const tell = (state: QuotaState) => {
      for (const [name, value] of Object.entries(toHeaders(state))) response.setHeader(name, value);
    };
    try {
      const admission = await admit(request, requestId);
      tell(await admission.pay(POINTS_AN_OPERATION));
      const pay = async (points: number) => tell(await admission.pay(points));
      await adapter.answer({ request, response, parameters: new URLSearchParams(query), pay, signal: gone.signal });
    } catch (cause) {
      if (gone.signal.aborted) return; // nobody is there to be told
      const { shown, isOurs } = isClientError(cause) ? { shown: cause, isOurs: false } : toClientError(cause, 'execute', requestId);
      if (isOurs) logger.error({ err: cause, requestId, path: adapter.path }, 'a request failed');
      // A file that breaks off must not look like a whole one: the connection ends before the last chunk.
      if (response.headersSent || response.destroyed) return void response.destroy();
      const { code, retryable, retryAfterMs } = shown.extensions;
      if (typeof retryAfterMs === 'number') response.setHeader('retry-after', Math.ceil(retryAfterMs / 1_000));
      sendJson(response, statusOfCode(code, retryable === true), adapter.toErrorBody(shown));
    }
  }

  return {
    answer(request, response) {
      const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
      const adapter = byPath.get(path);
      if (!adapter) return false;
      allowOrigin(request, response, origins);
      if (request.method === 'OPTIONS') {
        response.writeHead(204, { 'access-control-allow-methods': 'GET, HEAD', 'access-control-allow-headers': 'authorization' }).end();
        return true;
      }
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('allow', 'GET, HEAD, OPTIONS');
        sendJson(response, 405, { error: `${request.method} is not allowed here, only GET and HEAD` });
        return true;
      }
      void run(adapter, request, response, query);
      return true;
    },
    drain() {
      for (const response of answering) if (response.headersSent) response.destroy();
    },
  };
}

function allowOrigin(request: IncomingMessage, response: ServerResponse, origins: readonly string[]): void {
  response.setHeader('vary', 'Origin');
  const { origin } = request.headers;
  if (origin === undefined || !origins.includes(origin)) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', EXPOSED_HEADERS);
}
