import type { ReactNode } from 'react';
import styles from './line-plot.module.css';
import { PLOT_HEIGHT, PLOT_WIDTH, type PlotFrame, place } from './line-plot-layout.ts';

/** A labelled place on an axis. */
export interface PlotTick {
  readonly at: number;
  readonly label: string;
}

interface Props {
  readonly title: string;
  /** What somebody who cannot see the drawing is told. */
  readonly description: string;
  readonly frame: PlotFrame;
  readonly yTicks: readonly PlotTick[];
  readonly xTicks: readonly PlotTick[];
  /** What the parts of the drawing mean. */
  readonly legend: ReactNode;
  readonly testId: string;
  /** SVG in the units of `place`. */
  readonly children: ReactNode;
}

/** A plot that the server renders: readable without JavaScript, labels in the page's own text. */
export function LinePlot({ title, description, frame, yTicks, xTicks, legend, testId, children }: Props) {
  const topOf = (at: number) => `${((place(frame, { x: 0, y: at }).y / PLOT_HEIGHT) * 100).toFixed(2)}%`;
  const leftOf = (at: number) => `${((place(frame, { x: at, y: 0 }).x / PLOT_WIDTH) * 100).toFixed(2)}%`;
  return (
    <figure className={styles.plot} data-testid={testId}>
      <figcaption className={styles.title}>{title}</figcaption>
      <div className={styles.box} role="img" aria-label={`${title}. ${description}`}>
        <svg viewBox={`0 0 ${PLOT_WIDTH} ${PLOT_HEIGHT}`} preserveAspectRatio="none" className={styles.drawing} aria-hidden="true">
          {yTicks.map(({ at }) => {
            const { y } = place(frame, { x: 0, y: at });
            return <path key={at} className={styles.grid} d={`M0 ${y}H${PLOT_WIDTH}`} />;
          })}
          {children}
        </svg>
        {yTicks.map(({ at, label }) => (
          <span key={at} className={styles.yLabel} style={{ top: topOf(at) }}>
            {label}
          </span>
        ))}
        {xTicks.map(({ at, label }, index) => (
          <span key={at} className={styles.xLabel} style={{ left: leftOf(at) }} data-edge={edgeOf(index, xTicks.length)}>
            {label}
          </span>
        ))}
      </div>
      <p className={styles.legend}>{legend}</p>
    </figure>
  );
}

/** A key of the legend: how a line is drawn, and what it is. */
export function PlotKey({
  kind,
  children,
}: {
  readonly kind: 'line' | 'naive' | 'band' | 'dashed' | 'second' | 'actual';
  readonly children: ReactNode;
}) {
  return (
    <span className={styles.key}>
      <i className={styles.swatch} data-kind={kind} aria-hidden="true" />
      {children}
    </span>
  );
}

function edgeOf(index: number, count: number): 'start' | 'end' | undefined {
  return index === 0 ? 'start' : index === count - 1 ? 'end' : undefined;
}
