'use client';

import { systemClock } from '@candlecast/domain';
import type { SSRData } from '@urql/core';
import dynamic from 'next/dynamic';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { Provider } from 'urql';
import { useStore } from 'zustand';
import { createBrowserClient } from '../graphql/create-browser-client.ts';
import { StaleNotice } from '../shell/stale-notice.tsx';
import { TopBar } from '../shell/top-bar.tsx';
import { exposeDebugHandle } from './debug-handle.ts';
import { followAddress } from './follow-address.ts';
import { followKeys } from './follow-keys.ts';
import { colourStyle } from './palette.ts';
import { PaneGrid } from './pane-grid.tsx';
import { createServices, ServicesProvider } from './services.ts';
import styles from './workspace.module.css';
import { WorkspaceBar } from './workspace-bar.tsx';
import type { Workspace } from './workspace-url.ts';

const AfterPaint = lazy(() => import('./after-paint.tsx').then((part) => ({ default: part.AfterPaint })));
// The server renders it, and it is read before its code is there.
const SidePanel = dynamic(() => import('../side-panel/side-panel.tsx').then(({ SidePanel: Panel }) => Panel));

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
  const [hasMounted, setHasMounted] = useState(false);
  const theme = useStore(services.workspace, (state) => state.theme);
  const colours = useStore(services.workspace, (state) => state.colours);

  useEffect(() => setHasMounted(true), []);
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
          {hasMounted && (
            <Suspense>
              <AfterPaint isReplay={replay !== undefined} />
            </Suspense>
          )}
        </div>
      </ServicesProvider>
    </Provider>
  );
}
