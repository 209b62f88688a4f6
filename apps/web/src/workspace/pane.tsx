'use client';

import type { Interval } from '@candlecast/domain';
import { useEffect, useMemo, useRef, useState } from 'react';
import { createStore } from 'zustand/vanilla';
import type { ChartCandle } from '../market/chart-candle.ts';
import { decimalsOf } from '../market/format-decimal.ts';
import { ChartView } from './chart-view.tsx';
import { Legend } from './legend.tsx';
import styles from './pane.module.css';
import { openPaneFeed } from './pane-feed.ts';
import { PaneFooter } from './pane-footer.tsx';
import { PaneHeader } from './pane-header.tsx';
import { PaneMessage, UntrackedMessage } from './pane-message.tsx';
import { useServices } from './services.ts';
import type { MarketRow } from './use-market-data.ts';

interface Props {
  readonly index: number;
  readonly symbol: string;
  readonly interval: Interval;
  readonly isActive: boolean;
  readonly isOnScreen: boolean;
  readonly rows: readonly MarketRow[];
}

/** One chart with everything around it. */
export function Pane({ index, symbol, interval, isActive, isOnScreen, rows }: Props) {
  const { client, connection, frames, feeds, workspace } = useServices();
  const row = rows.find(({ instrument }) => instrument.symbol === symbol);
  const id = row?.instrument.id;
  const feed = useMemo(
    () =>
      id
        ? openPaneFeed({ client, frames, instrumentId: id, interval, isConnected: () => connection.getState().state === 'connected' })
        : undefined,
    [client, connection, frames, id, interval],
  );
  const [hover] = useState(() => createStore<{ candle: ChartCandle | undefined }>(() => ({ candle: undefined })));

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
      <PaneHeader index={index} symbol={symbol} interval={interval} rows={rows} />
      <div className={styles.stage}>
        {row && feed ? (
          <>
            <ChartView feed={feed} row={row} hover={hover} isOnScreen={isOnScreen} />
            <Legend feed={feed} hover={hover} row={row} decimals={decimalsOf(row.instrument.tickSize)} />
            <PaneMessage feed={feed} row={row} />
          </>
        ) : (
          <UntrackedMessage symbol={symbol} />
        )}
      </div>
      {row && feed && <PaneFooter feed={feed} row={row} />}
    </section>
  );
}
