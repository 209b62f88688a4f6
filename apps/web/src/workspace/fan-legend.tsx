'use client';

import { MINUTE_MS } from '@candlecast/domain';
import { useStore } from 'zustand';
import { type FanCoverage, formatHeld } from '../forecasts/fan-coverage.ts';
import { useFanCoverage } from '../forecasts/use-fan-coverage.ts';
import { formatAge } from '../market/duration-text.ts';
import type { PaneFeed } from './pane-feed.ts';
import styles from './pane-footer.module.css';
import { useOverdue } from './use-overdue.ts';

/** Whose forecast is drawn, what its parts mean, and what its bands have held. */
export function FanLegend({ feed, symbol }: { readonly feed: PaneFeed; readonly symbol: string }) {
  const fan = useStore(feed.state, (state) => state.fan);
  const overdueMs = useOverdue(fan?.asOf, fan?.cadenceMs ?? MINUTE_MS);
  const coverage = useFanCoverage(symbol, fan);
  if (!fan) {
    return (
      <span className={styles.fanLegend} data-testid="fan-legend">
        No forecast yet
      </span>
    );
  }
  return (
    <span className={styles.fanLegend} data-testid="fan-legend" data-overdue={overdueMs !== undefined}>
      <i className={styles.medianKey} aria-hidden="true" /> <span className={styles.wordy}>Median</span>
      <i className={styles.innerKey} aria-hidden="true" /> 50 %
      <Held coverage={coverage} band="inner" />
      <i className={styles.outerKey} aria-hidden="true" /> 90 %
      <Held coverage={coverage} band="outer" />
      <span className={styles.model} title={`Forecast by ${fan.models.map(({ name, version }) => `${name} ${version}`).join(', ')}`}>
        {[...new Set(fan.models.map(({ name }) => name))].join(', ')}
        {overdueMs !== undefined && ` · ${formatAge(overdueMs)} old`}
      </span>
      <span className={styles.disclaimer}>Not financial advice</span>
    </span>
  );
}

/** What a band has held so far, beside what it is meant to hold. */
function Held({ coverage, band }: { readonly coverage: FanCoverage | undefined; readonly band: 'inner' | 'outer' }) {
  if (!coverage) return null;
  const of = `Of ${coverage.n.toLocaleString('en')} forecasts of these horizons that came due in the last 30 days, this part came true inside the band`;
  return (
    <span className={styles.held} title={of} data-testid={`held-${band}`}>
      ({formatHeld(coverage, band)})
    </span>
  );
}
