import type { IPrimitivePaneView, ISeriesPrimitive, SeriesAttachedParameter, Time } from 'lightweight-charts';
import type { ChartGap } from '../chart-line.ts';
import type { TimePositions } from './fan-primitive.ts';

const WIDTH_PX = 10;
const LABEL_TOP_PX = 58;
const FONT_PX = 10;

/** Draws where candles are missing: a dashed band between the candles around it, with the reason written along it. */
export class GapPrimitive implements ISeriesPrimitive<Time> {
  readonly #positions: TimePositions;
  #colour: string;
  #gaps: readonly ChartGap[] = [];
  #attached: SeriesAttachedParameter<Time> | undefined;

  constructor(positions: TimePositions, colour: string) {
    this.#positions = positions;
    this.#colour = colour;
  }

  setGaps(gaps: readonly ChartGap[]): void {
    this.#gaps = gaps;
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
    return [
      { zOrder: () => 'bottom', renderer: () => ({ draw: (target) => target.useMediaCoordinateSpace((space) => this.#draw(space)) }) },
    ];
  }

  #draw({
    context,
    mediaSize,
  }: {
    readonly context: CanvasRenderingContext2D;
    readonly mediaSize: { width: number; height: number };
  }): void {
    context.save();
    context.fillStyle = this.#colour;
    context.strokeStyle = this.#colour;
    context.font = `${FONT_PX}px sans-serif`;
    for (const gap of this.#gaps) {
      const x = this.#middleOf(gap);
      if (x === undefined || x < -WIDTH_PX || x > mediaSize.width + WIDTH_PX) continue;
      context.globalAlpha = 0.16;
      context.fillRect(x - WIDTH_PX / 2, 0, WIDTH_PX, mediaSize.height);
      context.globalAlpha = 0.9;
      context.setLineDash([3, 3]);
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, mediaSize.height);
      context.stroke();
      context.save();
      context.translate(x + WIDTH_PX / 2 + FONT_PX, LABEL_TOP_PX);
      context.rotate(Math.PI / 2);
      context.fillText(gap.label, 0, FONT_PX - 2);
      context.restore();
    }
    context.restore();
  }

  /** Missing candles take no room on the axis: the band stands between the two that are there. */
  #middleOf({ before, after }: ChartGap): number | undefined {
    const [left, right] = [this.#positions.xOf(before), this.#positions.xOf(after)];
    return left === undefined || right === undefined ? undefined : (left + right) / 2;
  }
}
