'use client';

import { useEffect } from 'react';
import { Logo } from '../shell/logo.tsx';
import styles from '../shell/stand-in.module.css';

/** Stands in for the page when a part of it failed in a way that nobody expected. */
export default function PageError({ error, reset }: { readonly error: Error & { readonly digest?: string }; readonly reset: () => void }) {
  useEffect(() => console.error(error), [error]);
  return (
    <main className={styles.page} data-theme="dark">
      <Logo className={styles.logo} />
      <h1 className={styles.title}>This page broke</h1>
      <p className={styles.text} role="alert">
        Something went wrong in the page itself. The market data is not affected.
      </p>
      <button type="button" className={styles.retry} onClick={reset}>
        Try again
      </button>
      {error.digest && <p className={styles.code}>{error.digest}</p>}
    </main>
  );
}
