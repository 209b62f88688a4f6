import type { EpochMs } from '@candlecast/domain';
import type { FanPoint } from '../../market/forecast-fan.ts';
import { type Canvas, createPrimitive, type Primitive, type TimePositions } from './create-primitive.ts';
import type { ChartColours } from './read-colours.ts';

/** The "now" line begins below the legend. */
const LEGEND_HEIGHT_PX = 46;

/** A forecast fan and the venue's time. */
export interface ShownFan {
  /** Empty where there is no forecast. */
  readonly curve: readonly FanPoint[];
  readonly now: EpochMs | undefined;
  readonly colours: ChartColours;
}

/** Draws the forecast fan (bands, dashed median) from the issue price into the future, and the dashed "now" line. */
export function createFanPrimitive({ xOf, lastIndex }: TimePositions, colours: ChartColours): Primitive<ShownFan> {
  return createPrimitive<ShownFan>({
    first: { curve: [], now: undefined, colours },
    zOrder: 'normal',
    paint({ curve, now, colours: { fanOuter, fanInner, fanLine, now: nowLine } }, canvas) {
      const place = (level: Level) =>
        curve.flatMap((point): Place[] => {
          const [x, y] = [xOf(point.time), canvas.yOf(point[level])];
          return x === undefined || y === undefined ? [] : [{ x, y }];
        });
      fill(canvas, [...place('upper90'), ...place('lower90').toReversed()], fanOuter);
      fill(canvas, [...place('upper50'), ...place('lower50').toReversed()], fanInner);
      strokeDashed(canvas, place('median'), { colour: fanLine, width: 1.5, dash: [5, 4] });
      const x = now === undefined ? undefined : xOf(now);
      if (x === undefined) return;
      const line = [
        { x, y: LEGEND_HEIGHT_PX },
        { x, y: canvas.height },
      ];
      strokeDashed(canvas, line, { colour: nowLine, width: 1, dash: [2, 3] });
    },
    /** Keeps the whole fan inside the price axis while its start is in view. */
    pricesIn({ curve }, to) {
      if (curve.length === 0 || to <= lastIndex()) return null;
      return {
        priceRange: {
          minValue: Math.min(...curve.map((point) => point.lower90)),
          maxValue: Math.max(...curve.map((point) => point.upper90)),
        },
      };
    },
  });
}

type Level = Exclude<keyof FanPoint, 'time'>;

interface Place {
  readonly x: number;
  readonly y: number;
}

function fill({ context }: Canvas, outline: readonly Place[], colour: string): void {
  if (outline.length < 3) return;
  context.beginPath();
  for (const { x, y } of outline) context.lineTo(x, y);
  context.closePath();
  context.fillStyle = colour;
  context.fill();
}

interface Stroke {
  readonly colour: string;
  readonly width: number;
  readonly dash: number[];
}

function strokeDashed({ context }: Canvas, line: readonly Place[], { colour, width, dash }: Stroke): void {
  context.beginPath();
  for (const { x, y } of line) context.lineTo(x, y);
  context.setLineDash(dash);
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.stroke();
}
