'use client';

import { useState } from 'react';
import styles from './developers.module.css';

interface Props {
  readonly name: string;
  readonly secret: string;
  readonly onDone: () => void;
}

/** Shows a key that was just made, once. */
export function NewKey({ name, secret, onDone }: Props) {
  const [isCopied, setIsCopied] = useState(false);
  return (
    <div className={styles.made} role="status">
      <p>
        The key of <strong>{name}</strong>. Keep it: it is not shown again.
      </p>
      <code data-testid="new-key">{secret}</code>
      <p className={styles.actions}>
        <button
          type="button"
          className={styles.go}
          onClick={() => navigator.clipboard.writeText(secret).then(() => setIsCopied(true), console.error)}
        >
          {isCopied ? 'Copied' : 'Copy'}
        </button>
        <button type="button" onClick={onDone}>
          I have it
        </button>
      </p>
    </div>
  );
}
