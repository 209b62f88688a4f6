import type { SeriesState } from '@candlecast/domain';
import styles from './state-dot.module.css';

const LABELS: Record<SeriesState, string> = {
  REQUESTED: 'Waiting for history',
  BACKFILLING: 'Fetching history',
  LIVE: 'Live',
  PAUSED: 'Paused',
  DELISTED: 'Delisted',
  FAILED: 'Failed',
};

/** A pair's state, by shape as well as by colour: full when live, a ring when history is being fetched, crossed out when it ended. */
export function StateDot({ state }: { readonly state: SeriesState | undefined }) {
  const label = state ? LABELS[state] : 'Unknown';
  return (
    <span className={styles.dot} data-state={state} title={label}>
      <span className="visuallyHidden">{label}</span>
    </span>
  );
}
