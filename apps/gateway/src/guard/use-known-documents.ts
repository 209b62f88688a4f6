import { createHash } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';
import type { KnownDocuments } from './known-documents.ts';
import type { RequestScope } from './request-scope.ts';
import { toClientError } from './to-client-error.ts';
import { withStatus } from './with-status.ts';

const NOTHING = '{ __typename }';

/** An answer to a known document may be kept by caches that many share; the newest data is a second old at most. */
const LIVE = 'public, max-age=0, s-maxage=1';

/**
 * Holds requests over HTTP to the rule about documents, and lets caches keep what a GET of a known one has answered: an `ETag`, 304 to who has
 * it already, and `Cache-Control`. Yoga's own plugin does not know who asks, and only sees HTTP: the WebSocket door holds to the same rule.
 */
export function useKnownDocuments(documents: KnownDocuments): Plugin<RequestScope> {
  const cacheable = new WeakSet<Request>();
  return {
    onParams({ params, request, setParams, setResult, context }) {
      const { caller, requestId } = context as unknown as RequestScope;
      try {
        const { query, isKnown } = documents.choose(params, caller);
        if (query !== params.query) setParams({ ...params, query });
        if (isKnown && request.method === 'GET') cacheable.add(request);
      } catch (cause) {
        setParams({ ...params, query: NOTHING }); // or Yoga says first that there is no query
        setResult({ errors: [withStatus(toClientError(cause, 'execute', requestId).shown, 400)] });
      }
    },
    onResultProcess({ request, result }) {
      const isWhole = !Array.isArray(result) && 'data' in result && result.data != null && !result.errors;
      if (!isWhole) cacheable.delete(request);
    },
    async onResponse({ request, response, setResponse, fetchAPI }) {
      if (!cacheable.has(request) || response.status !== 200) return;
      const body = await response.text();
      const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
      const headers = new fetchAPI.Headers(response.headers);
      headers.set('etag', etag);
      headers.set('cache-control', LIVE);
      headers.append('vary', 'Accept');
      const isKept = request.headers
        .get('if-none-match')
        ?.split(/,\s*/)
        .some((tag) => tag === etag || tag === `W/${etag}`);
      if (isKept) headers.delete('content-length');
      setResponse(isKept ? new fetchAPI.Response(null, { status: 304, headers }) : new fetchAPI.Response(body, { status: 200, headers }));
    },
  };
}
