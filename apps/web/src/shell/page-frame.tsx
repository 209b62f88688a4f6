'use client';

import { systemClock } from '@candlecast/domain';
import type { SSRData } from '@urql/core';
import { type ReactNode, useEffect, useState } from 'react';
import { Provider } from 'urql';
import { useStore } from 'zustand';
import type { Failure } from '../graphql/failure.ts';
import { parseWorkspaceUrl, resolveWorkspace } from '../workspace/parse-workspace-url.ts';
import { createServices, ServicesProvider, useServices } from '../workspace/services.ts';
import { useMarketRows } from '../workspace/use-market-data.ts';
import type { PaneChoice, Theme } from '../workspace/workspace-url.ts';
import { type PageQuery, pageHref } from './navigation.ts';
import styles from './page-frame.module.css';
import { SiteFooter } from './site-footer.tsx';
import { StaleNotice } from './stale-notice.tsx';
import { TopBar } from './top-bar.tsx';

/** What the server knows of a page when it renders it. */
export interface FrameProps {
  readonly path: string;
  /** The query of its address, the theme aside. */
  readonly query: PageQuery;
  readonly theme: Theme;
  readonly rendered: SSRData;
  /** How old the data is that the page was rendered with, when the gateway did not answer. */
  readonly staleSeconds: number | undefined;
  /** Why a part of the page has no data. */
  readonly failure: Failure | undefined;
  readonly socketUrl: string;
}

interface Props extends FrameProps {
  readonly title: string;
  /** One sentence below the title. */
  readonly lead?: ReactNode;
  /** What the page's one chart shows. */
  readonly pane?: PaneChoice;
  readonly children: ReactNode;
}

/** Most prices that one page follows. */
const MOST_PRICES = 50;

/**
 * Every page but the workspace: header, title, content, footer, and the services that the workspace has, too (one client, one socket). The server
 * renders it with the data that the browser starts from.
 */
export function PageFrame({ title, lead, pane, children, ...page }: Props) {
  const { path, query, rendered, staleSeconds, failure, socketUrl } = page;
  const [services] = useState(() => {
    const wish = parseWorkspaceUrl((name) =>
      name === 'theme' ? page.theme : name === 'panes' && pane ? `${pane.symbol}@${pane.interval}` : undefined,
    );
    return createServices({ workspace: resolveWorkspace(wish, []), rendered, socketUrl, wall: systemClock });
  });
  const theme = useStore(services.workspace, (state) => state.theme);

  useEffect(
    () =>
      services.workspace.subscribe((state, before) => {
        if (state.theme === before.theme) return;
        const shown = Object.fromEntries(
          [...new URLSearchParams(location.search).keys()].map((name) => [name, new URLSearchParams(location.search).getAll(name)]),
        );
        history.replaceState(null, '', `${pageHref(path, state.theme, shown)}${location.hash}`);
      }),
    [services, path],
  );

  return (
    <Provider value={services.client}>
      <ServicesProvider value={services}>
        <div className={styles.page} data-theme={theme} data-testid="page">
          <a className={styles.skip} href="#content">
            Skip to the content
          </a>
          <TopBar page={{ path, query }} />
          {staleSeconds !== undefined && <StaleNotice ageSeconds={staleSeconds} />}
          {failure && (
            <p className={styles.failure} role="status" data-testid="page-failure">
              {failure.code}: {failure.message}. <a href={pageHref(path, theme, query)}>Try again</a>
            </p>
          )}
          <main id="content" className={styles.content} tabIndex={-1}>
            <header className={styles.head}>
              <h1>{title}</h1>
              {lead && <p>{lead}</p>}
            </header>
            {children}
          </main>
          <SiteFooter />
          <PriceFollower />
        </div>
      </ServicesProvider>
    </Provider>
  );
}

/** Follows the newest prices, the venue's time and its feed while the page is open. */
function PriceFollower() {
  const ids = useMarketRows()
    .slice(0, MOST_PRICES)
    .map(({ instrument }) => instrument.id)
    .join(',');
  const { market, rows } = useServices();
  useEffect(() => rows.follow(), [rows]);
  useEffect(() => (ids === '' ? undefined : market.start(ids.split(','))), [market, ids]);
  return null;
}
