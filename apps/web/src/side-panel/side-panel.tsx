'use client';

import { type KeyboardEvent, lazy, Suspense, useEffect, useId, useState } from 'react';
import { useStore } from 'zustand';
import type { AlertServices } from '../alerts/create-alert-services.ts';
import { Watchlist } from '../watchlist/watchlist.tsx';
import { useServices, useWorkspace } from '../workspace/services.ts';
import { type MarketRow, useMarketRows } from '../workspace/use-market-data.ts';
import { PANEL_TABS, type PanelTab, stepTab } from './panel-tabs.ts';
import styles from './side-panel.module.css';

const AlertsPanel = lazy(() => import('../alerts/alerts-panel.tsx').then((part) => ({ default: part.AlertsPanel })));
const BookAndTape = lazy(() => import('../tape/book-and-tape.tsx').then((part) => ({ default: part.BookAndTape })));
const ForecastsPanel = lazy(() => import('../forecasts/forecasts-panel.tsx').then((part) => ({ default: part.ForecastsPanel })));
const SignalsPanel = lazy(() => import('../forecasts/signals-panel.tsx').then((part) => ({ default: part.SignalsPanel })));

/** What stands beside the charts. The watchlist comes with the page; what is behind the other tabs is loaded when it is wanted. */
export function SidePanel({ isReplay = false }: { readonly isReplay?: boolean }) {
  const id = useId();
  const [tab, setTab] = useState<PanelTab>('watchlist');
  const alerts = useAlertServices(isReplay);
  const tabs = PANEL_TABS.filter(({ name }) => name !== 'alerts' || !isReplay);
  const symbol = useWorkspace(({ panes, active }) => panes[active]?.symbol);
  const row = useMarketRows().find(({ instrument }) => instrument.symbol === symbol);

  function move(event: KeyboardEvent<HTMLElement>): void {
    const next = stepTab(
      tabs.map(({ name }) => name),
      tab,
      event.key,
    );
    if (next === undefined) return;
    event.preventDefault();
    setTab(next);
    document.getElementById(`${id}-${next}`)?.focus();
  }

  return (
    <div className={styles.panel} data-tab={tab} data-testid="side-panel">
      <div className={styles.tabs} role="tablist" aria-label="Side panel" tabIndex={-1} onKeyDown={move}>
        {tabs.map(({ name, label }) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            className={styles.tab}
            aria-selected={name === tab}
            aria-controls={`${id}-body`}
            tabIndex={name === tab ? 0 : -1}
            data-testid={`tab-${name}`}
            onClick={() => setTab(name)}
          >
            {label}
            {name === 'alerts' && alerts && tab !== 'alerts' && <Unseen services={alerts} />}
          </button>
        ))}
      </div>
      <div id={`${id}-body`} className={styles.body} role="tabpanel" aria-labelledby={`${id}-${tab}`}>
        {tab === 'watchlist' ? (
          <Watchlist />
        ) : row ? (
          <Part tab={tab} row={row} alerts={alerts} />
        ) : (
          <p className={styles.empty}>{symbol} is not tracked here.</p>
        )}
      </div>
    </div>
  );
}

interface PartProps {
  readonly tab: PanelTab;
  readonly row: MarketRow;
  readonly alerts: AlertServices | undefined;
}

function Part({ tab, row, alerts }: PartProps) {
  return (
    <Suspense fallback={<p className={styles.empty}>Loading…</p>}>
      {tab === 'tape' && <BookAndTape key={row.instrument.id} row={row} />}
      {tab === 'forecasts' && <ForecastsPanel row={row} />}
      {tab === 'signals' && <SignalsPanel row={row} />}
      {tab === 'alerts' && alerts && <AlertsPanel row={row} services={alerts} />}
    </Suspense>
  );
}

function Unseen({ services }: { readonly services: AlertServices }) {
  const unseen = useStore(services.feed.state, (state) => state.unseen);
  return unseen === 0 ? null : (
    <span className={styles.unseen} data-testid="unseen-alerts">
      {unseen}
      <span className="visuallyHidden"> new</span>
    </span>
  );
}

/** Alerts are listened for while the page is open, whatever is shown; their code comes after the page is readable. */
function useAlertServices(isReplay: boolean): AlertServices | undefined {
  const { client } = useServices();
  const [services, setServices] = useState<AlertServices>();
  useEffect(() => {
    if (isReplay) return;
    let stop: (() => void) | undefined;
    let isGone = false;
    import('../alerts/create-alert-services.ts').then(({ createAlertServices }) => {
      if (isGone) return;
      const made = createAlertServices(client);
      stop = made.feed.start();
      setServices(made);
    }, console.error);
    return () => {
      isGone = true;
      stop?.();
    };
  }, [client, isReplay]);
  return services;
}
