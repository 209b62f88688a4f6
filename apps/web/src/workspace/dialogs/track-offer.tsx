'use client';

import { useState } from 'react';
import { useMutation } from 'urql';
import { TrackDocument } from '../../graphql/documents/search.ts';
import { toFailure } from '../../graphql/failure.ts';
import { BackfillBar } from '../backfill-bar.tsx';
import styles from './dialog.module.css';

interface Props {
  readonly symbol: string;
  /** Called when its first candles can be shown. */
  readonly onReady: (symbol: string) => void;
}

/** Offers to track a pair of the exchange, and shows how its history is fetched. */
export function TrackOffer({ symbol, onReady }: Props) {
  const [{ data, fetching, error }, track] = useMutation(TrackDocument);
  const [asked, setAsked] = useState<string>();
  const tracked = asked === symbol ? data?.trackInstrument : undefined;
  const failure = asked === symbol && error ? toFailure(error) : undefined;
  if (tracked) {
    return (
      <div className={styles.field}>
        <span>{tracked.symbol} is tracked now. Its history is being fetched, the newest first.</span>
        <BackfillBar instrumentId={tracked.id} onDone={() => onReady(tracked.symbol)} />
        <button type="button" className={styles.action} onClick={() => onReady(tracked.symbol)}>
          Open the chart now
        </button>
      </div>
    );
  }
  return (
    <div className={styles.field}>
      <span>{symbol} is not tracked here.</span>
      <button
        type="button"
        className={styles.action}
        disabled={fetching}
        data-testid="track"
        onClick={() => {
          setAsked(symbol);
          void track({ symbol });
        }}
      >
        {fetching ? 'Asking…' : `Track ${symbol}`}
      </button>
      {failure && (
        <p className={styles.fault} role="alert" data-testid="track-fault">
          {failure.code}: {failure.message}
        </p>
      )}
    </div>
  );
}
