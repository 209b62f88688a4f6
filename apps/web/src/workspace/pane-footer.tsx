'use client';

import { closeTimeOf, intervalMs } from '@candlecast/domain';
import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { toInstant } from '../market/chart-candle.ts';
import { formatAge, formatCountdown } from '../market/duration-text.ts';
import type { PaneFeed } from './pane-feed.ts';
import styles from './pane-footer.module.css';
import { useMarket } from './services.ts';
import type { MarketRow } from './use-market-data.ts';
import { useOverdueCandle } from './use-overdue.ts';

const FanLegend = lazy(() => import('./fan-legend.tsx').then((part) => ({ default: part.FanLegend })));

/** Under a chart: whose forecast is drawn and what its parts mean; how long the candle has; how old the data is. */
export function PaneFooter({ feed, row }: { readonly feed: PaneFeed; readonly row: MarketRow }) {
  return (
    <footer className={styles.footer}>
      <Suspense fallback={<span className={styles.fanLegend} />}>
        <FanLegend feed={feed} symbol={row.instrument.id} />
      </Suspense>
      <Timing feed={feed} row={row} />
    </footer>
  );
}

function Timing({ feed, row }: { readonly feed: PaneFeed; readonly row: MarketRow }) {
  const newest = useStore(feed.state, (state) => state.newest);
  const openTime = newest ? toInstant(newest.openTime) : feed.candles().at(-1)?.openTime;
  const venueNow = useMarket((market) => market.venueNow);
  const hasEnded = useMarket(({ feedState }) => feedState === 'ENDED');
  const overdueMs = useOverdueCandle(feed, row);
  if (openTime === undefined || venueNow === undefined) return null;
  if (overdueMs !== undefined) {
    return (
      <span className={styles.overdue} title="Age of the newest price" data-testid="data-age">
        {formatAge(overdueMs)} old
      </span>
    );
  }
  const leftMs = Math.min(closeTimeOf(openTime, feed.interval) - venueNow, intervalMs(feed.interval));
  return (
    <span title={`Time left in this ${feed.interval} candle`} data-testid="countdown">
      {hasEnded ? 'Recording ended' : `Closes in ${formatCountdown(leftMs)}`}
    </span>
  );
}
