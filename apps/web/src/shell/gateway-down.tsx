'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import type { Failure } from '../graphql/failure.ts';
import type { Theme } from '../workspace/workspace-url.ts';
import { Logo } from './logo.tsx';
import styles from './stand-in.module.css';

const RETRY_MS = 5_000;

/** Stands in for the workspace while there is no data to show. Tries again by itself, and works without JavaScript. `href` is the page asked for. */
export function GatewayDown({ href, theme, failure }: { readonly href: string; readonly theme: Theme; readonly failure: Failure }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => router.refresh(), RETRY_MS);
    return () => clearInterval(timer);
  }, [router]);
  return (
    <main className={styles.page} data-theme={theme} data-testid="gateway-down">
      <Logo className={styles.logo} />
      <h1 className={styles.title}>No market data right now</h1>
      <p className={styles.text} role="status">
        This page tries again every few seconds and opens the workspace as soon as there is data.
      </p>
      <a className={styles.retry} href={href}>
        Try again
      </a>
      <p className={styles.code}>
        {failure.code}: {failure.message}
      </p>
    </main>
  );
}
