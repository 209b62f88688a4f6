'use client';

import type { Interval } from '@candlecast/domain';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import type { CandleChart } from '../charts/candle-chart.ts';
import { decimalsOf } from '../market/format-decimal.ts';
import { ChartView } from './chart-view.tsx';
import { Legend } from './legend.tsx';
import { Overview } from './overview.tsx';
import styles from './pane.module.css';
import { openPaneFeed, type PaneFeed } from './pane-feed.ts';
import { PaneFooter } from './pane-footer.tsx';
import { PaneHeader } from './pane-header.tsx';
import { PaneMessage, UntrackedMessage } from './pane-message.tsx';
import { createPaneView, type PaneViewStore } from './pane-view.ts';
import { useServices } from './services.ts';
import { useCompare } from './use-compare.ts';
import type { MarketRow } from './use-market-data.ts';
import { useMarketRow } from './use-market-row.ts';
import type { PaneChoice } from './workspace-url.ts';

const TableView = lazy(() => import('./table-view.tsx').then(({ TableView }) => ({ default: TableView })));
const ChartParts = lazy(() => import('./chart-parts.tsx').then((part) => ({ default: part.ChartParts })));

interface Props {
  readonly index: number;
  readonly choice: PaneChoice;
  readonly isActive: boolean;
  readonly isOnScreen: boolean;
  readonly rows: readonly MarketRow[];
}

/** One chart with everything around it. */
export function Pane({ index, choice, isActive, isOnScreen, rows }: Props) {
  const { feeds, workspace } = useServices();
  const { symbol, interval } = choice;
  const { row, isMissing } = useMarketRow(symbol, rows);
  const feed = useFeed(row?.instrument.id, interval);
  const [view] = useState(createPaneView);
  const [isTable, setIsTable] = useState(false);

  useEffect(() => {
    if (!feed) return;
    feeds.set(index, feed);
    return () => void feeds.delete(index);
  }, [feeds, feed, index]);

  const seriesState = row?.freshness?.state;
  const stateBefore = useRef(seriesState);
  useEffect(() => {
    if (stateBefore.current === 'BACKFILLING' && seriesState === 'LIVE') feed?.retry();
    stateBefore.current = seriesState;
  }, [feed, seriesState]);

  const activate = () => {
    if (!isActive) workspace.setState({ active: index });
  };
  return (
    <section
      className={styles.pane}
      data-active={isActive}
      data-testid={`pane-${index}`}
      aria-label={`Chart ${index + 1}: ${symbol}, ${interval}`}
      onPointerDownCapture={activate}
      onFocusCapture={activate}
    >
      <PaneHeader index={index} choice={choice} rows={rows} row={row} view={view} isTable={isTable} onTable={setIsTable} />
      {row && feed ? (
        <Charted
          index={index}
          choice={choice}
          feed={feed}
          row={row}
          rows={rows}
          view={view}
          isActive={isActive}
          isOnScreen={isOnScreen}
          isTable={isTable}
        />
      ) : (
        <div className={styles.stage}>{isMissing && <UntrackedMessage symbol={symbol} />}</div>
      )}
    </section>
  );
}

interface ChartedProps extends Props {
  readonly feed: PaneFeed;
  readonly row: MarketRow;
  readonly view: PaneViewStore;
  readonly isTable: boolean;
}

function Charted({ index, choice, feed, row, rows, view, isActive, isOnScreen, isTable }: ChartedProps) {
  const [chart, setChart] = useState<CandleChart>();
  const compare = useCompare(choice, rows);
  const decimals = decimalsOf(row.instrument.tickSize);
  return (
    <>
      <div className={styles.stage}>
        <ChartView
          index={index}
          feed={feed}
          row={row}
          view={view}
          scale={choice.compare ? 'percent' : (choice.scale ?? 'linear')}
          isActive={isActive}
          isOnScreen={isOnScreen}
          chart={chart}
          onChart={setChart}
        />
        <Legend feed={feed} view={view} row={row} decimals={decimals} choice={choice} compare={compare} />
        <PaneMessage feed={feed} row={row} />
        {isTable && (
          <Suspense>
            <TableView feed={feed} view={view} decimals={decimals} name={`${choice.symbol}, ${choice.interval}`} />
          </Suspense>
        )}
      </div>
      {chart && (
        <Suspense>
          <ChartParts
            chart={chart}
            feed={feed}
            choice={choice}
            compare={compare}
            instrumentId={row.instrument.id}
            view={view}
            isActive={isActive}
          />
        </Suspense>
      )}
      {isActive && <Overview index={index} feed={feed} view={view} chart={chart} />}
      <PaneFooter feed={feed} row={row} />
    </>
  );
}

function useFeed(id: string | undefined, interval: Interval): PaneFeed | undefined {
  const { client, connection, frames } = useServices();
  return useMemo(
    () =>
      id
        ? openPaneFeed({ client, frames, instrumentId: id, interval, isConnected: () => connection.getState().state === 'connected' })
        : undefined,
    [client, connection, frames, id, interval],
  );
}
