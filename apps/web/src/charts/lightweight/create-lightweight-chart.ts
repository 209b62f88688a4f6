import { type EpochMs, type Interval, intervalMs } from '@candlecast/domain';
import {
  CandlestickSeries,
  createChart,
  HistogramSeries,
  LineSeries,
  type Logical,
  PriceScaleMode,
  type UTCTimestamp,
} from 'lightweight-charts';
import { type ChartCandle, isRising } from '../../market/chart-candle.ts';
import type { ForecastFan } from '../../market/forecast-fan.ts';
import type { Merged } from '../../market/merge-candles.ts';
import { formatAxisTime, formatInstant, type Zone } from '../axis-time.ts';
import {
  type CandleChart,
  type ChartEvents,
  type ChartSeries,
  FIRST_CANDLES,
  MIN_SLOT_PX,
  slotsAhead,
  type VisibleSpan,
} from '../candle-chart.ts';
import { toFanCurve } from '../fan-curve.ts';
import { indexAt, logicalAt, timeAt } from '../time-positions.ts';
import { CHART_OPTIONS, candleStyle, chartColours, priceFormat, VOLUME_SCALE, volumeScaleStyle, widenAutoscale } from './chart-style.ts';
import { createFanPrimitive } from './fan-primitive.ts';
import { createGapPrimitive } from './gap-primitive.ts';
import { LineLayer } from './line-layer.ts';
import { createOutlookPrimitive } from './outlook-primitive.ts';
import { readColours } from './read-colours.ts';
import { withinFrame } from './within-frame.ts';

const HISTORY_MARGIN = 40;
const MODES = { linear: PriceScaleMode.Normal, log: PriceScaleMode.Logarithmic, percent: PriceScaleMode.Percentage } as const;

