import type { EpochMs } from '@candlecast/domain';
import type {
  AutoscaleInfo,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesApi,
  ISeriesPrimitive,
  Logical,
  SeriesAttachedParameter,
  Time,
} from 'lightweight-charts';
import type { FanPoint, ForecastFan } from '../../market/forecast-fan.ts';
import { toFanCurve } from '../fan-curve.ts';
import type { ChartColours } from './read-colours.ts';

/** The "now" line begins below the legend. */
const LEGEND_HEIGHT_PX = 46;

/** Where times lie on the chart, beyond the newest candle too. */
export interface TimePositions {
  /** The x coordinate of a time in CSS pixels; undefined while there is no candle. */
  xOf(time: EpochMs): number | undefined;
  /** The logical index of the newest candle. */
  lastIndex(): number;
}

/** Draws the forecast fan (bands, dashed median) from the issue price into the future, and the dashed "now" line. */
export class FanPrimitive implements ISeriesPrimitive<Time> {
  readonly #positions: TimePositions;
  #colours: ChartColours;
  #curve: readonly FanPoint[] = [];
  #now: EpochMs | undefined;
  #attached: SeriesAttachedParameter<Time> | undefined;

  constructor(positions: TimePositions, colours: ChartColours) {
    this.#positions = positions;
    this.#colours = colours;
  }

  setFan(fan: ForecastFan | undefined): void {
    this.#curve = fan ? toFanCurve(fan) : [];
    this.#attached?.requestUpdate();
  }

  setNow(now: EpochMs): void {
    this.#now = now;
    this.#attached?.requestUpdate();
  }

  setColours(colours: ChartColours): void {
    this.#colours = colours;
    this.#attached?.requestUpdate();
  }

  attached(parameters: SeriesAttachedParameter<Time>): void {
    this.#attached = parameters;
  }

  detached(): void {
    this.#attached = undefined;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    const series = this.#attached?.series;
    return series ? [{ zOrder: () => 'normal', renderer: () => this.#renderer(series) }] : [];
  }

  /** Keeps the whole fan inside the price axis while its start is in view. */
  autoscaleInfo(_from: Logical, to: Logical): AutoscaleInfo | null {
    if (this.#curve.length === 0 || to <= this.#positions.lastIndex()) return null;
    return {
      priceRange: {
        minValue: Math.min(...this.#curve.map((point) => point.lower90)),
        maxValue: Math.max(...this.#curve.map((point) => point.upper90)),
      },
    };
  }

  #renderer(series: ISeriesApi<'Candlestick', Time> | SeriesAttachedParameter<Time>['series']): IPrimitivePaneRenderer {
    return {
      draw: (target) =>
        target.useMediaCoordinateSpace(({ context, mediaSize }) => {
          const place = (pick: (point: FanPoint) => number) =>
            this.#curve.flatMap((point) => {
              const x = this.#positions.xOf(point.time);
              const y = series.priceToCoordinate(pick(point));
              return x === undefined || y === null ? [] : [{ x, y }];
            });
          const median = place((point) => point.median);
          fillBand(
            context,
            place((point) => point.upper90),
            place((point) => point.lower90),
            this.#colours.fanOuter,
          );
          fillBand(
            context,
            place((point) => point.upper50),
            place((point) => point.lower50),
            this.#colours.fanInner,
          );
          strokeDashed(context, median, this.#colours.fanLine, 1.5, [5, 4]);
          const now = this.#now === undefined ? undefined : this.#positions.xOf(this.#now);
          if (now === undefined) return;
          const top = { x: now, y: LEGEND_HEIGHT_PX };
          strokeDashed(context, [top, { x: now, y: mediaSize.height }], this.#colours.now, 1, [2, 3]);
        }),
    };
  }
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function fillBand(context: CanvasRenderingContext2D, upper: readonly Place[], lower: readonly Place[], colour: string): void {
  const outline = [...upper, ...lower.toReversed()];
  if (outline.length < 3) return;
  context.beginPath();
  for (const { x, y } of outline) context.lineTo(x, y);
  context.closePath();
  context.fillStyle = colour;
  context.fill();
}

function strokeDashed(context: CanvasRenderingContext2D, line: readonly Place[], colour: string, width: number, dash: number[]): void {
  context.save();
  context.beginPath();
  for (const { x, y } of line) context.lineTo(x, y);
  context.setLineDash(dash);
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
  context.restore();
}
