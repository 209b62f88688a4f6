'use client';

import { useWorkspace } from '../workspace/services.ts';
import { useMarketRows } from '../workspace/use-market-data.ts';
import { workspaceHref } from '../workspace/workspace-url.ts';
import { ConnectionState } from './connection-state.tsx';
import { FeedState } from './feed-state.tsx';
import { Logo } from './logo.tsx';
import { type PageQuery, pageHref } from './navigation.ts';
import { SiteNav } from './site-nav.tsx';
import { SourceBadge } from './source-badge.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import styles from './top-bar.module.css';

interface Props {
  /** The page shown; the workspace when absent. */
  readonly page?: { readonly path: string; readonly query: PageQuery };
}

/** Brand, pages, source, state of the data and of the connection, theme. */
export function TopBar({ page }: Props) {
  const venue = useMarketRows()[0]?.instrument.venue;
  const state = useWorkspace((now) => now);
  const brand = (
    <>
      <Logo className={styles.logo} />
      <span className={styles.name}>Candlecast</span>
    </>
  );
  return (
    <header className={styles.bar}>
      {page ? (
        <a className={styles.brand} href={pageHref('/', state.theme)} aria-label="Candlecast: the workspace">
          {brand}
        </a>
      ) : (
        <h1 className={styles.brand}>{brand}</h1>
      )}
      <SiteNav shown={page?.path ?? '/'} />
      {venue && <SourceBadge venue={venue} />}
      <span className={styles.spring} />
      <FeedState />
      <ConnectionState />
      <ThemeSwitch hrefOf={(theme) => (page ? pageHref(page.path, theme, page.query) : workspaceHref({ ...state, theme }))} />
    </header>
  );
}