/** Makes a candle chart with volume and forecast on lightweight-charts. */
export function createLightweightChart(container: HTMLElement, events: ChartEvents): CandleChart {
  let colours = readColours(container);
  const chart = createChart(container, { ...CHART_OPTIONS, ...chartColours(colours) });
  const timeScale = chart.timeScale();
  const inFrame = (read: () => number, write: (value: number) => void) => withinFrame({ read, write }, requestAnimationFrame);
  const changeSpacing = inFrame(
    () => timeScale.options().barSpacing,
    (barSpacing) => timeScale.applyOptions({ barSpacing }),
  );
  const changePosition = inFrame(
    () => timeScale.scrollPosition(),
    (position) => timeScale.scrollToPosition(position, false),
  );
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
  const fanPrimitive = createFanPrimitive(positions, colours);
  const gapPrimitive = createGapPrimitive(positions, colours.gap);
  const outlookPrimitive = createOutlookPrimitive(positions, colours.fanLine);
  for (const primitive of [fanPrimitive, gapPrimitive, outlookPrimitive]) candleSeries.attachPrimitive(primitive);
  const lines = new LineLayer(chart, colours.lines);

  let candles: readonly ChartCandle[] = [];
  let byTime = new Map<number, ChartCandle>();
  let interval: Interval = '1m';
  let lengthMs = intervalMs(interval);
  let zone: Zone = 'utc';
  let fan: ForecastFan | undefined;
  let futureEnd = 0;
  let isLive = true;

  chart.applyOptions({
    timeScale: { tickMarkFormatter: (time: UTCTimestamp) => formatAxisTime((time * 1000) as EpochMs, interval, zone) },
    localization: { timeFormatter: (time: UTCTimestamp) => formatInstant((time * 1000) as EpochMs, zone) },
  });
  chart.subscribeCrosshairMove(({ time, seriesData }) => {
    const candle = time === undefined ? undefined : byTime.get((time as UTCTimestamp) * 1000);
    events.onHover(candle && { candle, values: lines.valuesAt(seriesData) });
  });
  timeScale.subscribeVisibleLogicalRangeChange((range) => {
    if (!range || candles.length === 0) return;
    if (range.from < HISTORY_MARGIN) events.onNeedHistory();
    const isNowLive = range.to >= candles.length - 1;
    if (isNowLive !== isLive) events.onLiveChange(isNowLive);
    isLive = isNowLive;
    const span = toSpan(range);
    if (span) events.onMove(span);
  });

  return {
    setSeries(series: ChartSeries, newFan) {
      interval = series.interval;
      lengthMs = intervalMs(interval);
      fan = newFan;
      candleSeries.applyOptions({ priceFormat: priceFormat(series.decimals) });
      replace(series.candles);
      fanPrimitive.show({ curve: fan ? toFanCurve(fan) : [] });
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
      fanPrimitive.show({ curve: fan ? toFanCurve(fan) : [] });
      extendFuture();
      if (slots() !== before) timeScale.applyOptions(isLive ? { rightOffset: slots() } : {});
    },
    setNow: (time) => fanPrimitive.show({ now: time }),
    refreshColours() {
      colours = readColours(container);
      chart.applyOptions(chartColours(colours));
      candleSeries.applyOptions(candleStyle(colours));
      colourPriceLine();
      fanPrimitive.show({ colours });
      gapPrimitive.show({ colour: colours.gap });
      outlookPrimitive.show({ colour: colours.fanLine });
      lines.setColours(colours.lines);
      volumeSeries.setData(candles.map(toVolume));
    },
    jumpToLive: () => timeScale.scrollToPosition(slots(), false),
    jumpToOldest() {
      const range = timeScale.getVisibleLogicalRange();
      if (range) timeScale.setVisibleLogicalRange({ from: 0, to: range.to - range.from });
    },
    pan: (count) => changePosition((position) => position + count),
    zoom: (factor) => changeSpacing((spacing) => spacing * factor),
    visibleSpan() {
      const range = timeScale.getVisibleLogicalRange();
      return range === null ? undefined : toSpan(range);
    },
    showSpan({ from: start, to: end }) {
      const [from, to] = [logicalAt(candles, start, lengthMs), logicalAt(candles, end, lengthMs)];
      if (from !== undefined && to !== undefined && from < to) timeScale.setVisibleLogicalRange({ from, to });
    },
    showUntil(time) {
      const [range, to] = [timeScale.getVisibleLogicalRange(), logicalAt(candles, time, lengthMs)];
      if (range && to !== undefined) timeScale.setVisibleLogicalRange({ from: to - (range.to - range.from), to });
    },
    setCrosshair(time) {
      const candle = time === undefined ? undefined : candles[indexAt(candles, time)];
      if (candle && time !== undefined && time < candle.openTime + lengthMs) {
        chart.setCrosshairPosition(candle.close, toTime(candle.openTime), candleSeries);
        return;
      }
      chart.clearCrosshairPosition();
      events.onHover(undefined);
    },
    setScale: (scale) => chart.priceScale('right').applyOptions({ mode: MODES[scale] }),
    setZone(newZone) {
      zone = newZone;
      // Labels are kept until the axis changes: this makes it ask for them again.
      chart.applyOptions({ timeScale: { timeVisible: true } });
    },
    setLines: (all) => lines.setLines(all),
    updateLines: (updates) => lines.updateLines(updates),
    setGaps: (gaps) => gapPrimitive.show({ gaps }),
    setOutlook: (outlook) => outlookPrimitive.show({ outlook }),
    priceAt: (y) => candleSeries.coordinateToPrice(y) ?? undefined,
    takePicture: () => chart.takeScreenshot(true),
    dispose: () => chart.remove(),
  };

  function toSpan(range: { readonly from: number; readonly to: number }): VisibleSpan | undefined {
    const [from, to] = [timeAt(candles, range.from, lengthMs), timeAt(candles, range.to, lengthMs)];
    return from === undefined || to === undefined ? undefined : { from, to };
  }

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
    const index = logicalAt(candles, time, lengthMs);
    if (index === undefined) return undefined;
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
