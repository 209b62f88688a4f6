import type { IPrimitivePaneRenderer, IPrimitivePaneView, ISeriesPrimitive, SeriesAttachedParameter, Time } from 'lightweight-charts';
import type { LinePoint } from '../chart-line.ts';
import type { ForecastOutlook } from '../forecast-outlook.ts';
import type { TimePositions } from './fan-primitive.ts';

const GHOST_OPACITY = 0.28;
const PATH_OPACITY = 0.75;
const NOTHING: ForecastOutlook = { ghosts: [], path: [] };

/** Draws earlier forecasts as faint lines behind the realised price, and the path of the next day. It never changes the price axis. */
export class OutlookPrimitive implements ISeriesPrimitive<Time> {
  readonly #positions: TimePositions;
  #colour: string;
  #outlook = NOTHING;
  #attached: SeriesAttachedParameter<Time> | undefined;

  constructor(positions: TimePositions, colour: string) {
    this.#positions = positions;
    this.#colour = colour;
  }

  setOutlook(outlook: ForecastOutlook | undefined): void {
    this.#outlook = outlook ?? NOTHING;
    this.#attached?.requestUpdate();
  }

  setColour(colour: string): void {
    this.#colour = colour;
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
    return series ? [{ zOrder: () => 'bottom', renderer: () => this.#renderer(series) }] : [];
  }

  #renderer(series: SeriesAttachedParameter<Time>['series']): IPrimitivePaneRenderer {
    return {
      draw: (target) =>
        target.useMediaCoordinateSpace(({ context }) => {
          const trace = (points: readonly LinePoint[], opacity: number) => {
            context.beginPath();
            for (const { time, value } of points) {
              const [x, y] = [this.#positions.xOf(time), series.priceToCoordinate(value)];
              if (x !== undefined && y !== null) context.lineTo(x, y);
            }
            context.globalAlpha = opacity;
            context.stroke();
          };
          context.save();
          context.strokeStyle = this.#colour;
          context.lineWidth = 1;
          for (const ghost of this.#outlook.ghosts) trace(ghost, GHOST_OPACITY);
          trace(this.#outlook.path, PATH_OPACITY);
          context.restore();
        }),
    };
  }
}
