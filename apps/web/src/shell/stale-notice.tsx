'use client';

import { SECOND_MS } from '@candlecast/domain';
import { useStore } from 'zustand';
import { formatAge } from '../market/duration-text.ts';
import { useServices } from '../workspace/services.ts';
import styles from './stale-notice.module.css';

/** Says that the page was rendered from what is kept of the market, and how old that was; until the gateway can be reached again. */
export function StaleNotice({ ageSeconds }: { readonly ageSeconds: number }) {
  const { connection } = useServices();
  const isBack = useStore(connection, ({ state }) => state === 'connected');
  if (isBack) return null;
  return (
    <p className={styles.notice} role="status" data-testid="stale-notice">
      Stale: the gateway does not answer. What you see is {formatAge(ageSeconds * SECOND_MS)} old and goes on as soon as it is back.
    </p>
  );
}
