import { intervalMs } from '@candlecast/domain';
import { type KeyboardEvent, type PointerEvent, type RefObject, useRef } from 'react';
import { formatInstant } from '../charts/axis-time.ts';
import type { CandleChart, VisibleSpan } from '../charts/candle-chart.ts';
import { movePart, type Part, stretchPart } from '../charts/overview-path.ts';
import { logicalAt, timeAt } from '../charts/time-positions.ts';
import styles from './overview.module.css';
import type { PaneFeed } from './pane-feed.ts';
import { useServices, useWorkspace } from './services.ts';

const LEAST_CANDLES = 10;

interface Props {
  readonly index: number;
  readonly feed: PaneFeed;
  readonly chart: CandleChart | undefined;
  readonly span: VisibleSpan;
  /** What it lies over. */
  readonly strip: RefObject<HTMLDivElement | null>;
}

/** The window over what is in view: it is dragged, stretched at its edges, or moved by keys. Loaded when there is a chart to move. */
export function OverviewWindow({ index, feed, chart, span, strip }: Props) {
  const { charts } = useServices();
  const clock = useWorkspace((state) => state.clock);
  const grip = useRef<{ readonly edge: 'from' | 'to' | 'both'; readonly start: number; readonly part: Part } | undefined>(undefined);
  const candles = feed.candles();
  const lengthMs = intervalMs(feed.interval);
  const last = Math.max(1, candles.length - 1);
  const least = Math.min(1, LEAST_CANDLES / last);
  const partOf = (time: number) => Math.min(1, Math.max(0, (logicalAt(candles, time, lengthMs) ?? 0) / last));
  const part = { from: partOf(span.from), to: partOf(span.to) };

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
  );
}
