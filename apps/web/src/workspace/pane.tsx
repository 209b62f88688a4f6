'use client';

import type { Interval } from '@candlecast/domain';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CandleChart } from '../charts/candle-chart.ts';
import { decimalsOf } from '../market/format-decimal.ts';
import { ChartView } from './chart-view.tsx';
import { Legend } from './legend.tsx';
import overview from './overview.module.css';
import styles from './pane.module.css';
import { openPaneFeed, type PaneFeed } from './pane-feed.ts';
import { PaneFooter } from './pane-footer.tsx';
import { PaneHeader } from './pane-header.tsx';
import './pane-message.module.css';
import { createPaneView, type PaneViewStore } from './pane-view.ts';
import { isSeen, useServices } from './services.ts';
import { useCompare } from './use-compare.ts';
import type { MarketRow } from './use-market-data.ts';
import { useMarketRow } from './use-market-row.ts';
import type { PaneChoice } from './workspace-url.ts';

const TableView = lazy(() => import('./table-view.tsx').then(({ TableView }) => ({ default: TableView })));
// Rendered by the server, too: their styles come with the page.
const Overview = lazy(() => import('./overview.tsx').then((part) => ({ default: part.Overview })));
const PaneMessage = lazy(() => import('./pane-message.tsx').then((part) => ({ default: part.PaneMessage })));
const UntrackedMessage = lazy(() => import('./pane-message.tsx').then((part) => ({ default: part.UntrackedMessage })));
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
        <div className={styles.stage}>
          <Suspense>{isMissing && <UntrackedMessage symbol={symbol} />}</Suspense>
        </div>
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
  const [drawn, setDrawn] = useState<CandleChart>();
  const onDrawn = useCallback(() => setDrawn(chart), [chart]);
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
          hasDrawn={chart !== undefined && drawn === chart}
          onChart={setChart}
        />
        <Legend feed={feed} view={view} row={row} decimals={decimals} choice={choice} compare={compare} />
        <Suspense>
          <PaneMessage feed={feed} row={row} />
        </Suspense>
        {isTable && (
          <Suspense>
            <TableView feed={feed} view={view} decimals={decimals} name={`${choice.symbol}, ${choice.interval}`} />
          </Suspense>
        )}
      </div>
      {chart && (
        <Suspense>
          <ChartParts
            index={index}
            chart={chart}
            feed={feed}
            choice={choice}
            compare={compare}
            instrumentId={row.instrument.id}
            view={view}
            decimals={decimals}
            isActive={isActive}
            onDrawn={onDrawn}
          />
        </Suspense>
      )}
      {isActive && (
        <Suspense fallback={<div className={overview.strip} />}>
          <Overview index={index} feed={feed} view={view} chart={chart} />
        </Suspense>
      )}
      <PaneFooter feed={feed} row={row} />
    </>
  );
}

function useFeed(id: string | undefined, interval: Interval): PaneFeed | undefined {
  const { client, connection, frames } = useServices();
  return useMemo(
    () =>
      id
        ? openPaneFeed({
            ...{ client, frames, instrumentId: id, interval, isSeen },
            isConnected: () => connection.getState().state === 'connected',
          })
        : undefined,
    [client, connection, frames, id, interval],
  );
}
