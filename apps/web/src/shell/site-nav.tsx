'use client';

import { useRef } from 'react';
import { useWorkspace } from '../workspace/services.ts';
import { isCurrentPage, pageHref, SITE_PAGES } from './navigation.ts';
import styles from './site-nav.module.css';

/** The way to every page: a row on a desk, a menu on a phone. Both are links that work without JavaScript. */
export function SiteNav({ shown }: { readonly shown: string }) {
  const menu = useRef<HTMLDetailsElement>(null);
  return (
    <nav className={styles.nav} aria-label="Pages" data-testid="site-nav">
      <ul className={styles.row}>
        <Links shown={shown} />
      </ul>
      <details
        ref={menu}
        className={styles.menu}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || !menu.current?.open) return;
          event.stopPropagation();
          menu.current.open = false;
          menu.current.querySelector('summary')?.focus();
        }}
        onBlur={(event) => {
          if (menu.current && event.relatedTarget && !menu.current.contains(event.relatedTarget)) menu.current.open = false;
        }}
      >
        <summary className={styles.button} aria-label="Pages" data-testid="site-menu">
          <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
            <path d="M3 5.5h14M3 10h14M3 14.5h14" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
          </svg>
        </summary>
        <ul className={styles.list}>
          <Links shown={shown} />
        </ul>
      </details>
    </nav>
  );
}

function Links({ shown }: { readonly shown: string }) {
  const theme = useWorkspace((state) => state.theme);
  return SITE_PAGES.map(({ path, label }) => (
    <li key={path}>
      <a className={styles.link} href={pageHref(path, theme)} aria-current={isCurrentPage(path, shown) ? 'page' : undefined}>
        {label}
      </a>
    </li>
  ));
}
