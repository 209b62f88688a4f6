import type { ChartCandle } from '../market/chart-candle.ts';

/** Returns SVG path data of a whole series, drawn into a box: the close of each of at most `most` stretches. Empty for fewer than two candles. */
export function overviewPath(candles: readonly ChartCandle[], width: number, height: number, most: number): string {
  if (candles.length < 2) return '';
  const every = Math.max(1, Math.ceil(candles.length / most));
  const picked = candles.filter((_, index) => index % every === every - 1 || index === candles.length - 1);
  const closes = picked.map(({ close }) => close);
  const [low, high] = [Math.min(...closes), Math.max(...closes)];
  return picked
    .map(({ close }, index) => {
      const x = (index / Math.max(1, picked.length - 1)) * width;
      const y = height - ((close - low) / (high - low || 1)) * height;
      return `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}

/** A part of a series: both from 0 to 1. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/** Returns a part moved by `by`, as far as there is room; it keeps its width. */
export function movePart({ from, to }: Part, by: number): Part {
  const step = Math.min(Math.max(by, -from), 1 - to);
  return { from: from + step, to: to + step };
}

/** Returns a part with one edge moved to `at`; it keeps at least `least`. */
export function stretchPart(part: Part, edge: 'from' | 'to', at: number, least: number): Part {
  if (edge === 'from') return { ...part, from: Math.min(Math.max(0, at), part.to - least) };
  return { ...part, to: Math.max(Math.min(1, at), part.from + least) };
}
