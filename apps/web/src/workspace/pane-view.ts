import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Hovered, VisibleSpan } from '../charts/candle-chart.ts';
import type { ChartGap } from '../charts/chart-line.ts';

/** What the texts around a chart need to know of it; it goes past React until one of them reads it. */
export interface PaneView {
  /** What is under the crosshair. */
  readonly hovered: Hovered | undefined;
  /** The times in view; undefined before the chart has drawn. */
  readonly span: VisibleSpan | undefined;
  /** Holes among the loaded candles, oldest first, with why. */
  readonly gaps: readonly ChartGap[];
  /** The newest values of lines, by their ids. */
  readonly values: Readonly<Record<string, number>>;
}

export type PaneViewStore = StoreApi<PaneView>;

export function createPaneView(): PaneViewStore {
  return createStore<PaneView>(() => ({ hovered: undefined, span: undefined, gaps: [], values: {} }));
}
