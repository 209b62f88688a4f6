'use client';

import { systemClock } from '@candlecast/domain';
import type { SSRData } from '@urql/core';
import { type ReactNode, useEffect, useState } from 'react';
import { Provider } from 'urql';
import { useStore } from 'zustand';
import { createBrowserClient } from '../graphql/create-browser-client.ts';
import { StaleNotice } from '../shell/stale-notice.tsx';
import { TopBar } from '../shell/top-bar.tsx';
import { SidePanel } from '../side-panel/side-panel.tsx';
import { PageTitle } from '../watchlist/page-title.tsx';
import { Announcer } from './announcer.tsx';
import { exposeDebugHandle } from './debug-handle.ts';
import { DialogHost } from './dialogs/dialog-host.tsx';
import { followAddress } from './follow-address.ts';
import { followKeys } from './follow-keys.ts';
import { colourStyle } from './palette.ts';
import { PaneGrid } from './pane-grid.tsx';
import { createServices, ServicesProvider, useServices } from './services.ts';
import { useMarketRows } from './use-market-data.ts';
import styles from './workspace.module.css';
import { WorkspaceBar } from './workspace-bar.tsx';
import type { Workspace } from './workspace-url.ts';

interface Props {
  readonly workspace: Workspace;
  readonly rendered: SSRData;
  /** How old the data is that the page was rendered with, when the gateway did not answer. */
  readonly staleSeconds: number | undefined;
  readonly socketUrl: string;
  readonly isDebug: boolean;
  /** What is different where the workspace shows the past. */
  readonly replay?: {
    readonly createClient: typeof createBrowserClient;
    readonly toHref: (workspace: Workspace) => string;
    /** Says above everything that this is not the present. */
    readonly banner: ReactNode;
  };
}

/** The whole workspace. The server renders it with the same data that the browser starts from. */
export function WorkspaceApp({ workspace, rendered, staleSeconds, socketUrl, isDebug, replay }: Props) {
  const createClient = replay?.createClient ?? createBrowserClient;
  const [services] = useState(() => createServices({ workspace, rendered, socketUrl, wall: systemClock, createClient }));
  const theme = useStore(services.workspace, (state) => state.theme);
  const colours = useStore(services.workspace, (state) => state.colours);

  useEffect(() => followKeys(services.workspace), [services]);
  useEffect(() => (isDebug ? exposeDebugHandle(services) : undefined), [services, isDebug]);
  const toHref = replay?.toHref;
  useEffect(() => followAddress(services.workspace, isDebug, toHref), [services, isDebug, toHref]);

  return (
    <Provider value={services.client}>
      <ServicesProvider value={services}>
        <div className={styles.page} data-theme={theme} style={colourStyle(colours, theme)}>
          {replay?.banner}
          <TopBar />
          <WorkspaceBar />
          {staleSeconds !== undefined && <StaleNotice ageSeconds={staleSeconds} />}
          <main className={styles.body}>
            <PaneGrid />
            <SidePanel isReplay={replay !== undefined} />
          </main>
          <MarketFollower />
          <PageTitle isReplay={replay !== undefined} />
          <Announcer />
          <DialogHost />
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
