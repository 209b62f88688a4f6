'use client';

import { systemClock } from '@candlecast/domain';
import type { SSRData } from '@urql/core';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { createBrowserClient } from '../graphql/create-browser-client.ts';
import '../side-panel/side-panel.module.css';
import { StaleNotice } from '../shell/stale-notice.tsx';
import { TopBar } from '../shell/top-bar.tsx';
import '../watchlist/next-hour.module.css';
import '../watchlist/state-dot.module.css';
import '../watchlist/watchlist.module.css';
import { followAddress } from './follow-address.ts';
import { colourStyle } from './palette.ts';
import { PaneGrid } from './pane-grid.tsx';
import { createServices, type Services, ServicesProvider } from './services.ts';
import { useHasMounted } from './use-has-mounted.ts';
import styles from './workspace.module.css';
import './workspace-bar.module.css';
import type { Workspace } from './workspace-url.ts';

const AfterPaint = lazy(() => import('./after-paint.tsx').then((part) => ({ default: part.AfterPaint })));
// Rendered by the server, and read before their code is there: their styles come with the page.
const WorkspaceBar = lazy(() => import('./workspace-bar.tsx').then((part) => ({ default: part.WorkspaceBar })));
const SidePanel = lazy(() => import('../side-panel/side-panel.tsx').then((part) => ({ default: part.SidePanel })));

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
  const hasMounted = useHasMounted();
  const theme = useStore(services.workspace, (state) => state.theme);
  const colours = useStore(services.workspace, (state) => state.colours);

  useEffect(() => (isDebug ? exposeLater(services) : undefined), [services, isDebug]);
  const toHref = replay?.toHref;
  useEffect(() => followAddress(services.workspace, isDebug, toHref), [services, isDebug, toHref]);

  return (
    <ServicesProvider value={services}>
      <div className={styles.page} data-theme={theme} style={colourStyle(colours, theme)}>
        {replay?.banner}
        <TopBar />
        <Suspense>
          <WorkspaceBar />
        </Suspense>
        {staleSeconds !== undefined && <StaleNotice ageSeconds={staleSeconds} />}
        <main className={styles.body}>
          <PaneGrid />
          <Suspense>
            <SidePanel isReplay={replay !== undefined} />
          </Suspense>
        </main>
        {hasMounted && (
          <Suspense>
            <AfterPaint isReplay={replay !== undefined} />
          </Suspense>
        )}
      </div>
    </ServicesProvider>
  );
}

/** Puts the handle for tests on the window when its code is there. Returns how to take it away. */
function exposeLater(services: Services): () => void {
  let isGone = false;
  let remove: (() => void) | undefined;
  import('./debug-handle.ts').then(({ exposeDebugHandle }) => {
    if (!isGone) remove = exposeDebugHandle(services);
  }, console.error);
  return () => {
    isGone = true;
    remove?.();
  };
}
