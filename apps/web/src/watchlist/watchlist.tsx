'use client';

import { type KeyboardEvent, useEffect, useMemo } from 'react';
import { useStore } from 'zustand';
import { useServices } from '../workspace/services.ts';
import { useMarketRows } from '../workspace/use-market-data.ts';
import { withPane } from '../workspace/workspace-url.ts';
import { DayCard } from './day-card.tsx';
import { createNextHourFeed } from './next-hour-feed.ts';
import { stepChoice } from './step-choice.ts';
import { WatchRow } from './watch-row.tsx';
import styles from './watchlist.module.css';

/** All tracked pairs with their newest price and what is said of their next hour; below them, the last 24 hours of the active one. */
export function Watchlist() {
  const { client, frames, workspace } = useServices();
  const rows = useMarketRows();
  const nextHours = useMemo(() => createNextHourFeed({ client, frames }), [client, frames]);
  const said = useStore(nextHours.state);
  const ids = rows.map(({ instrument }) => instrument.id).join(',');
  useEffect(() => (ids === '' ? undefined : nextHours.start(ids.split(','))), [nextHours, ids]);

  function step(event: KeyboardEvent<HTMLElement>): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const state = workspace.getState();
    const symbols = rows.map(({ instrument }) => instrument.symbol);
    const next = stepChoice(symbols, state.panes[state.active]?.symbol, event.key);
    if (next === undefined) return;
    event.preventDefault();
    workspace.setState(withPane(state, state.active, { symbol: next }));
    event.currentTarget.querySelector<HTMLElement>(`[data-symbol="${CSS.escape(next)}"]`)?.focus();
  }

  return (
    <aside className={styles.watchlist} aria-label="Watchlist">
      <div className={styles.head} aria-hidden="true">
        <span>Pair / volume</span>
        <span>1 h · Last / 24 h</span>
      </div>
      <nav className={styles.rows} aria-label="Pairs" onKeyDown={step}>
        {rows.map((row) => (
          <WatchRow key={row.instrument.id} row={row} nextHour={said[row.instrument.id]} />
        ))}
      </nav>
      <DayCard rows={rows} />
    </aside>
  );
}
