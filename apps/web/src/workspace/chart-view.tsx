'use client';

import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { formatInstant } from '../charts/axis-time.ts';
import type { CandleChart } from '../charts/candle-chart.ts';
import { SvgCandles } from '../charts/svg-candles.tsx';
import { decimalsOf, formatPrice } from '../market/format-decimal.ts';
import { fromChartNumber } from '../market/from-chart-number.ts';
import styles from './chart-view.module.css';
import type { PaneFeed } from './pane-feed.ts';
import type { PaneViewStore } from './pane-view.ts';
import { useServices, useWorkspace } from './services.ts';
import type { MarketRow } from './use-market-data.ts';
import { useOverdueCandle } from './use-overdue.ts';
import { useSpanAddress } from './use-span-address.ts';
import type { Scale } from './workspace-url.ts';

interface Props {
  readonly index: number;
  readonly feed: PaneFeed;
  readonly row: MarketRow;
  readonly view: PaneViewStore;
  readonly scale: Scale;
  readonly isActive: boolean;
  readonly isOnScreen: boolean;
  readonly chart: CandleChart | undefined;
  /** Whether the chart shows the feed's candles. */
  readonly hasDrawn: boolean;
  readonly onChart: (chart: CandleChart | undefined) => void;
}

/**
 * The chart itself. The server's SVG stands until the engine, loaded after the page is readable, has drawn the same candles
 * over it; from then on candles go from the feed to the engine without React.
 */
export function ChartView({ index, feed, row, view, scale, isActive, isOnScreen, chart, hasDrawn, onChart }: Props) {
  const { charts, takeTurn, workspace } = useServices();
  const container = useRef<HTMLDivElement>(null);
  const current = useRef(feed);
  const [isLive, setIsLive] = useState(true);
  const theme = useWorkspace((state) => state.theme);
  const colours = useWorkspace((state) => state.colours);
  const clock = useWorkspace((state) => state.clock);
  const phase = useStore(feed.state, (state) => state.phase);
  const isOverdue = useOverdueCandle(feed, row) !== undefined;
  const decimals = decimalsOf(row.instrument.tickSize);
  current.current = feed;
  useSpanAddress(view, isActive, isLive);

  useEffect(() => {
    const element = container.current;
    if (!isOnScreen || !element) return;
    let isGone = false;
    import('../charts/lightweight/create-lightweight-chart.ts').then(({ createLightweightChart }) => {
      takeTurn(() => {
        if (isGone) return;
        onChart(
          createLightweightChart(element, {
            onHover(hovered) {
              view.setState({ hovered });
              charts.pointed(index, hovered?.candle.openTime);
            },
            onMove(span) {
              view.setState({ span });
              charts.moved(index, span);
            },
            onNeedHistory: () => void current.current.loadOlder(),
            onLiveChange: setIsLive,
          }),
        );
      });
    }, console.error);
    return () => {
      isGone = true;
      onChart(undefined);
    };
  }, [isOnScreen, index, charts, view, takeTurn, onChart]);

  // After those who write to it have stopped: they stand below and are gone first.
  useEffect(() => () => chart?.dispose(), [chart]);

  useEffect(() => chart?.setScale(scale), [chart, scale]);
  useEffect(() => chart?.setZone(clock), [chart, clock]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: theme and colours change the style sheet that the chart reads
  useEffect(() => chart?.refreshColours(), [chart, theme, colours]);

  const lead = () => charts.lead(index);
  return (
    <div
      className={styles.chart}
      data-phase={phase}
      data-overdue={isOverdue}
      data-live={isLive}
      role="application"
      aria-label={`${nameOf(feed, row)}. Arrow keys move, plus and minus zoom, Home goes to the oldest candle, End returns to now.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the chart is moved and zoomed with the keyboard
      tabIndex={0}
      onDoubleClick={() => workspace.setState(({ isMaximised }) => ({ isMaximised: !isMaximised }))}
      onPointerEnter={lead}
      onPointerDown={lead}
      onFocus={lead}
      onKeyDown={(event) => {
        lead();
        if (chart) steer(event, chart);
      }}
    >
      {!hasDrawn && (
        <SvgCandles
          label={describe(feed, row, decimals)}
          interval={feed.interval}
          decimals={decimals}
          candles={feed.candles()}
          fan={feed.state.getState().fan}
        />
      )}
      <div ref={container} className={styles.engine} />
      <abbr className={styles.zone} title={hasDrawn && clock === 'local' ? 'Times are of this machine' : 'Times are in UTC'}>
        {hasDrawn && clock === 'local' ? 'Local' : 'UTC'}
      </abbr>
      {hasDrawn && !isLive && (
        <button type="button" className={styles.toLive} onClick={() => chart?.jumpToLive()} data-testid="jump-to-live">
          Live <span aria-hidden="true">⇥</span>
        </button>
      )}
    </div>
  );
}

function steer(event: KeyboardEvent, chart: CandleChart): void {
  const actions: Record<string, () => void> = {
    ArrowLeft: () => chart.pan(event.shiftKey ? -20 : -4),
    ArrowRight: () => chart.pan(event.shiftKey ? 20 : 4),
    '+': () => chart.zoom(1.2),
    '=': () => chart.zoom(1.2),
    '-': () => chart.zoom(1 / 1.2),
    Home: () => chart.jumpToOldest(),
    End: () => chart.jumpToLive(),
  };
  const action = event.altKey || event.ctrlKey || event.metaKey ? undefined : actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

function nameOf(feed: PaneFeed, { instrument }: MarketRow): string {
  return `${instrument.baseAsset}/${instrument.quoteAsset}, ${feed.interval} candles`;
}

function describe(feed: PaneFeed, row: MarketRow, decimals: number): string {
  const last = feed.candles().at(-1);
  if (!last) return nameOf(feed, row);
  const price = formatPrice(fromChartNumber(last.close, decimals), decimals);
  return `${nameOf(feed, row)} up to ${formatInstant(last.openTime)} UTC, last price ${price}`;
}
