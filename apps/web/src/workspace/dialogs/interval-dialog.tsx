'use client';

import { INTERVALS, type Interval } from '@candlecast/domain';
import { useState } from 'react';
import { matchIntervals } from '../interval-entry.ts';
import { useServices } from '../services.ts';
import { withPane } from '../workspace-url.ts';
import styles from './dialog.module.css';
import { DialogFrame } from './dialog-frame.tsx';

/** Asks for the interval of the active chart; Enter takes the likeliest of those that are left. */
export function IntervalDialog({ typed }: { readonly typed: string }) {
  const { workspace } = useServices();
  const [text, setText] = useState(typed);
  const matches = text.trim() === '' ? INTERVALS : matchIntervals(text);
  const choose = (interval: Interval | undefined) => {
    if (interval) workspace.setState((state) => ({ ...withPane(state, state.active, { interval }), dialog: undefined }));
  };
  return (
    <DialogFrame title="Interval of the active chart" testId="interval-dialog">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          choose(matches[0]);
        }}
      >
        <label className={styles.field}>
          Interval, or minutes
          <input
            className={styles.input}
            value={text}
            onChange={(event) => setText(event.target.value)}
            autoComplete="off"
            data-first=""
            data-testid="interval-input"
          />
        </label>
      </form>
      {matches.length === 0 && (
        <p className={styles.fault} role="status">
          "{text}" is not one of {INTERVALS.join(', ')}
        </p>
      )}
      <ul className={styles.list}>
        {matches.map((interval, index) => (
          <li key={interval}>
            <button type="button" className={styles.option} data-current={index === 0} onClick={() => choose(interval)}>
              {interval}
            </button>
          </li>
        ))}
      </ul>
    </DialogFrame>
  );
}
