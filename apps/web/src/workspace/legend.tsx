'use client';

import { type Decimal, subtractDecimals } from '@candlecast/domain';
import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import type { ChartCandle } from '../market/chart-candle.ts';
import { directionOf, formatAmount, formatChange, formatPercentChange, formatPrice } from '../market/format-decimal.ts';
import { fromChartNumber } from '../market/from-chart-number.ts';
import styles from './legend.module.css';
import type { PaneFeed } from './pane-feed.ts';
import type { PaneViewStore } from './pane-view.ts';
import type { Compared } from './use-compare.ts';
import type { MarketRow } from './use-market-data.ts';
import { useOverdueCandle } from './use-overdue.ts';
import type { PaneChoice } from './workspace-url.ts';

const LineLegend = lazy(() => import('./line-legend.tsx').then((part) => ({ default: part.LineLegend })));
const ARROWS = { up: '▲', down: '▼', flat: '■' } as const;
const VOLUME_DECIMALS = 8;

interface Props {
  readonly feed: PaneFeed;
  readonly view: PaneViewStore;
  readonly row: MarketRow;
  readonly decimals: number;
  readonly choice: PaneChoice;
  readonly compare: Compared | undefined;
}

/** Open, high, low, close, change and volume of the candle under the crosshair, else of the newest one; below them the lines. */
export function Legend({ feed, view, row, decimals, choice, compare }: Props) {
  const hovered = useStore(view, (state) => state.hovered?.candle);
  const isOverdue = useOverdueCandle(feed, row) !== undefined;
  const newest = useStore(feed.state, (state) => state.newest);
  const rendered = feed.candles().at(-1);
  const values = hovered ? fromChart(hovered, decimals) : (newest ?? (rendered && fromChart(rendered, decimals)));
  if (!values) return null;
  const change = subtractDecimals(values.close, values.open);
  const direction = directionOf(change);
  const price = (value: Decimal) => formatPrice(value, decimals);
  return (
    <div className={styles.stack}>
      <dl className={styles.legend} data-direction={isOverdue ? undefined : direction}>
        <div>
          <dt>
            <abbr title="Open">O</abbr>
          </dt>
          <dd data-testid="legend-open">{price(values.open)}</dd>
        </div>
        <div>
          <dt>
            <abbr title="High">H</abbr>
          </dt>
          <dd data-testid="legend-high">{price(values.high)}</dd>
        </div>
        <div>
          <dt>
            <abbr title="Low">L</abbr>
          </dt>
          <dd data-testid="legend-low">{price(values.low)}</dd>
        </div>
        <div>
          <dt>
            <abbr title="Close">C</abbr>
          </dt>
          <dd data-testid="legend-close">{price(values.close)}</dd>
        </div>
        <div>
          <dt className="visuallyHidden">Change</dt>
          <dd data-testid="legend-change">
            <span aria-hidden="true">{ARROWS[direction]} </span>
            {formatChange(change, decimals)} ({formatPercentChange(values.open, values.close)})
          </dd>
        </div>
        <div className={styles.volume}>
          <dt>Vol</dt>
          <dd data-testid="legend-volume">
            {formatAmount(values.baseVolume)} {row.instrument.baseAsset}
          </dd>
        </div>
      </dl>
      <Suspense>
        <LineLegend choice={choice} view={view} decimals={decimals} compare={compare} />
      </Suspense>
    </div>
  );
}

type Values = Readonly<Record<'open' | 'high' | 'low' | 'close' | 'baseVolume', Decimal>>;

function fromChart(candle: ChartCandle, decimals: number): Values {
  return {
    open: fromChartNumber(candle.open, decimals),
    high: fromChartNumber(candle.high, decimals),
    low: fromChartNumber(candle.low, decimals),
    close: fromChartNumber(candle.close, decimals),
    baseVolume: fromChartNumber(candle.baseVolume, VOLUME_DECIMALS),
  };
}
