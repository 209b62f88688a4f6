import { mintSocketParams } from '../../server/visitor.ts';

export const dynamic = 'force-dynamic';

/** What the page shows when it opens a socket at the gateway. JSON from our own pages only: another site's page can neither send nor read it. */
export function POST(request: Request): Response {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') return new Response(null, { status: 403 });
  if (!request.headers.get('content-type')?.startsWith('application/json')) return new Response(null, { status: 415 });
  const { params, newCookie } = mintSocketParams(request);
  return Response.json(params, {
    headers: { 'cache-control': 'no-store', ...(newCookie === undefined ? {} : { 'set-cookie': newCookie }) },
  });
}
