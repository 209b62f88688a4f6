'use client';

import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import type { PaneFeed } from './pane-feed.ts';
import styles from './pane-message.module.css';
import { useServices } from './services.ts';
import type { MarketRow } from './use-market-data.ts';

const BackfillBar = lazy(() => import('./backfill-bar.tsx').then((part) => ({ default: part.BackfillBar })));

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
  const state = row.freshness?.state;
  if (state === undefined || state === null || state === 'BACKFILLING' || state === 'REQUESTED') {
    return (
      <div className={styles.message}>
        <p role="status">History is being fetched. The first candles appear here in a moment.</p>
        <Suspense>
          <BackfillBar instrumentId={row.instrument.id} onDone={feed.retry} />
        </Suspense>
      </div>
    );
  }
  return (
    <p className={styles.message} role="status">
      {WHY_EMPTY[state]}
    </p>
  );
}

const WHY_EMPTY = {
  LIVE: 'There are no candles of this pair yet: it has not been traded since it is followed.',
  PAUSED: 'This pair is paused, and nothing of it is stored.',
  DELISTED: 'This pair is delisted, and nothing of it is stored.',
  FAILED: 'The history of this pair could not be fetched.',
} as const;

/** In place of a chart whose pair is not tracked. */
export function UntrackedMessage({ symbol }: { readonly symbol: string }) {
  const { workspace } = useServices();
  return (
    <div className={styles.message}>
      <p role="status">{symbol} is not tracked here. Choose a pair from the watchlist.</p>
      <button
        type="button"
        className={styles.retry}
        onClick={() => workspace.setState({ dialog: { kind: 'search', text: symbol, purpose: 'show' } })}
      >
        Track it or search another
      </button>
    </div>
  );
}
