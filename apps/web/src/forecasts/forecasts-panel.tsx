'use client';

import { addMs, MINUTE_MS } from '@candlecast/domain';
import { decimalsOf } from '../market/format-decimal.ts';
import css from '../shell/problem.module.css';
import { useMarket } from '../workspace/services.ts';
import type { MarketRow } from '../workspace/use-market-data.ts';
import styles from './forecasts-panel.module.css';
import { toHistoryGrid } from './history-grid.ts';
import { HistoryGrid } from './history-grid-table.tsx';
import type { RenderedForecasts } from './load-past.ts';
import { PredictionCards } from './prediction-cards.tsx';
import { useForecastFeed } from './use-forecast-feed.ts';

interface Props {
  readonly row: MarketRow;
  /** What the server rendered of them. */
  readonly rendered?: RenderedForecasts | undefined;
}

/** The forecasts of the active pane's pair: six cards, and what came of those of the last three hours. */
export function ForecastsPanel({ row, rendered }: Props) {
  const { instrument } = row;
  const feed = useForecastFeed(instrument.id, rendered);
  const venueMinute = useMarket(({ venueNow }) => (venueNow === undefined ? undefined : addMs(venueNow, -(venueNow % MINUTE_MS))));
  return (
    <div className={styles.panel}>
      <h2 className={styles.title}>
        {instrument.baseAsset}/{instrument.quoteAsset} <small>Not financial advice</small>
      </h2>
      {feed.failure && (
        <p className={css.problem} role="status">
          {feed.failure.code}: {feed.failure.message}
        </p>
      )}
      <PredictionCards feed={feed} decimals={decimalsOf(instrument.tickSize)} />
      {venueMinute !== undefined && <HistoryGrid rows={toHistoryGrid(feed.history, venueMinute)} />}
      <a className={styles.more} href={`/forecasts?symbol=${encodeURIComponent(instrument.symbol)}`}>
        Track record and history of {instrument.symbol}
      </a>
    </div>
  );
}
