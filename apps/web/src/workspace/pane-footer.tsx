'use client';

import { closeTimeOf, type EpochMs, intervalMs, MINUTE_MS } from '@candlecast/domain';
import { useStore } from 'zustand';
import { toInstant } from '../market/chart-candle.ts';
import { formatAge, formatCountdown, isStale } from '../market/duration-text.ts';
import type { PaneFeed } from './pane-feed.ts';
import styles from './pane-footer.module.css';
import { useMarket } from './services.ts';
import type { MarketRow } from './use-market-data.ts';

/** Under a chart: whose forecast is drawn and what its parts mean; how long the candle has; how old the data is. */
export function PaneFooter({ feed, row }: { readonly feed: PaneFeed; readonly row: MarketRow }) {
  return (
    <footer className={styles.footer}>
      <FanLegend feed={feed} />
      <Timing feed={feed} row={row} />
    </footer>
  );
}

function FanLegend({ feed }: { readonly feed: PaneFeed }) {
  const fan = useStore(feed.state, (state) => state.fan);
  const staleMs = useMarket(({ venueNow }) => overdue(fan?.asOf, venueNow, fan?.cadenceMs ?? MINUTE_MS));
  if (!fan) {
    return (
      <span className={styles.fanLegend} data-testid="fan-legend">
        No forecast yet
      </span>
    );
  }
  return (
    <span className={styles.fanLegend} data-testid="fan-legend" data-stale={staleMs !== undefined}>
      <i className={styles.medianKey} aria-hidden="true" /> Median
      <i className={styles.innerKey} aria-hidden="true" /> 50 %
      <i className={styles.outerKey} aria-hidden="true" /> 90 %
      <span className={styles.model} title={`Forecast by ${fan.models.map(({ name, version }) => `${name} ${version}`).join(', ')}`}>
        {[...new Set(fan.models.map(({ name }) => name))].join(', ')}
        {staleMs !== undefined && ` · ${formatAge(staleMs)} old`}
      </span>
      <span className={styles.disclaimer}>Not financial advice</span>
    </span>
  );
}

function Timing({ feed, row }: { readonly feed: PaneFeed; readonly row: MarketRow }) {
  const newest = useStore(feed.state, (state) => state.newest);
  const openTime = newest ? toInstant(newest.openTime) : feed.candles().at(-1)?.openTime;
  const eventAt = newest?.knownAt ?? row.freshness?.lastEventAt;
  const venueNow = useMarket((market) => market.venueNow);
  const hasEnded = useMarket(({ feedState }) => feedState === 'ENDED');
  if (openTime === undefined || venueNow === undefined) return null;
  const closeTime = closeTimeOf(openTime, feed.interval);
  const staleMs = hasEnded ? undefined : overdue(eventAt ? toInstant(eventAt) : closeTime, venueNow, MINUTE_MS);
  const left = closeTime - venueNow;
  return (
    <span className={styles.timing}>
      {staleMs === undefined ? (
        <span title={`Time left in this ${feed.interval} candle`} data-testid="countdown">
          {hasEnded ? 'Recording ended' : `Closes in ${formatCountdown(Math.min(left, intervalMs(feed.interval)))}`}
        </span>
      ) : (
        <span className={styles.stale} title="Age of the newest candle" data-testid="data-age">
          {formatAge(staleMs)} old
        </span>
      )}
    </span>
  );
}

/** Returns the age of something older than twice its cadence, in whole seconds; undefined while it is on time. */
function overdue(at: EpochMs | undefined, venueNow: EpochMs | undefined, cadenceMs: number): number | undefined {
  if (at === undefined || venueNow === undefined || !isStale(venueNow - at, cadenceMs)) return undefined;
  return Math.floor((venueNow - at) / 1000) * 1000;
}
