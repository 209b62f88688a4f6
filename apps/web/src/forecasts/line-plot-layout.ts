/** A point of a plot in the units of its axes. */
export interface PlotPoint {
  readonly x: number;
  readonly y: number;
}

/** The part of the plane that a plot shows. */
export interface PlotFrame {
  readonly x: readonly [from: number, to: number];
  readonly y: readonly [from: number, to: number];
}

/** Size of a plot's drawing in its own units, without its labels. */
export const PLOT_WIDTH = 600;
export const PLOT_HEIGHT = 240;

/** Returns where a point lies in the drawing: x to the right, y downwards. */
export function place({ x: [x0, x1], y: [y0, y1] }: PlotFrame, { x, y }: PlotPoint): PlotPoint {
  return {
    x: round(((x - x0) / (x1 - x0 || 1)) * PLOT_WIDTH),
    y: round(PLOT_HEIGHT - ((y - y0) / (y1 - y0 || 1)) * PLOT_HEIGHT),
  };
}

/** Returns SVG path data of a line through the points, in their order; empty for fewer than two. */
export function linePath(frame: PlotFrame, points: readonly PlotPoint[]): string {
  if (points.length < 2) return '';
  return points
    .map((point, index) => {
      const { x, y } = place(frame, point);
      return `${index === 0 ? 'M' : 'L'}${x} ${y}`;
    })
    .join('');
}

/** Returns SVG path data of the area between two lines of the same x. */
export function bandPath(frame: PlotFrame, lower: readonly PlotPoint[], upper: readonly PlotPoint[]): string {
  const outline = linePath(frame, [...upper, ...lower.toReversed()]);
  return outline === '' ? '' : `${outline}Z`;
}

/** Returns the frame that holds all values with a margin, and at least `leastSpan` of y. */
export function frameOf(points: readonly PlotPoint[], leastSpan = 0): PlotFrame {
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [low, high] = points.length === 0 ? [0, 1] : [Math.min(...ys), Math.max(...ys)];
  const span = Math.max(high - low, leastSpan, Number.EPSILON) * 1.1;
  const middle = (low + high) / 2;
  return { x: points.length === 0 ? [0, 1] : [Math.min(...xs), Math.max(...xs)], y: [middle - span / 2, middle + span / 2] };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
