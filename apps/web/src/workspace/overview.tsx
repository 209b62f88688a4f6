'use client';

import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { CandleChart } from '../charts/candle-chart.ts';
import { overviewPath } from '../charts/overview-path.ts';
import styles from './overview.module.css';
import type { PaneFeed } from './pane-feed.ts';
import type { PaneViewStore } from './pane-view.ts';

const WIDTH = 1000;
const HEIGHT = 24;
const POINTS = 400;

const OverviewWindow = lazy(() => import('./overview-window.tsx').then((part) => ({ default: part.OverviewWindow })));

interface Props {
  readonly index: number;
  readonly feed: PaneFeed;
  readonly view: PaneViewStore;
  readonly chart: CandleChart | undefined;
}

/** All loaded candles of the active chart, with a window over what is in view. */
export function Overview({ index, feed, view, chart }: Props) {
  const span = useStore(view, (state) => state.span);
  const strip = useRef<HTMLDivElement>(null);
  const path = usePath(feed);
  return (
    <div ref={strip} className={styles.strip} data-testid="overview">
      <svg className={styles.line} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path d={path} />
      </svg>
      {span && (
        <Suspense>
          <OverviewWindow index={index} feed={feed} chart={chart} span={span} strip={strip} />
        </Suspense>
      )}
    </div>
  );
}

/** Drawn again with every new candle, not with every price. */
function usePath(feed: PaneFeed): string {
  const [path, setPath] = useState(() => overviewPath(feed.candles(), WIDTH, HEIGHT, POINTS));
  useEffect(() => {
    let count = 0;
    const draw = (candles: ReturnType<PaneFeed['candles']>) => {
      if (candles.length === count) return;
      count = candles.length;
      setPath(overviewPath(candles, WIDTH, HEIGHT, POINTS));
    };
    return feed.listen({ onReset: draw, onMerge: ({ candles }) => draw(candles) });
  }, [feed]);
  return path;
}
