import { createHash } from 'node:crypto';
import { type ExecutionArgs, getOperationAST, Kind } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { KnownDocuments } from './known-documents.ts';
import type { RequestScope } from './request-scope.ts';
import { toClientError } from './to-client-error.ts';
import { withStatus } from './with-status.ts';

const NOTHING = '{ __typename }';

/**
 * An answer to a known document may be kept by caches that many share; the newest data is a second old at most, and stands in for a day when nobody
 * answers (`s-maxage` would forbid that: RFC 9111, 5.2.2.10). What its address names exactly may be kept for ever.
 */
const LIVE = 'public, max-age=1, stale-if-error=86400';
const LASTING = 'public, max-age=31536000, s-maxage=31536000, immutable';

/**
 * Holds requests over HTTP to the rule about documents, and lets caches keep what a GET of a known one has answered: an `ETag`, 304 to who has
 * it already, and `Cache-Control`. Kept is only what `shared` root fields answer: the same for everybody. Yoga's own plugin does not know who asks, and only sees HTTP: the WebSocket door holds to the same rule.
 */
export function useKnownDocuments(documents: KnownDocuments, shared: ReadonlySet<string>): Plugin<RequestScope> {
  const cacheable = new WeakMap<Request, { policy: string | undefined }>();
  return {
    onParams({ params, request, setParams, setResult, context }) {
      const { caller, requestId } = context as unknown as RequestScope;
      try {
        const { query, isKnown } = documents.choose(params, caller);
        if (query !== params.query) setParams({ ...params, query });
        if (isKnown && request.method === 'GET') cacheable.set(request, { policy: undefined });
      } catch (cause) {
        setParams({ ...params, query: NOTHING }); // or Yoga says first that there is no query
        setResult({ errors: [withStatus(toClientError(cause, 'execute', requestId).shown, 400)] });
      }
    },
    onExecute({ args }) {
      const { request, keeping } = args.contextValue as unknown as RequestScope & { readonly request?: Request };
      const entry = request && cacheable.get(request);
      if (!entry) return undefined;
      const roots = listRootFields(args);
      if (!roots?.every((name) => shared.has(name))) return undefined;
      return {
        onExecuteDone() {
          entry.policy = keeping?.isLasting(roots.length) ? LASTING : LIVE;
        },
      };
    },
    onResultProcess({ request, result }) {
      const isWhole = !Array.isArray(result) && 'data' in result && result.data != null && !result.errors;
      if (!isWhole) cacheable.delete(request);
    },
    async onResponse({ request, response, setResponse, fetchAPI }) {
      const policy = cacheable.get(request)?.policy;
      if (policy === undefined || response.status !== 200) return;
      const body = await response.text();
      const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
      const headers = new fetchAPI.Headers(response.headers);
      headers.set('etag', etag);
      headers.set('cache-control', policy);
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

/** Returns the names of the root fields; undefined where they do not all stand in the operation itself. */
function listRootFields({ document, operationName }: ExecutionArgs): string[] | undefined {
  const { selections = [] } = getOperationAST(document, operationName)?.selectionSet ?? {};
  const names = selections.flatMap((selection) => (selection.kind === Kind.FIELD ? [selection.name.value] : []));
  return names.length === selections.length ? names.filter((name) => name !== '__typename') : undefined;
}
