import { type EpochMs, type Interval, intervalMs } from '@candlecast/domain';
import { type ChartCandle, isRising } from '../market/chart-candle.ts';
import type { ForecastFan } from '../market/forecast-fan.ts';
import { FIRST_CANDLES, MIN_SLOT_PX, slotsAhead } from './candle-chart.ts';
import { toFanCurve } from './fan-curve.ts';
import { widenRange } from './price-range.ts';

/** Height of the drawing in its own units; its width is `SLOT` units a candle. Both are stretched to the chart's box. */
export const HEIGHT = 1000;
const SLOT = 10;
const BODY = 6;
const TOP_MARGIN = 0.16;
const BOTTOM_MARGIN = 0.22;
const VOLUME_TOP = 0.84;
const TICKS = 6;
const TIME_LABELS = 5;

/** SVG path data of a candle chart, and where its labels go (in parts of the width and height). */
export interface SvgLayout {
  readonly width: number;
  /** The narrowest the drawing is in CSS pixels; a narrower chart shows its right part. */
  readonly minWidthPx: number;
  readonly rising: string;
  readonly falling: string;
  readonly risingVolume: string;
  readonly fallingVolume: string;
  readonly outerBand: string;
  readonly innerBand: string;
  readonly median: string;
  /** Where the "now" line stands; undefined without a forecast. */
  readonly now: number | undefined;
  readonly priceTicks: readonly { readonly price: number; readonly top: number }[];
  readonly timeTicks: readonly { readonly time: EpochMs; readonly left: number }[];
  readonly last: { readonly price: number; readonly top: number; readonly isRising: boolean } | undefined;
}

/** Lays out the newest candles of a series and its fan, the way the chart engine will show them at first. */
export function layOutCandles(series: readonly ChartCandle[], interval: Interval, fan: ForecastFan | undefined): SvgLayout {
  const candles = series.slice(-FIRST_CANDLES);
  const last = candles.at(-1);
  const curve = fan ? toFanCurve(fan) : [];
  const width = (FIRST_CANDLES + slotsAhead(last?.openTime, intervalMs(interval), fan)) * SLOT;
  const { low, high } = widenRange({
    low: Math.min(...candles.map((candle) => candle.low), ...curve.map((point) => point.lower90)),
    high: Math.max(...candles.map((candle) => candle.high), ...curve.map((point) => point.upper90)),
  });
  const span = high - low || 1;
  const maxVolume = Math.max(...candles.map((candle) => candle.baseVolume), Number.MIN_VALUE);

  const topOf = (price: number) => TOP_MARGIN + (1 - TOP_MARGIN - BOTTOM_MARGIN) * ((high - price) / span);
  const y = (price: number) => round(topOf(price) * HEIGHT);
  const xOf = (time: EpochMs) => (FIRST_CANDLES - 0.5 + (last ? (time - last.openTime) / intervalMs(interval) : 0)) * SLOT;
  const xs = candles.map((_, index) => (FIRST_CANDLES - candles.length + index + 0.5) * SLOT);

  const draw = (wanted: (candle: ChartCandle) => boolean, path: (candle: ChartCandle, x: number) => string) =>
    candles.map((candle, index) => (wanted(candle) ? path(candle, xs[index] ?? 0) : '')).join('');
  const body = ({ open, high: top, low: bottom, close }: ChartCandle, x: number) => {
    const [upper, lower] = [y(Math.max(open, close)), y(Math.min(open, close))];
    return `M${x} ${y(top)}V${upper}M${x} ${lower}V${y(bottom)}M${x - BODY / 2} ${upper}h${BODY}V${lower}h${-BODY}z`;
  };
  const volume = ({ baseVolume }: ChartCandle, x: number) => {
    const height = round((1 - VOLUME_TOP) * HEIGHT * (baseVolume / maxVolume));
    return `M${x - BODY / 2} ${HEIGHT}v${-height}h${BODY}v${height}z`;
  };
  const band = (upper: 'upper90' | 'upper50', lower: 'lower90' | 'lower50') =>
    toPath([
      ...curve.map((point) => [xOf(point.time), y(point[upper])] as const),
      ...curve.toReversed().map((point) => [xOf(point.time), y(point[lower])] as const),
    ]);

  return {
    width,
    minWidthPx: (width / SLOT) * MIN_SLOT_PX,
    rising: draw(isRising, body),
    falling: draw((candle) => !isRising(candle), body),
    risingVolume: draw(isRising, volume),
    fallingVolume: draw((candle) => !isRising(candle), volume),
    outerBand: band('upper90', 'lower90'),
    innerBand: band('upper50', 'lower50'),
    median: toPath(curve.map((point) => [xOf(point.time), y(point.median)] as const)),
    now: fan && last ? xOf(fan.asOf) : undefined,
    priceTicks: candles.length === 0 ? [] : niceTicks(low, high).map((price) => ({ price, top: topOf(price) })),
    timeTicks: timeTicks(candles, xs, width),
    last: last && { price: last.close, top: topOf(last.close), isRising: isRising(last) },
  };
}

/** Returns round prices inside `[low, high]`, at steps of 1, 2 or 5 times a power of ten. */
export function niceTicks(low: number, high: number): number[] {
  const rough = (high - low || Math.abs(high) || 1) / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, index) => (first + index) * step);
}

function timeTicks(candles: readonly ChartCandle[], xs: readonly number[], width: number): SvgLayout['timeTicks'] {
  const every = Math.ceil(candles.length / TIME_LABELS);
  return candles.flatMap((candle, index) =>
    index % every === Math.floor(every / 2) ? [{ time: candle.openTime, left: (xs[index] ?? 0) / width }] : [],
  );
}

function toPath(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${y}`).join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
