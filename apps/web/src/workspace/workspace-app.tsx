'use client';

import { systemClock } from '@candlecast/domain';
import type { SSRData } from '@urql/core';
import { useEffect, useState } from 'react';
import { Provider } from 'urql';
import { useStore } from 'zustand';
import { StaleNotice } from '../shell/stale-notice.tsx';
import { TopBar } from '../shell/top-bar.tsx';
import { PageTitle } from '../watchlist/page-title.tsx';
import { Watchlist } from '../watchlist/watchlist.tsx';
import { exposeDebugHandle } from './debug-handle.ts';
import { followKeys } from './follow-keys.ts';
import { PaneGrid } from './pane-grid.tsx';
import { createServices, ServicesProvider, useServices } from './services.ts';
import { useMarketRows } from './use-market-data.ts';
import styles from './workspace.module.css';
import { type Workspace, workspaceHref } from './workspace-url.ts';

interface Props {
  readonly workspace: Workspace;
  readonly rendered: SSRData;
  /** How old the data is that the page was rendered with, when the gateway did not answer. */
  readonly staleSeconds: number | undefined;
  readonly socketUrl: string;
  readonly isDebug: boolean;
}

/** The whole workspace. The server renders it with the same data that the browser starts from. */
export function WorkspaceApp({ workspace, rendered, staleSeconds, socketUrl, isDebug }: Props) {
  const [services] = useState(() => createServices({ workspace, rendered, socketUrl, wall: systemClock }));
  const theme = useStore(services.workspace, (state) => state.theme);

  useEffect(() => followKeys(services.workspace), [services]);
  useEffect(() => (isDebug ? exposeDebugHandle(services) : undefined), [services, isDebug]);
  useEffect(
    () =>
      services.workspace.subscribe((state) => {
        history.replaceState(null, '', `${workspaceHref(state)}${isDebug ? '&debug=1' : ''}`);
      }),
    [services, isDebug],
  );

  return (
    <Provider value={services.client}>
      <ServicesProvider value={services}>
        <div className={styles.page} data-theme={theme}>
          <TopBar />
          {staleSeconds !== undefined && <StaleNotice ageSeconds={staleSeconds} />}
          <main className={styles.body}>
            <PaneGrid />
            <Watchlist />
          </main>
          <MarketFollower />
          <PageTitle />
        </div>
      </ServicesProvider>
    </Provider>
  );
}

/** Follows the newest prices of all pairs while the page is open. */
function MarketFollower() {
  const ids = useMarketRows()
    .map(({ instrument }) => instrument.id)
    .join(',');
  const { market } = useServices();
  useEffect(() => (ids === '' ? undefined : market.start(ids.split(','))), [market, ids]);
  return null;
}
