import type { Venue } from '@candlecast/domain';
import styles from './top-bar.module.css';

const SOURCES: Record<Venue, { readonly label: string; readonly hint: string; readonly isReal: boolean }> = {
  BINANCE: { label: 'Binance', hint: 'Live market data from Binance', isReal: true },
  SIM: { label: 'Simulated market', hint: 'These prices are made up by a simulator. No exchange is connected.', isReal: false },
  REPLAY: { label: 'Replayed market', hint: 'These prices were recorded in the past and are played again.', isReal: false },
};

/** Says where the data comes from. What is not a real, present market cannot be missed. */
export function SourceBadge({ venue }: { readonly venue: Venue }) {
  const { label, hint, isReal } = SOURCES[venue];
  return (
    <span className={isReal ? styles.source : styles.sourceUnreal} title={hint} data-testid="source-badge" data-venue={venue}>
      {label}
    </span>
  );
}
