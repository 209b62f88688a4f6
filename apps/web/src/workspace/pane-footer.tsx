'use client';

import { closeTimeOf, intervalMs, MINUTE_MS } from '@candlecast/domain';
import { useStore } from 'zustand';
import { type FanCoverage, formatHeld } from '../forecasts/fan-coverage.ts';
import { useFanCoverage } from '../forecasts/use-fan-coverage.ts';
import { toInstant } from '../market/chart-candle.ts';
import { formatAge, formatCountdown } from '../market/duration-text.ts';
import type { PaneFeed } from './pane-feed.ts';
import styles from './pane-footer.module.css';
import { useMarket } from './services.ts';
import type { MarketRow } from './use-market-data.ts';
import { useOverdue, useOverdueCandle } from './use-overdue.ts';

/** Under a chart: whose forecast is drawn and what its parts mean; how long the candle has; how old the data is. */
export function PaneFooter({ feed, row }: { readonly feed: PaneFeed; readonly row: MarketRow }) {
  return (
    <footer className={styles.footer}>
      <FanLegend feed={feed} symbol={row.instrument.id} />
      <Timing feed={feed} row={row} />
    </footer>
  );
}

function FanLegend({ feed, symbol }: { readonly feed: PaneFeed; readonly symbol: string }) {
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

function Timing({ feed, row }: { readonly feed: PaneFeed; readonly row: MarketRow }) {
  const newest = useStore(feed.state, (state) => state.newest);
  const openTime = newest ? toInstant(newest.openTime) : feed.candles().at(-1)?.openTime;
  const venueNow = useMarket((market) => market.venueNow);
  const hasEnded = useMarket(({ feedState }) => feedState === 'ENDED');
  const overdueMs = useOverdueCandle(feed, row);
  if (openTime === undefined || venueNow === undefined) return null;
  if (overdueMs !== undefined) {
    return (
      <span className={styles.overdue} title="Age of the newest price" data-testid="data-age">
        {formatAge(overdueMs)} old
      </span>
    );
  }
  const leftMs = Math.min(closeTimeOf(openTime, feed.interval) - venueNow, intervalMs(feed.interval));
  return (
    <span title={`Time left in this ${feed.interval} candle`} data-testid="countdown">
      {hasEnded ? 'Recording ended' : `Closes in ${formatCountdown(leftMs)}`}
    </span>
  );
}
