import type { EpochMs } from '@candlecast/domain';
import { HistogramSeries, type IChartApi, type ISeriesApi, LineSeries, type MouseEventParams, type UTCTimestamp } from 'lightweight-charts';
import type { ChartLine, LinePoint, LineUpdate } from '../chart-line.ts';
import { VOLUME_SCALE } from './chart-style.ts';

type AnySeries = ISeriesApi<'Line'> | ISeriesApi<'Histogram'>;

/** How high a panel under the candles is: the candles have 1. */
const PANEL_SHARE = 0.28;

/** The lines of a chart: averages and bands over the candles, panels under them. */
export class LineLayer {
  readonly #chart: IChartApi;
  #colours: readonly string[];
  #lines: readonly ChartLine[] = [];
  readonly #series = new Map<string, AnySeries>();

  constructor(chart: IChartApi, colours: readonly string[]) {
    this.#chart = chart;
    this.#colours = colours;
  }

  /** Draws these lines and no other. Lines that were there already stay what they are, with new points. */
  setLines(lines: readonly ChartLine[]): void {
    if (shapeOf(lines) !== shapeOf(this.#lines)) this.#build(lines);
    this.#lines = lines;
    for (const line of lines) this.#series.get(line.id)?.setData(line.points.map((point) => this.#toData(line, point)));
  }

  updateLines(updates: readonly LineUpdate[]): void {
    for (const { id, points } of updates) {
      const line = this.#lines.find((known) => known.id === id);
      if (line) for (const point of points) this.#series.get(id)?.update(this.#toData(line, point));
    }
  }

  setColours(colours: readonly string[]): void {
    this.#colours = colours;
    for (const line of this.#lines) this.#series.get(line.id)?.applyOptions({ color: this.#colourOf(line) });
  }

  /** Returns the values of lines at a place of the crosshair, by the ids of the lines. */
  valuesAt(data: MouseEventParams['seriesData']): Readonly<Record<string, number>> {
    const values: Record<string, number> = {};
    for (const [id, series] of this.#series) {
      const point = data.get(series);
      if (point && 'value' in point) values[id] = point.value;
    }
    return values;
  }

  #build(lines: readonly ChartLine[]): void {
    for (const series of this.#series.values()) this.#chart.removeSeries(series);
    this.#series.clear();
    const panels = [...new Set(lines.map(({ place }) => place).filter((place) => place !== 'price' && place !== 'volume'))];
    for (const line of lines) {
      const isPanel = panels.includes(line.place);
      const options = {
        color: this.#colourOf(line),
        title: isPanel ? line.label : '',
        priceLineVisible: false,
        lastValueVisible: isPanel,
        ...(line.place === 'volume' ? { priceScaleId: VOLUME_SCALE } : {}),
        ...(isPanel ? { priceFormat: { type: 'price' as const, precision: 2, minMove: 0.01 } } : {}),
      };
      const pane = isPanel ? panels.indexOf(line.place) + 1 : 0;
      this.#series.set(
        line.id,
        line.form === 'line'
          ? this.#chart.addSeries(LineSeries, { ...options, lineWidth: 1, crosshairMarkerVisible: false }, pane)
          : this.#chart.addSeries(HistogramSeries, options, pane),
      );
    }
    for (const [index, pane] of this.#chart.panes().entries()) pane.setStretchFactor(index === 0 ? 1 : PANEL_SHARE);
  }

  #toData(line: ChartLine, { time, value }: LinePoint) {
    return { time: toTime(time), value, ...(line.form === 'histogram' ? { color: this.#colourOf(line, value < 0) } : {}) };
  }

  #colourOf({ colour }: ChartLine, isNegative = false): string {
    return this.#colours[(colour + (isNegative ? 1 : 0)) % this.#colours.length] ?? 'currentColor';
  }
}

/** Lines are built anew when this changes; their points are not part of it. */
function shapeOf(lines: readonly ChartLine[]): string {
  return lines.map(({ id, place, form, colour }) => `${id} ${place} ${form} ${colour}`).join('\n');
}

function toTime(time: EpochMs): UTCTimestamp {
  return (time / 1000) as UTCTimestamp;
}
