import {
  type AutoscaleInfo,
  type CandlestickSeriesPartialOptions,
  type ChartOptions,
  ColorType,
  CrosshairMode,
  type DeepPartial,
  LineStyle,
  type PriceFormatCustom,
} from 'lightweight-charts';
import { formatPrice } from '../../market/format-decimal.ts';
import { fromChartNumber } from '../../market/from-chart-number.ts';
import { PRICE_AXIS_WIDTH_PX } from '../candle-chart.ts';
import { widenRange } from '../price-range.ts';
import type { ChartColours } from './read-colours.ts';

/** The price scale that holds volume: an overlay at the foot of the chart. */
export const VOLUME_SCALE = 'volume';

export const volumeScaleStyle = { scaleMargins: { top: 0.84, bottom: 0 } };

/** What a chart keeps for life. `minBarSpacing` sets the zoom back when it is applied again. */
export const CHART_OPTIONS: DeepPartial<ChartOptions> = {
  autoSize: true,
  rightPriceScale: {
    borderVisible: false,
    entireTextOnly: true,
    minimumWidth: PRICE_AXIS_WIDTH_PX,
    scaleMargins: { top: 0.16, bottom: 0.22 },
  },
  timeScale: { borderVisible: false, timeVisible: true, secondsVisible: false, minBarSpacing: 1 },
};

/** Returns the part of a chart's look that follows the theme. */
export function chartColours(colours: ChartColours): DeepPartial<ChartOptions> {
  const crosshairLine = {
    color: colours.crosshair,
    labelBackgroundColor: colours.crosshairLabel,
    style: LineStyle.Dashed,
    width: 1,
  } as const;
  return {
    layout: {
      background: { type: ColorType.Solid, color: colours.surface },
      textColor: colours.text,
      fontSize: 11,
      fontFamily: colours.fontFamily,
      attributionLogo: true,
    },
    grid: { vertLines: { color: colours.grid }, horzLines: { color: colours.grid } },
    crosshair: { mode: CrosshairMode.Normal, vertLine: crosshairLine, horzLine: crosshairLine },
  };
}

/** Returns how candles look: rising ones hollow, falling ones filled, so that direction never rests on colour alone. */
export function candleStyle(colours: ChartColours): CandlestickSeriesPartialOptions {
  return {
    upColor: colours.surface,
    borderUpColor: colours.up,
    wickUpColor: colours.up,
    downColor: colours.down,
    borderDownColor: colours.down,
    wickDownColor: colours.down,
    priceLineStyle: LineStyle.Dotted,
  };
}

/** Returns how prices are written on the axis: as everywhere on the page. */
export function priceFormat(decimals: number): PriceFormatCustom {
  return {
    type: 'custom',
    minMove: 10 ** -decimals,
    formatter: (price: number) => formatPrice(fromChartNumber(price, decimals), decimals),
  };
}

/** Widens what the engine would show by the rule of all charts. */
export function widenAutoscale(original: () => AutoscaleInfo | null): AutoscaleInfo | null {
  const info = original();
  if (!info?.priceRange) return info;
  const { low, high } = widenRange({ low: info.priceRange.minValue, high: info.priceRange.maxValue });
  return { ...info, priceRange: { minValue: low, maxValue: high } };
}
