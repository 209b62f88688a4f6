'use client';

import { useCallback, useState } from 'react';
import { useQuery } from 'urql';
import { MarketsDocument } from '../graphql/documents/markets.ts';
import { pageHref } from '../shell/navigation.ts';
import { TableBox } from '../shell/panel.tsx';
import { QueryProblem } from '../shell/query-problem.tsx';
import { usePolling } from '../shell/use-polling.ts';
import { useWorkspace } from '../workspace/services.ts';
import { MarketRowCells } from './market-row.tsx';
import styles from './market-table.module.css';
import { type MarketColumn, type MarketSort, nextSort, sortMarkets, toMarketLines } from './sort-markets.ts';

const HEADS: Record<MarketColumn, string> = {
  pair: 'Pair',
  last: 'Last',
  change: '24 h',
  high: 'High',
  low: 'Low',
  base: 'Base volume',
  quote: 'Quote volume',
  trades: 'Trades',
};
const POLL_MS = 30_000;

/** Every pair with its last 24 hours, sortable; the newest prices come live. */
export function MarketTable({ sort: first }: { readonly sort: MarketSort }) {
  const [{ data, error }, ask] = useQuery({ query: MarketsDocument, variables: {} });
  const [sort, setSort] = useState(first);
  const refresh = useCallback(() => ask({ requestPolicy: 'network-only' }), [ask]);
  usePolling(refresh, POLL_MS);
  if (!data) return <QueryProblem error={error} onRetry={refresh} rows={12} />;
  const lines = sortMarkets(toMarketLines(data), sort);
  if (lines.length === 0) return <p>No pair is tracked yet.</p>;
  return (
    <TableBox label="Markets, the last 24 hours">
      <table className={styles.table} data-testid="market-table">
        <thead>
          <tr>
            {Object.entries(HEADS).map(([name, label]) => (
              <SortHead key={name} column={name as MarketColumn} label={label} sort={sort} onSort={setSort} />
            ))}
            <th scope="col">24 hours</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <MarketRowCells key={line.instrument.id} line={line} />
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}

interface HeadProps {
  readonly column: MarketColumn;
  readonly label: string;
  readonly sort: MarketSort;
  readonly onSort: (sort: MarketSort) => void;
}

function SortHead({ column, label, sort, onSort }: HeadProps) {
  const theme = useWorkspace((state) => state.theme);
  const next = nextSort(column, sort);
  const isCurrent = sort.column === column;
  const direction = sort.order === 'asc' ? 'ascending' : 'descending';
  const href = pageHref('/markets', theme, { sort: next.column, order: next.order });
  return (
    <th scope="col" aria-sort={isCurrent ? direction : undefined}>
      <a
        className={styles.sort}
        href={href}
        data-testid={`sort-${column}`}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          onSort(next);
          history.replaceState(null, '', href);
        }}
      >
        {label}
        <span aria-hidden="true">{isCurrent ? (sort.order === 'asc' ? ' ▲' : ' ▼') : ''}</span>
      </a>
    </th>
  );
}
