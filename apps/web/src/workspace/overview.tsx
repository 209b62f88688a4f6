'use client';

import { intervalMs } from '@candlecast/domain';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { formatInstant } from '../charts/axis-time.ts';
import type { CandleChart } from '../charts/candle-chart.ts';
import { movePart, overviewPath, type Part, stretchPart } from '../charts/overview-path.ts';
import { logicalAt, timeAt } from '../charts/time-positions.ts';
import styles from './overview.module.css';
import type { PaneFeed } from './pane-feed.ts';
import type { PaneViewStore } from './pane-view.ts';
import { useServices, useWorkspace } from './services.ts';

const WIDTH = 1000;
const HEIGHT = 24;
const POINTS = 400;
const LEAST_CANDLES = 10;

interface Props {
  readonly index: number;
  readonly feed: PaneFeed;
  readonly view: PaneViewStore;
  readonly chart: CandleChart | undefined;
}

/** All loaded candles of the active chart, with a window over what is in view: it is dragged, stretched at its edges, or moved by keys. */
export function Overview({ index, feed, view, chart }: Props) {
  const { charts } = useServices();
  const clock = useWorkspace((state) => state.clock);
  const span = useStore(view, (state) => state.span);
  const strip = useRef<HTMLDivElement>(null);
  const grip = useRef<{ readonly edge: 'from' | 'to' | 'both'; readonly start: number; readonly part: Part } | undefined>(undefined);
  const path = usePath(feed);
  const candles = feed.candles();
  const lengthMs = intervalMs(feed.interval);
  const last = Math.max(1, candles.length - 1);
  const least = Math.min(1, LEAST_CANDLES / last);
  const partOf = (time: number) => Math.min(1, Math.max(0, (logicalAt(candles, time, lengthMs) ?? 0) / last));
  const part = span ? { from: partOf(span.from), to: partOf(span.to) } : { from: 0, to: 1 };

  const show = ({ from, to }: Part) => {
    const [start, end] = [timeAt(candles, from * last, lengthMs), timeAt(candles, to * last, lengthMs)];
    if (start === undefined || end === undefined) return;
    charts.lead(index);
    // At its end the window shows what the chart shows of the future, too.
    if (to >= 1 && from > 0 && part.to < 1) chart?.jumpToLive();
    else chart?.showSpan({ from: start, to: end });
  };
  const placeOf = (event: PointerEvent) => {
    const box = strip.current?.getBoundingClientRect();
    return box ? (event.clientX - box.left) / box.width : 0;
  };
  const take = (edge: 'from' | 'to' | 'both') => (event: PointerEvent) => {
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    grip.current = { edge, start: placeOf(event), part };
  };
  const drag = (event: PointerEvent) => {
    const held = grip.current;
    if (!held) return;
    const at = placeOf(event);
    show(held.edge === 'both' ? movePart(held.part, at - held.start) : stretchPart(held.part, held.edge, at, least));
  };
  const release = () => {
    grip.current = undefined;
  };
  const moves = { onPointerMove: drag, onPointerUp: release, onPointerCancel: release };
  const steer = (event: KeyboardEvent) => {
    const width = part.to - part.from;
    const steps: Record<string, () => void> = {
      ArrowLeft: () => show(movePart(part, -width / 4)),
      ArrowRight: () => show(movePart(part, width / 4)),
      Home: () => show({ from: 0, to: width }),
      End: () => chart?.jumpToLive(),
      '+': () => show(stretchPart(part, 'from', part.from + width / 4, least)),
      '-': () => show(stretchPart(part, 'from', part.from - width / 4, least)),
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    step();
  };

  return (
    <div ref={strip} className={styles.strip} data-testid="overview">
      <svg className={styles.line} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <path d={path} />
      </svg>
      {span && (
        <div
          className={styles.window}
          style={{ left: `${part.from * 100}%`, right: `${(1 - part.to) * 100}%` }}
          role="slider"
          tabIndex={0}
          aria-label="Range of the chart. Arrow keys move it, plus and minus change its width."
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(part.from * 100)}
          aria-valuetext={`${formatInstant(span.from, clock)} to ${formatInstant(span.to, clock)}`}
          data-testid="overview-window"
          onPointerDown={take('both')}
          onKeyDown={steer}
          {...moves}
        >
          <i className={styles.left} data-testid="overview-from" onPointerDown={take('from')} {...moves} />
          <i className={styles.right} data-testid="overview-to" onPointerDown={take('to')} {...moves} />
        </div>
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
