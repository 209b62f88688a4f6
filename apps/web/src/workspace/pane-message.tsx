'use client';

import { useStore } from 'zustand';
import type { PaneFeed } from './pane-feed.ts';
import styles from './pane-message.module.css';
import type { MarketRow } from './use-market-data.ts';

/** Over a chart: why it is empty, or what failed and the way to try again. Nothing while candles are shown and fine. */
export function PaneMessage({ feed, row }: { readonly feed: PaneFeed; readonly row: MarketRow }) {
  const { phase, failure } = useStore(feed.state);
  const isEmpty = useStore(feed.state, () => feed.candles().length === 0);
  if (phase === 'failed' || failure) {
    return (
      <div className={phase === 'failed' ? styles.message : styles.notice} role="status">
        <span>
          {failure?.code}: {failure?.message}
        </span>
        <button type="button" className={styles.retry} onClick={feed.retry}>
          Try again
        </button>
      </div>
    );
  }
  if (phase === 'loading' || !isEmpty) return null;
  const isFilling = row.freshness?.state === 'BACKFILLING' || row.freshness?.state === 'REQUESTED';
  return (
    <p className={styles.message} role="status">
      {isFilling ? 'History is being fetched. The first candles appear here in a moment.' : 'There are no candles of this pair yet.'}
    </p>
  );
}

/** In place of a chart whose pair is not tracked. */
export function UntrackedMessage({ symbol }: { readonly symbol: string }) {
  return (
    <p className={styles.message} role="status">
      {symbol} is not tracked here. Choose a pair from the watchlist.
    </p>
  );
}
