'use client';

import { useCallback } from 'react';
import { useQuery } from 'urql';
import { FreshnessDocument, type FreshnessRow } from '../graphql/documents/status.ts';
import { formatAge, isStale } from '../market/duration-text.ts';
import { formatMoment } from '../markets/format-figures.ts';
import { pageHref } from '../shell/navigation.ts';
import { TableBox } from '../shell/panel.tsx';
import { QueryProblem } from '../shell/query-problem.tsx';
import { usePolling } from '../shell/use-polling.ts';
import { useWorkspace } from '../workspace/services.ts';
import styles from './status.module.css';

const POLL_MS = 5_000;
/** Something of a live pair comes at least once a minute: a candle closes. */
const CADENCE_MS = 60_000;

/** How fresh every pair is; asked for again while the page is open. */
export function FreshnessTable() {
  const theme = useWorkspace((state) => state.theme);
  const [{ data, error }, ask] = useQuery({ query: FreshnessDocument, variables: {} });
  const refresh = useCallback(() => ask({ requestPolicy: 'network-only' }), [ask]);
  usePolling(refresh, POLL_MS);
  if (!data) return <QueryProblem error={error} onRetry={refresh} rows={12} />;
  if (data.freshness.length === 0) return <p>No pair is tracked yet.</p>;
  return (
    <TableBox label="Freshness">
      <table data-testid="freshness">
        <thead>
          <tr>
            <th scope="col">Pair</th>
            <th scope="col" data-kind="text">
              State
            </th>
            <th scope="col">Age of the newest data</th>
            <th scope="col">Ingest lag</th>
            <th scope="col">Complete up to</th>
            <th scope="col">Gaps under repair</th>
          </tr>
        </thead>
        <tbody>
          {data.freshness.map((row) => (
            <Row key={row.symbol} row={row} href={pageHref('/status#gaps', theme, { symbol: row.symbol.split(':').at(-1) })} />
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}

function Row({ row, href }: { readonly row: FreshnessRow; readonly href: string }) {
  const isOld = row.state === 'LIVE' && row.feedState !== 'ENDED' && row.stalenessMs !== null && isStale(row.stalenessMs, CADENCE_MS);
  return (
    <tr data-testid={`fresh-${row.symbol.split(':').at(-1)}`}>
      <th scope="row">{row.symbol}</th>
      <td data-kind="text" className={styles.state} data-state={isOld ? 'STALE' : (row.state ?? undefined)}>
        {isOld ? 'stale' : (row.state?.toLowerCase() ?? '–')}
      </td>
      <td>{row.stalenessMs === null ? '–' : formatAge(row.stalenessMs)}</td>
      <td>{row.ingestLagMs === null ? '–' : `${Math.round(row.ingestLagMs)} ms`}</td>
      <td>{formatMoment(row.watermark)}</td>
      <td>
        <a href={href}>
          {row.openGaps}
          <span className="visuallyHidden"> gaps of {row.symbol} under repair: its ledger</span>
        </a>
      </td>
    </tr>
  );
}
