import { readWebSettings } from '../../server/config.ts';
import { fetchKept } from '../../server/edge-cache.ts';
import { gatewayUrl } from '../../server/gateway-address.ts';
import { readVisitor } from '../../server/visitor.ts';

const TIMEOUT_MS = 15_000;
const MAX_BODY_CHARS = 65_536;
const BEARER = /^Bearer [\x21-\x7e]{1,200}$/;
const KEPT = ['content-type', 'cache-control', 'etag', 'age', 'vary', 'retry-after'];
const PASSED_ON = ['content-type', 'retry-after', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'];

/**
 * The browser's GraphQL endpoint for queries that are the same for everybody: by GET, named by their hash, from this server's cache where that has them.
 * Caches before this server may keep the answers as they may keep the gateway's; so nothing here is of one visitor.
 */
export async function GET(request: Request): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const asked = ['operationName', 'variables', 'extensions'].flatMap((name) => {
    const value = searchParams.get(name);
    return value === null ? [] : [[name, value] as [string, string]];
  });
  try {
    const url = `${gatewayUrl(readWebSettings(), '/graphql')}?${new URLSearchParams(asked)}`;
    const { response } = await fetchKept(url, readVisitor(request).headers, request.signal);
    const headers = copyHeaders(response.headers, KEPT);
    const etag = response.headers.get('etag');
    if (etag !== null && request.headers.get('if-none-match') === etag) {
      await response.body?.cancel();
      return new Response(null, { status: 304, headers });
    }
    return new Response(response.body, { status: response.status, headers });
  } catch (error) {
    return unanswered(request, error);
  }
}

/**
 * The browser's GraphQL endpoint: hands a query on to the gateway, as the visitor's, or under the API key that the request brings. JSON only, so that no
 * other site's form can send one.
 */
export async function POST(request: Request): Promise<Response> {
  if (!request.headers.get('content-type')?.startsWith('application/json')) return refusal(415, 'BAD_USER_INPUT', 'the body must be JSON');
  const body = await request.text();
  if (body.length > MAX_BODY_CHARS) return refusal(413, 'BAD_USER_INPUT', `the body has more than ${MAX_BODY_CHARS} characters`);
  try {
    const key = request.headers.get('authorization');
    if (key !== null && !BEARER.test(key)) return refusal(400, 'BAD_USER_INPUT', 'the Authorization header is no "Bearer" with a key');
    const { headers: ofVisitor, newCookie } =
      key === null ? readVisitor(request) : { headers: { authorization: key }, newCookie: undefined };
    const answer = await fetch(gatewayUrl(readWebSettings(), '/graphql'), {
      method: 'POST',
      headers: { ...ofVisitor, 'content-type': 'application/json', accept: request.headers.get('accept') ?? 'application/json' },
      body,
      cache: 'no-store',
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    const headers = copyHeaders(answer.headers, PASSED_ON);
    if (newCookie !== undefined) headers.push(['set-cookie', newCookie]);
    return new Response(answer.body, { status: answer.status, headers });
  } catch (error) {
    return unanswered(request, error);
  }
}

function copyHeaders(from: Headers, names: readonly string[]): [string, string][] {
  return names.flatMap((name) => {
    const value = from.get(name);
    return value === null ? [] : [[name, value] as [string, string]];
  });
}

function unanswered(request: Request, error: unknown): Response {
  const isTimeout = error instanceof DOMException && error.name === 'TimeoutError';
  if (!request.signal.aborted) console.error('the gateway does not answer:', error);
  return refusal(isTimeout ? 504 : 502, isTimeout ? 'TIMEOUT' : 'INTERNAL_SERVER_ERROR', 'the gateway does not answer');
}

function refusal(status: number, code: string, message: string): Response {
  return Response.json({ errors: [{ message, extensions: { code, retryable: status >= 500 } }] }, { status });
}
