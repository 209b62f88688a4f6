'use client';

import { useEffect, useRef, useState } from 'react';
import { type Backfill, BackfillDocument } from '../graphql/documents/missing.ts';
import { formatCountdown } from '../market/duration-text.ts';
import styles from './pane-message.module.css';
import { useServices } from './services.ts';

interface Props {
  readonly instrumentId: string;
  /** Called once all that is wanted is there. */
  readonly onDone: () => void;
}

/** How far a pair's history is fetched, as it happens. */
export function BackfillBar({ instrumentId, onDone }: Props) {
  const { client } = useServices();
  const [progress, setProgress] = useState<Backfill>();
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => {
    const { unsubscribe } = client.subscription(BackfillDocument, { symbol: instrumentId }).subscribe(({ data }) => {
      if (data) setProgress(data.backfillProgress);
    });
    return unsubscribe;
  }, [client, instrumentId]);
  // Nothing may be wanted at all, of a pair that has just been listed.
  const isDone = progress?.etaMs === 0 && progress.rowsDone >= progress.rowsWanted;
  useEffect(() => {
    if (isDone) done.current();
  }, [isDone]);
  const isCounted = progress !== undefined && progress.rowsWanted > 0;
  return (
    <span className={styles.progress} data-testid="backfill">
      <progress
        aria-label="History fetched"
        max={isCounted ? progress.rowsWanted : undefined}
        value={isCounted ? progress.rowsDone : undefined}
      />
      <small>
        {isCounted
          ? `${progress.rowsDone.toLocaleString('en')} of ${progress.rowsWanted.toLocaleString('en')} candles`
          : 'Waiting its turn'}
        {progress?.etaMs != null && !isDone && `, about ${formatCountdown(progress.etaMs)} left`}
      </small>
    </span>
  );
}
