'use client';

import { useEffect } from 'react';
import { pageHref } from '../shell/navigation.ts';
import { Pane } from '../workspace/pane.tsx';
import { useServices, useWorkspace } from '../workspace/services.ts';
import { useMarketRows } from '../workspace/use-market-data.ts';
import type { PaneChoice } from '../workspace/workspace-url.ts';
import styles from './instrument-page.module.css';

/** The page's chart: rendered on the server, then live. Another pair leads to that pair's page; another interval stays, and stands in the address. */
export function InstrumentChart({ shown }: { readonly shown: PaneChoice }) {
  const { workspace } = useServices();
  const pane = useWorkspace(({ panes }) => panes[0]) ?? shown;
  const rows = useMarketRows();
  useEffect(
    () =>
      workspace.subscribe(({ panes, theme }, before) => {
        const [now, then] = [panes[0], before.panes[0]];
        if (!now || now === then) return;
        const href = pageHref(`/i/${encodeURIComponent(now.symbol)}`, theme, { interval: now.interval });
        if (now.symbol !== shown.symbol) location.assign(href);
        else if (now.interval !== then?.interval) history.replaceState(null, '', href);
      }),
    [workspace, shown],
  );
  return (
    <section className={styles.chart} aria-label={`Chart of ${shown.symbol}`}>
      <Pane index={0} choice={pane.symbol === shown.symbol ? pane : shown} isActive={false} isOnScreen rows={rows} />
    </section>
  );
}
