'use client';

import { useMarketRows } from '../workspace/use-market-data.ts';
import { DayCard } from './day-card.tsx';
import { WatchRow } from './watch-row.tsx';
import styles from './watchlist.module.css';

/** All tracked pairs with their newest price; below them, the last 24 hours of the active one. */
export function Watchlist() {
  const rows = useMarketRows();
  return (
    <aside className={styles.watchlist} aria-label="Watchlist">
      <div className={styles.head} aria-hidden="true">
        <span>Pair</span>
        <span>Last / 24 h</span>
      </div>
      <nav className={styles.rows} aria-label="Pairs">
        {rows.map((row) => (
          <WatchRow key={row.instrument.id} row={row} />
        ))}
      </nav>
      <DayCard rows={rows} />
    </aside>
  );
}
