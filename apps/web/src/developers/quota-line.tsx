'use client';

import { useCallback } from 'react';
import { useQuery } from 'urql';
import { RateLimitDocument } from '../graphql/documents/developers.ts';
import { formatCount } from '../markets/format-figures.ts';
import { QueryProblem } from '../shell/query-problem.tsx';
import { usePolling } from '../shell/use-polling.ts';

const POLL_MS = 20_000;

/** What is left of this visitor's own quota. */
export function QuotaLine() {
  const [{ data, error }, ask] = useQuery({ query: RateLimitDocument, variables: {}, requestPolicy: 'network-only' });
  const refresh = useCallback(() => ask({ requestPolicy: 'network-only' }), [ask]);
  usePolling(refresh, POLL_MS);
  if (!data) return <QueryProblem error={error} onRetry={refresh} rows={1} />;
  const { limit, remaining } = data.rateLimit;
  return (
    <p data-testid="quota">
      As a visitor of this page you have {formatCount(remaining)} of {formatCount(limit)} points left in this minute. A key has a quota of
      its own.
    </p>
  );
}
