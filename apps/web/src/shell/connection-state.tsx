'use client';

import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useServices } from '../workspace/services.ts';
import styles from './top-bar.module.css';

const LABELS = { connecting: 'Connecting', connected: 'Connected', reconnecting: 'Reconnecting' } as const;
const SHOW_RECOVERED_MS = 8_000;

/** Says whether the page's socket is up and, after a cut, what was caught up on. Screen readers hear the changes. */
export function ConnectionState() {
  const { connection } = useServices();
  const { state, recovered } = useStore(connection);
  const [isNews, setIsNews] = useState(false);

  useEffect(() => {
    if (recovered === undefined) return;
    setIsNews(true);
    const timer = setTimeout(() => setIsNews(false), SHOW_RECOVERED_MS);
    return () => clearTimeout(timer);
  }, [recovered]);

  const news = state === 'connected' && isNews && recovered ? recoveredText(recovered.count) : undefined;
  return (
    <span className={styles.status} data-state={state} data-quiet={state === 'connected' && !news} data-testid="connection-state">
      <i className={styles.dot} aria-hidden="true" />
      <span className={styles.statusText} role="status">
        {news ?? LABELS[state]}
      </span>
    </span>
  );
}

function recoveredText(count: number): string {
  return `${count} ${count === 1 ? 'candle' : 'candles'} recovered`;
}
