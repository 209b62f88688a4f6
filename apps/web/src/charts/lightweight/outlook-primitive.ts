import type { LinePoint } from '../chart-line.ts';
import type { ForecastOutlook } from '../forecast-outlook.ts';
import { createPrimitive, type Primitive, type TimePositions } from './create-primitive.ts';

const GHOST_OPACITY = 0.28;
const PATH_OPACITY = 0.75;
const NOTHING: ForecastOutlook = { ghosts: [], path: [] };

/** Earlier forecasts and the path of the next day. */
export interface ShownOutlook {
  readonly outlook: ForecastOutlook | undefined;
  readonly colour: string;
}

/** Draws earlier forecasts as faint lines behind the realised price, and the path of the next day. It never changes the price axis. */
export function createOutlookPrimitive({ xOf }: TimePositions, colour: string): Primitive<ShownOutlook> {
  return createPrimitive<ShownOutlook>({
    first: { outlook: undefined, colour },
    zOrder: 'bottom',
    paint({ outlook = NOTHING, colour }, { context, yOf }) {
      const trace = (points: readonly LinePoint[], opacity: number) => {
        context.beginPath();
        for (const { time, value } of points) {
          const [x, y] = [xOf(time), yOf(value)];
          if (x !== undefined && y !== undefined) context.lineTo(x, y);
        }
        context.globalAlpha = opacity;
        context.stroke();
      };
      context.strokeStyle = colour;
      context.lineWidth = 1;
      for (const ghost of outlook.ghosts) trace(ghost, GHOST_OPACITY);
      trace(outlook.path, PATH_OPACITY);
    },
  });
}
