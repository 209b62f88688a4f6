import type { EpochMs, Interval } from '@candlecast/domain';
import type { ChartCandle } from '../market/chart-candle.ts';
import type { ForecastFan } from '../market/forecast-fan.ts';
import type { Merged } from '../market/merge-candles.ts';
import type { Zone } from './axis-time.ts';
import type { ChartGap, ChartLine, LineUpdate } from './chart-line.ts';
import type { ForecastOutlook } from './forecast-outlook.ts';

/** How many candles a chart shows at first, forecast aside; the server-rendered chart shows the same. */
export const FIRST_CANDLES = 80;

/** The narrowest a candle's slot is at first, in CSS pixels: a narrow chart shows fewer candles. */
export const MIN_SLOT_PX = 4;

/** Candle slots kept free on the right where there is no forecast. */
export const FREE_SLOTS = 4;

/** Width of the price axis in CSS pixels, the same before and after the engine takes over. */
export const PRICE_AXIS_WIDTH_PX = 76;

/** What a chart shows: one series of one interval. */
export interface ChartSeries {
  readonly interval: Interval;
  /** Decimals of the instrument's tick size. */
  readonly decimals: number;
  /** Oldest first, unique. */
  readonly candles: readonly ChartCandle[];
}

/** Times from the left to the right edge of a chart. */
export interface VisibleSpan {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** What is under the crosshair. */
export interface Hovered {
  readonly candle: ChartCandle;
  /** The values of lines there, by their ids. */
  readonly values: Readonly<Record<string, number>>;
}

/** What a chart tells its owner. */
export interface ChartEvents {
  /** What is under the crosshair, undefined when it leaves. */
  readonly onHover: (hovered: Hovered | undefined) => void;
  /** Other times are in view, whoever moved them. */
  readonly onMove: (span: VisibleSpan) => void;
  /** The oldest candle is close to the left edge: more history is wanted. */
  readonly onNeedHistory: () => void;
  /** Whether the newest candle is in view. */
  readonly onLiveChange: (isLive: boolean) => void;
}

/** The port between the workspace and a chart engine. Everything is written straight into the engine and painted once a frame. */
export interface CandleChart {
  /** Replaces the series and its fan, and shows the newest candles. */
  setSeries(series: ChartSeries, fan: ForecastFan | undefined): void;
  /** Draws new and changed candles, wherever they are; what is in view stays in view. */
  update(merged: Merged): void;
  setFan(fan: ForecastFan | undefined): void;
  /** Moves the "now" line to the venue's time. */
  setNow(time: EpochMs): void;
  /** Reads the colours of the page's theme again. */
  refreshColours(): void;
  jumpToLive(): void;
  /** Shows the oldest candles that are loaded. */
  jumpToOldest(): void;
  /** Moves the view by candles: negative goes back in time. */
  pan(candles: number): void;
  /** Zooms about the newest visible candle: above 1 shows fewer candles. */
  zoom(factor: number): void;
  visibleSpan(): VisibleSpan | undefined;
  /** Shows these times; what lies beyond the candles stays empty. */
  showSpan(span: VisibleSpan): void;
  /** Moves the right edge to a time, at the present zoom. */
  showUntil(time: EpochMs): void;
  /** Puts the crosshair on the candle that is open at `time`; takes it away where there is none. */
  setCrosshair(time: EpochMs | undefined): void;
  setScale(scale: 'linear' | 'log' | 'percent'): void;
  setZone(zone: Zone): void;
  /** Draws these lines and no other. */
  setLines(lines: readonly ChartLine[]): void;
  /** Draws new values of lines, none before the newest. */
  updateLines(updates: readonly LineUpdate[]): void;
  setGaps(gaps: readonly ChartGap[]): void;
  /** Draws what was said earlier and what is said of the next day; undefined takes it away. */
  setOutlook(outlook: ForecastOutlook | undefined): void;
  /** Returns the price at a height below the chart's upper edge in CSS pixels, as the scale divides it. */
  priceAt(y: number): number | undefined;
  /** Returns the chart as a picture. */
  takePicture(): HTMLCanvasElement;
  dispose(): void;
}

/** Makes a chart that fills `container`. */
export type CreateCandleChart = (container: HTMLElement, events: ChartEvents) => CandleChart;

/** Returns how many candle slots a chart keeps free after its newest candle: the fan's length, or a few. */
export function slotsAhead(lastOpenTime: EpochMs | undefined, intervalLengthMs: number, fan: ForecastFan | undefined): number {
  const end = fan?.points.at(-1)?.time;
  if (end === undefined || lastOpenTime === undefined) return FREE_SLOTS;
  return Math.max(FREE_SLOTS, Math.ceil((end - lastOpenTime) / intervalLengthMs) + 1);
}
