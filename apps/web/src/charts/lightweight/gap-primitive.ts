import type { ChartGap } from '../chart-line.ts';
import { createPrimitive, type Primitive, type TimePositions } from './create-primitive.ts';

const WIDTH_PX = 10;
const LABEL_TOP_PX = 58;
const FONT_PX = 10;

/** Holes among the candles. */
export interface ShownGaps {
  readonly gaps: readonly ChartGap[];
  readonly colour: string;
}

/** Draws where candles are missing: a dashed band between the candles around it, with the reason written along it. */
export function createGapPrimitive({ xOf }: TimePositions, colour: string): Primitive<ShownGaps> {
  return createPrimitive<ShownGaps>({
    first: { gaps: [], colour },
    zOrder: 'bottom',
    paint({ gaps, colour }, { context, width, height }) {
      context.fillStyle = colour;
      context.strokeStyle = colour;
      context.font = `${FONT_PX}px sans-serif`;
      for (const gap of gaps) {
        const x = middleOf(gap);
        if (x === undefined || x < -WIDTH_PX || x > width + WIDTH_PX) continue;
        context.globalAlpha = 0.16;
        context.fillRect(x - WIDTH_PX / 2, 0, WIDTH_PX, height);
        context.globalAlpha = 0.9;
        context.setLineDash([3, 3]);
        context.beginPath();
        context.moveTo(x, 0);
        context.lineTo(x, height);
        context.stroke();
        context.save();
        context.translate(x + WIDTH_PX / 2 + FONT_PX, LABEL_TOP_PX);
        context.rotate(Math.PI / 2);
        context.fillText(gap.label, 0, FONT_PX - 2);
        context.restore();
      }
    },
  });

  /** Missing candles take no room on the axis: the band stands between the two that are there. */
  function middleOf({ before, after }: ChartGap): number | undefined {
    const [left, right] = [xOf(before), xOf(after)];
    return left === undefined || right === undefined ? undefined : (left + right) / 2;
  }
}
