import { type EpochMs, intervalMs } from '@candlecast/domain';
import { CandlestickSeries, createChart, HistogramSeries, LineSeries, type Logical, type UTCTimestamp } from 'lightweight-charts';
import { type ChartCandle, isRising } from '../../market/chart-candle.ts';
import type { ForecastFan } from '../../market/forecast-fan.ts';
import type { Merged } from '../../market/merge-candles.ts';
import { type CandleChart, type ChartEvents, type ChartSeries, FIRST_CANDLES, MIN_SLOT_PX, slotsAhead } from '../candle-chart.ts';
import { CHART_OPTIONS, candleStyle, chartColours, priceFormat, VOLUME_SCALE, volumeScaleStyle, widenAutoscale } from './chart-style.ts';
import { FanPrimitive } from './fan-primitive.ts';
import { readColours } from './read-colours.ts';

const HISTORY_MARGIN = 40;

/** Makes a candle chart with volume and forecast on lightweight-charts. */
export function createLightweightChart(container: HTMLElement, events: ChartEvents): CandleChart {
  let colours = readColours(container);
  const chart = createChart(container, { ...CHART_OPTIONS, ...chartColours(colours) });
  const timeScale = chart.timeScale();
  const candleSeries = chart.addSeries(CandlestickSeries, { ...candleStyle(colours), autoscaleInfoProvider: widenAutoscale });
  const volumeSeries = chart.addSeries(HistogramSeries, {
    priceScaleId: VOLUME_SCALE,
    priceFormat: { type: 'volume' },
    lastValueVisible: false,
    priceLineVisible: false,
  });
  chart.priceScale(VOLUME_SCALE).applyOptions(volumeScaleStyle);
  // Holds nothing but empty times: they give the time axis its labels under the forecast.
  const futureSeries = chart.addSeries(LineSeries, { lastValueVisible: false, priceLineVisible: false, crosshairMarkerVisible: false });
  const positions = { xOf, lastIndex: () => candles.length - 1 };
  const fanPrimitive = new FanPrimitive(positions, colours);
  candleSeries.attachPrimitive(fanPrimitive);

  let candles: readonly ChartCandle[] = [];
  let byTime = new Map<number, ChartCandle>();
  let lengthMs = intervalMs('1m');
  let fan: ForecastFan | undefined;
  let futureEnd = 0;
  let isLive = true;

  chart.subscribeCrosshairMove(({ time }) => events.onHover(time === undefined ? undefined : byTime.get((time as UTCTimestamp) * 1000)));
  timeScale.subscribeVisibleLogicalRangeChange((range) => {
    if (!range || candles.length === 0) return;
    if (range.from < HISTORY_MARGIN) events.onNeedHistory();
    const isNowLive = range.to >= candles.length - 1;
    if (isNowLive !== isLive) events.onLiveChange(isNowLive);
    isLive = isNowLive;
  });

  return {
    setSeries(series: ChartSeries, newFan) {
      lengthMs = intervalMs(series.interval);
      fan = newFan;
      candleSeries.applyOptions({ priceFormat: priceFormat(series.decimals) });
      replace(series.candles);
      fanPrimitive.setFan(fan);
      showNewest();
    },
    update({ candles: all, changed }: Merged) {
      const newest = candles.at(-1)?.openTime ?? 0;
      if (changed.some(({ openTime }) => openTime < newest && !byTime.has(openTime))) return replace(all);
      candles = all;
      for (const candle of changed) draw(candle, candle.openTime < newest);
      colourPriceLine();
      extendFuture();
    },
    setFan(newFan) {
      const before = slots();
      fan = newFan;
      fanPrimitive.setFan(fan);
      extendFuture();
      if (slots() !== before) timeScale.applyOptions(isLive ? { rightOffset: slots() } : {});
    },
    setNow: (time) => fanPrimitive.setNow(time),
    refreshColours() {
      colours = readColours(container);
      chart.applyOptions(chartColours(colours));
      candleSeries.applyOptions(candleStyle(colours));
      colourPriceLine();
      fanPrimitive.setColours(colours);
      volumeSeries.setData(candles.map(toVolume));
    },
    jumpToLive: () => timeScale.scrollToPosition(slots(), false),
    jumpToOldest() {
      const range = timeScale.getVisibleLogicalRange();
      if (range) timeScale.setVisibleLogicalRange({ from: 0, to: range.to - range.from });
    },
    pan: (count) => timeScale.scrollToPosition(timeScale.scrollPosition() + count, false),
    zoom: (factor) => timeScale.applyOptions({ barSpacing: timeScale.options().barSpacing * factor }),
    dispose: () => chart.remove(),
  };

  function replace(all: readonly ChartCandle[]): void {
    candles = all;
    byTime = new Map(all.map((candle) => [candle.openTime, candle]));
    futureEnd = 0;
    futureSeries.setData([]);
    candleSeries.setData(all.map(toPoint));
    volumeSeries.setData(all.map(toVolume));
    colourPriceLine();
    extendFuture();
  }

  function draw(candle: ChartCandle, isOlder: boolean): void {
    byTime.set(candle.openTime, candle);
    candleSeries.update(toPoint(candle), isOlder);
    volumeSeries.update(toVolume(candle), isOlder);
  }

  /** The line would take the body's colour, which a rising, hollow candle does not have. */
  function colourPriceLine(): void {
    const last = candles.at(-1);
    const colour = last && isRising(last) ? colours.up : colours.down;
    if (colour !== candleSeries.options().priceLineColor) candleSeries.applyOptions({ priceLineColor: colour });
  }

  function extendFuture(): void {
    const last = candles.at(-1)?.openTime;
    if (last === undefined) return;
    const end = last + slots() * lengthMs;
    for (let time = Math.max(futureEnd, last) + lengthMs; time <= end; time += lengthMs) {
      futureSeries.update({ time: toTime(time as EpochMs) });
      futureEnd = time;
    }
  }

  function showNewest(): void {
    timeScale.applyOptions({ rightOffset: slots() });
    const shown = Math.min(FIRST_CANDLES + slots(), timeScale.width() / MIN_SLOT_PX);
    const to = candles.length - 1 + slots();
    timeScale.setVisibleLogicalRange({ from: to - shown + 1, to });
  }

  function slots(): number {
    return slotsAhead(candles.at(-1)?.openTime, lengthMs, fan);
  }

  function xOf(time: EpochMs): number | undefined {
    const last = candles.at(-1);
    if (!last) return undefined;
    const index = candles.length - 1 + (time - last.openTime) / lengthMs;
    const whole = Math.floor(index);
    const x = timeScale.logicalToCoordinate(whole as Logical);
    return x === null ? undefined : x + (index - whole) * timeScale.options().barSpacing;
  }

  function toVolume(candle: ChartCandle) {
    return {
      time: toTime(candle.openTime),
      value: candle.baseVolume,
      color: isRising(candle) ? colours.upVolume : colours.downVolume,
    };
  }
}

function toPoint({ openTime, open, high, low, close }: ChartCandle) {
  return { time: toTime(openTime), open, high, low, close };
}

function toTime(time: EpochMs): UTCTimestamp {
  return (time / 1000) as UTCTimestamp;
}
