'use client';

import { useServices, useWorkspace } from '../workspace/services.ts';
import { useMarketRows } from '../workspace/use-market-data.ts';
import { workspaceHref } from '../workspace/workspace-url.ts';
import { ConnectionState } from './connection-state.tsx';
import { FeedState } from './feed-state.tsx';
import { Logo } from './logo.tsx';
import { SourceBadge } from './source-badge.tsx';
import styles from './top-bar.module.css';

/** Brand, source, state of the data and of the connection, theme. */
export function TopBar() {
  const venue = useMarketRows()[0]?.instrument.venue;
  return (
    <header className={styles.bar}>
      <h1 className={styles.brand}>
        <Logo className={styles.logo} />
        <span className={styles.name}>Candlecast</span>
      </h1>
      {venue && <SourceBadge venue={venue} />}
      <span className={styles.spring} />
      <FeedState />
      <ConnectionState />
      <ThemeSwitch />
    </header>
  );
}

function ThemeSwitch() {
  const { workspace } = useServices();
  const state = useWorkspace((now) => now);
  const theme = state.theme === 'dark' ? 'light' : 'dark';
  return (
    <a
      className={styles.theme}
      href={workspaceHref({ ...state, theme })}
      data-testid="theme-switch"
      onClick={(event) => {
        event.preventDefault();
        workspace.setState({ theme });
      }}
    >
      <span className="visuallyHidden">Use the {theme} theme</span>
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <circle cx="10" cy="10" r="7" fill="none" stroke="currentColor" strokeWidth="1.6" />
        <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" />
      </svg>
    </a>
  );
}
