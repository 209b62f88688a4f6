'use client';

import type { FeedState as State } from '@candlecast/domain';
import { formatAge, isStale } from '../market/duration-text.ts';
import { useMarket } from '../workspace/services.ts';
import styles from './top-bar.module.css';

const LABELS: Record<State, string> = {
  CONNECTING: 'Feed connecting',
  LIVE: 'Live',
  RECONNECTING: 'Feed reconnecting',
  STALE: 'Feed stale',
  BACKFILLING: 'Catching up',
  ENDED: 'Recording ended',
};

/** Prices of a tracked pair arrive at least once a minute: a candle closes. */
const CADENCE_MS = 60_000;

/** Says how the exchange's feed is and how old the newest price of any pair is. */
export function FeedState() {
  const feedState = useMarket((market) => market.feedState);
  const ageMs = useMarket(({ prices, venueNow }) => {
    const newest = Math.max(...Object.values(prices).map(({ knownAt }) => knownAt));
    return venueNow === undefined || !Number.isFinite(newest) ? undefined : Math.max(0, Math.floor((venueNow - newest) / 1000)) * 1000;
  });
  if (!feedState) return null;
  const isOld = ageMs !== undefined && feedState !== 'ENDED' && isStale(ageMs, CADENCE_MS);
  return (
    <span className={styles.feed} data-feed={isOld ? 'STALE' : feedState} data-testid="feed-state">
      <span className={styles.feedLabel}>{LABELS[feedState]}</span>
      <span className={styles.age} title="Age of the newest price">
        {ageMs === undefined ? '' : formatAge(ageMs)}
      </span>
    </span>
  );
}
