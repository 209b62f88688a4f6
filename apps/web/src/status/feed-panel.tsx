'use client';

import { useQuery, useSubscription } from 'urql';
import { FeedReportDocument, FreshnessDocument } from '../graphql/documents/status.ts';
import { formatMoment } from '../markets/format-figures.ts';
import facts from '../shell/facts.module.css';
import { QueryProblem } from '../shell/query-problem.tsx';
import styles from './status.module.css';

const MEANINGS = {
  CONNECTING: 'The feed is being connected.',
  LIVE: 'The feed runs.',
  RECONNECTING: 'The connection broke and is being made again. What is missed meanwhile is fetched afterwards.',
  STALE: 'The connection is there, but nothing has come for a while.',
  BACKFILLING: 'What was missed is being fetched.',
  ENDED: 'The recording has come to its end.',
} as const;

const SOURCES = {
  BINANCE: 'Binance, the exchange itself',
  SIM: 'a simulated market: these prices are made up, no exchange is connected',
  REPLAY: 'a replayed market: these prices were recorded in the past',
} as const;

/** The feed of the running venue: as the server found it, then each change as it comes. */
export function FeedPanel() {
  const [{ data, error }, ask] = useQuery({ query: FreshnessDocument, variables: {} });
  const [{ data: live }] = useSubscription({ query: FeedReportDocument });
  if (!data) return <QueryProblem error={error} onRetry={() => ask({ requestPolicy: 'network-only' })} rows={3} />;
  const first = data.freshness[0];
  const report = live?.feedStatus;
  const state = report?.state ?? first?.feedState;
  const venue = report?.venue ?? first?.venue;
  const open = data.freshness.reduce((sum, { openGaps }) => sum + openGaps, 0);
  return (
    <dl className={facts.facts} data-testid="feed">
      <dt>Source</dt>
      <dd>{venue ? SOURCES[venue] : '–'}</dd>
      <dt>Feed</dt>
      <dd>
        <span className={styles.state} data-state={state ?? undefined}>
          {state?.toLowerCase() ?? 'not reported yet'}
        </span>
        {state && ` · ${MEANINGS[state]}`}
      </dd>
      <dt>Since</dt>
      <dd>{formatMoment(report?.since)}</dd>
      <dt>Detail</dt>
      <dd>{report?.detail ?? '–'}</dd>
      <dt>Pairs</dt>
      <dd>
        {data.freshness.filter((row) => row.state === 'LIVE').length} of {data.freshness.length} live
      </dd>
      <dt>Gaps under repair</dt>
      <dd>{open}</dd>
    </dl>
  );
}
