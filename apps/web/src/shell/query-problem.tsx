import type { CombinedError } from '@urql/core';
import { toFailure } from '../graphql/failure.ts';
import styles from './query-problem.module.css';

interface Props {
  readonly error: CombinedError | undefined;
  readonly onRetry: () => void;
  /** Rows of the table that will stand here. */
  readonly rows?: number;
}

/** Stands where data will be: a skeleton that keeps the layout, or the code of what went wrong with a retry. */
export function QueryProblem({ error, onRetry, rows = 5 }: Props) {
  if (!error)
    return (
      <div className={styles.skeleton} role="status" aria-label="Loading" style={{ height: rows * 38 }}>
        <span />
      </div>
    );
  const { code, message } = toFailure(error);
  return (
    <p className={styles.problem} role="alert">
      <strong>{code}</strong>: {message}.{' '}
      <button type="button" className={styles.retry} onClick={onRetry}>
        Try again
      </button>
    </p>
  );
}
