'use client';

import { useServices, useWorkspace } from '../workspace/services.ts';
import styles from './top-bar.module.css';

/** Changes between the dark and the light theme. `hrefOf` is the page's address in a theme, for a browser without JavaScript. */
export function ThemeSwitch({ hrefOf }: { readonly hrefOf: (theme: 'dark' | 'light') => string }) {
  const { workspace } = useServices();
  const shown = useWorkspace((state) => state.theme);
  const theme = shown === 'dark' ? 'light' : 'dark';
  return (
    <a
      className={styles.theme}
      href={hrefOf(theme)}
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
