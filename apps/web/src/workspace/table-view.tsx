'use client';

import { intervalMs } from '@candlecast/domain';
import { useStore } from 'zustand';
import { formatInstant } from '../charts/axis-time.ts';
import { indexAt } from '../charts/time-positions.ts';
import { formatAmount, formatPrice } from '../market/format-decimal.ts';
import { fromChartNumber } from '../market/from-chart-number.ts';
import type { PaneFeed } from './pane-feed.ts';
import type { PaneViewStore } from './pane-view.ts';
import { useWorkspace } from './services.ts';
import styles from './table-view.module.css';

const MOST_ROWS = 300;

interface Props {
  readonly feed: PaneFeed;
  readonly view: PaneViewStore;
  readonly decimals: number;
  readonly name: string;
}

/** What a chart shows as a table: the candles in view, the newest first, with the holes between them. At most 300 of the newest. */
export function TableView({ feed, view, decimals, name }: Props) {
  const { span, gaps } = useStore(view);
  const clock = useWorkspace((state) => state.clock);
  // Rows change as prices do: the newest candle arrives over the stream.
  useStore(feed.state, (state) => state.newest);
  const all = feed.candles();
  const lengthMs = intervalMs(feed.interval);
  const first = span ? Math.max(0, indexAt(all, span.from - lengthMs) + 1) : 0;
  const end = span ? indexAt(all, span.to) + 1 : all.length;
  const rows = all.slice(Math.max(first, end - MOST_ROWS), end).toReversed();
  const price = (value: number) => formatPrice(fromChartNumber(value, decimals), decimals);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls is scrolled with the keyboard, too
    <section className={styles.table} tabIndex={0} aria-label={`${name} as a table`} data-testid="table-view">
      <table>
        <caption className="visuallyHidden">
          {name}: {rows.length} candles, the newest first
        </caption>
        <thead>
          <tr>
            {[clock === 'utc' ? 'Open time (UTC)' : 'Open time', 'Open', 'High', 'Low', 'Close', 'Volume'].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((candle) => {
            const gap = gaps.find(({ before }) => before === candle.openTime);
            return [
              gap && (
                <tr key={`gap-${gap.before}`} className={styles.gap}>
                  <td colSpan={6}>{gap.label}</td>
                </tr>
              ),
              <tr key={candle.openTime}>
                <th scope="row">{formatInstant(candle.openTime, clock)}</th>
                <td>{price(candle.open)}</td>
                <td>{price(candle.high)}</td>
                <td>{price(candle.low)}</td>
                <td>{price(candle.close)}</td>
                <td>{formatAmount(fromChartNumber(candle.baseVolume, 8))}</td>
              </tr>,
            ];
          })}
        </tbody>
      </table>
    </section>
  );
}
