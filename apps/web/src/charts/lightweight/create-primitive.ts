import type { EpochMs } from '@candlecast/domain';
import type { AutoscaleInfo, ISeriesPrimitive, Logical, PrimitivePaneViewZOrder, SeriesAttachedParameter, Time } from 'lightweight-charts';

/** Where times lie on the chart, beyond the newest candle too. */
export interface TimePositions {
  /** The x coordinate of a time in CSS pixels; undefined while there is no candle. */
  xOf(time: EpochMs): number | undefined;
  /** The logical index of the newest candle. */
  lastIndex(): number;
}

/** What is painted on. Lengths are CSS pixels; how the context is set up is forgotten after each painting. */
export interface Canvas {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** The y coordinate of a price. */
  yOf(price: number): number | undefined;
}

/** A drawing of ours among the candles. */
export interface Primitive<Shown> extends ISeriesPrimitive<Time> {
  /** Shows something else, or a part of it, from the next painting on. */
  show(part: Partial<Shown>): void;
}

interface Options<Shown> {
  readonly first: Shown;
  readonly zOrder: PrimitivePaneViewZOrder;
  readonly paint: (shown: Shown, canvas: Canvas) => void;
  /** The prices that must be in view while the chart shows candles up to `to`. */
  readonly pricesIn?: (shown: Shown, to: Logical) => AutoscaleInfo | null;
}

/** Makes a drawing that is painted with the chart, and anew when it shows something else. */
export function createPrimitive<Shown>({ first, zOrder, paint, pricesIn }: Options<Shown>): Primitive<Shown> {
  let shown = first;
  let chart: SeriesAttachedParameter<Time> | undefined;
  return {
    show(part) {
      shown = { ...shown, ...part };
      chart?.requestUpdate();
    },
    attached(parameters) {
      chart = parameters;
    },
    detached() {
      chart = undefined;
    },
    paneViews() {
      const series = chart?.series;
      if (!series) return [];
      const yOf = (price: number) => series.priceToCoordinate(price) ?? undefined;
      return [
        {
          zOrder: () => zOrder,
          renderer: () => ({
            draw: (target) =>
              target.useMediaCoordinateSpace(({ context, mediaSize }) => {
                context.save();
                paint(shown, { context, ...mediaSize, yOf });
                context.restore();
              }),
          }),
        },
      ];
    },
    ...(pricesIn ? { autoscaleInfo: (_from: Logical, to: Logical) => pricesIn(shown, to) } : {}),
  };
}
